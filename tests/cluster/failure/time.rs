//! Runs that are cut off: by their deadline, or by somebody who deletes the pod.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};
use std::thread;

use serde_json::json;

use super::fixture::Fixture;
use super::reason::of_run;
use crate::common::kubernetes::{Helm, Place, eventually, get, kubectl, kubectl_with};
use crate::common::{CANARY, Outcome, assert_no_canary};

with_both_helms! {
    a_run_that_is_cut_off_says_what_is_left_and_a_later_one_finishes
}

/// One at a time, each waits a second for a webhook: more than is done before the run is cut off, twice.
const CONNECTIONS: usize = 30;

/// The address of a pod that takes connections and answers nothing.
fn mute(place: &Place) -> String {
    let image = std::env::var("SC_JOB_TEST_SHELL_IMAGE").expect("SC_JOB_TEST_SHELL_IMAGE is not set; run scripts/test");
    let command = ["nc", "-ll", "-p", "8443", "-e", "sleep", "3600"];
    let container = json!({"name": "mute", "image": image, "imagePullPolicy": "IfNotPresent", "command": command});
    let pod = json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "mute"},
        "spec": {"containers": [container], "terminationGracePeriodSeconds": 0},
    });
    kubectl_with(&["create", "-n", &place.warehouse, "-f", "-"], &pod.to_string()).expect(0);
    kubectl(&["wait", "--for=condition=Ready", "pod/mute", "-n", &place.warehouse, "--timeout=60s"]).expect(0);
    let address = get(&place.warehouse, "pod", "mute").unwrap()["status"]["podIP"].as_str().unwrap().to_owned();
    format!("https://{address}:8443/")
}

/// Deletes the pod of a run that has written its first Secret. Returns the rest of its log, and how kubectl saw it end.
fn stopped(place: &Place) -> (String, Outcome) {
    let running = ["get", "pods", "-n", &place.system, "--field-selector=status.phase=Running", "-o", "name"];
    eventually("the pod of the run", || !kubectl(&running).expect(0).stdout.is_empty());
    let pod = kubectl(&running).expect(0).stdout.trim().to_owned();
    let container = ".status.containerStatuses[0].state.terminated";
    let (ended, message) =
        (format!("--for=jsonpath={{{container}.exitCode}}=75"), format!("jsonpath={{{container}.message}}"));
    thread::scope(|scope| {
        let seen =
            scope.spawn(|| kubectl(&["wait", &ended, &pod, "-n", &place.system, "--timeout=60s", "-o", &message]));
        let mut follow = Command::new("kubectl")
            .args(["logs", "--follow", &pod, "-n", &place.system])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(follow.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains(": created Secret ") {
            line.clear();
            assert_ne!(log.read_line(&mut line).unwrap(), 0, "the run ended by itself");
        }
        kubectl(&["delete", &pod, "-n", &place.system, "--wait=false"]).expect(0);
        let mut rest = String::new();
        log.read_to_string(&mut rest).unwrap();
        follow.wait().unwrap();
        (rest, seen.join().unwrap())
    })
}

fn a_run_that_is_cut_off_says_what_is_left_and_a_later_one_finishes(helm: &Helm) {
    let place = Place::new();
    let webhook = Fixture::webhook(&place.shop, "Ignore", &json!({"url": mute(&place)}));
    let connections: Vec<_> =
        (10..10 + CONNECTIONS).map(|n| format!("  c{n}: {{namespace: SHOP, data: {{A: {CANARY}}}}}\n")).collect();
    let values = format!("connections:\n{}", connections.concat());
    let one_by_one = "job.concurrency=1";

    let times = "job.requestTimeoutSeconds=4,job.deadlineSeconds=5,job.activeDeadlineSeconds=60";
    let failed = helm.upgrade(&place, &values, &["--set", one_by_one, "--set", times]).expect(1);
    place.assert_failed(
        &failed,
        75,
        &[of_run("SCJ4002", "5 s have passed. Remedy: run the same helm upgrade again: ")],
    );
    let log = place.log();
    let [.., left, conclusion] = log.lines().collect::<Vec<_>>()[..] else { panic!("{log}") };
    assert!(left.starts_with(" WARN not finished: c") && left.ends_with(" more"), "{log}");
    assert!(
        conclusion.contains(&format!(" of {CONNECTIONS} connections ready; "))
            && conclusion.contains(" not finished; objects: "),
        "{log}"
    );

    let ((log, ended), failed) = thread::scope(|scope| {
        let upgrade = scope.spawn(|| helm.upgrade(&place, &values, &["--set", one_by_one]));
        (stopped(&place), upgrade.join().unwrap())
    });
    failed.expect(1);
    assert_no_canary("the log", &log);
    let [.., left, conclusion] = log.lines().collect::<Vec<_>>()[..] else { panic!("{log}") };
    assert!(left.starts_with(" WARN not finished: c"), "{log}");
    assert!(
        conclusion.starts_with("ERROR failed (exit 75): ") && conclusion.contains(" not finished; objects: "),
        "{log}"
    );
    assert!(
        conclusion.ends_with(
            ". SCJ4003 SIGTERM was received. Remedy: run the same helm upgrade again: it goes on where this run stopped"
        ),
        "{log}"
    );
    assert_eq!(ended.expect(0).stdout, conclusion.strip_prefix("ERROR ").unwrap());

    drop(webhook);
    helm.upgrade(&place, &values, &[]).expect(0);
    let summary = get(&place.system, "configmap", "sc-connections").unwrap();
    assert_eq!(summary["data"]["_summary"], format!("{CONNECTIONS} of {CONNECTIONS} connections ready"));
    place.assert_no_canary(helm);
}
