//! What a real API server does not do on demand: refuse for a while, hang,
//! vanish. The server here is a fake, and only for that.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod common;

use std::process::{Command, Stdio};
use std::time::Duration;

use common::{CANARY, Outcome, run, sc_job};
use serde_json::json;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const SECRET: &str = "/api/v1/namespaces/shop/secrets/sc-a-secret";
const SUMMARY: &str = "/api/v1/namespaces/sc-system/configmaps/sc-connections";

/// A job over one connection that is pointed at `server`, with a deadline in seconds.
fn job(server: &str, folder: &std::path::Path, deadline: u32) -> Command {
    job_over(&json!({"a": {"namespace": "shop", "data": {"A": CANARY}}}), server, folder, deadline)
}

fn job_over(connections: &serde_json::Value, server: &str, folder: &std::path::Path, deadline: u32) -> Command {
    let kubeconfig = json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "c",
        "clusters": [{"name": "c", "cluster": {"server": server}}],
        "users": [{"name": "u", "user": {}}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
    });
    std::fs::write(folder.join("kubeconfig"), kubeconfig.to_string()).unwrap();
    std::fs::write(folder.join("in.json"), json!({"connections": connections}).to_string()).unwrap();
    let mut job = sc_job(&[]);
    job.env("KUBECONFIG", folder.join("kubeconfig"))
        .env("SC_JOB_INPUT", folder.join("in.json"))
        .env("SC_JOB_REQUEST_TIMEOUT_SECONDS", "1")
        .env("SC_JOB_DEADLINE_SECONDS", deadline.to_string());
    job
}

async fn in_background(mut job: Command) -> Outcome {
    tokio::task::spawn_blocking(move || run(&mut job, None)).await.unwrap()
}

/// A server on which the Secret does not exist yet and every apply succeeds.
async fn willing() -> MockServer {
    let server = MockServer::start().await;
    let gone = json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 404, "reason": "NotFound", "message": "not found"});
    Mock::given(method("GET"))
        .and(path(SECRET))
        .respond_with(ResponseTemplate::new(404).set_body_json(gone))
        .with_priority(9)
        .mount(&server)
        .await;
    for at in [SECRET, SUMMARY] {
        let made = ResponseTemplate::new(201).set_body_json(json!({"metadata": {"uid": "u", "resourceVersion": "1"}}));
        Mock::given(method("PATCH")).and(path(at)).respond_with(made).with_priority(9).mount(&server).await;
    }
    server
}

#[tokio::test]
async fn refusals_that_pass_are_tried_again() {
    for (code, retry_after) in [(429, Some("1")), (500, None), (503, None), (504, None)] {
        let server = willing().await;
        let mut refusal = ResponseTemplate::new(code).set_body_string("overloaded");
        if let Some(seconds) = retry_after {
            refusal = refusal.insert_header("Retry-After", seconds);
        }
        Mock::given(method("PATCH")).and(path(SECRET)).respond_with(refusal).up_to_n_times(2).mount(&server).await;
        let folder = tempfile::tempdir().unwrap();
        in_background(job(&server.uri(), folder.path(), 20)).await.expect(0);
        let requests = server.received_requests().await.unwrap();
        let tries = requests
            .iter()
            .filter(|request| request.method.as_str() == "PATCH" && request.url.path() == SECRET)
            .count();
        assert_eq!(tries, 3, "after HTTP {code}");
    }
}

#[tokio::test]
async fn a_refusal_that_does_not_pass_ends_with_69_and_the_last_answer() {
    let server = willing().await;
    Mock::given(method("PATCH")).and(path(SECRET)).respond_with(ResponseTemplate::new(503)).mount(&server).await;
    let folder = tempfile::tempdir().unwrap();
    let ended = in_background(job(&server.uri(), folder.path(), 3)).await.expect(69);
    let told = "SCJ4001 Secret shop/sc-a-secret: patch was tried until the time ran out; the last failure: the answer was HTTP 503 Service Unavailable. Remedy: ";
    assert!(ended.last_line().contains(told), "{}", ended.stderr);
}

#[tokio::test]
async fn a_server_that_is_not_there_ends_with_69_and_the_true_reason() {
    let folder = tempfile::tempdir().unwrap();
    // Port 1 of the loopback range: nobody listens there.
    let ended = in_background(job("http://127.0.0.1:1", folder.path(), 3)).await.expect(69);
    assert!(
        ended.last_line().contains("SCJ4001 ") && ended.last_line().contains("Connection refused"),
        "{}",
        ended.stderr
    );
}

#[tokio::test]
async fn a_server_that_hangs_is_given_up_before_the_deadline() {
    let server = MockServer::start().await;
    let hang = ResponseTemplate::new(200).set_delay(Duration::from_secs(60));
    Mock::given(method("GET")).respond_with(hang).mount(&server).await;
    let folder = tempfile::tempdir().unwrap();
    let ended = in_background(job(&server.uri(), folder.path(), 4)).await;
    assert!(matches!(ended.code, 69 | 75), "{}", ended.stderr);
    assert!(ended.last_line().contains("no answer within 1 s"), "{}", ended.stderr);
}

