//! Rendered roles, read: what they allow, and whom.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::rendering::Rendering;
use crate::common::{run_unchecked, sc_job};

/// Name of the roles in the namespaces of connections, and of the ClusterRole.
pub const NAME: &str = "sc-job.sc-system.sc-extension";

/// Verbs on what is written, and on what is deleted.
pub const WRITE: [&str; 3] = ["get", "create", "patch"];
pub const DELETE: [&str; 3] = ["get", "patch", "delete"];

/// Namespace, resource and name of objects.
pub type Objects = BTreeSet<(String, String, String)>;

/// Stands for the namespace of what a ClusterRole allows.
pub const EVERYWHERE: &str = "*";

/// Namespace, resource and name of every object that the roles allow to write.
pub fn writable(rendered: &Rendering) -> Objects {
    allowed(rendered, WRITE)
}

/// The same of every object that they allow to delete.
pub fn deletable(rendered: &Rendering) -> Objects {
    allowed(rendered, DELETE)
}

fn allowed(rendered: &Rendering, verbs: [&str; 3]) -> Objects {
    let mut objects = Objects::new();
    let roles = rendered.all("Role").chain(rendered.all("ClusterRole"));
    for role in roles.filter(|role| role["metadata"]["name"] == NAME) {
        let namespace = role["metadata"]["namespace"].as_str().unwrap_or(EVERYWHERE);
        let of_objects = |rule: &&Value| rule["verbs"] == json!(verbs) && rule["resources"][0] != "namespaces";
        for rule in role["rules"].as_array().unwrap().iter().filter(of_objects) {
            for name in rule["resourceNames"].as_array().unwrap() {
                let [resource, name] = [&rule["resources"][0], name].map(|part| part.as_str().unwrap().to_owned());
                objects.insert((namespace.to_owned(), resource, name));
            }
        }
    }
    objects
}

/// The same of every object that `sc-job render` shows for the values.
pub fn objects_of(values: &str) -> Objects {
    let shown = run_unchecked(&mut sc_job(&["render", "--values", "-"]), Some(values)).expect(0);
    let rendered = Rendering::parse(&shown.stdout);
    let place = |object: &Value| {
        let text = |field: &str| object["metadata"][field].as_str().unwrap().to_owned();
        let kind = object["kind"].as_str().unwrap().to_lowercase();
        let resource = format!("{kind}{}", if kind.ends_with('s') { "es" } else { "s" });
        (text("namespace"), resource, text("name"))
    };
    rendered.objects().iter().map(place).collect()
}

/// A rule of a role.
pub fn rule(resource: &str, names: &[&str], verbs: &[&str]) -> Value {
    let group = match resource {
        "leases" => "coordination.k8s.io",
        "mutatingwebhookconfigurations" => "admissionregistration.k8s.io",
        "secretproviderclasses" => "secrets-store.csi.x-k8s.io",
        _ => "",
    };
    json!({"apiGroups": [group], "resources": [resource], "resourceNames": names, "verbs": verbs})
}

/// The right to see whether pods get a token.
pub fn webhook() -> Value {
    rule("mutatingwebhookconfigurations", &["azure-wi-webhook-mutating-webhook-configuration"], &["get"])
}

/// Rules of the role in a namespace, if there is one.
pub fn rules_in<'a>(rendered: &'a Rendering, namespace: &str) -> Option<&'a Value> {
    Some(&rendered.find("Role", Some(namespace), NAME)?["rules"])
}

/// Rules of the job's ClusterRole, if there is one.
pub fn cluster_rules(rendered: &Rendering) -> Option<&Value> {
    let role = rendered.find("ClusterRole", None, NAME)?;
    assert_bound(rendered, "ClusterRole", None, NAME);
    Some(&role["rules"])
}

/// Binding `name` gives the role of its name to the Job's account.
pub fn assert_bound(rendered: &Rendering, kind: &str, namespace: Option<&str>, name: &str) {
    let binding = rendered.find(&format!("{kind}Binding"), namespace, name).unwrap();
    assert_eq!(binding["roleRef"], json!({"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": name}));
    assert_eq!(binding["subjects"], json!([{"kind": "ServiceAccount", "name": "sc-job", "namespace": "sc-system"}]));
}
