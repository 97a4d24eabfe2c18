//! Connections that fail while others are done, each for a reason of its own: all reasons are told at once.

use super::fixture::Fixture;
use super::reason::of;
use crate::common::CANARY;
use crate::common::kubernetes::{Helm, Place, get, kubectl, kubectl_with, secret_data};

with_both_helms! {
    each_of_several_failed_connections_tells_its_own_reason
}

fn each_of_several_failed_connections_tells_its_own_reason(helm: &Helm) {
    let place = Place::new();
    let conflict = format!("connections:\n  conflict: {{namespace: SHOP, data: {{A: {CANARY}}}}}\n");
    helm.upgrade(&place, &conflict, &[]).expect(0);
    let apply = ["apply", "--server-side", "--force-conflicts", "--field-manager=gitops", "-n", &place.shop, "-f", "-"];
    kubectl_with(&apply, "{apiVersion: v1, kind: Secret, metadata: {name: sc-conflict-secret}, data: {A: dGhlaXJz}}")
        .expect(0);
    kubectl(&["create", "secret", "generic", "sc-foreign-secret", "-n", &place.shop, "--from-literal=THEIRS=1"])
        .expect(0);
    kubectl(&["create", "secret", "generic", "creds", "-n", &place.system, &format!("--from-literal=other={CANARY}")])
        .expect(0);
    let _ending = Fixture::terminating_namespace(&place.fill("SHOP-ending"));
    let untouched = ["sc-conflict-secret", "sc-foreign-secret"].map(|name| get(&place.shop, "secret", name).unwrap());

    let values = format!(
        "{conflict}  ending: {{namespace: SHOP-ending, data: {{A: {CANARY}}}}}
  foreign: {{namespace: SHOP, data: {{A: {CANARY}}}}}
  gone: {{namespace: SHOP-gone, data: {{A: {CANARY}}}}}
  keyless: {{namespace: SHOP, data: {{A: {{valueFrom: {{secretKeyRef: {{name: creds, key: key}}}}}}}}}}
  lost: {{namespace: SHOP, data: {{A: {{valueFrom: {{secretKeyRef: {{name: absent, key: key}}}}}}}}}}
  ready: {{namespace: SHOP, data: {{A: {CANARY}}}}}
"
    );
    let failed = helm.upgrade(&place, &values, &[]).expect(1);
    place.assert_failed(
        &failed,
        79,
        &[
            of("conflict", "SCJ2004", "Secret SHOP/sc-conflict-secret: gitops applies the same with another value: .data.A; the object was left untouched. Remedy: "),
            of("ending", "SCJ2002", "Secret SHOP-ending/sc-ending-secret: namespace SHOP-ending is being deleted. Remedy: wait until "),
            of("foreign", "SCJ2003", "Secret SHOP/sc-foreign-secret: it was not made by this release (managed by kubectl-create), and was left untouched. Remedy: "),
            of("gone", "SCJ2001", "Secret SHOP-gone/sc-gone-secret: namespace SHOP-gone does not exist. Remedy: "),
            of("keyless", "SCJ2005", "Secret SYSTEM/creds: connections.keyless.data.A.valueFrom refers to its key key, which it does not have. Remedy: "),
            of("lost", "SCJ2005", "Secret SYSTEM/absent: connections.lost.data.A.valueFrom refers to it, and it does not exist. Remedy: "),
        ],
    );
    let log = place.log();
    assert!(
        log.contains("failed (exit 79): 1 of 7 connections ready; 6 failed; objects: 1 created. conflict: "),
        "{log}"
    );
    assert_eq!(secret_data(&place.shop, "sc-ready-secret")["A"], CANARY);
    let now = ["sc-conflict-secret", "sc-foreign-secret"].map(|name| get(&place.shop, "secret", name).unwrap());
    assert_eq!(now, untouched, "not a byte has changed");
    place.assert_no_canary(helm);
}
