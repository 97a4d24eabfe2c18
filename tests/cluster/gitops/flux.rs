//! Flux: the release is Helm 4's, with server-side apply and waiting; what helm-controller does after a failure is an
//! upgrade, a rollback or an uninstallation.

use serde_json::json;

use crate::common::kubernetes::{Helm, Place, get, kubectl, kubectl_with, secret_data, version};

/// What helm-controller sets for an installation where the `HelmRelease` says nothing else.
const INSTALL: [&str; 4] = ["--server-side=true", "--wait=watcher", "--timeout", "5m"];

/// The same for an upgrade; the values are always whole.
const UPGRADE: [&str; 5] = ["--server-side=auto", "--wait=watcher", "--reset-values", "--timeout", "5m"];

const GOOD: &str = "connections: {a: {namespace: SHOP, data: {A: old}}}";

/// One connection can be made, the other has no Secret to read from.
const HALF: &str = "connections: {a: {namespace: SHOP, data: {A: new}}, b: {namespace: SHOP, data: {A: {valueFrom: {secretKeyRef: {name: given, key: k}}}}}}";

fn helm() -> Helm {
    Helm::new(4)
}

fn give(place: &Place) {
    kubectl(&["create", "secret", "generic", "given", "-n", &place.system, "--from-literal=k=v"]).expect(0);
}

#[test]
#[ignore = "needs a cluster: scripts/test"]
fn a_failed_install_is_retried_by_an_upgrade() {
    let (helm, place) = (helm(), Place::new());
    helm.release(&place, &["install"], HALF, &INSTALL).expect(1);
    assert_eq!(helm.status(&place), ("failed".to_owned(), 1));
    assert_eq!(secret_data(&place.shop, "sc-a-secret")["A"], "new", "what can be done is done at once");
    let before = version(&place.shop, "secret", "sc-a-secret");

    helm.release(&place, &["upgrade"], HALF, &UPGRADE).expect(1);
    assert_eq!(helm.status(&place), ("failed".to_owned(), 2), "a retry that fails too leaves nothing pending");

    give(&place);
    helm.release(&place, &["upgrade"], HALF, &UPGRADE).expect(0);
    assert_eq!(helm.status(&place), ("deployed".to_owned(), 3));
    assert_eq!(secret_data(&place.shop, "sc-b-secret")["A"], "v");
    assert_eq!(version(&place.shop, "secret", "sc-a-secret"), before);
}

#[test]
#[ignore = "needs a cluster: scripts/test"]
fn a_failed_install_that_is_uninstalled_leaves_its_secrets_to_the_next() {
    let (helm, place) = (helm(), Place::new());
    helm.release(&place, &["install"], HALF, &INSTALL).expect(1);
    let before = version(&place.shop, "secret", "sc-a-secret");
    helm.run(&place, &["uninstall", "sc-extension", "--wait", "--timeout", "5m"]).expect(0);
    assert_eq!(helm.status(&place).0, "none");
    assert!(place.log().contains("1 of 2 connections ready"), "the failed Job and its log outlive the uninstallation");

    give(&place);
    helm.release(&place, &["install"], HALF, &INSTALL).expect(0);
    assert_eq!(helm.status(&place), ("deployed".to_owned(), 1));
    assert_eq!(version(&place.shop, "secret", "sc-a-secret"), before, "the next install knows its Secret");
}

#[test]
#[ignore = "needs a cluster: scripts/test"]
fn a_failed_upgrade_that_is_rolled_back_brings_the_old_values_back() {
    let (helm, place) = (helm(), Place::new());
    helm.release(&place, &["install"], GOOD, &INSTALL).expect(0);
    helm.release(&place, &["upgrade"], HALF, &UPGRADE).expect(1);
    assert_eq!(helm.status(&place), ("failed".to_owned(), 2));
    assert_eq!(secret_data(&place.shop, "sc-a-secret")["A"], "new");

    helm.run(&place, &["rollback", "sc-extension", "1", "--server-side=auto", "--wait", "--timeout", "5m"]).expect(0);
    assert_eq!(helm.status(&place), ("deployed".to_owned(), 3));
    assert_eq!(secret_data(&place.shop, "sc-a-secret")["A"], "old");
    assert!(
        place.log().contains("1 of 2 connections ready"),
        "the log of the failed upgrade is not that of the rollback"
    );
}

/// helm-controller's `driftDetection` asks for a dry run of what the release has, and compares.
#[test]
#[ignore = "needs a cluster: scripts/test"]
fn what_the_job_writes_is_no_drift_of_the_release() {
    let (helm, place) = (helm(), Place::new());
    helm.release(&place, &["install"], GOOD, &INSTALL).expect(0);
    let manifest = helm.run(&place, &["get", "manifest", "sc-extension"]).expect(0).stdout;
    // As another manager, so that what Helm adds to each object (meta.helm.sh/…) is not taken out of it.
    let diff = ["diff", "--server-side", "--force-conflicts", "--field-manager=drift", "-f", "-"];
    let compared = kubectl_with(&diff, &manifest);
    assert_eq!((compared.code, compared.stdout.as_str()), (0, ""), "{}", compared.stderr);
    let label = ["label", "configmap", "sc-connections", "-n", &place.system, "helm.sh/chart=edited", "--overwrite"];
    kubectl(&label).expect(0);
    assert_eq!(kubectl_with(&diff, &manifest).code, 1, "an edit of the release's own objects is drift");
}

/// Without a change of chart or values helm-controller does nothing; `reconcile.fluxcd.io/forceAt` has it upgrade.
#[test]
#[ignore = "needs a cluster: scripts/test"]
fn an_upgrade_without_a_change_repairs_what_was_edited_or_deleted() {
    let (helm, place) = (helm(), Place::new());
    let values = "connections: {a: {namespace: SHOP, data: {A: old}}, c: {namespace: SHOP, data: {A: old}}}";
    helm.release(&place, &["install"], values, &INSTALL).expect(0);
    kubectl(&["delete", "secret", "sc-a-secret", "-n", &place.shop]).expect(0);
    let edit =
        ["patch", "secret", "sc-c-secret", "-n", &place.shop, "-p", r#"{"stringData": {"A": "edited", "OWN": "x"}}"#];
    kubectl(&edit).expect(0);
    helm.release(&place, &["upgrade"], values, &UPGRADE).expect(0);
    assert_eq!(json!(secret_data(&place.shop, "sc-a-secret")), json!({"A": "old"}));
    assert_eq!(json!(secret_data(&place.shop, "sc-c-secret")), json!({"A": "old", "OWN": "x"}));
    assert_eq!(get(&place.system, "job", "sc-job"), None);
}
