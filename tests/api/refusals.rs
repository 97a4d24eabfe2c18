//! What the API server refuses, and how that is told.

use crate::common::CANARY;
use crate::common::kubernetes::{Place, kubectl, kubectl_with};
use crate::{ONE, apply};

#[test]
#[ignore = "needs an API server: scripts/test"]
fn an_immutable_secret_is_refused_in_the_words_of_the_api_server() {
    let place = Place::installed();
    apply(&place, ONE).expect(0);
    kubectl(&["patch", "secret", "sc-a-secret", "-n", &place.shop, "-p", r#"{"immutable": true}"#]).expect(0);
    assert!(apply(&place, ONE).expect(0).stderr.contains("1 unchanged"));
    let failed = apply(&place, &format!("connections: {{a: {{namespace: SHOP, data: {{A: '{CANARY}'}}}}}}")).expect(79);
    assert!(
        failed.stderr.contains("SCJ2007 ")
            && failed.stderr.contains("`kubectl delete secrets sc-a-secret -n ")
            && failed.stderr.contains("field is immutable when `immutable` is set"),
        "{}",
        failed.stderr
    );
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_terminating_namespace_is_told_as_such() {
    let place = Place::installed();
    let keep = "{apiVersion: v1, kind: ConfigMap, metadata: {name: keep, finalizers: [example.com/keep]}}";
    kubectl_with(&["create", "-n", &place.shop, "-f", "-"], keep).expect(0);
    kubectl(&["delete", "namespace", "--wait=false", &place.shop]).expect(0);
    let failed = apply(&place, ONE);
    kubectl(&[
        "patch",
        "configmap",
        "keep",
        "-n",
        &place.shop,
        "--type=merge",
        "-p",
        r#"{"metadata": {"finalizers": null}}"#,
    ])
    .expect(0);
    let told =
        format!("SCJ2002 Secret {0}/sc-a-secret: namespace {0} is being deleted. Remedy: wait until", place.shop);
    assert!(failed.expect(79).stderr.contains(&told));
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_namespace_that_vanished_after_the_chart_looked_is_told_as_missing() {
    let place = Place::installed();
    let failed = apply(&place, "connections: {a: {namespace: SHOP-gone, data: {A: b}}}").expect(79);
    assert!(
        failed
            .stderr
            .contains(&format!("SCJ2001 Secret {0}-gone/sc-a-secret: namespace {0}-gone does not exist", place.shop)),
        "{}",
        failed.stderr
    );
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_namespace_that_the_chart_found_absent_is_used_when_it_is_there_by_now_with_rights_in_it() {
    let place = Place::installed();
    let passed = format!(
        "missingNamespaces: [SHOP, SHOP-gone]\n{}",
        ONE.replace("}}}", "}}, b: {namespace: SHOP-gone, data: {A: b}}}")
    );
    let failed = apply(&place, &passed).expect(79);
    let by_now = format!("connection a: created Secret {0}/sc-a-secret (A, C)", place.shop);
    let missing =
        format!("connection b: SCJ2001 Secret {0}-gone/sc-b-secret: namespace {0}-gone does not exist", place.shop);
    assert!(failed.stderr.contains(&by_now) && failed.stderr.contains(&missing), "{}", failed.stderr);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn an_exceeded_quota_is_told_with_the_command_that_shows_it() {
    let place = Place::installed();
    kubectl(&["create", "quota", "none", "-n", &place.shop, "--hard=count/secrets=0"]).expect(0);
    // What the quota controller does, which an API server alone lacks.
    let counted = r#"{"status": {"hard": {"count/secrets": "0"}, "used": {"count/secrets": "0"}}}"#;
    kubectl(&["patch", "quota", "none", "-n", &place.shop, "--subresource=status", "--type=merge", "-p", counted])
        .expect(0);
    let failed = apply(&place, ONE).expect(79);
    assert!(
        failed.stderr.contains("SCJ2012 ")
            && failed.stderr.contains(&format!("Remedy: `kubectl describe quota -n {}`", place.shop)),
        "{}",
        failed.stderr
    );
}
