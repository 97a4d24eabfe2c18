//! Requests with the job's token that its rules allow: what the guard refuses of them, and what it lets through.

use serde_json::{Value, json};

use super::install::{Install, kubectl, kubectl_as};
use crate::common::Outcome;

const SECRETS: &str = "writes and deletes Secrets of type Opaque only";
const CLASSES: &str = "has the CSI driver make Opaque Secrets under the name of the class only";
const METADATA: &str = "sets no finalizers and no owners";
const NAMESPACES: &str = "makes namespaces and changes none";

/// A request, and what the guard says of the job to refuse it.
struct Case {
    words: &'static str,
    args: Vec<String>,
    body: Option<Value>,
    refused: Option<&'static str>,
}

fn case(words: &'static str, args: &str, body: Option<Value>, refused: Option<&'static str>) -> Case {
    Case { words, args: args.split_whitespace().map(str::to_owned).collect(), body, refused }
}

impl Case {
    fn send(&self, kubectl: impl Fn(&[&str], Option<&str>) -> Outcome, place: &Install, further: &[&str]) -> Outcome {
        let mut args: Vec<_> = self.args.iter().map(|arg| arg.replace("SHOP", &place.shop)).collect();
        if !self.args.contains(&"namespace".to_owned()) {
            args.extend(["-n".to_owned(), place.shop.clone()]);
        }
        let args: Vec<_> = args.iter().map(String::as_str).chain(further.iter().copied()).collect();
        let body = self.body.as_ref().map(|body| body.to_string().replace("SHOP", &place.shop));
        kubectl(&args, body.as_deref())
    }
}

fn secret(name: &str, type_: &str) -> Value {
    let annotations = json!({"kubernetes.io/service-account.name": "default"});
    json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "annotations": annotations}, "type": type_})
}

/// The class of connection `vault`, with this for the driver to make.
fn class(synced: &Value) -> Value {
    json!({
        "apiVersion": "secrets-store.csi.x-k8s.io/v1", "kind": "SecretProviderClass", "metadata": {"name": "sc-vault-secretprovider"},
        "spec": {"provider": "azure", "secretObjects": synced},
    })
}

fn synced(name: &str, type_: &str) -> Value {
    json!([{"secretName": name, "type": type_, "data": [{"objectName": "b", "key": "B"}]}])
}

fn cases() -> Vec<Case> {
    let token = "kubernetes.io/service-account-token";
    let annotated =
        json!([{"secretName": "sc-vault-csi-secret", "type": "Opaque", "data": [], "annotations": {"a": "b"}}]);
    let apply = "apply --server-side --validate=false -f -";
    let patch =
        |object: &str, metadata: &Value| format!("patch {object} --type=merge -p {}", json!({"metadata": metadata}));
    let label = |object: &str| patch(object, &json!({"labels": {"a": "b"}}));
    let privileged = patch("namespace SHOP", &json!({"labels": {"pod-security.kubernetes.io/enforce": "privileged"}}));
    let finalizers = json!({"finalizers": ["example.com/keep"]});
    let owner = json!({"apiVersion": "v1", "kind": "Secret", "name": "theirs", "uid": "0", "blockOwnerDeletion": true});
    let mut kept = class(&json!([]));
    kept["metadata"]["finalizers"] = finalizers["finalizers"].clone();
    let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "SHOP-made"}});
    vec![
        case("a Secret that is filled with a token", apply, Some(secret("sc-a-secret", token)), Some(SECRETS)),
        case("a Secret of another type", apply, Some(secret("sc-a-secret", "example.com/other")), Some(SECRETS)),
        case("a Secret of the job's type", apply, Some(secret("sc-a-secret", "Opaque")), None),
        case("a change of somebody's Secret of another type", &label("secret theirs-typed"), None, Some(SECRETS)),
        case("a change of somebody's Opaque Secret", &label("secret theirs"), None, None),
        case("a finalizer of a Secret", &patch("secret theirs", &finalizers), None, Some(METADATA)),
        case(
            "an owner of a ServiceAccount",
            &patch("serviceaccount default", &json!({"ownerReferences": [owner]})),
            None,
            Some(METADATA),
        ),
        case("a class with a finalizer", apply, Some(kept), Some(METADATA)),
        case("a label of a ServiceAccount with somebody's finalizer", &label("serviceaccount theirs"), None, None),
        case("the end of a Secret of another type", "delete secret theirs-typed", None, Some(SECRETS)),
        case("the end of an Opaque Secret", "delete secret theirs", None, None),
        case("a class without Secrets", apply, Some(class(&json!([]))), None),
        case("a class for a token", apply, Some(class(&synced("sc-vault-csi-secret", token))), Some(CLASSES)),
        case("a class for somebody's Secret", apply, Some(class(&synced("theirs", "Opaque"))), Some(CLASSES)),
        case("a class for a Secret with annotations", apply, Some(class(&annotated)), Some(CLASSES)),
        case("a class for its Secret", apply, Some(class(&synced("sc-vault-csi-secret", "Opaque"))), None),
        case(
            "a class for the Secret of its connection",
            apply,
            Some(class(&synced("sc-vault-secret", "Opaque"))),
            None,
        ),
        case("a label of a class whose Secrets are somebody's", &label("secretproviderclass theirs"), None, None),
        case("a label of a namespace", &privileged, None, Some(NAMESPACES)),
        case("a namespace", apply.trim(), Some(namespace), None),
    ]
}

