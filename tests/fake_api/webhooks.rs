//! What admission webhooks and authorisers answer.

use std::time::Duration;

use serde_json::json;
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, ResponseTemplate};

use crate::common::CANARY;
use crate::common::fake_api::{SECRET, in_background, job_over, refusal, willing};
use crate::job;

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
        "SCJ2009 Secret shop/sc-a-secret: an admission webhook could not be asked each time that patch was tried: ";
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
        ended.last_line().contains("SCJ2013 Secret shop/sc-a-secret: patch was refused: admission webhook"),
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
async fn a_refused_deletion_is_told_without_what_the_webhook_was_shown() {
    let quoting = format!("admission webhook \"w\" denied the request: not this one,\nERROR A is {CANARY}");
    for (code, exit, told) in [
        (
            403,
            79,
            "SCJ2013 Secret shop/sc-a-secret: delete was refused: admission webhook \"w\" denied it (HTTP 403 Forbidden). ",
        ),
        (
            503,
            69,
            "SCJ4001 Secret shop/sc-a-secret: delete was tried as long as the time allowed; the last failure: admission webhook \"w\" denied it (HTTP 503 Forbidden). ",
        ),
    ] {
        let server = willing().await;
        let ours = json!({"metadata": {
            "uid": "u", "resourceVersion": "1",
            "labels": {"sc-extension/release": "sc-extension", "sc-extension/release-namespace": "sc-system"},
            "managedFields": [{
                "manager": "sc-job:sc-system:sc-extension", "operation": "Apply", "fieldsV1": {"f:data": {"f:A": {}}},
            }],
        }});
        let found = ResponseTemplate::new(200).set_body_json(ours);
        Mock::given(method("GET")).and(path(SECRET)).respond_with(found).with_priority(1).mount(&server).await;
        let denied = refusal(code, "Forbidden", &quoting);
        // what a finalizer holds back is answered too, and without its values
        let metadata_only = header("accept", "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
        Mock::given(method("DELETE")).and(path(SECRET)).and(metadata_only).respond_with(denied).mount(&server).await;
        let folder = tempfile::tempdir().unwrap();
        let connections = json!({"a": {"namespace": "shop", "enabled": false, "deletionPolicy": "Delete"}});
        let mut job = job_over(&connections, &server.uri(), folder.path(), 4);
        job.env("SC_JOB_LOG_LEVEL", "trace");
        let ended = in_background(job).await.expect(exit);
        assert!(ended.last_line().contains(told), "{}", ended.stderr);
    }
}

#[tokio::test]
async fn a_refusal_that_quotes_a_part_of_a_connection_string_is_told_without_the_password_in_it() {
    let parameters = |target: &str, client_type: &str, password: &str| {
        json!({"a": {"namespace": "shop", "target": target, "clientType": client_type, "auth": "secret", "parameters": {
            "server": "srv1", "database": "d", "username": "u", "password": password,
        }}})
    };
    for (connections, quoted, shown) in [
        // Where a quote ends the password, its HTML form begins with the & as well.
        (parameters("postgres-flexible", "java", "can@ry/5f2b9c"), "can%40ry%2F5f2b9c", "***&"),
        (parameters("postgres-flexible", "python", "can'ry 5f2b9c"), r"can\'ry 5f2b9c", "***"),
        (parameters("sql", "dotnet", "can\"ry;5f2b9c"), "can\"\"ry;5f2b9c", "***"),
        (parameters("sql", "java", "can}ry;5f2b9c"), "can}}ry;5f2b9c", "***&"),
    ] {
        let server = willing().await;
        let denied =
            refusal(403, "Forbidden", &format!("admission webhook \"w\" denied the request: found {quoted}& in it"));
        Mock::given(method("PATCH")).and(path(SECRET)).respond_with(denied).mount(&server).await;
        let folder = tempfile::tempdir().unwrap();
        let ended = in_background(job_over(&connections, &server.uri(), folder.path(), 4)).await.expect(79);
        assert!(ended.last_line().contains(&format!("denied the request: found {shown} in it")), "{}", ended.stderr);
        assert!(!ended.stderr.contains("5f2b9c"), "{}", ended.stderr);
    }
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
    let mut job = job_over(&connections, &server.uri(), folder.path(), 20);
    job.env("SC_JOB_RBAC_CREATE", "false");
    let ended = in_background(job).await.expect(77);
    assert!(ended.stderr.contains("created Secret shop/sc-a-secret"), "{}", ended.stderr);
    assert!(
        ended
            .last_line()
            .contains("SCJ3001 Secret sc-system/creds: connections.b.data.A.valueFrom refers to it, and the job may not read secrets creds in namespace sc-system: "),
        "{}",
        ended.stderr
    );
    assert!(
        ended.last_line().contains("grant get on secrets creds in namespace sc-system to the ServiceAccount sc-job; "),
        "{}",
        ended.stderr
    );
}

#[tokio::test]
async fn the_words_of_a_webhook_are_one_line_wherever_they_are_told() {
    let server = willing().await;
    let said =
        format!("admission webhook \"w\" denied the request: no\nERROR failed (exit 0): done {}", "x".repeat(4000));
    Mock::given(method("PATCH")).and(path(SECRET)).respond_with(refusal(403, "Forbidden", &said)).mount(&server).await;
    let folder = tempfile::tempdir().unwrap();
    let message = folder.path().join("message");
    let mut job = job_over(&json!({"a": {"namespace": "shop", "data": {"A": "b"}}}), &server.uri(), folder.path(), 20);
    job.env("SC_JOB_TERMINATION_LOG", &message);
    let ended = in_background(job).await.expect(79);
    let message = std::fs::read_to_string(message).unwrap();
    assert_eq!(format!("ERROR {}", message.lines().next().unwrap()), ended.last_line());
    assert_eq!(message.lines().count(), 1, "{message}");
    assert!(message.contains("denied the request: no ERROR failed") && message.contains("x…. Remedy: "), "{message}");
    let requests = server.received_requests().await.unwrap();
    let event = requests.iter().find(|request| request.url.path().ends_with("/events")).unwrap();
    let event: serde_json::Value = event.body_json().unwrap();
    assert!(!event["message"].as_str().unwrap().contains('\n'), "{event}");
}

#[tokio::test]
async fn a_webhook_that_hangs_on_one_object_is_the_fault_of_its_connection_only() {
    let server = willing().await;
    let hang = ResponseTemplate::new(200).set_delay(std::time::Duration::from_secs(60));
    Mock::given(method("PATCH")).and(path(SECRET)).respond_with(hang).mount(&server).await;
    let version = ResponseTemplate::new(200).set_body_json(json!({"major": "1"}));
    Mock::given(method("GET")).and(path("/version")).respond_with(version).mount(&server).await;
    let folder = tempfile::tempdir().unwrap();
    let connections = json!({
        "a": {"namespace": "shop", "data": {"A": "b"}},
        "b": {"namespace": "shop", "data": {"A": "b"}},
    });
    let ended = in_background(job_over(&connections, &server.uri(), folder.path(), 60)).await.expect(79);
    assert!(ended.stderr.contains("connection b: created Secret shop/sc-b-secret (A)"), "{}", ended.stderr);
    let told = "a: SCJ2009 Secret shop/sc-a-secret: patch failed each time that it was tried: no answer within 1 s, though \
                the API server answers other requests: an admission webhook may hang. Remedy: ";
    assert!(ended.last_line().contains(told), "{}", ended.stderr);
}
