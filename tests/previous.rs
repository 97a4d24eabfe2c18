//! From the chart and image of the commit before to these and back, with live connections, on a real node.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

#[macro_use]
mod common;

use common::kubernetes::{Helm, Place, get, kubectl, version};
use common::operation::{secret, settings};
use common::package::{Package, setting};
use serde_json::json;

with_both_helms! {
    an_upgrade_and_the_way_back_write_no_object_of_a_connection
    reused_values_of_the_chart_before_are_enough_for_this_one
    what_the_version_before_has_made_is_known_and_removed
    an_operation_of_the_version_before_is_known_and_the_way_back_repeats_none
}

const VALUES: &str = "connections:
  settings: {namespace: SHOP, data: {GREETING: hello}}
  orders:
    {namespace: SHOP, target: postgres-flexible, clientType: nodejs, auth: secret,
     parameters: {server: demo, database: orders, username: shop, password: {valueFrom: {secretKeyRef: {name: given, key: password}}}}}
  pictures:
    {namespace: WAREHOUSE, target: storage-blob, auth: workload-identity,
     parameters: {account: pictures, clientId: 0a0b0c0d-0000-4000-8000-000000000002}}
";

fn before() -> Package {
    Package { chart: setting("SC_JOB_TEST_PREVIOUS_CHART"), image: setting("SC_JOB_TEST_PREVIOUS_IMAGE") }
}

/// The place of a release that the version before has installed.
fn installed(helm: &Helm) -> Place {
    let place = Place::new();
    kubectl(&["create", "secret", "generic", "given", "-n", &place.system, "--from-literal=password=p"]).expect(0);
    helm.release_package(&before(), &place, &["install"], VALUES, &[]).expect(0);
    place
}

/// The resource versions of all that the connections have.
fn versions(place: &Place) -> [String; 4] {
    let account = "sc-account-0a0b0c0d-0000-4000-8000-000000000002";
    [
        version(&place.shop, "secret", "sc-settings-secret"),
        version(&place.shop, "secret", "sc-orders-secret"),
        version(&place.warehouse, "secret", "sc-pictures-secret"),
        version(&place.warehouse, "serviceaccount", account),
    ]
}

/// All connections are ready, and nothing is left behind.
fn assert_summary(place: &Place) {
    let summary = get(&place.system, "configmap", "sc-connections").unwrap();
    let entries: Vec<_> = summary["data"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(entries, ["_summary", "orders", "pictures", "settings"]);
    assert_eq!(summary["data"]["_summary"], "3 of 3 connections ready");
}

fn an_upgrade_and_the_way_back_write_no_object_of_a_connection(helm: &Helm) {
    let place = installed(helm);
    let made = versions(&place);
    helm.upgrade(&place, VALUES, &[]).expect(0);
    assert_eq!(versions(&place), made, "after the upgrade");
    assert_summary(&place);

    helm.run(&place, &["rollback", "sc-extension", "1"]).expect(0);
    assert_eq!(versions(&place), made, "after the rollback");
    assert_summary(&place);
    let log = place.log_of("sc-job-rollback");
    assert!(
        log.trim_end().lines().last().unwrap().contains(" 3 of 3 connections ready; objects: 4 unchanged"),
        "{log}"
    );

    helm.upgrade(&place, VALUES, &[]).expect(0);
    helm.release_package(&before(), &place, &["upgrade"], VALUES, &[]).expect(0);
    assert_eq!(versions(&place), made, "after an upgrade to the version before");
    assert_summary(&place);
    assert_eq!(helm.history(&place), ["superseded", "superseded", "superseded", "superseded", "deployed"]);
}

fn reused_values_of_the_chart_before_are_enough_for_this_one(helm: &Helm) {
    let place = installed(helm);
    let made = versions(&place);
    // The defaults are then those of the chart before, where a newer one is missing, or those of this chart.
    for option in ["--reuse-values", "--reset-then-reuse-values"] {
        helm.upgrade(&place, "{}", &[option]).expect(0);
        assert_eq!(versions(&place), made, "{option}");
        assert_summary(&place);
    }
    assert_eq!(helm.history(&place), ["superseded", "superseded", "deployed"]);
}

fn what_the_version_before_has_made_is_known_and_removed(helm: &Helm) {
    let place = installed(helm);
    let none = "connections.settings.enabled=false,connections.orders.enabled=false,connections.pictures.enabled=false";
    helm.upgrade(&place, VALUES, &["--set", none, "--set", "deletionPolicy=Delete"]).expect(0);
    for (namespace, kind, name) in [
        (&place.shop, "secret", "sc-settings-secret"),
        (&place.shop, "secret", "sc-orders-secret"),
        (&place.warehouse, "secret", "sc-pictures-secret"),
        (&place.warehouse, "serviceaccount", "sc-account-0a0b0c0d-0000-4000-8000-000000000002"),
    ] {
        assert_eq!(get(namespace, kind, name), None);
    }
}

fn an_operation_of_the_version_before_is_known_and_the_way_back_repeats_none(helm: &Helm) {
    let place = Place::new();
    let operation = settings("db", "id-1", "create", &secret("db", &place.shop, &json!({"A": "1"}))).to_string();
    helm.release_package(&before(), &place, &["install"], &operation, &[]).expect(0);
    let made = version(&place.shop, "secret", "sc-db-secret");
    let assert_nothing_is_repeated = |when: &str| {
        assert_eq!(version(&place.shop, "secret", "sc-db-secret"), made, "{when}");
        let summary = get(&place.system, "configmap", "sc-connections").unwrap();
        assert_eq!(summary["data"]["_summary"], "1 executed earlier", "{when}");
    };
    helm.upgrade(&place, &operation, &[]).expect(0);
    assert_nothing_is_repeated("after the upgrade");
    helm.run(&place, &["rollback", "sc-extension", "1"]).expect(0);
    assert_nothing_is_repeated("after the rollback");
}