/// What others have: a Secret of the job's type, one of another, a class for a Secret of their own.
fn prepare(place: &Install) {
    let mut class = class(&synced("theirs", "kubernetes.io/tls"));
    class["metadata"]["name"] = "theirs".into();
    let typed = secret("theirs-typed", "example.com/theirs");
    let account = json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "theirs", "finalizers": ["example.com/theirs"]}});
    let list =
        json!({"apiVersion": "v1", "kind": "List", "items": [secret("theirs", "Opaque"), typed, class, account]});
    kubectl(&["apply", "--server-side", "-n", &place.shop, "-f", "-"], Some(&list.to_string())).expect(0);
}

#[test]
#[ignore = "needs an API server of its own, and Helm: scripts/test"]
fn the_guard_refuses_what_the_job_never_does_and_nobody_else() {
    let place = Install::new("requests");
    kubectl(&["create", "serviceaccount", "default", "-n", &place.shop], None).expect(0);
    let thief = place.account();
    let as_thief = |args: &[&str], body: Option<&str>| kubectl_as(&thief, args, body);
    let cases = cases();
    let dry_run = "--dry-run=server";
    place.wait_for_guard(true, || cases[0].send(as_thief, &place, &[dry_run]));

    prepare(&place);
    for case in &cases {
        for further in [[dry_run].as_slice(), &[]] {
            let answered = case.send(as_thief, &place, further);
            let Some(words) = case.refused else {
                answered.expect(0);
                continue;
            };
            let policy = format!("sc-job.{}.sc-extension", place.system);
            let said = format!(
                "ValidatingAdmissionPolicy '{policy}' with binding '{policy}' denied request: the job of release \
                 {}/sc-extension {words} (rbac.guard)",
                place.system
            );
            assert_eq!(answered.code, 1, "{}", case.words);
            assert!(
                answered.stderr.contains("(Forbidden)") && answered.stderr.contains(&said),
                "{}: {}",
                case.words,
                answered.stderr
            );
        }
    }

    // Nobody else is asked anything, and without the guard the rules allow all of it.
    prepare(&place);
    kubectl(&["delete", "secret", "sc-a-secret", "-n", &place.shop], None).expect(0);
    let allowed_to = |who: &dyn Fn(&[&str], Option<&str>) -> Outcome| {
        for case in cases.iter().filter(|case| case.refused.is_some()) {
            case.send(who, &place, &[dry_run]).expect(0);
        }
    };
    allowed_to(&kubectl);
    let kinds = "validatingadmissionpolicy,validatingadmissionpolicybinding";
    kubectl(&["delete", kinds, &format!("sc-job.{}.sc-extension", place.system)], None).expect(0);
    place.wait_for_guard(false, || cases[0].send(as_thief, &place, &[dry_run]));
    allowed_to(&as_thief);
}
