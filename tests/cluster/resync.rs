//! Runs of `resync.schedule`, brought about as `kubectl create job --from` does.

use serde_json::{Value, json};

use crate::common::CANARY;
use crate::common::kubernetes::{Helm, Place, eventually, get, kubectl, kubectl_with, secret_data, version};

with_both_helms! {
    a_resync_follows_references_repairs_drift_and_makes_again_what_was_deleted
    a_resync_and_an_upgrade_at_once_leave_what_the_upgrade_declares
    a_resync_that_is_older_than_the_release_applies_the_newer_input
    without_a_schedule_the_cron_job_goes
}

/// It comes about in no test by itself.
const SCHEDULE: &str = "resync.schedule=0 0 29 2 *,resync.timeZone=Europe/Berlin";

/// Starts a run, as the `CronJob` does.
fn start(place: &Place, job: &str) {
    kubectl(&["create", "job", job, "--from=cronjob/sc-job-resync", "-n", &place.system]).expect(0);
}

/// The same Job, of nobody's history: of its own the `CronJob` keeps one that has succeeded.
fn made(place: &Place, job: &str) -> Value {
    let create = ["create", "job", job, "--from=cronjob/sc-job-resync", "-n", &place.system];
    let made = kubectl(&[create.as_slice(), &["--dry-run=client", "-o", "json"]].concat()).expect(0).stdout;
    let mut made: Value = serde_json::from_str(&made).unwrap();
    made["metadata"]["ownerReferences"].take();
    made
}

fn create(place: &Place, job: &Value) {
    kubectl_with(&["create", "-n", &place.system, "-f", "-"], &job.to_string()).expect(0);
}

/// Waits for the end of a run, and returns its log and exit code.
fn end(place: &Place, job: &str) -> (String, i64) {
    eventually("the end of the resync", || {
        let conditions = get(&place.system, "job", job).unwrap()["status"]["conditions"].take();
        let over = |condition: &Value| ["Complete", "Failed"].contains(&condition["type"].as_str().unwrap());
        conditions.as_array().is_some_and(|conditions| conditions.iter().any(over))
    });
    (place.log_of(job), place.terminated(job)["exitCode"].as_i64().unwrap())
}

fn a_resync_follows_references_repairs_drift_and_makes_again_what_was_deleted(helm: &Helm) {
    let place = Place::new();
    let old = format!("--from-literal=key={CANARY}-old");
    kubectl(&["create", "secret", "generic", "creds", "-n", &place.system, &old]).expect(0);
    let values = "connections:
  a: {namespace: SHOP, data: {A: {valueFrom: {secretKeyRef: {name: creds, key: key}}}}}
  b: {namespace: SHOP, data: {B: declared}}
  c: {namespace: WAREHOUSE, data: {C: declared}}
";
    let installed = helm.upgrade(&place, values, &["--set", SCHEDULE]).expect(0);
    assert!(installed.stdout.contains("by the schedule 0 0 29 2 *."), "{}", installed.stdout);

    let changed = json!({"stringData": {"key": format!("{CANARY}-new")}}).to_string();
    kubectl_with(&["patch", "secret", "creds", "-n", &place.system, "--patch-file=/dev/stdin"], &changed).expect(0);
    let edited = r#"{"stringData": {"B": "edited"}}"#;
    kubectl(&["patch", "secret", "sc-b-secret", "-n", &place.shop, "--field-manager=kubectl-edit", "-p", edited])
        .expect(0);
    kubectl(&["delete", "secret", "sc-c-secret", "-n", &place.warehouse]).expect(0);
    start(&place, "one");
    let (log, exit) = end(&place, "one");
    assert_eq!(exit, 0, "{log}");
    for told in [
        "connection a: changed Secret SHOP/sc-a-secret (A)",
        "connection b: repaired Secret SHOP/sc-b-secret (B), in which kubectl-edit had changed .data.B",
        "connection c: created Secret WAREHOUSE/sc-c-secret (C)",
        "3 of 3 connections ready; objects: 1 repaired, 1 created, 1 changed",
    ] {
        assert!(log.contains(&place.fill(told)), "{told} is not in\n{log}");
    }
    assert_eq!(secret_data(&place.shop, "sc-a-secret")["A"], format!("{CANARY}-new"));
    assert_eq!(secret_data(&place.shop, "sc-b-secret")["B"], "declared");
    assert_eq!(secret_data(&place.warehouse, "sc-c-secret")["C"], "declared");

    let versions = || ["a", "b"].map(|name| version(&place.shop, "secret", &format!("sc-{name}-secret")));
    let before = versions();
    start(&place, "two");
    let (log, exit) = end(&place, "two");
    assert!(exit == 0 && log.contains("3 of 3 connections ready; objects: 3 unchanged"), "{log}");
    assert_eq!(versions(), before);

    eventually("the end of the first run's Job", || get(&place.system, "job", "one").is_none());
    let selected = ["logs", "-n", &place.system, "--prefix", "--tail=-1", "-l", "app.kubernetes.io/component=resync"];
    let logs = kubectl(&selected).expect(0).stdout;
    assert!(logs.lines().all(|line| line.starts_with("[pod/two-")) && logs.contains("3 unchanged"), "{logs}");
    place.assert_no_canary(helm);
}

