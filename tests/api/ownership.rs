//! Whose an object is, and what a run does with it then.

use serde_json::json;

use crate::common::kubernetes::{Place, get, kubectl, kubectl_with, secret_data, version};
use crate::common::{run, sc_job};
use crate::{ONE, apply};

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_second_run_changes_nothing() {
    let place = Place::installed();
    let first = apply(&place, ONE).expect(0);
    assert_eq!(
        first.stderr.lines().next().unwrap().trim(),
        format!("INFO connection a: created Secret {}/sc-a-secret (A, C)", place.shop)
    );
    let before = version(&place.shop, "secret", "sc-a-secret");
    let second = apply(&place, ONE).expect(0);
    assert!(second.last_line().ends_with("s: 1 of 1 connections ready; objects: 1 unchanged"), "{}", second.stderr);
    assert_eq!(version(&place.shop, "secret", "sc-a-secret"), before);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_key_that_leaves_the_values_leaves_the_secret() {
    let place = Place::installed();
    apply(&place, ONE).expect(0);
    let changed = apply(&place, "connections: {a: {namespace: SHOP, data: {A: e}}}").expect(0);
    assert!(
        changed.stderr.contains(&format!("connection a: changed Secret {}/sc-a-secret (A)\n", place.shop)),
        "{}",
        changed.stderr
    );
    assert_eq!(json!(secret_data(&place.shop, "sc-a-secret")), json!({"A": "e"}));
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn an_edit_of_our_key_is_undone_and_told_and_foreign_keys_survive() {
    let place = Place::installed();
    apply(&place, ONE).expect(0);
    let patch = r#"{"stringData": {"A": "edited", "THEIRS": "1"}, "metadata": {"labels": {"theirs": "1"}}}"#;
    kubectl(&["patch", "secret", "sc-a-secret", "-n", &place.shop, "--field-manager=kubectl-edit", "-p", patch])
        .expect(0);
    let repaired = apply(&place, ONE).expect(0);
    let told = format!(
        "WARN connection a: repaired Secret {}/sc-a-secret (A, C), in which kubectl-edit had changed .data.A",
        place.shop
    );
    assert!(repaired.stderr.contains(&told), "{}", repaired.stderr);
    assert_eq!(json!(secret_data(&place.shop, "sc-a-secret")), json!({"A": "b", "C": "d", "THEIRS": "1"}));
    assert_eq!(get(&place.shop, "secret", "sc-a-secret").unwrap()["metadata"]["labels"]["theirs"], "1");
    assert!(apply(&place, ONE).expect(0).stderr.contains("1 unchanged"));
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_key_that_another_manager_applies_is_a_fault_and_nothing_is_written() {
    let place = Place::installed();
    apply(&place, ONE).expect(0);
    let theirs = "{apiVersion: v1, kind: Secret, metadata: {name: sc-a-secret}, data: {A: eA==}}";
    kubectl_with(
        &["apply", "--server-side", "--field-manager=other", "--force-conflicts", "-n", &place.shop, "-f", "-"],
        theirs,
    )
    .expect(0);
    let before = get(&place.shop, "secret", "sc-a-secret");
    let failed = apply(&place, "connections: {a: {namespace: SHOP, data: {A: b, C: changed}}}").expect(79);
    let told = format!(
        "SCJ2004 Secret {}/sc-a-secret: other applies the same with another value: .data.A; the object was left untouched.",
        place.shop
    );
    assert!(failed.stderr.contains(&told), "{}", failed.stderr);
    assert_eq!(get(&place.shop, "secret", "sc-a-secret"), before);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn what_bears_our_labels_but_was_not_applied_by_us_is_foreign() {
    let place = Place::installed();
    let copied = format!(
        "{{apiVersion: v1, kind: Secret, metadata: {{name: sc-a-secret, labels: {{sc-extension/release: sc-extension, sc-extension/release-namespace: {}}}}}}}",
        place.system
    );
    kubectl_with(&["create", "-n", &place.shop, "-f", "-"], &copied).expect(0);
    let before = get(&place.shop, "secret", "sc-a-secret");
    let failed = apply(&place, ONE).expect(79);
    assert!(failed.stderr.contains("SCJ2003 "), "{}", failed.stderr);
    assert_eq!(get(&place.shop, "secret", "sc-a-secret"), before);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn the_object_of_another_release_is_foreign() {
    let (place, other) = (Place::installed(), Place::installed());
    apply(&place, ONE).expect(0);
    let before = get(&place.shop, "secret", "sc-a-secret");
    let values = ONE.replace("SHOP", &place.shop);
    let failed = apply(&other, &values).expect(79);
    assert!(failed.stderr.contains(&format!("(managed by sc-job:{}:sc-extension)", place.system)), "{}", failed.stderr);
    assert_eq!(get(&place.shop, "secret", "sc-a-secret"), before);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn what_another_release_has_taken_over_is_told_as_its_own() {
    let (place, other) = (Place::installed(), Place::installed());
    apply(&place, ONE).expect(0);
    let values = ONE.replace("SHOP, ", &format!("{}, adopt: true, ", place.shop));
    let adopted = apply(&other, &values).expect(0);
    let told = format!(", managed by sc-job:{}:sc-extension before, replacing .metadata.labels.", place.system);
    assert!(adopted.stderr.contains(&told), "{}", adopted.stderr);
    // without the inventory only the object itself tells whose it is
    kubectl(&["delete", "configmap", "sc-connections-0", "-n", &place.system]).expect(0);
    let release = format!("the release sc-extension in namespace {}", other.system);
    let theirs = format!("it is of {release}, whose pods may use it: take the connection out of one of the two");
    let before = get(&place.shop, "secret", "sc-a-secret");
    let secret = format!("SCJ2003 Secret {}/sc-a-secret: ", place.shop);
    let failed = apply(&place, ONE).expect(79);
    let told = format!("{secret}{release} has taken it over from this one; it was left untouched. Remedy: {theirs}");
    assert!(failed.stderr.contains(&told), "{}", failed.stderr);
    let removed = "connections: {a: {namespace: SHOP, enabled: false, deletionPolicy: Delete}}";
    let spared = apply(&place, removed).expect(0);
    let told = place.fill("connection a: left alone Secret SHOP/sc-a-secret, which is not this release's\n");
    assert!(spared.stderr.contains(&told), "{}", spared.stderr);
    assert_eq!(get(&place.shop, "secret", "sc-a-secret"), before);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn what_cannot_be_done_to_two_objects_of_one_connection_is_told_of_each() {
    let place = Place::installed();
    let account = "sc-account-0a0b0c0d-0000-4000-8000-000000000002";
    kubectl(&["create", "secret", "generic", "sc-a-secret", "-n", &place.shop, "--from-literal=THEIRS=1"]).expect(0);
    kubectl(&["create", "serviceaccount", account, "-n", &place.shop]).expect(0);
    let values = "connections: {a: {namespace: SHOP, target: storage-blob, auth: workload-identity, parameters: {account: store1, clientId: 0a0b0c0d-0000-4000-8000-000000000002}}}";
    let failed = apply(&place, values).expect(79);
    let foreign = "it was not made by this release (WHO), and was left untouched";
    let (of_nobody, foreign) =
        (foreign.replace("WHO", "it names no manager"), foreign.replace("WHO", "managed by kubectl-create"));
    let told = place.fill(&format!(
        "ERROR connection a: SCJ2003 ServiceAccount SHOP/{account}: {of_nobody}; and SCJ2003 Secret SHOP/sc-a-secret: {foreign}. \
         Remedy: give the connection its own serviceAccount.name; or take it over with adopt: true; or, if nobody needs it, \
         `kubectl delete serviceaccounts {account} -n SHOP` and run the same helm upgrade again; and for Secret \
         SHOP/sc-a-secret: give the connection its own secretName; or take it over with adopt: true; or, if nobody needs it, \
         `kubectl delete secrets sc-a-secret -n SHOP` and run the same helm upgrade again\n"
    ));
    assert!(failed.stderr.contains(&told), "{}", failed.stderr);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_secret_of_another_type_cannot_be_taken_over() {
    let place = Place::installed();
    let theirs =
        "{apiVersion: v1, kind: Secret, type: example.com/theirs, metadata: {name: sc-a-secret}, data: {A: eA==}}";
    kubectl_with(&["create", "-n", &place.shop, "-f", "-"], theirs).expect(0);
    let before = get(&place.shop, "secret", "sc-a-secret");
    let failed = apply(&place, "connections: {a: {namespace: SHOP, adopt: true, data: {A: b}}}").expect(79);
    let told = place.fill(
        "field is immutable. Remedy: the type of a Secret never changes: give the connection in `connections` its own secretName; or, if nobody \
         needs the Secret, `kubectl delete secrets sc-a-secret -n SHOP` and run the same helm upgrade again",
    );
    assert!(failed.stderr.contains(&told), "{}", failed.stderr);
    assert_eq!(get(&place.shop, "secret", "sc-a-secret"), before);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_connection_with_a_foreign_object_is_left_out_whole() {
    let place = Place::installed();
    kubectl(&["create", "secret", "generic", "sc-a-secret", "-n", &place.shop, "--from-literal=THEIRS=1"]).expect(0);
    let values = "connections: {a: {namespace: SHOP, target: storage-blob, auth: workload-identity, parameters: {account: store1, clientId: 0a0b0c0d-0000-4000-8000-000000000002}}}";
    let failed = apply(&place, values).expect(79);
    assert!(!failed.stderr.contains("created"), "{}", failed.stderr);
    assert_eq!(get(&place.shop, "serviceaccount", "sc-account-0a0b0c0d-0000-4000-8000-000000000002"), None);
}

/// Two connections of one identity; the second says more of their ServiceAccount and refers to a Secret.
const SHARED: &str = "connections:
  p: {namespace: SHOP, target: storage-blob, auth: workload-identity, parameters: {account: store1, clientId: 0a0b0c0d-0000-4000-8000-000000000002}}
  q: {namespace: SHOP, target: storage-blob, auth: workload-identity, serviceAccount: {tokenExpirationSeconds: 7200}, data: {K: {valueFrom: {secretKeyRef: {name: creds, key: k}}}},
    parameters: {account: store1, clientId: 0a0b0c0d-0000-4000-8000-000000000002, tenantId: 0a0b0c0d-0000-4000-8000-00000000000f}}
";

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_failed_connection_changes_nothing_of_the_service_account_that_it_shares() {
    let place = Place::installed();
    let account = "sc-account-0a0b0c0d-0000-4000-8000-000000000002";
    kubectl(&["create", "secret", "generic", "creds", "-n", &place.system, "--from-literal=k=v"]).expect(0);
    apply(&place, SHARED).expect(0);
    let before = version(&place.shop, "serviceaccount", account);
    kubectl(&["delete", "secret", "creds", "-n", &place.system]).expect(0);
    assert!(apply(&place, SHARED).expect(79).stderr.contains("connection q: SCJ2005 "));
    assert_eq!(version(&place.shop, "serviceaccount", account), before);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn our_object_that_lost_its_label_and_is_not_remembered_is_told_as_such_and_never_to_be_deleted() {
    let place = Place::installed();
    apply(&place, ONE).expect(0);
    kubectl(&["label", "secret", "sc-a-secret", "-n", &place.shop, "sc-extension/release-"]).expect(0);
    kubectl(&["delete", "configmap", "sc-connections-0", "-n", &place.system]).expect(0);
    let failed = apply(&place, ONE).expect(79);
    let remedy = format!(
        "`kubectl label secrets sc-a-secret -n {} --overwrite sc-extension/release=sc-extension sc-extension/release-namespace={}`",
        place.shop, place.system
    );
    assert!(
        failed.stderr.contains("this release has applied it, but its label") && failed.stderr.contains(&remedy),
        "{}",
        failed.stderr
    );
    assert!(!failed.stderr.contains("kubectl delete"), "{}", failed.stderr);
    let command = remedy.trim_matches('`').split(' ').skip(1).collect::<Vec<_>>();
    kubectl(&command).expect(0);
    apply(&place, ONE).expect(0);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn our_object_that_lost_its_label_gets_it_again_as_long_as_it_is_remembered() {
    let place = Place::installed();
    apply(&place, ONE).expect(0);
    kubectl(&["label", "secret", "sc-a-secret", "-n", &place.shop, "sc-extension/release-"]).expect(0);
    let done = apply(&place, ONE).expect(0);
    assert!(done.stderr.contains("connection a: changed Secret "), "{}", done.stderr);
    let label = &get(&place.shop, "secret", "sc-a-secret").unwrap()["metadata"]["labels"]["sc-extension/release"];
    assert_eq!(label, "sc-extension");
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn an_object_of_another_release_is_told_as_such_and_no_delete_is_advised() {
    let place = Place::installed();
    apply(&place, ONE).expect(0);
    let input = tempfile::NamedTempFile::with_suffix(".json").unwrap();
    std::fs::write(input.path(), place.fill(ONE)).unwrap();
    let mut job = sc_job(&[]);
    job.env("SC_JOB_INPUT", input.path()).env("SC_JOB_NAMESPACE", &place.warehouse).env("SC_JOB_RELEASE", "other");
    let refused = run(&mut job, None).expect(79);
    let told = format!(
        "Remedy: it is of the release sc-extension in namespace {}, whose pods may use it: take the connection out of one of \
         the two",
        place.system
    );
    assert!(refused.last_line().ends_with(&told), "{}", refused.stderr);
}
