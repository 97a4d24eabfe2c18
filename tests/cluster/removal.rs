//! What goes, and what never does: disabled and left-out connections, uninstall, adoption, with the rights of the chart.

use serde_json::json;

use crate::common::kubernetes::{Helm, Place, eventually, get, kubectl, kubectl_with, secret_data};

with_both_helms! {
    a_disabled_connection_goes_where_its_policy_is_delete_and_stays_where_it_is_retain
    in_scope_cluster_left_out_and_moved_connections_go_and_missing_namespaces_are_made
    uninstall_with_delete_removes_what_is_ours_alone_and_leaves_nothing_of_itself
    uninstall_goes_on_when_a_namespace_has_vanished
    what_was_adopted_is_known_again_after_an_uninstall_and_keeps_what_others_had_in_it
    helm_test_tells_drift
}

const CLIENT: &str = "0a0b0c0d-0000-4000-8000-000000000002";

/// Two connections of one identity, and a third.
const THREE: &str = "connections:
  a: {namespace: SHOP, target: storage-blob, auth: workload-identity, parameters: {account: store1, clientId: CLIENT}}
  b: {namespace: SHOP, target: storage-queue, auth: workload-identity, parameters: {account: store1, clientId: CLIENT}}
  c: {namespace: WAREHOUSE, data: {A: b}}
";

fn three() -> String {
    THREE.replace("CLIENT", CLIENT)
}

fn names(namespace: &str, kind: &str) -> Vec<String> {
    let listed = kubectl(&["get", kind, "-n", namespace, "-o", "name"]).expect(0).stdout;
    listed.lines().map(|line| line.split_once('/').unwrap().1.to_owned()).collect()
}

fn a_disabled_connection_goes_where_its_policy_is_delete_and_stays_where_it_is_retain(helm: &Helm) {
    let place = Place::new();
    helm.upgrade(&place, &three(), &[]).expect(0);
    let account = format!("sc-account-{CLIENT}");
    let without_b =
        ["--set", "connections.b.enabled=false,connections.b.deletionPolicy=Delete,connections.c.enabled=false"];
    let done = helm.upgrade(&place, &three(), &without_b).expect(0);
    let said = format!("{}{}", done.stdout, done.stderr);
    assert!(said.contains(&format!("connection b: deleted Secret {}/sc-b-secret", place.shop)), "{said}");
    assert!(
        said.contains(&format!("left behind, as last recorded: Secret {}/sc-c-secret (c)", place.warehouse)),
        "{said}"
    );
    assert_eq!(names(&place.shop, "secrets"), ["sc-a-secret"]);
    assert!(names(&place.shop, "serviceaccounts").contains(&account), "a still uses it");
    assert_eq!(names(&place.warehouse, "secrets"), ["sc-c-secret"]);

    // The job has no right to look whether it is still there, and says so of what it has recorded.
    kubectl(&["delete", "secret", "sc-c-secret", "-n", &place.warehouse]).expect(0);
    let done = helm.upgrade(&place, &three(), &without_b).expect(0);
    let said = format!("{}{}", done.stdout, done.stderr);
    assert!(said.contains("left behind, as last recorded: "), "{said}");
    let inventory = get(&place.system, "configmap", "sc-connections-0").unwrap();
    let lines = inventory["data"]["objects"].as_str().unwrap().lines().filter(|line| !line.contains("sc-c-secret"));
    let edited = json!({"data": {"objects": lines.collect::<Vec<_>>().join("\n")}}).to_string();
    kubectl(&["patch", "configmap", "sc-connections-0", "-n", &place.system, "-p", &edited]).expect(0);
    let done = helm.upgrade(&place, &three(), &without_b).expect(0);
    assert!(!format!("{}{}", done.stdout, done.stderr).contains("left behind"), "{}", done.stdout);

    let none = [
        "--set",
        "deletionPolicy=Delete,connections.a.enabled=false,connections.b.enabled=false,connections.c.enabled=false",
    ];
    helm.upgrade(&place, &three(), &none).expect(0);
    assert_eq!((names(&place.shop, "secrets"), names(&place.warehouse, "secrets")), (vec![], vec![]));
    assert!(!names(&place.shop, "serviceaccounts").contains(&account));
    let summary = get(&place.system, "configmap", "sc-connections").unwrap();
    assert_eq!(summary["data"]["_summary"], "3 of 3 removed");
    assert_eq!(get(&place.system, "configmap", "sc-connections-0").unwrap()["data"]["objects"], "");
    place.assert_no_canary(helm);
}

fn in_scope_cluster_left_out_and_moved_connections_go_and_missing_namespaces_are_made(helm: &Helm) {
    let place = Place::new();
    let cluster = ["--set", "rbac.scope=cluster,deletionPolicy=Delete,missingNamespace=create"];
    helm.upgrade(&place, &three(), &cluster).expect(0);
    kubectl(&["delete", "namespace", &place.warehouse]).expect(0);
    let moved = "connections: {a: {namespace: WAREHOUSE, data: {A: b}}}";
    let done = helm.upgrade(&place, moved, &cluster).expect(0);
    let said = format!("{}{}", done.stdout, done.stderr);
    assert!(said.contains(&format!("created Namespace {}", place.warehouse)), "{said}");
    assert_eq!(names(&place.shop, "secrets"), Vec::<String>::new());
    assert_eq!(names(&place.warehouse, "secrets"), ["sc-a-secret"]);
    assert!(!names(&place.shop, "serviceaccounts").contains(&format!("sc-account-{CLIENT}")));
}