fn a_resync_and_an_upgrade_at_once_leave_what_the_upgrade_declares(helm: &Helm) {
    let place = Place::new();
    let values = |value: &str| {
        format!(
            "connections: {{a: {{namespace: SHOP, data: {{A: {value}}}}}, b: {{namespace: WAREHOUSE, data: {{B: {value}}}}}}}"
        )
    };
    helm.upgrade(&place, &values("first"), &["--set", SCHEDULE]).expect(0);
    for value in ["second", "third", "fourth"] {
        let jobs = ["before", "beside"].map(|when| format!("{when}-{value}"));
        create(&place, &made(&place, &jobs[0]));
        let beside = made(&place, &jobs[1]);
        std::thread::scope(|scope| {
            let upgrade = scope.spawn(|| helm.upgrade(&place, &values(value), &["--set", SCHEDULE]).expect(0));
            create(&place, &beside);
            upgrade.join().unwrap();
        });
        for job in jobs {
            let (log, exit) = end(&place, &job);
            assert_eq!(exit, 0, "{job}: {log}");
            let last = log.trim_end().lines().last().unwrap();
            assert!(last.contains("2 of 2 connections ready") || last.contains("superseded: "), "{job}: {log}");
        }
        assert_eq!(secret_data(&place.shop, "sc-a-secret")["A"], value);
        assert_eq!(secret_data(&place.warehouse, "sc-b-secret")["B"], value);
    }
    assert_eq!(helm.status(&place), ("deployed".to_owned(), 4));
    let summary = get(&place.system, "configmap", "sc-connections").unwrap();
    assert_eq!(
        (&summary["data"]["_summary"], summary["data"].get("_lastFailure")),
        (&json!("2 of 2 connections ready"), None)
    );
}

/// Made before an upgrade and started after it, by a busy scheduler.
fn a_resync_that_is_older_than_the_release_applies_the_newer_input(helm: &Helm) {
    let place = Place::new();
    helm.upgrade(&place, "connections: {a: {namespace: SHOP, data: {A: old}}}", &["--set", SCHEDULE]).expect(0);
    let mut job = made(&place, "late");
    job["spec"]["suspend"] = true.into();
    create(&place, &job);
    helm.upgrade(&place, "connections: {a: {namespace: SHOP, data: {A: new}}}", &["--set", SCHEDULE]).expect(0);
    kubectl(&["delete", "secret", "sc-a-secret", "-n", &place.shop]).expect(0);
    kubectl(&["patch", "job", "late", "-n", &place.system, "--type=merge", "-p", r#"{"spec": {"suspend": false}}"#])
        .expect(0);
    let (log, exit) = end(&place, "late");
    assert_eq!(exit, 0, "{log}");
    assert_eq!(secret_data(&place.shop, "sc-a-secret")["A"], "new");
}

fn without_a_schedule_the_cron_job_goes(helm: &Helm) {
    let place = Place::new();
    let values = "connections: {a: {namespace: SHOP, data: {A: b}}}";
    helm.upgrade(&place, values, &["--set", SCHEDULE]).expect(0);
    start(&place, "last");
    end(&place, "last");
    helm.upgrade(&place, values, &[]).expect(0);
    assert_eq!(get(&place.system, "cronjob", "sc-job-resync"), None);
    eventually("the end of its Jobs", || get(&place.system, "job", "last").is_none());
}