#[tokio::test]
async fn sigterm_ends_the_run_with_75_and_says_what_is_left_even_after_a_rollback() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(200).set_delay(Duration::from_secs(60)))
        .mount(&server)
        .await;
    let folder = tempfile::tempdir().unwrap();
    let mut job = job(&server.uri(), folder.path(), 60);
    // The rollback Job exits 0 on faults; a run that was stopped is not finished, and Kubernetes must see that.
    job.env("SC_JOB_REQUEST_TIMEOUT_SECONDS", "30").env("SC_JOB_EXIT_ZERO", "true");
    let child = job.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while server.received_requests().await.unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    let output = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap()).await.unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(75), "{said}");
    assert!(
        said.contains(
            "failed (exit 75): 0 of 1 connections ready; 1 not finished. SCJ4003 SIGTERM was received. Remedy: "
        ),
        "{said}"
    );
}

fn refusal(code: u16, reason: &str, message: &str) -> ResponseTemplate {
    ResponseTemplate::new(code).set_body_json(json!({
        "kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "reason": reason, "message": message,
    }))
}

#[tokio::test]
async fn a_webhook_that_is_down_in_one_namespace_is_the_fault_of_its_connections_only() {
    let server = willing().await;
    let down = refusal(
        500,
        "InternalError",
        "Internal error occurred: failed calling webhook \"w.example.com\": connection refused",
    );
    Mock::given(method("PATCH")).and(path(SECRET)).respond_with(down).mount(&server).await;
    let other = "/api/v1/namespaces/warehouse/secrets/sc-b-secret";
    Mock::given(method("GET"))
        .and(path(other))
        .respond_with(refusal(404, "NotFound", "not found"))
        .mount(&server)
        .await;
    let made = ResponseTemplate::new(201).set_body_json(json!({"metadata": {"uid": "v", "resourceVersion": "1"}}));
    Mock::given(method("PATCH")).and(path(other)).respond_with(made).mount(&server).await;
    let folder = tempfile::tempdir().unwrap();
    let connections =
        json!({"a": {"namespace": "shop", "data": {"A": "b"}}, "b": {"namespace": "warehouse", "data": {"A": "b"}}});
    let mut job = job_over(&connections, &server.uri(), folder.path(), 60);
    job.env("SC_JOB_CONCURRENCY", "1");
    let ended = in_background(job).await.expect(79);
    assert!(ended.stderr.contains("created Secret warehouse/sc-b-secret"), "{}", ended.stderr);
    let told =
        "SCJ2009 Secret shop/sc-a-secret: an admission webhook could not be asked for 20 s, so that patch failed: ";
    assert!(ended.last_line().contains(told), "{}", ended.stderr);
}

#[tokio::test]
async fn a_webhook_that_says_cannot_is_not_taken_for_a_missing_right() {
    let server = willing().await;
    let denied = refusal(
        403,
        "Forbidden",
        "admission webhook \"w\" denied the request: Secrets cannot be made without label team",
    );
    Mock::given(method("PATCH")).and(path(SECRET)).respond_with(denied).mount(&server).await;
    let folder = tempfile::tempdir().unwrap();
    let ended = in_background(job(&server.uri(), folder.path(), 20)).await.expect(79);
    assert!(
        ended.last_line().contains("SCJ2007 Secret shop/sc-a-secret: patch was refused: admission webhook"),
        "{}",
        ended.stderr
    );
}

#[tokio::test]
async fn a_refusal_that_quotes_a_value_is_told_without_it_however_it_ends() {
    // Refused for good, and refused for a while and then not answered at all.
    let quoting = format!("admission webhook \"w\" denied the request: A is {CANARY}");
    for (code, ended) in [(403, 79), (503, 69)] {
        let server = willing().await;
        let denied = refusal(code, "Forbidden", &quoting);
        Mock::given(method("PATCH")).and(path(SECRET)).respond_with(denied).up_to_n_times(1).mount(&server).await;
        let hang = ResponseTemplate::new(200).set_delay(Duration::from_secs(60));
        Mock::given(method("PATCH")).and(path(SECRET)).respond_with(hang).with_priority(6).mount(&server).await;
        let folder = tempfile::tempdir().unwrap();
        let mut job = job(&server.uri(), folder.path(), 4);
        job.env("SC_JOB_LOG_LEVEL", "trace");
        in_background(job).await.expect(ended);
    }
}

