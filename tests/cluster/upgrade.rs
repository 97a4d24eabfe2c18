//! Upgrades and what they leave alone.

use super::demo::demo;
use crate::common::kubernetes::{Helm, Place, get, secret_data, version};

with_both_helms! {
    an_upgrade_changes_exactly_what_changed
    a_connection_that_is_removed_or_disabled_keeps_its_secret
}

fn an_upgrade_changes_exactly_what_changed(helm: &Helm) {
    let place = Place::new();
    helm.upgrade(&place, &demo(&place), &[]).expect(0);
    let objects = |place: &Place| {
        [
            version(&place.shop, "secret", "sc-settings-secret"),
            version(&place.shop, "secret", "sc-orders-secret"),
            version(&place.warehouse, "secret", "sc-archive-secret"),
            version(&place.warehouse, "secret", "sc-pictures-secret"),
            version(&place.warehouse, "serviceaccount", "sc-account-0a0b0c0d-0000-4000-8000-000000000002"),
        ]
    };
    let first = objects(&place);
    let summary = version(&place.system, "configmap", "sc-connections");
    helm.upgrade(&place, &demo(&place), &[]).expect(0);
    assert_eq!(objects(&place), first, "an upgrade with the same values writes nothing");
    assert_eq!(version(&place.system, "configmap", "sc-connections"), summary);

    let changed = demo(&place).replace("GREETING: hello from sc-job", "GREETING: good evening")
        + "  added: {namespace: SHOP, data: {A: b}}\n";
    helm.upgrade(&place, &changed, &[]).expect(0);
    let second = objects(&place);
    assert_ne!(second[0], first[0]);
    assert_eq!(second[1..], first[1..]);
    assert_eq!(secret_data(&place.shop, "sc-settings-secret")["GREETING"], "good evening");
    assert_eq!(secret_data(&place.shop, "sc-added-secret")["A"], "b");
}

fn a_connection_that_is_removed_or_disabled_keeps_its_secret(helm: &Helm) {
    let place = Place::new();
    helm.upgrade(&place, "connections: {a: {namespace: SHOP, data: {A: b}}, b: {namespace: SHOP, data: {A: b}}, c: {namespace: SHOP, data: {A: b}}}", &[]).expect(0);
    let before = [version(&place.shop, "secret", "sc-a-secret"), version(&place.shop, "secret", "sc-b-secret")];
    helm.upgrade(
        &place,
        "connections: {b: {namespace: SHOP, enabled: false}, c: {namespace: SHOP, data: {A: b}}}",
        &[],
    )
    .expect(0);
    assert_eq!([version(&place.shop, "secret", "sc-a-secret"), version(&place.shop, "secret", "sc-b-secret")], before);
    let summary = get(&place.system, "configmap", "sc-connections").unwrap();
    assert_eq!(summary["data"].as_object().unwrap().keys().collect::<Vec<_>>(), ["_retained", "_summary", "c"]);
}
