//! The token of the job's ServiceAccount in other hands: what the cluster says it may do, and what comes of trying.

use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::common::account::Account;
use crate::common::kubernetes::{Helm, Place, eventually, get, kubectl, kubectl_with};
use crate::common::{Outcome, run, run_unchecked};

with_both_helms! {
    it_may_do_what_the_roles_say_and_nothing_else
    it_mints_a_token_of_another_account_unless_the_guard_is_there
}

const ONE: &str =
    "connections: {a: {namespace: SHOP, data: {A: {valueFrom: {secretKeyRef: {name: creds, key: key}}}}}}";

/// The account whose token this is.
fn account(token: &str) -> Account {
    let view = ["config", "view", "--raw", "--flatten", "--minify", "-o", "json"];
    Account::with_token(token, &kubectl(&view).expect(0).stdout)
}

fn stolen(place: &Place) -> Account {
    account(&kubectl(&["create", "token", "sc-job", "-n", &place.system]).expect(0).stdout)
}

fn kubectl_as(account: &Account, args: &[&str], input: Option<&str>) -> Outcome {
    run(Command::new("kubectl").args(["--kubeconfig", account.kubeconfig()]).args(args), input)
}

fn installed(helm: &Helm) -> Place {
    let place = Place::new();
    kubectl(&["create", "secret", "generic", "creds", "-n", &place.system, "--from-literal=key=b"]).expect(0);
    helm.upgrade(&place, ONE, &[]).expect(0);
    place
}

/// All that the cluster's authoriser lets the account do in a namespace, but for asking who it is and what it may.
fn rules(account: &Account, namespace: &str) -> Vec<String> {
    let review = json!({"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview", "spec": {"namespace": namespace}});
    let answer =
        kubectl_as(account, &["create", "--validate=false", "-o", "json", "-f", "-"], Some(&review.to_string()))
            .expect(0)
            .stdout;
    let status = serde_json::from_str::<Value>(&answer).unwrap()["status"].take();
    assert_eq!(status["incomplete"], false);
    let words = |rule: &Value, field: &str| {
        let words: Vec<_> = rule[field].as_array().into_iter().flatten().map(|word| word.as_str().unwrap()).collect();
        words.join(" ")
    };
    let of_everybody =
        |rule: &&Value| ["authorization.k8s.io", "authentication.k8s.io"].contains(&&*words(rule, "apiGroups"));
    let rules = status["resourceRules"].as_array().unwrap().iter().filter(|rule| !of_everybody(rule));
    let mut rules: Vec<_> = rules
        .map(|rule| {
            ["verbs", "resources", "resourceNames"].map(|field| words(rule, field)).join(" ").trim_end().to_owned()
        })
        .collect();
    rules.sort();
    rules
}

fn it_may_do_what_the_roles_say_and_nothing_else(helm: &Helm) {
    let place = installed(helm);
    let thief = stolen(&place);
    let readable = place.fill("get namespaces SHOP");
    let inventory: Vec<_> = (0..16).map(|number| format!("sc-connections-{number}")).collect();
    assert_eq!(rules(&thief, &place.shop), ["get create patch secrets sc-a-secret", &readable]);
    assert_eq!(rules(&thief, &place.warehouse), [&*readable]);
    assert_eq!(
        rules(&thief, &place.system),
        [
            "create events",
            &format!("get create patch configmaps {}", inventory.join(" ")),
            &readable,
            "get patch configmaps sc-connections",
            "get patch leases sc-job",
            "get secrets creds",
        ]
    );
    for (namespace, attempt) in [
        (&place.shop, "get secrets"),
        (&place.shop, "delete secret sc-a-secret"),
        (&place.shop, "create secret generic other"),
        (&place.shop, "create token default"),
        (&place.warehouse, "create secret generic sc-a-secret"),
        (&place.system, "get secret sc-job-input-0"),
        (&place.system, "patch secret creds -p {}"),
        (&place.system, "create token sc-job"),
    ] {
        let args: Vec<_> = attempt.split(' ').chain(["-n", namespace]).collect();
        let refused = kubectl_as(&thief, &args, None).expect(1);
        assert!(refused.stderr.contains("forbidden: User \"system:serviceaccount:"), "{attempt}: {}", refused.stderr);
    }
}

/// A Secret that Kubernetes fills with a token.
const MINT: &str = "{apiVersion: v1, kind: Secret, metadata: {name: sc-a-secret, annotations: {kubernetes.io/service-account.name: default}}, type: kubernetes.io/service-account-token}";

fn it_mints_a_token_of_another_account_unless_the_guard_is_there(helm: &Helm) {
    let place = installed(helm);
    let thief = stolen(&place);
    let mint = |further: &[&str]| {
        let apply = ["apply", "--server-side", "--validate=false", "-f", "-", "-n", &place.shop];
        kubectl_as(&thief, &[&apply, further].concat(), Some(MINT))
    };
    // The type of a Secret that is there cannot be changed.
    kubectl(&["delete", "secret", "sc-a-secret", "-n", &place.shop]).expect(0);
    let policy = format!("sc-job.{}.sc-extension", place.system);
    let refused = mint(&[]).expect(1);
    let said =
        format!("ValidatingAdmissionPolicy '{policy}' with binding '{policy}' denied request: the job of release ");
    assert!(refused.stderr.contains("(Forbidden)") && refused.stderr.contains(&said), "{}", refused.stderr);
    assert_eq!(get(&place.shop, "secret", "sc-a-secret"), None);
    let checked = || get("", "validatingadmissionpolicy", &policy).unwrap()["status"].clone();
    eventually("the type check of the policy", || checked()["typeChecking"].is_object());
    assert_eq!(checked()["typeChecking"], json!({}), "no expression has a warning");
    kubectl_with(&["apply", "--server-side", "-n", &place.shop, "-f", "-"], &MINT.replace("sc-a-secret", "theirs"))
        .expect(0);

    helm.upgrade(&place, ONE, &["--set", "rbac.guard=false"]).expect(0);
    assert_eq!(get("", "validatingadmissionpolicy", &policy), None);
    kubectl(&["delete", "secret", "sc-a-secret", "-n", &place.shop]).expect(0);
    eventually("the end of the guard", || mint(&["--dry-run=server"]).code == 0);
    mint(&[]).expect(0);
    let token = || {
        let path = ["get", "secret", "sc-a-secret", "-n", &place.shop, "-o", "jsonpath={.data.token}"];
        let command = &mut Command::new("kubectl");
        run_unchecked(command.args(["--kubeconfig", thief.kubeconfig()]).args(path), None).expect(0).stdout
    };
    eventually("the token", || !token().is_empty());
    let minted = account(&String::from_utf8(STANDARD.decode(token()).unwrap()).unwrap());
    let who = kubectl_as(&minted, &["auth", "whoami", "-o", "jsonpath={.status.userInfo.username}"], None).expect(0);
    assert_eq!(who.stdout, place.fill("system:serviceaccount:SHOP:default"));
}
