//! Namespaces that come and go between what Helm renders and what the Job meets.

use std::thread;

use super::fixture::Fixture;
use super::reason::of;
use crate::common::CANARY;
use crate::common::kubernetes::{Helm, Place, eventually, get, kubectl, secret_data};

with_both_helms! {
    a_rollback_to_a_revision_that_fails_now_succeeds_and_tells_why
    a_namespace_that_is_made_again_before_the_job_runs_is_told_from_a_missing_right
}

fn a_rollback_to_a_revision_that_fails_now_succeeds_and_tells_why(helm: &Helm) {
    let place = Place::new();
    let values = format!(
        "connections: {{a: {{namespace: SHOP-gone, data: {{A: {CANARY}}}}}, b: {{namespace: SHOP, data: {{A: {CANARY}}}}}}}"
    );
    let failed = helm.upgrade(&place, &values, &[]).expect(1);
    let missing = "Secret SHOP-gone/sc-a-secret: namespace SHOP-gone does not exist. Remedy: `kubectl create namespace SHOP-gone`, ";
    place.assert_failed(&failed, 79, &[of("a", "SCJ2001", missing)]);
    let log = place.log();
    assert!(
        log.contains("failed (exit 79): 1 of 2 connections ready; 1 failed; objects: 1 created. a: SCJ2001 "),
        "{log}"
    );
    assert_eq!(secret_data(&place.shop, "sc-b-secret")["A"], CANARY);

    let _made = Fixture::namespace(&place.fill("SHOP-gone"));
    helm.upgrade(&place, &values, &[]).expect(0);
    assert_eq!(get(&place.system, "job", "sc-job"), None);

    // The chart of the first revision knew of no namespace to render a Role in, so that the rollback takes it away.
    let rolled_back = helm.run(&place, &["rollback", "sc-extension", "1"]).expect(0);
    let without_role = "Secret SHOP-gone/sc-a-secret: namespace SHOP-gone was made after the chart was rendered, so that \
                        the job has no Role in it. Remedy: run the same helm upgrade again";
    place.assert_failed_after_rollback(&rolled_back, 79, &[of("a", "SCJ2011", without_role)]);
    assert_eq!(helm.status(&place), ("deployed".to_owned(), 3));
    place.assert_no_canary(helm);
}

fn a_namespace_that_is_made_again_before_the_job_runs_is_told_from_a_missing_right(helm: &Helm) {
    let place = Place::new();
    // The pod waits for a node with this label.
    let label = &place.shop;
    let values = format!(
        "connections: {{a: {{namespace: SHOP, data: {{A: {CANARY}}}}}}}\njob: {{nodeSelector: {{{label}: ''}}}}"
    );
    let failed = thread::scope(|scope| {
        let upgrade = scope.spawn(|| helm.upgrade(&place, &values, &[]));
        let pods = ["get", "pods", "-n", &place.system, "-o", "name"];
        eventually("the Job's pod", || !kubectl(&pods).expect(0).stdout.is_empty());
        kubectl(&["delete", "namespace", &place.shop]).expect(0);
        kubectl(&["create", "namespace", &place.shop]).expect(0);
        let _label = Fixture::node_label(label);
        upgrade.join().unwrap()
    });
    let without_role = "Secret SHOP/sc-a-secret: the job has none of the rights that it needs in namespace SHOP: it was deleted and made again \
                        since the chart was rendered, and the Role of the job went with it, or somebody removed the Role. Remedy: ";
    place.assert_failed(&failed.expect(1), 79, &[of("a", "SCJ2011", without_role)]);
    place.assert_no_canary(helm);
}
