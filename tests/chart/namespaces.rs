//! Namespaces in which a connection may be.

use super::rendering::{refuse, render, template};
use crate::common::CANARY;
use crate::common::kubernetes::Helm;

with_both_helms! {
    system_namespaces_are_refused_by_path_and_without_their_name
    a_system_namespace_may_be_named
    what_is_no_name_of_a_namespace_is_left_to_the_job
    namespaces_are_made_in_scope_cluster_only
}

/// For values that the schema refuses too.
const UNCHECKED: &str = "--skip-schema-validation";

fn system_namespaces_are_refused_by_path_and_without_their_name(helm: &Helm) {
    let sentence = "connections.a.namespace: must not be one of Kubernetes (kube-…), nor the release's own, unless it is named in allowSystemNamespaces: choose another (without one it is default), or name it there";
    for connection in [
        format!("{{namespace: kube-{CANARY}, data: {{K: v}}}}"),
        format!("{{namespace: kube-{CANARY}, enabled: false}}"),
        format!("{{namespace: kube-{CANARY}, enabled: false, deletionPolicy: Delete}}"),
        "{namespace: sc-system, data: {K: v}}".to_owned(),
        // kube-system and sc-system, with the line break of base64 without -w0.
        "{namespace: {base64: \"a3ViZS1z\\n eXN0ZW0=\"}, data: {K: v}}".to_owned(),
        "{namespace: {base64: c2Mtc3lzdGVt}, data: {K: v}}".to_owned(),
    ] {
        let values = format!("connections: {{a: {connection}}}");
        let said = refuse(helm, &values, &[UNCHECKED]);
        assert!(said.contains(sentence), "{connection}: {said}");
        assert!(!said.contains("kube-system") && !said.contains("sc-system"), "{connection}: {said}");
    }
    let values = "connections: {a: {data: {K: v}}}";
    let said = refuse(helm, values, &["--namespace", "default"]);
    assert!(said.contains(sentence), "a connection that names none is in default: {said}");
}

fn a_system_namespace_may_be_named(helm: &Helm) {
    let values = "connections: {a: {namespace: kube-system, data: {K: v}}, b: {namespace: sc-system, enabled: false}}";
    render(helm, values, &["--set", "allowSystemNamespaces={kube-system,sc-system}"]);
    for allowed in ["kube-system", "sc-system", "kube-*"] {
        refuse(helm, values, &["--set", &format!("allowSystemNamespaces={{{allowed}}}")]);
    }
}

/// The job refuses it as no name at all.
fn what_is_no_name_of_a_namespace_is_left_to_the_job(helm: &Helm) {
    for namespace in ["kube-", "kube-_", "Kube-system", "kubernetes", "sc-system.a"] {
        let taken = template(helm, &format!("connections: {{a: {{namespace: {namespace}, data: {{K: v}}}}}}"), &[]);
        assert_eq!(taken.code, 0, "{namespace}: {}", taken.stderr);
    }
}

fn namespaces_are_made_in_scope_cluster_only(helm: &Helm) {
    render(helm, "", &["--set", "missingNamespace=create,rbac.scope=cluster"]);
    let said = refuse(helm, "", &["--set", "missingNamespace=create"]);
    let sentence =
        "missingNamespace: create needs rbac.scope cluster: a right to make namespaces is one in the whole cluster";
    assert!(said.contains(sentence), "{said}");
}
