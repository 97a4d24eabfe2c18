//! Rollbacks, Helm's own after a failure too: no release stays pending, and the next good upgrade works.

use crate::common::kubernetes::{Helm, Place, get, kubectl, secret_data, version};

with_both_helms! {
    a_rollback_to_a_revision_whose_namespace_is_gone_fails_and_the_next_upgrade_works
    an_undone_upgrade_that_meets_a_vanished_namespace_fails_and_the_next_one_works
    an_undone_installation_leaves_no_release_and_the_log_of_its_job
    a_rollback_whose_job_never_runs_is_pending_until_it_is_repeated_without_hooks
}

const TWO: &str = "connections: {a: {namespace: SHOP, data: {A: old}}, b: {namespace: WAREHOUSE, data: {B: old}}}";
const ONE: &str = "connections: {a: {namespace: SHOP, data: {A: new}}}";

fn a_rollback_to_a_revision_whose_namespace_is_gone_fails_and_the_next_upgrade_works(helm: &Helm) {
    let place = Place::new();
    helm.upgrade(&place, TWO, &[]).expect(0);
    helm.upgrade(&place, ONE, &[]).expect(0);
    let before = version(&place.shop, "secret", "sc-a-secret");
    kubectl(&["delete", "namespace", &place.warehouse]).expect(0);

    let refused = helm.run(&place, &["rollback", "sc-extension", "1"]).expect(1).stderr;
    assert!(refused.contains(&format!("namespaces \"{}\" not found", place.warehouse)), "{refused}");
    assert_eq!(helm.history(&place), ["superseded", "superseded", "failed"]);
    assert_eq!(get(&place.system, "job", "sc-job-rollback"), None, "no Job has run");
    assert_eq!(version(&place.shop, "secret", "sc-a-secret"), before);

    helm.upgrade(&place, ONE, &[]).expect(0);
    assert_eq!(helm.status(&place), ("deployed".to_owned(), 4));
    assert_eq!(version(&place.shop, "secret", "sc-a-secret"), before);
}

/// Another connection fails, so that Helm goes back to a revision that can no longer be made.
fn an_undone_upgrade_that_meets_a_vanished_namespace_fails_and_the_next_one_works(helm: &Helm) {
    let place = Place::new();
    helm.upgrade(&place, TWO, &[]).expect(0);
    kubectl(&["delete", "namespace", &place.warehouse]).expect(0);
    let bad = "connections: {a: {namespace: SHOP, data: {A: new}}, c: {namespace: SHOP-gone, data: {A: b}}}";
    let failed = helm.upgrade(&place, bad, &[helm.atomic()]).expect(1).stderr;
    assert!(failed.contains(&format!("namespaces \"{}\" not found", place.warehouse)), "{failed}");
    // Helm calls the failed upgrade superseded, by the rollback that failed in its turn.
    assert_eq!(helm.history(&place), ["deployed", "superseded", "failed"]);
    assert!(place.log().contains("connection c: SCJ2001 "), "the log of the failed upgrade stays");
    assert_eq!(secret_data(&place.shop, "sc-a-secret")["A"], "new", "what the failed upgrade did is not undone");

    helm.upgrade(&place, ONE, &[helm.atomic()]).expect(0);
    assert_eq!(helm.status(&place), ("deployed".to_owned(), 4));
    assert_eq!(get(&place.system, "job", "sc-job"), None);
}

fn an_undone_installation_leaves_no_release_and_the_log_of_its_job(helm: &Helm) {
    let place = Place::new();
    let half = "connections: {a: {namespace: SHOP, data: {A: b}}, b: {namespace: SHOP-gone, data: {A: b}}}";
    helm.upgrade(&place, half, &[helm.atomic()]).expect(1);
    assert_eq!(helm.status(&place), ("none".to_owned(), 0));
    assert!(place.log().contains("connection b: SCJ2001 "));
    assert_eq!(get(&place.system, "configmap", "sc-connections"), None);
    let before = version(&place.shop, "secret", "sc-a-secret");

    helm.upgrade(&place, "connections: {a: {namespace: SHOP, data: {A: b}}}", &[helm.atomic()]).expect(0);
    assert_eq!(helm.history(&place), ["deployed"]);
    assert_eq!(
        version(&place.shop, "secret", "sc-a-secret"),
        before,
        "what was made stays, and the next release knows it"
    );
    assert_eq!(get(&place.system, "job", "sc-job"), None);
}

/// The process of the job has no say in this: Helm waits for a pod that never starts.
fn a_rollback_whose_job_never_runs_is_pending_until_it_is_repeated_without_hooks(helm: &Helm) {
    let place = Place::new();
    helm.upgrade(&place, TWO, &["--set", "image.tag=none", "--timeout", "3s"]).expect(1);
    helm.upgrade(&place, TWO, &[]).expect(0);
    let before = version(&place.shop, "secret", "sc-a-secret");
    helm.run(&place, &["rollback", "sc-extension", "1", "--timeout", "3s"]).expect(1);
    assert_eq!(helm.history(&place), ["superseded", "deployed", "pending-rollback"]);
    let refused = helm.upgrade(&place, TWO, &[]).expect(1).stderr;
    assert!(refused.contains("another operation (install/upgrade/rollback) is in progress"), "{refused}");

    helm.run(&place, &["rollback", "sc-extension", "2", "--no-hooks"]).expect(0);
    assert_eq!(helm.status(&place), ("deployed".to_owned(), 4));
    helm.upgrade(&place, TWO, &[]).expect(0);
    assert_eq!(helm.status(&place), ("deployed".to_owned(), 5));
    assert_eq!(version(&place.shop, "secret", "sc-a-secret"), before);
}
