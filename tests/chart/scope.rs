//! `rbac.scope` cluster: one ClusterRole in place of the Roles.

use serde_json::{Value, json};

use super::rendering::render;
use super::roles::{DELETE, NAME, WRITE, cluster_rules, rule, webhook};
use crate::common::kubernetes::Helm;

with_both_helms! {
    one_cluster_role_allows_what_the_roles_did
    whatever_was_left_out_may_be_deleted_with_the_policy_of_all_only
    namespaces_are_made_only_where_enabled_connections_are
    without_cluster_read_only_the_reading_is_left_out
    nothing_declared_needs_no_rights_unless_left_out_connections_are_deleted
    nothing_is_granted_without_rbac
}

/// One name in two namespaces, once enabled and once to be deleted, and an identity that stays.
const VALUES: &str = "
connections:
  a: {namespace: shop, data: {K: v}}
  b: {namespace: shop, secretName: own, target: keyvault, auth: workload-identity, parameters: {vault: vault1, clientId: 0a0b0c0d-0000-4000-8000-000000000002}}
  c: {enabled: false, deletionPolicy: Delete, namespace: warehouse, secretName: own}
  d: {enabled: false, deletionPolicy: Delete, namespace: warehouse, target: keyvault, auth: csi, csi: {workloadIdentity: true}, serviceAccount: {name: own-account}}
  e: {enabled: false, deletionPolicy: Retain, namespace: attic}
";

/// Rules of the ClusterRole with these settings; there is no Role but the release's own.
fn rules(helm: &Helm, values: &str, settings: &str) -> Option<Value> {
    let settings = format!("rbac.scope=cluster,{settings}");
    let rendered = render(helm, values, &["--set", &settings]);
    for kind in ["Role", "RoleBinding"] {
        assert_eq!(rendered.all(kind).count(), 1, "{settings}: {kind}");
    }
    let bound = rendered.find("ClusterRoleBinding", None, NAME).is_some();
    let rules = cluster_rules(&rendered).cloned();
    assert_eq!(bound, rules.is_some(), "{settings}");
    rules
}

fn read() -> Vec<Value> {
    vec![rule("namespaces", &["shop", "warehouse"], &["get"]), webhook()]
}

fn written() -> Vec<Value> {
    vec![
        rule("secrets", &["own", "sc-a-secret"], &WRITE),
        rule("serviceaccounts", &["sc-account-0a0b0c0d-0000-4000-8000-000000000002"], &WRITE),
    ]
}

fn deleted() -> Vec<Value> {
    vec![
        rule("secrets", &["own", "sc-d-secret"], &DELETE),
        rule("serviceaccounts", &["own-account"], &DELETE),
        rule("secretproviderclasses", &["sc-d-secretprovider"], &DELETE),
    ]
}

/// Of names that the chart does not know.
fn left_out() -> Vec<Value> {
    vec![
        json!({"apiGroups": [""], "resources": ["secrets", "serviceaccounts"], "verbs": DELETE}),
        json!({"apiGroups": ["secrets-store.csi.x-k8s.io"], "resources": ["secretproviderclasses"], "verbs": DELETE}),
    ]
}

fn one_cluster_role_allows_what_the_roles_did(helm: &Helm) {
    assert_eq!(rules(helm, VALUES, "deletionPolicy=Retain"), Some(json!([read(), written(), deleted()].concat())));
}

fn whatever_was_left_out_may_be_deleted_with_the_policy_of_all_only(helm: &Helm) {
    assert_eq!(rules(helm, VALUES, "deletionPolicy=Delete"), Some(json!([read(), written(), left_out()].concat())));
}

fn namespaces_are_made_only_where_enabled_connections_are(helm: &Helm) {
    let made = vec![rule("namespaces", &["shop"], &WRITE)];
    let found = rules(helm, VALUES, "missingNamespace=create");
    assert_eq!(found, Some(json!([read(), written(), deleted(), made].concat())));
}

fn without_cluster_read_only_the_reading_is_left_out(helm: &Helm) {
    let made = vec![rule("namespaces", &["shop"], &WRITE)];
    let settings = "rbac.clusterRead=false,missingNamespace=create,deletionPolicy=Delete";
    assert_eq!(rules(helm, VALUES, settings), Some(json!([written(), left_out(), made].concat())));
}

fn nothing_declared_needs_no_rights_unless_left_out_connections_are_deleted(helm: &Helm) {
    assert_eq!(rules(helm, "connections: {}", "missingNamespace=create"), None);
    assert_eq!(rules(helm, "connections: {}", "deletionPolicy=Delete"), Some(json!(left_out())));
}

fn nothing_is_granted_without_rbac(helm: &Helm) {
    let rendered = render(helm, VALUES, &["--set", "rbac.create=false,rbac.scope=cluster,deletionPolicy=Delete"]);
    for kind in ["Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"] {
        assert_eq!(rendered.all(kind).count(), 0, "{kind}");
    }
}
