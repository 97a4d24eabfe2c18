//! What the token of one of the job's ServiceAccounts is good for in other
//! hands, worked out of the rendered rules and held against a list: whoever
//! changes the rules changes the list, and reads what that means.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::guard::{BINDING, POLICY};
use super::rendering::{Rendering, render};
use crate::common::kubernetes::Helm;

with_both_helms! {
    in_scope_objects_it_is_good_for_exactly_this
    in_scope_cluster_it_is_good_for_exactly_this
    after_an_uninstall_it_is_good_for_exactly_this
    without_rbac_it_is_good_for_nothing
}

const VALUES: &str = "
uninstall: {deletionPolicy: Delete}
connections:
  a: {namespace: shop, data: {K: {valueFrom: {secretKeyRef: {name: creds, key: k}}}, L: {valueFrom: {configMapKeyRef: {name: names, key: k}}}}}
  vault:
    {namespace: shop, target: keyvault, auth: csi, csi: {workloadIdentity: true, secrets: [{name: b}]},
     parameters: {vault: vault1, clientId: 0a0b0c0d-0000-4000-8000-000000000002, tenantId: 0a0b0c0d-0000-4000-8000-00000000000f}}
  old: {enabled: false, deletionPolicy: Delete, namespace: attic}
  kept: {enabled: false, deletionPolicy: Retain, namespace: cellar}
";

const ACCOUNT: &str = "sc-account-0a0b0c0d-0000-4000-8000-000000000002";

/// A rule that holds for an account.
struct Grant<'a> {
    /// `None`: in every namespace.
    namespace: Option<&'a str>,
    rule: &'a Value,
}

impl Grant<'_> {
    fn list(&self, field: &str) -> Vec<&str> {
        self.rule[field].as_array().into_iter().flatten().map(|word| word.as_str().unwrap()).collect()
    }

    fn place(&self) -> &str {
        self.namespace.unwrap_or("every namespace")
    }

    fn allows(&self, verbs: &[&str], resource: &str) -> bool {
        let allowed = self.list("verbs");
        self.list("resources").contains(&resource) && verbs.iter().all(|verb| allowed.contains(verb))
    }

    fn in_words(&self) -> String {
        let names = self.list("resourceNames");
        let names = if names.is_empty() { "of any name".to_owned() } else { names.join(" ") };
        let [verbs, resources] = ["verbs", "resources"].map(|field| self.list(field).join(" "));
        format!("{}: {verbs} {resources} {names}", self.place())
    }
}

fn is_account(subject: &Value, account: &str) -> bool {
    *subject == json!({"kind": "ServiceAccount", "name": account, "namespace": "sc-system"})
}

/// What the bindings give to an account.
fn grants<'a>(rendered: &'a Rendering, account: &str) -> Vec<Grant<'a>> {
    let bindings = rendered.all("RoleBinding").chain(rendered.all("ClusterRoleBinding"));
    let bound = bindings.filter(|binding| {
        let subjects = binding["subjects"].as_array().unwrap();
        subjects.iter().any(|subject| is_account(subject, account))
    });
    let of_role = |binding: &'a Value| {
        let namespace = binding["metadata"]["namespace"].as_str();
        let [kind, name] = ["kind", "name"].map(|field| binding["roleRef"][field].as_str().unwrap());
        let role = rendered.find(kind, namespace.filter(|_| kind == "Role"), name).unwrap();
        role["rules"].as_array().unwrap().iter().map(move |rule| Grant { namespace, rule })
    };
    bound.flat_map(of_role).collect()
}

