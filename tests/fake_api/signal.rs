//! SIGTERM, whatever the run is waiting for.

use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::{SECRET, SUMMARY, job, job_over, willing};

fn writes(request: &Request, place: &str) -> bool {
    request.method.as_str() == "PATCH" && request.url.path() == place
}

fn hang() -> ResponseTemplate {
    ResponseTemplate::new(200).set_delay(Duration::from_secs(60))
}

/// What `job` says that is stopped when `server` has been asked for what `moment` knows. It ends with 75.
async fn stopped(server: &MockServer, mut job: Command, moment: impl Fn(&Request) -> bool) -> String {
    job.env("SC_JOB_REQUEST_TIMEOUT_SECONDS", "30");
    let child = job.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while !server.received_requests().await.unwrap().iter().any(&moment) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    let output = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap()).await.unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(75), "{said}");
    said
}

#[tokio::test]
async fn sigterm_ends_the_run_with_75_and_says_what_is_left_even_after_a_rollback() {
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(hang()).mount(&server).await;
    let folder = tempfile::tempdir().unwrap();
    let mut job = job(&server.uri(), folder.path(), 60);
    // The rollback Job exits 0 on faults; a run that was stopped is not finished, and Kubernetes must see that.
    job.env("SC_JOB_EXIT_ZERO", "true");
    let said = stopped(&server, job, |_| true).await;
    let told = "failed (exit 75): 0 of 1 connections ready; 1 not finished. SCJ4003 SIGTERM was received. Remedy: ";
    assert!(said.contains(told), "{said}");
}

#[tokio::test]
async fn sigterm_while_the_outcome_is_recorded_ends_the_run_with_75_too() {
    let server = willing().await;
    Mock::given(method("PATCH")).and(path(SUMMARY)).respond_with(hang()).mount(&server).await;
    let folder = tempfile::tempdir().unwrap();
    let job = job(&server.uri(), folder.path(), 60);
    let said = stopped(&server, job, |request| writes(request, SUMMARY)).await;
    let last = said.trim_end().lines().last().unwrap();
    assert!(
        last.contains("failed (exit 75): 1 of 1 connections ready; objects: 1 created. SCJ4003 SIGTERM was received"),
        "{said}"
    );
    assert!(!said.contains("could not be recorded within"), "it did not wait for the recording to end: {said}");
}

#[tokio::test]
async fn sigterm_while_a_failure_is_recorded_does_not_hide_its_reason() {
    let server = willing().await;
    Mock::given(method("PATCH")).and(path(SUMMARY)).respond_with(hang()).mount(&server).await;
    let folder = tempfile::tempdir().unwrap();
    let message = folder.path().join("message");
    let mut job = job_over(&json!({"a": {"namespace": "shop", "bogus": "b"}}), &server.uri(), folder.path(), 60);
    job.env("SC_JOB_TERMINATION_LOG", &message);
    let said = stopped(&server, job, |request| writes(request, SUMMARY)).await;
    let [reason, .., last] = said.lines().collect::<Vec<_>>()[..] else { panic!("{said}") };
    assert!(reason.starts_with("ERROR SCJ1003 connections.a.bogus: "), "{said}");
    assert!(last.contains("SCJ4003 SIGTERM was received"), "{said}");
    let message = std::fs::read_to_string(message).unwrap();
    assert!(message.contains("\nSCJ1003 connections.a.bogus: "), "{message}");
}

#[tokio::test]
async fn a_run_that_is_stopped_records_it_in_haste() {
    let server = willing().await;
    Mock::given(method("PATCH")).and(path(SECRET)).respond_with(hang()).mount(&server).await;
    let folder = tempfile::tempdir().unwrap();
    let job = job(&server.uri(), folder.path(), 60);
    stopped(&server, job, |request| writes(request, SECRET)).await;
    let requests = server.received_requests().await.unwrap();
    let written = requests.iter().filter(|request| writes(request, SUMMARY));
    let recorded: Vec<Value> = written.map(|request| request.body_json::<Value>().unwrap()["data"].clone()).collect();
    assert_eq!(recorded.len(), 2, "{recorded:?}");
    assert_eq!(recorded[0]["_summary"], "0 of 1 connections ready; 1 not finished");
    assert!(recorded[1]["_lastFailure"].as_str().unwrap().contains("\ncode: SCJ4003\n"), "{recorded:?}");
}
