//! The binary as a process against a real API server: what it does with an
//! object depends on what it finds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod common;

use std::time::Duration;

use common::kubernetes::{Place, get, kubectl, kubectl_with, secret_data, version};
use common::{CANARY, Outcome, run, sc_job};
use serde_json::json;

/// A run over `values` with a person's rights.
fn apply(place: &Place, values: &str) -> Outcome {
    let input = tempfile::NamedTempFile::with_suffix(".json").unwrap();
    std::fs::write(input.path(), place.fill(values)).unwrap();
    run(sc_job(&[]).env("SC_JOB_INPUT", input.path()).env("SC_JOB_NAMESPACE", &place.system), None)
}

const ONE: &str = "connections: {a: {namespace: SHOP, data: {A: b, C: d}}}";

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_second_run_changes_nothing() {
    let place = Place::new();
    let first = apply(&place, ONE).expect(0);
    assert_eq!(
        first.stderr.lines().next().unwrap().trim(),
        format!("INFO created Secret {}/sc-a-secret (a): A, C", place.shop)
    );
    let before = version(&place.shop, "secret", "sc-a-secret");
    let second = apply(&place, ONE).expect(0);
    assert!(second.last_line().ends_with("s: 1 of 1 connections ready; objects: 1 unchanged"), "{}", second.stderr);
    assert_eq!(version(&place.shop, "secret", "sc-a-secret"), before);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_key_that_leaves_the_values_leaves_the_secret() {
    let place = Place::new();
    apply(&place, ONE).expect(0);
    let changed = apply(&place, "connections: {a: {namespace: SHOP, data: {A: e}}}").expect(0);
    assert!(
        changed.stderr.contains(&format!("changed Secret {}/sc-a-secret (a): A\n", place.shop)),
        "{}",
        changed.stderr
    );
    assert_eq!(json!(secret_data(&place.shop, "sc-a-secret")), json!({"A": "e"}));
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn an_edit_of_our_key_is_undone_and_told_and_foreign_keys_survive() {
    let place = Place::new();
    apply(&place, ONE).expect(0);
    let patch = r#"{"stringData": {"A": "edited", "THEIRS": "1"}, "metadata": {"labels": {"theirs": "1"}}}"#;
    kubectl(&["patch", "secret", "sc-a-secret", "-n", &place.shop, "--field-manager=kubectl-edit", "-p", patch])
        .expect(0);
    let repaired = apply(&place, ONE).expect(0);
    let told = format!("WARN repaired Secret {}/sc-a-secret (a): kubectl-edit had changed .data.A", place.shop);
    assert!(repaired.stderr.contains(&told), "{}", repaired.stderr);
    assert_eq!(json!(secret_data(&place.shop, "sc-a-secret")), json!({"A": "b", "C": "d", "THEIRS": "1"}));
    assert_eq!(get(&place.shop, "secret", "sc-a-secret").unwrap()["metadata"]["labels"]["theirs"], "1");
    assert!(apply(&place, ONE).expect(0).stderr.contains("1 unchanged"));
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_key_that_another_manager_applies_is_a_fault_and_nothing_is_written() {
    let place = Place::new();
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
    let place = Place::new();
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
    let (place, other) = (Place::new(), Place::new());
    apply(&place, ONE).expect(0);
    let before = get(&place.shop, "secret", "sc-a-secret");
    let values = ONE.replace("SHOP", &place.shop);
    let failed = apply(&other, &values).expect(79);
    assert!(failed.stderr.contains(&format!("(managed by sc-job:{}:sc-extension)", place.system)), "{}", failed.stderr);
    assert_eq!(get(&place.shop, "secret", "sc-a-secret"), before);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_connection_with_a_foreign_object_is_left_out_whole() {
    let place = Place::new();
    kubectl(&["create", "secret", "generic", "sc-a-secret", "-n", &place.shop, "--from-literal=THEIRS=1"]).expect(0);
    let values = "connections: {a: {namespace: SHOP, target: storage-blob, auth: workload-identity, parameters: {account: store1, clientId: 0a0b0c0d-0000-4000-8000-000000000002}}}";
    let failed = apply(&place, values).expect(79);
    assert!(!failed.stderr.contains("created"), "{}", failed.stderr);
    assert_eq!(get(&place.shop, "serviceaccount", "sc-account-0a0b0c0d-0000-4000-8000-000000000002"), None);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn an_immutable_secret_is_refused_in_the_words_of_the_api_server() {
    let place = Place::new();
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
    let place = Place::new();
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
    let place = Place::new();
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
fn bad_input_writes_nothing() {
    let place = Place::new();
    let failed =
        apply(&place, "connections: {a: {namespace: SHOP, data: {A: b}}, b: {namespace: SHOP, data: {A: 1}}, c: {}}")
            .expect(78);
    assert!(
        failed
            .last_line()
            .trim()
            .starts_with("ERROR failed (exit 78): 2 faults, nothing was written. SCJ1004 connections.b.data.A: "),
        "{}",
        failed.stderr
    );
    assert_eq!(get(&place.shop, "secret", "sc-a-secret"), None);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_mount_that_is_older_than_the_release_is_waited_for() {
    let place = Place::new();
    let input = tempfile::tempdir().unwrap();
    std::fs::write(
        input.path().join("000.json"),
        place.fill(r#"{"connections": {"a": {"namespace": "SHOP", "data": {"A": "old"}}}}"#),
    )
    .unwrap();
    let new = place.fill(r#"{"connections": {"a": {"namespace": "SHOP", "data": {"A": "new"}}}}"#);
    let checksum = run(std::process::Command::new("sha256sum").arg("-"), Some(&new)).expect(0).stdout;
    let mut job = sc_job(&[]);
    job.env("SC_JOB_INPUT", input.path())
        .env("SC_JOB_NAMESPACE", &place.system)
        .env("SC_JOB_INPUT_SHA256", checksum.split(' ').next().unwrap());
    let file = input.path().join("000.json");
    let renewal = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(600));
        std::fs::write(file, new).unwrap();
    });
    let done = run(&mut job, None).expect(0);
    renewal.join().unwrap();
    assert!(done.stderr.contains("waiting for the kubelet to renew them"), "{}", done.stderr);
    assert_eq!(secret_data(&place.shop, "sc-a-secret")["A"], "new");
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_run_with_exit_zero_reports_its_faults_and_exits_0() {
    let place = Place::new();
    let input = tempfile::NamedTempFile::with_suffix(".json").unwrap();
    std::fs::write(input.path(), "connections: {a: {}}").unwrap();
    let ended = run(
        sc_job(&[])
            .env("SC_JOB_INPUT", input.path())
            .env("SC_JOB_NAMESPACE", &place.system)
            .env("SC_JOB_EXIT_ZERO", "true"),
        None,
    );
    assert!(ended.expect(0).stderr.contains("failed (exit 78): "));
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
    let place = Place::new();
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
fn our_object_that_lost_its_label_is_told_as_such_and_never_to_be_deleted() {
    let place = Place::new();
    apply(&place, ONE).expect(0);
    kubectl(&["label", "secret", "sc-a-secret", "-n", &place.shop, "sc-extension/release-"]).expect(0);
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
fn a_namespace_that_the_chart_found_absent_is_told_as_it_is_now() {
    let place = Place::new();
    let passed = format!(
        "missingNamespaces: [SHOP, SHOP-gone]\n{}",
        ONE.replace("}}}", "}}, b: {namespace: SHOP-gone, data: {A: b}}}")
    );
    let failed = apply(&place, &passed).expect(79);
    let by_now = format!(
        "connection a: SCJ2001 Secret {0}/sc-a-secret: namespace {0} was made after the chart was rendered",
        place.shop
    );
    let missing =
        format!("connection b: SCJ2001 Secret {0}-gone/sc-b-secret: namespace {0}-gone does not exist", place.shop);
    assert!(failed.stderr.contains(&by_now) && failed.stderr.contains(&missing), "{}", failed.stderr);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_client_id_is_written_in_lower_case_wherever_it_comes_from() {
    let place = Place::new();
    let id = "0A0B0C0D-0000-4000-8000-00000000ABCD";
    kubectl(&["create", "configmap", "ids", "-n", &place.system, &format!("--from-literal=id={id}")]).expect(0);
    let values = "connections: {a: {namespace: SHOP, target: keyvault, auth: service-principal, parameters: {vault: vault1, clientSecret: s, tenantId: 0a0b0c0d-0000-4000-8000-00000000000f, clientId: {valueFrom: {configMapKeyRef: {name: ids, key: id}}}}}}";
    apply(&place, values).expect(0);
    assert_eq!(secret_data(&place.shop, "sc-a-secret")["AZURE_KEYVAULT_CLIENTID"], id.to_lowercase());
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_referenced_value_with_a_nul_is_refused_as_a_literal_is() {
    let place = Place::new();
    let secret =
        json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "creds"}, "data": {"key": "cHcAeA=="}});
    kubectl_with(&["create", "-n", &place.system, "-f", "-"], &secret.to_string()).expect(0);
    let values = "connections: {a: {namespace: SHOP, data: {A: {valueFrom: {secretKeyRef: {name: creds, key: key}}}}}}";
    let failed = apply(&place, values).expect(79);
    let said = format!(
        "SCJ2006 Secret {}/creds: its key key holds a NUL character, which no environment variable can. Remedy: give \
         binary content in an encoding that is text, and decode it in the workload",
        place.system
    );
    assert!(failed.stderr.contains(&said), "{}", failed.stderr);
    assert!(get(&place.shop, "secret", "sc-a-secret").is_none());
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn every_reference_that_cannot_be_used_is_told_with_its_own_place() {
    let place = Place::new();
    kubectl(&[
        "create",
        "secret",
        "generic",
        "creds",
        "-n",
        &place.system,
        "--from-literal=user=u",
        "--from-literal=key=a;b",
    ])
    .expect(0);
    let of = |name: &str, key: &str| format!("{{valueFrom: {{secretKeyRef: {{name: {name}, key: {key}}}}}}}");
    let values = format!(
        "connections:
  a: {{namespace: SHOP, data: {{A: {}}}}}
  b: {{namespace: SHOP, target: mysql-flexible, auth: secret, parameters: {{server: srv1, database: {}, username: {}, password: {}}}}}
  c: {{namespace: SHOP, target: storage-blob, auth: secret, parameters: {{account: acc1, accountKey: {}}}}}
",
        of("gone", "k"),
        of("gone", "k"),
        of("creds", "user"),
        of("creds", "nokey"),
        of("creds", "key"),
    );
    let failed = apply(&place, &values).expect(79);
    let system = &place.system;
    for said in [
        format!("connection a: SCJ2005 Secret {system}/gone: connections.a.data.A.valueFrom refers to it, and it does not exist. Remedy: "),
        format!(
            "connection b: SCJ2005 Secret {system}/gone: connections.b.parameters.database.valueFrom refers to it, and it does \
             not exist; and SCJ2005 Secret {system}/creds: connections.b.parameters.password.valueFrom refers to its key nokey, \
             which it does not have. Remedy: "
        ),
        "connection c: SCJ2006 connections.c.parameters.accountKey.valueFrom: key key of Secret creds is not of the right form: \
         access key of the account, without blanks and semicolons, for example bm90LWEta2V5LWJ1dC1vZi1pdHMtZm9ybQ==. Remedy: "
            .to_owned(),
    ] {
        assert!(failed.stderr.contains(&said), "{said}\nis not in\n{}", failed.stderr);
    }
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn an_exceeded_quota_is_told_with_the_command_that_shows_it() {
    let place = Place::new();
    kubectl(&["create", "quota", "none", "-n", &place.shop, "--hard=count/secrets=0"]).expect(0);
    // What the quota controller does, which an API server alone lacks.
    let counted = r#"{"status": {"hard": {"count/secrets": "0"}, "used": {"count/secrets": "0"}}}"#;
    kubectl(&["patch", "quota", "none", "-n", &place.shop, "--subresource=status", "--type=merge", "-p", counted])
        .expect(0);
    let failed = apply(&place, ONE).expect(79);
    assert!(
        failed.stderr.contains("SCJ2007 ")
            && failed.stderr.contains(&format!("Remedy: `kubectl describe quota -n {}`", place.shop)),
        "{}",
        failed.stderr
    );
}