fn uninstall_with_delete_removes_what_is_ours_alone_and_leaves_nothing_of_itself(helm: &Helm) {
    let place = Place::new();
    helm.upgrade(&place, &three(), &["--set", "uninstall.deletionPolicy=Delete,connections.b.enabled=false"]).expect(0);
    let theirs = "{apiVersion: v1, kind: Secret, metadata: {name: sc-c-secret}, data: {THEIRS: eA==}}";
    let apply = ["apply", "--server-side", "--field-manager=other", "-n", &place.warehouse, "-f", "-"];
    kubectl_with(&apply, theirs).expect(0);
    let gone = helm.run(&place, &["uninstall", "sc-extension"]).expect(0);
    let said = format!("{}{}", gone.stdout, gone.stderr);
    assert!(said.contains("connection c: took its own fields out of Secret "), "{said}");
    assert_eq!(names(&place.shop, "secrets"), Vec::<String>::new());
    assert_eq!(json!(secret_data(&place.warehouse, "sc-c-secret")), json!({"THEIRS": "x"}));
    assert!(!names(&place.shop, "serviceaccounts").contains(&format!("sc-account-{CLIENT}")));
    assert_eq!(names(&place.system, "jobs,leases,roles,rolebindings"), Vec::<String>::new());
    let accounts = names(&place.system, "serviceaccounts");
    assert!(accounts.iter().all(|name| name == "default"), "{accounts:?}");
    eventually("the end of the inventory", || names(&place.system, "configmaps") == ["kube-root-ca.crt"]);
    for kind in ["clusterrole", "clusterrolebinding", "validatingadmissionpolicy", "validatingadmissionpolicybinding"] {
        let left = kubectl(&["get", kind, "-o", "name"]).expect(0).stdout;
        assert!(!left.contains(&place.system), "{left}");
    }
}

fn uninstall_goes_on_when_a_namespace_has_vanished(helm: &Helm) {
    let place = Place::new();
    helm.upgrade(&place, &three(), &["--set", "uninstall.deletionPolicy=Delete"]).expect(0);
    kubectl(&["delete", "namespace", &place.warehouse]).expect(0);
    let gone = helm.run(&place, &["uninstall", "sc-extension"]).expect(0);
    let said = format!("{}{}", gone.stdout, gone.stderr);
    assert!(said.contains(&format!("Secret {}/sc-c-secret is already gone", place.warehouse)), "{said}");
    assert_eq!(names(&place.shop, "secrets"), Vec::<String>::new());
    assert_eq!(helm.status(&place).0, "none");
}

fn what_was_adopted_is_known_again_after_an_uninstall_and_keeps_what_others_had_in_it(helm: &Helm) {
    let place = Place::new();
    let literals = ["--from-literal=A=theirs", "--from-literal=THEIRS=1"];
    kubectl(&[&["create", "secret", "generic", "sc-c-secret", "-n", &place.warehouse], literals.as_slice()].concat())
        .expect(0);
    let values = "connections: {c: {namespace: WAREHOUSE, data: {A: b}}}";
    let refused = helm.upgrade(&place, values, &[]).expect(1);
    assert!(format!("{}{}", refused.stdout, refused.stderr).contains("SCJ2003 "), "{}", refused.stderr);
    let adopted = helm.upgrade(&place, values, &["--set", "connections.c.adopt=true"]).expect(0);
    let said = format!("{}{}", adopted.stdout, adopted.stderr);
    assert!(
        said.contains("connection c: adopted Secret ") && said.contains(", managed by kubectl-create before"),
        "{said}"
    );
    assert_eq!(json!(secret_data(&place.warehouse, "sc-c-secret")), json!({"A": "b", "THEIRS": "1"}));

    helm.run(&place, &["uninstall", "sc-extension"]).expect(0);
    helm.upgrade(&place, values, &[]).expect(0);
    let secret = get(&place.warehouse, "secret", "sc-c-secret").unwrap();
    assert_eq!(secret["metadata"]["annotations"]["sc-extension/adopted"], "true");
    helm.upgrade(&place, values, &["--set", "deletionPolicy=Delete,connections.c.enabled=false"]).expect(0);
    assert_eq!(json!(secret_data(&place.warehouse, "sc-c-secret")), json!({"THEIRS": "1"}));
}

fn helm_test_tells_drift(helm: &Helm) {
    let place = Place::new();
    helm.upgrade(&place, &three(), &[]).expect(0);
    helm.run(&place, &["test", "sc-extension"]).expect(0);
    assert_eq!(get(&place.system, "job", "sc-job-check"), None);
    let patch = r#"{"stringData": {"A": "edited"}}"#;
    let edit = ["patch", "secret", "sc-c-secret", "-n", &place.warehouse, "--field-manager=kubectl-edit", "-p", patch];
    kubectl(&edit).expect(0);
    helm.run(&place, &["test", "sc-extension"]).expect(1);
    let log = place.log_of("sc-job-check");
    let told = format!("Secret {}/sc-c-secret", place.warehouse);
    assert!(
        log.lines().any(|line| line.starts_with("changed ")
            && line.contains(&told)
            && line.ends_with(".data.A, changed by kubectl-edit")),
        "{log}"
    );
    assert_eq!(json!(secret_data(&place.warehouse, "sc-c-secret")), json!({"A": "edited"}), "a check repairs nothing");
}
