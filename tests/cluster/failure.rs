//! Runs that cannot do all or any of it: what Helm, the log and the exit code say.

use crate::common::CANARY;
use crate::common::kubernetes::{Helm, Place, get, kubectl, secret_data};

with_both_helms! {
    bad_values_fail_with_78_and_the_next_good_upgrade_succeeds
    a_missing_namespace_fails_its_connection_only
    a_foreign_secret_is_left_untouched
    without_rights_the_run_says_which_are_missing
}

fn bad_values_fail_with_78_and_the_next_good_upgrade_succeeds(helm: &Helm) {
    let place = Place::new();
    let bad = format!(
        "connections: {{good: {{namespace: SHOP, data: {{A: {CANARY}}}}}, blob: {{namespace: SHOP, target: storage-blob, auth: workload-identity, parameters: {{account: store1, clientId: no-guid}}}}}}"
    );
    let failed = helm.upgrade(&place, &bad, &[]).expect(1);
    let reason = "SCJ1008 connections.blob.parameters.clientId: is not of the right form:";
    assert!(
        format!("{}{}", failed.stdout, failed.stderr).contains(reason),
        "Helm shows the reason:\n{}{}",
        failed.stdout,
        failed.stderr
    );
    assert_eq!(helm.status(&place).0, "failed");
    let log = place.log();
    assert!(log.contains(reason) && log.contains("Remedy: correct the value"), "{log}");
    assert_eq!(log.lines().count(), 1, "one fault is told once:\n{log}");
    assert_eq!(place.exit_code(), 78);
    assert_eq!(get(&place.shop, "secret", "sc-good-secret"), None, "nothing is written");
    place.assert_no_canary(helm);

    helm.upgrade(&place, "connections: {good: {namespace: SHOP, data: {A: b}}}", &[]).expect(0);
    assert_eq!(helm.status(&place).0, "deployed");
    assert_eq!(get(&place.system, "job", "sc-job"), None);
    assert_eq!(secret_data(&place.shop, "sc-good-secret")["A"], "b");
}

fn a_missing_namespace_fails_its_connection_only(helm: &Helm) {
    let place = Place::new();
    let values = "connections: {a: {namespace: SHOP-gone, data: {A: b}}, b: {namespace: SHOP, data: {A: b}}}";
    let failed = helm.upgrade(&place, values, &[]).expect(1);
    let log = place.log();
    assert!(
        log.contains(&format!(
            "connection a: SCJ2001 Secret {0}-gone/sc-a-secret: namespace {0}-gone does not exist",
            place.shop
        )),
        "{log}"
    );
    assert!(log.contains(&format!("`kubectl create namespace {}-gone`", place.shop)), "{log}");
    assert!(
        log.trim_end()
            .lines()
            .last()
            .unwrap()
            .contains("failed (exit 79): 1 of 2 connections ready; 1 failed; objects: 1 created. a: SCJ2001"),
        "{log}"
    );
    assert!(format!("{}{}", failed.stdout, failed.stderr).contains("SCJ2001"));
    assert_eq!(place.exit_code(), 79);
    assert_eq!(secret_data(&place.shop, "sc-b-secret")["A"], "b");
    let summary = get(&place.system, "configmap", "sc-connections").unwrap();
    assert!(summary["data"]["a"].as_str().unwrap().starts_with("outcome: failed\ncode: SCJ2001\n"), "{summary}");

    kubectl(&["create", "namespace", &format!("{}-gone", place.shop)]).expect(0);
    let again = helm.upgrade(&place, values, &[]);
    kubectl(&["delete", "namespace", "--wait=false", &format!("{}-gone", place.shop)]).expect(0);
    again.expect(0);
}

fn a_foreign_secret_is_left_untouched(helm: &Helm) {
    let place = Place::new();
    kubectl(&["create", "secret", "generic", "sc-a-secret", "-n", &place.shop, "--from-literal=THEIRS=1"]).expect(0);
    let before = get(&place.shop, "secret", "sc-a-secret").unwrap();
    helm.upgrade(&place, "connections: {a: {namespace: SHOP, data: {A: b}}, b: {namespace: SHOP, data: {A: b}}}", &[])
        .expect(1);
    let log = place.log();
    assert!(log.contains(&format!("connection a: SCJ2003 Secret {}/sc-a-secret: it was not made by this release (managed by kubectl-create), and was left untouched. Remedy: ", place.shop)), "{log}");
    assert_eq!(place.exit_code(), 79);
    assert_eq!(get(&place.shop, "secret", "sc-a-secret").unwrap(), before, "not a byte has changed");
    assert_eq!(secret_data(&place.shop, "sc-b-secret")["A"], "b");
}

fn without_rights_the_run_says_which_are_missing(helm: &Helm) {
    let place = Place::new();
    helm.upgrade(&place, "connections: {a: {namespace: SHOP, data: {A: b}}}", &["--set", "rbac.create=false"])
        .expect(1);
    let log = place.log();
    assert!(
        log.contains(&format!(
            "SCJ3001 Secret {0}/sc-a-secret: the job may not get secrets sc-a-secret in namespace {0}: ",
            place.shop
        )),
        "{log}"
    );
    assert!(log.trim_end().lines().last().unwrap().contains("failed (exit 77): "), "{log}");
    assert_eq!(place.exit_code(), 77);
}