#[tokio::test]
async fn a_refusal_that_quotes_a_part_of_a_connection_string_is_told_without_the_password_in_it() {
    let parameters = |target: &str, client_type: &str, password: &str| {
        json!({"a": {"namespace": "shop", "target": target, "clientType": client_type, "auth": "secret", "parameters": {
            "server": "srv1", "database": "d", "username": "u", "password": password,
        }}})
    };
    for (connections, quoted) in [
        (parameters("postgres-flexible", "java", "can@ry/5f2b9c"), "can%40ry%2F5f2b9c"),
        (parameters("postgres-flexible", "python", "can'ry 5f2b9c"), r"can\'ry 5f2b9c"),
        (parameters("sql", "dotnet", "can\"ry;5f2b9c"), "can\"\"ry;5f2b9c"),
        (parameters("sql", "java", "can}ry;5f2b9c"), "can}}ry;5f2b9c"),
    ] {
        let server = willing().await;
        let denied =
            refusal(403, "Forbidden", &format!("admission webhook \"w\" denied the request: found {quoted}& in it"));
        Mock::given(method("PATCH")).and(path(SECRET)).respond_with(denied).mount(&server).await;
        let folder = tempfile::tempdir().unwrap();
        let ended = in_background(job_over(&connections, &server.uri(), folder.path(), 4)).await.expect(79);
        assert!(ended.last_line().contains("denied the request: found ***& in it"), "{}", ended.stderr);
        assert!(!ended.stderr.contains("5f2b9c"), "{}", ended.stderr);
    }
}

/// The metadata of our Secret, created in the second of our apply, with a second manager beside us.
fn ours_and_annotated(created: &str) -> ResponseTemplate {
    let entry =
        |manager: &str, operation: &str, time: &str| json!({"manager": manager, "operation": operation, "time": time});
    ResponseTemplate::new(200).set_body_json(json!({"metadata": {
        "uid": "u", "resourceVersion": "2", "creationTimestamp": created,
        "managedFields": [entry("sc-job:sc-system:sc-extension", "Apply", "2026-01-01T00:00:05Z"), entry("reflector", "Update", "2026-01-01T00:00:06Z")],
    }}))
}

#[tokio::test]
async fn an_apply_whose_answer_was_lost_is_known_as_our_own() {
    let server = willing().await;
    Mock::given(method("PATCH"))
        .and(path(SECRET))
        .respond_with(ResponseTemplate::new(504))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    let ours = ours_and_annotated("2026-01-01T00:00:05Z");
    Mock::given(method("PATCH")).and(path(SECRET)).respond_with(ours).with_priority(6).mount(&server).await;
    let folder = tempfile::tempdir().unwrap();
    let ended = in_background(job(&server.uri(), folder.path(), 20)).await.expect(0);
    assert!(ended.stderr.contains("created Secret shop/sc-a-secret"), "{}", ended.stderr);
}

#[tokio::test]
async fn an_object_that_somebody_else_made_in_this_moment_is_given_back() {
    let server = willing().await;
    let theirs = ours_and_annotated("2026-01-01T00:00:04Z");
    Mock::given(method("PATCH")).and(path(SECRET)).respond_with(theirs).mount(&server).await;
    let folder = tempfile::tempdir().unwrap();
    let ended = in_background(job(&server.uri(), folder.path(), 20)).await.expect(79);
    let told = "SCJ2003 Secret shop/sc-a-secret: somebody else created it in this very moment (reflector); what this run had added to it was taken out again.";
    assert!(ended.stderr.contains(told), "{}", ended.stderr);
    let requests = server.received_requests().await.unwrap();
    let last =
        requests.iter().rfind(|request| request.method.as_str() == "PATCH" && request.url.path() == SECRET).unwrap();
    assert_eq!(
        last.body_json::<serde_json::Value>().unwrap(),
        json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "sc-a-secret", "namespace": "shop", "uid": "u"}})
    );
}

#[tokio::test]
async fn a_right_that_is_missing_in_the_release_namespace_ends_with_77_though_others_are_done() {
    let server = willing().await;
    let no_right = "secrets \"creds\" is forbidden: User \"system:serviceaccount:sc-system:sc-job\" cannot get resource \"secrets\"";
    let creds = "/api/v1/namespaces/sc-system/secrets/creds";
    Mock::given(method("GET")).and(path(creds)).respond_with(refusal(403, "Forbidden", no_right)).mount(&server).await;
    let folder = tempfile::tempdir().unwrap();
    let connections = json!({
        "a": {"namespace": "shop", "data": {"A": "b"}},
        "b": {"namespace": "shop", "data": {"A": {"valueFrom": {"secretKeyRef": {"name": "creds", "key": "k"}}}}},
    });
    let ended = in_background(job_over(&connections, &server.uri(), folder.path(), 20)).await.expect(77);
    assert!(ended.stderr.contains("created Secret shop/sc-a-secret"), "{}", ended.stderr);
    assert!(
        ended
            .last_line()
            .contains("SCJ3001 Secret sc-system/creds: connections.b.data.A.valueFrom refers to it, and the job may not read secrets creds in namespace sc-system: "),
        "{}",
        ended.stderr
    );
    assert!(ended.last_line().contains("grant get on secrets creds yourself"), "{}", ended.stderr);
}
