//! The job itself, with the token of its ServiceAccount and the rights of the chart, under the guard.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::install::{Install, kubectl, kubectl_as};
use crate::common::account::Account;
use crate::common::{Outcome, run, sc_job};

/// A run over `input`, as in the pod.
fn job(place: &Install, account: &Account, input: &str) -> Outcome {
    let file = tempfile::NamedTempFile::with_suffix(".json").unwrap();
    std::fs::write(file.path(), input).unwrap();
    let mut job = sc_job(&[]);
    job.env("KUBECONFIG", account.kubeconfig()).env("SC_JOB_INPUT", file.path()).env("SC_JOB_NAMESPACE", &place.system);
    run(&mut job, None)
}

fn input(place: &Install) -> String {
    let path = "jsonpath={.data.connections\\.json}";
    let encoded = kubectl(&["get", "secret", "sc-job-input-0", "-n", &place.system, "-o", path], None).expect(0).stdout;
    String::from_utf8(STANDARD.decode(encoded).unwrap()).unwrap()
}

/// Says that the release has this input.
fn declare(place: &Install, input: &str) {
    let sha256 = format!("sc-extension/input-sha256={:x}", Sha256::digest(input));
    kubectl(&["annotate", "--overwrite", "configmap", "sc-connections", "-n", &place.system, &sha256], None).expect(0);
}

#[test]
#[ignore = "needs an API server of its own, and Helm: scripts/test"]
fn the_job_writes_repairs_and_deletes_under_the_guard() {
    let place = Install::new("run");
    let account = place.account();
    let typed = ["apply", "--server-side", "--validate=false", "--dry-run=server", "-n", &place.shop, "-f", "-"];
    let other = "{apiVersion: v1, kind: Secret, metadata: {name: sc-a-secret}, type: example.com/other}";
    place.wait_for_guard(true, || kubectl_as(&account, &typed, Some(other)));

    let input = input(&place);
    let done = job(&place, &account, &input).expect(0);
    assert!(done.last_line().contains("3 of 3 connections ready; objects: 6 created"), "{}", done.stderr);
    let again = job(&place, &account, &input).expect(0);
    assert!(again.last_line().contains("objects: 5 unchanged"), "{}", again.stderr);

    let class = "secretproviderclass/sc-vault-secretprovider";
    let edit = r#"{"spec": {"secretObjects": [{"secretName": "theirs", "type": "kubernetes.io/tls", "data": []}]}}"#;
    kubectl(&["patch", class, "-n", &place.shop, "--type=merge", "-p", edit], None).expect(0);
    let repaired = job(&place, &account, &input).expect(0);
    assert!(repaired.last_line().contains("1 repaired"), "{}", repaired.stderr);

    let mut nothing: Value = serde_json::from_str(&input).unwrap();
    nothing["connections"] = json!({});
    let nothing = nothing.to_string();
    declare(&place, &nothing);
    let removed = job(&place, &account, &nothing).expect(0);
    assert!(removed.last_line().contains("5 deleted"), "{}", removed.stderr);
}