/// Whether a policy in force looks at the account's requests. What it says is held against its text in `guard`.
fn is_guarded(rendered: &Rendering, account: &str) -> bool {
    let matches = format!(r#"request.userInfo.username == "system:serviceaccount:sc-system:{account}""#);
    rendered.all(POLICY).any(|policy| {
        let bound = |binding: &Value| {
            binding["spec"] == json!({"policyName": policy["metadata"]["name"], "validationActions": ["Deny"]})
        };
        policy["spec"]["matchConditions"][0]["expression"] == matches && rendered.all(BINDING).any(bound)
    })
}

/// What the account may do, and what follows from it unless it is guarded.
fn powers(rendered: &Rendering, account: &str) -> BTreeSet<String> {
    let grants = grants(rendered, account);
    let mut powers: BTreeSet<_> = grants.iter().map(Grant::in_words).collect();
    if is_guarded(rendered, account) {
        return powers;
    }
    for grant in &grants {
        let place = grant.place();
        // A Secret of type kubernetes.io/service-account-token is filled by Kubernetes.
        if grant.allows(&["create", "get"], "secrets") {
            powers.insert(format!("so: a token of any ServiceAccount of {place}"));
        }
        // The driver makes the Secrets that a class asks for, for a pod that mounts it.
        if grant.allows(&["patch"], "secretproviderclasses") {
            powers.insert(format!("so: Secrets of any name and type in {place}, by the CSI driver"));
        }
        if grant.allows(&["delete"], "secrets") && grant.list("resourceNames").is_empty() {
            powers.insert(format!("so: the end of Secrets of any type in {place}"));
        }
        if ["secrets", "serviceaccounts", "secretproviderclasses"].iter().any(|kind| grant.allows(&["patch"], kind)) {
            powers.insert(format!("so: finalizers that keep {place} from being deleted"));
        }
        // Pod Security is a matter of labels.
        if grant.allows(&["patch"], "namespaces") {
            powers.insert("so: pods of any privilege in these namespaces".to_owned());
        }
    }
    powers
}

/// Panics unless an account has exactly these powers, those of `unguarded` only without the guard.
fn assert_powers(helm: &Helm, settings: &str, account: &str, guarded: &[String], unguarded: &[&str]) {
    let guarded: BTreeSet<_> = guarded.iter().cloned().collect();
    let unguarded = &guarded | &unguarded.iter().map(|&power| power.to_owned()).collect();
    for (guard, expected) in [("true", guarded), ("false", unguarded)] {
        let rendered = render(helm, VALUES, &["--set", &format!("{settings},rbac.guard={guard}")]);
        assert_eq!(powers(&rendered, account), expected, "{settings}, guard {guard}");
    }
}

/// What the job needs in the release's namespace.
fn at_home() -> [String; 6] {
    let inventory: Vec<_> = (0..16).map(|number| format!("sc-connections-{number}")).collect();
    [
        "sc-system: get patch configmaps sc-connections".to_owned(),
        format!("sc-system: get create patch configmaps {}", inventory.join(" ")),
        "sc-system: get patch leases sc-job".to_owned(),
        "sc-system: create events of any name".to_owned(),
        "sc-system: get secrets creds".to_owned(),
        "sc-system: get configmaps names".to_owned(),
    ]
}

fn with_home(others: &[&str]) -> Vec<String> {
    others.iter().map(|power| power.replace("ACCOUNT", ACCOUNT)).chain(at_home()).collect()
}

const READ: [&str; 2] = [
    "every namespace: get namespaces attic shop",
    "every namespace: get mutatingwebhookconfigurations azure-wi-webhook-mutating-webhook-configuration",
];

fn in_scope_objects_it_is_good_for_exactly_this(helm: &Helm) {
    let of_objects = [
        "shop: get create patch secrets sc-a-secret sc-vault-secret",
        "shop: get create patch serviceaccounts ACCOUNT",
        "shop: get create patch secretproviderclasses sc-vault-secretprovider",
        "attic: get patch delete secrets sc-old-secret",
    ];
    let unguarded = [
        "so: a token of any ServiceAccount of shop",
        "so: Secrets of any name and type in shop, by the CSI driver",
        "so: finalizers that keep shop from being deleted",
        "so: finalizers that keep attic from being deleted",
    ];
    let guarded = with_home(&[of_objects.as_slice(), &READ].concat());
    assert_powers(helm, "rbac.scope=objects", "sc-job", &guarded, &unguarded);
}

fn in_scope_cluster_it_is_good_for_exactly_this(helm: &Helm) {
    let pinned = [
        "every namespace: get create patch secrets sc-a-secret sc-vault-secret",
        "every namespace: get create patch serviceaccounts ACCOUNT",
        "every namespace: get create patch secretproviderclasses sc-vault-secretprovider",
    ];
    let retained = ["every namespace: get patch delete secrets sc-old-secret"];
    let unguarded = [
        "so: a token of any ServiceAccount of every namespace",
        "so: Secrets of any name and type in every namespace, by the CSI driver",
        "so: finalizers that keep every namespace from being deleted",
    ];
    let guarded = with_home(&[pinned.as_slice(), &retained, &READ].concat());
    assert_powers(helm, "rbac.scope=cluster", "sc-job", &guarded, &unguarded);

    let of_any_name = [
        "every namespace: get patch delete secrets serviceaccounts of any name",
        "every namespace: get patch delete secretproviderclasses of any name",
        "every namespace: get create patch namespaces shop",
    ];
    let further =
        ["so: the end of Secrets of any type in every namespace", "so: pods of any privilege in these namespaces"];
    let guarded = with_home(&[pinned.as_slice(), &of_any_name, &READ].concat());
    let settings = "rbac.scope=cluster,deletionPolicy=Delete,missingNamespace=create";
    assert_powers(helm, settings, "sc-job", &guarded, &[unguarded.as_slice(), &further].concat());
}

fn after_an_uninstall_it_is_good_for_exactly_this(helm: &Helm) {
    let guarded = [
        "every namespace: get patch delete secrets sc-a-secret sc-old-secret sc-vault-secret",
        "every namespace: get patch delete serviceaccounts ACCOUNT",
        "every namespace: get patch delete secretproviderclasses sc-vault-secretprovider",
        "every namespace: get leases sc-job",
    ];
    let guarded: Vec<_> = guarded.iter().map(|power| power.replace("ACCOUNT", ACCOUNT)).collect();
    let unguarded = [
        "so: Secrets of any name and type in every namespace, by the CSI driver",
        "so: finalizers that keep every namespace from being deleted",
    ];
    for scope in ["objects", "cluster"] {
        assert_powers(helm, &format!("rbac.scope={scope}"), "sc-job-uninstall", &guarded, &unguarded);
    }
}

fn without_rbac_it_is_good_for_nothing(helm: &Helm) {
    for account in ["sc-job", "sc-job-uninstall"] {
        assert_powers(helm, "rbac.create=false,rbac.scope=cluster", account, &[], &[]);
    }
}
