//! What Helm does to a release as a whole: rollback, uninstall, an upgrade that is undone.

use serde_json::json;

use crate::common::kubernetes::{Helm, Place, eventually, get, kubectl, secret_data, version};

with_both_helms! {
    rollback_restores_the_old_values
    uninstall_keeps_the_secrets_and_a_new_install_knows_them
    a_failed_atomic_upgrade_ends_deployed_and_keeps_the_log
}

fn rollback_restores_the_old_values(helm: &Helm) {
    let place = Place::new();
    helm.upgrade(&place, "connections: {a: {namespace: SHOP, data: {A: old, B: stays}}}", &[]).expect(0);
    helm.upgrade(&place, "connections: {a: {namespace: SHOP, data: {A: new, C: added}}}", &[]).expect(0);
    assert_eq!(json!(secret_data(&place.shop, "sc-a-secret")), json!({"A": "new", "C": "added"}));
    helm.run(&place, &["rollback", "sc-extension", "1"]).expect(0);
    assert_eq!(json!(secret_data(&place.shop, "sc-a-secret")), json!({"A": "old", "B": "stays"}));
    assert_eq!(helm.status(&place), ("deployed".to_owned(), 3));
    // It succeeds with faults too, so that it stays for its log.
    let log = kubectl(&["logs", "job/sc-job-rollback", "-n", &place.system]).expect(0).stdout;
    assert!(log.trim_end().lines().last().unwrap().contains(" 1 of 1 connections ready; objects: 1 changed"), "{log}");
}

fn uninstall_keeps_the_secrets_and_a_new_install_knows_them(helm: &Helm) {
    let place = Place::new();
    let values = "connections: {a: {namespace: SHOP, data: {A: b}}}";
    helm.upgrade(&place, values, &[]).expect(0);
    helm.upgrade(
        &place,
        "connections: {a: {namespace: SHOP, data: {A: b}}, gone: {namespace: SHOP-gone, data: {A: b}}}",
        &[],
    )
    .expect(1);
    let before = version(&place.shop, "secret", "sc-a-secret");
    helm.run(&place, &["uninstall", "sc-extension"]).expect(0);
    for kind in ["configmap/sc-connections", "secret/sc-job-input-0", "serviceaccount/sc-job"] {
        let (kind, name) = kind.split_once('/').unwrap();
        eventually(&format!("the end of {kind} {name}"), || get(&place.system, kind, name).is_none());
    }
    for (namespace, kind) in [
        (&place.system, "role,rolebinding"),
        (&place.shop, "role,rolebinding"),
        (&place.shop, "clusterrole,clusterrolebinding"),
    ] {
        let left = kubectl(&["get", kind, "-n", namespace, "-o", "name"]).expect(0).stdout;
        assert!(!left.contains(&format!("sc-job.{}.", place.system)), "{left}");
    }
    assert!(get(&place.system, "job", "sc-job").is_some(), "Helm leaves a failed hook Job behind");
    assert_eq!(version(&place.shop, "secret", "sc-a-secret"), before);

    helm.upgrade(&place, values, &[]).expect(0);
    assert_eq!(version(&place.shop, "secret", "sc-a-secret"), before, "the new install knows its Secret");
    assert_eq!(get(&place.system, "job", "sc-job"), None);
}

fn a_failed_atomic_upgrade_ends_deployed_and_keeps_the_log(helm: &Helm) {
    let place = Place::new();
    helm.upgrade(&place, "connections: {a: {namespace: SHOP, data: {A: old}}}", &[]).expect(0);
    helm.upgrade(
        &place,
        "connections: {a: {namespace: SHOP, data: {A: new}}, b: {namespace: SHOP-gone, data: {A: b}}}",
        &[helm.atomic()],
    )
    .expect(1);
    assert_eq!(helm.status(&place), ("deployed".to_owned(), 3));
    assert!(place.log().contains("connection b: SCJ2001 "));
    assert_eq!(place.exit_code(), 79);
    assert_eq!(secret_data(&place.shop, "sc-a-secret")["A"], "old");
}
