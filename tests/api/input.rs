//! The input of a run: values, mounts, references.

use std::time::Duration;

use serde_json::json;

use crate::apply;
use crate::common::kubernetes::{Place, get, kubectl, kubectl_with, secret_data};
use crate::common::{run, sc_job};

#[test]
#[ignore = "needs an API server: scripts/test"]
fn bad_input_writes_nothing() {
    let place = Place::installed();
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
    let place = Place::installed();
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
    let place = Place::installed();
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

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_client_id_is_written_in_lower_case_wherever_it_comes_from() {
    let place = Place::installed();
    let id = "0A0B0C0D-0000-4000-8000-00000000ABCD";
    kubectl(&["create", "configmap", "ids", "-n", &place.system, &format!("--from-literal=id={id}")]).expect(0);
    let values = "connections: {a: {namespace: SHOP, target: keyvault, auth: service-principal, parameters: {vault: vault1, clientSecret: s, tenantId: 0a0b0c0d-0000-4000-8000-00000000000f, clientId: {valueFrom: {configMapKeyRef: {name: ids, key: id}}}}}}";
    apply(&place, values).expect(0);
    assert_eq!(secret_data(&place.shop, "sc-a-secret")["AZURE_KEYVAULT_CLIENTID"], id.to_lowercase());
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_referenced_value_with_a_nul_is_refused_as_a_literal_is() {
    let place = Place::installed();
    let secret =
        json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "creds"}, "data": {"key": "cHcAeA=="}});
    kubectl_with(&["create", "-n", &place.system, "-f", "-"], &secret.to_string()).expect(0);
    let values = "connections: {a: {namespace: SHOP, data: {A: {valueFrom: {secretKeyRef: {name: creds, key: key}}}}}}";
    let failed = apply(&place, values).expect(79);
    let said = format!(
        "SCJ2006 Secret {}/creds: connections.a.data.A.valueFrom refers to its key key, which holds a NUL character, which no environment variable can. Remedy: give \
         binary content in an encoding that is text, and decode it in the workload",
        place.system
    );
    assert!(failed.stderr.contains(&said), "{}", failed.stderr);
    assert!(get(&place.shop, "secret", "sc-a-secret").is_none());
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn every_reference_that_cannot_be_used_is_told_with_its_own_place() {
    let place = Place::installed();
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
