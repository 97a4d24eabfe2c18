//! Namespaces that the chart looks up while it is rendered: Helm itself fails
//! on a Role in one that is missing, before the Job could say why.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::rendering::Rendering;
use super::stub_api::helm_with;
use crate::common::kubernetes::Helm;

with_both_helms! {
    missing_and_terminating_namespaces_get_no_role_and_are_passed_on
    the_release_namespace_counts_as_present
    without_namespace_check_nothing_is_looked_up
    in_scope_cluster_nothing_is_looked_up
    an_installer_who_may_not_list_namespaces_reads_the_way_out
}

const VALUES: &str = "
allowSystemNamespaces: [sc-system]
connections:
  a: {namespace: shop, data: {K: v}}
  b: {namespace: ending, data: {K: v}}
  c: {namespace: absent, data: {K: v}}
  d: {namespace: sc-system, data: {K: v}}
  idle: {enabled: false, namespace: nowhere, data: {K: v}}
  going: {enabled: false, deletionPolicy: Delete, namespace: gone, data: {K: v}}
";

/// The rendering, and how often namespaces were listed for it.
fn look_up(helm: &Helm, args: &[&str]) -> (Rendering, usize) {
    let namespaces = [("default", "Active"), ("shop", "Active"), ("ending", "Terminating")];
    let (outcome, lists) =
        helm_with(helm, "template", Some(&namespaces), VALUES, &[&["--dry-run=server"], args].concat());
    (Rendering::parse(&outcome.expect(0).stdout), lists)
}

fn missing(rendered: &Rendering) -> Value {
    let input = rendered.get("Secret", "sc-job-input-0")["stringData"]["connections.json"].as_str().unwrap();
    serde_json::from_str::<Value>(input).unwrap()["missingNamespaces"].take()
}

fn namespaces<'a>(rendered: &'a Rendering, kind: &'a str) -> BTreeSet<&'a str> {
    rendered.all(kind).map(|object| object["metadata"]["namespace"].as_str().unwrap()).collect()
}

fn missing_and_terminating_namespaces_get_no_role_and_are_passed_on(helm: &Helm) {
    let (rendered, lists) = look_up(helm, &[]);
    assert_eq!(missing(&rendered), json!(["absent", "ending", "gone"]));
    for kind in ["Role", "RoleBinding"] {
        assert_eq!(namespaces(&rendered, kind), BTreeSet::from(["sc-system", "shop"]));
    }
    let readable = &rendered.all("ClusterRole").next().unwrap()["rules"][0]["resourceNames"];
    assert_eq!(
        *readable,
        json!(["absent", "ending", "gone", "sc-system", "shop"]),
        "the Job asks for those it cannot write to"
    );
    assert_eq!(lists, 1);
}

/// With --create-namespace Helm makes it only after rendering.
fn the_release_namespace_counts_as_present(helm: &Helm) {
    let (rendered, _) = look_up(helm, &[]);
    assert!(rendered.find("Role", Some("sc-system"), "sc-job.sc-system.sc-extension").is_some());
}

fn without_namespace_check_nothing_is_looked_up(helm: &Helm) {
    for flag in ["--set", "--set-string"] {
        let (rendered, lists) = look_up(helm, &[flag, "rbac.namespaceCheck=false"]);
        assert_eq!((missing(&rendered), lists), (json!([]), 0));
        assert_eq!(namespaces(&rendered, "Role"), BTreeSet::from(["absent", "ending", "gone", "sc-system", "shop"]));
    }
}

/// No Role is rendered into a namespace, so that none can fail the release.
fn in_scope_cluster_nothing_is_looked_up(helm: &Helm) {
    let (rendered, lists) = look_up(helm, &["--set", "rbac.scope=cluster"]);
    assert_eq!((missing(&rendered), lists), (json!([]), 0));
    assert_eq!(namespaces(&rendered, "Role"), BTreeSet::from(["sc-system"]));
}

/// No template can catch a look-up that fails, but the trace that Helm prints names the templates it went through.
fn an_installer_who_may_not_list_namespaces_reads_the_way_out(helm: &Helm) {
    let refused = |args: &[&str]| helm_with(helm, "template", None, VALUES, &[&["--dry-run=server"], args].concat()).0;
    let said = refused(&[]).expect(1).stderr;
    let way_out = "sc-extension.namespaces-are-listed-unless-rbac.namespaceCheck-is-false";
    assert!(said.contains(way_out) && said.contains("cannot list resource"), "{said}");
    refused(&["--set", "rbac.namespaceCheck=false,rbac.clusterRead=false"]).expect(0);
}
