//! Options of `helm upgrade` that change what is sent, with live connections.

use serde_json::{Value, json};

use crate::common::kubernetes::{Helm, Place, get, kubectl, kubectl_with, secret_data, version};
use crate::common::package::Package;
use crate::common::run;

with_both_helms! {
    reused_values_keep_the_connections_that_a_command_does_not_name
    a_forced_upgrade_changes_no_secret_and_leaves_the_inventory
    objects_that_helm_did_not_make_are_taken_over_only_when_that_is_asked_for
    a_release_without_records_is_installed_again_over_its_objects
}

const ONE: &str = "connections: {a: {namespace: SHOP, data: {A: b}}}";

fn reused_values_keep_the_connections_that_a_command_does_not_name(helm: &Helm) {
    let place = Place::new();
    helm.upgrade(&place, ONE, &["--set", "log.level=debug"]).expect(0);
    let before = version(&place.shop, "secret", "sc-a-secret");
    for (option, connection) in [("--reuse-values", "b"), ("--reset-then-reuse-values", "c")] {
        let added = format!(
            "connections.{connection}.namespace={},connections.{connection}.data.A={connection}",
            place.warehouse
        );
        helm.upgrade(&place, "{}", &[option, "--set", &added]).expect(0);
        let secret = format!("sc-{connection}-secret");
        assert_eq!(json!(secret_data(&place.warehouse, &secret)), json!({"A": connection}), "{option}");
        assert_eq!(version(&place.shop, "secret", "sc-a-secret"), before, "{option}");
    }
    let values = helm.run(&place, &["get", "values", "sc-extension", "-o", "json"]).expect(0).stdout;
    let values: Value = serde_json::from_str(&values).unwrap();
    assert_eq!(values["connections"].as_object().unwrap().keys().collect::<Vec<_>>(), ["a", "b", "c"]);
    assert_eq!(values["log"], json!({"level": "debug"}));
    let summary = get(&place.system, "configmap", "sc-connections").unwrap();
    assert_eq!(summary["data"].as_object().unwrap().keys().collect::<Vec<_>>(), ["_summary", "a", "b", "c"]);
    assert_eq!(helm.history(&place), ["superseded", "superseded", "deployed"]);
}

fn a_forced_upgrade_changes_no_secret_and_leaves_the_inventory(helm: &Helm) {
    let place = Place::new();
    helm.upgrade(&place, ONE, &[]).expect(0);
    let secret = version(&place.shop, "secret", "sc-a-secret");
    let before = get(&place.system, "configmap", "sc-connections-0").unwrap();
    // Helm 4 forces by replacing only without server-side apply.
    let force: &[&str] = if helm.major == 3 { &["--force"] } else { &["--force-replace", "--server-side=false"] };
    let done = helm.upgrade(&place, ONE, force).expect(0);
    let said = format!("{}{}", done.stdout, done.stderr);
    assert!(said.contains("1 of 1 connections ready; objects: 1 unchanged"), "{said}");
    assert_eq!(version(&place.shop, "secret", "sc-a-secret"), secret);
    let after = get(&place.system, "configmap", "sc-connections-0").unwrap();
    assert_eq!(after["data"], before["data"]);
    assert_eq!(after["metadata"]["uid"], before["metadata"]["uid"]);
    let summary = get(&place.system, "configmap", "sc-connections").unwrap();
    assert_eq!(summary["data"]["_summary"], "1 of 1 connections ready", "what the replacement emptied is written anew");
    assert_eq!(helm.history(&place), ["superseded", "deployed"]);
}

/// As after an installation by `kubectl apply` or Argo CD.
fn objects_that_helm_did_not_make_are_taken_over_only_when_that_is_asked_for(helm: &Helm) {
    let place = Place::new();
    let mut template = helm.command(&["template", "sc-extension", "-n", &place.system, "-f", "-", "--no-hooks"]);
    let rendered = run(template.args(Package::under_test().args()), Some(&place.fill(ONE))).expect(0).stdout;
    kubectl_with(&["apply", "-f", "-"], &rendered).expect(0);

    let refused = helm.upgrade(&place, ONE, &[]).expect(1).stderr;
    assert!(refused.contains("cannot be imported into the current release: invalid ownership metadata"), "{refused}");
    assert_eq!(helm.status(&place), ("none".to_owned(), 0));
    assert_eq!(get(&place.shop, "secret", "sc-a-secret"), None);

    // Helm 4 applies on the server, where the fields are those of kubectl's manager.
    let take: &[&str] =
        if helm.major == 3 { &["--take-ownership"] } else { &["--take-ownership", "--force-conflicts"] };
    helm.upgrade(&place, ONE, take).expect(0);
    assert_eq!(helm.history(&place), ["deployed"]);
    assert_eq!(secret_data(&place.shop, "sc-a-secret")["A"], "b");
    helm.upgrade(&place, ONE, &[]).expect(0);
    assert_eq!(helm.history(&place), ["superseded", "deployed"], "the next upgrade needs no option");
}

fn a_release_without_records_is_installed_again_over_its_objects(helm: &Helm) {
    let place = Place::new();
    helm.upgrade(&place, ONE, &[]).expect(0);
    let versions =
        || [version(&place.shop, "secret", "sc-a-secret"), version(&place.system, "configmap", "sc-connections-0")];
    let before = versions();
    kubectl(&["delete", "secret", "-n", &place.system, "-l", "owner=helm"]).expect(0);
    assert_eq!(helm.status(&place), ("none".to_owned(), 0));
    helm.upgrade(&place, ONE, &[]).expect(0);
    assert_eq!(helm.history(&place), ["deployed"]);
    assert_eq!(versions(), before);
}
