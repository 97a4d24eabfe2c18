//! What is told of an operation whose object, or whose record, is refused.

use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::common::fake_api::{SECRET, in_background, job_over, refusal, willing};
use crate::common::operation::{secret, settings};

const INVENTORY: &str = "/api/v1/namespaces/sc-system/configmaps/sc-connections-0";

/// What earlier runs have recorded.
async fn recorded(server: &MockServer, number: usize, text: &str) {
    let metadata =
        json!({"ownerReferences": [{"apiVersion": "v1", "kind": "ConfigMap", "name": "sc-connections", "uid": "c"}]});
    let body = json!({"metadata": metadata, "data": {"objects": text}});
    let place = INVENTORY.replace("-0", &format!("-{number}"));
    let answer = ResponseTemplate::new(200).set_body_json(body);
    Mock::given(method("GET")).and(path(place)).respond_with(answer).with_priority(1).mount(server).await;
}

/// What was sent last of the first ConfigMap of the inventory.
async fn sent(server: &MockServer) -> String {
    let requests = server.received_requests().await.unwrap();
    let last =
        requests.iter().rfind(|asked| asked.method.as_str() == "PATCH" && asked.url.path() == INVENTORY).unwrap();
    let body: Value = serde_json::from_slice(&last.body).unwrap();
    body["data"]["objects"].as_str().unwrap().to_owned()
}

/// Which part of an entry is a credential is not known there, and it may be short, or be quoted in another form.
#[tokio::test]
async fn of_an_object_of_an_operation_no_word_is_told_that_may_quote_it() {
    let entry = "postgresql://shop:hu%2Fnt2r@demo.example.com/orders?sslmode=require";
    let operation = settings("a", "id-1", "create", &secret("a", "shop", &json!({"URL": entry})));
    for (code, said, told) in [
        (
            403,
            "admission webhook \"w.example.com\" denied the request: hu/nt2r is too short a password",
            "SCJ2013 Secret shop/sc-a-secret: patch was refused: admission webhook \"w.example.com\" denied it (HTTP 403 Forbidden). Remedy: ",
        ),
        (
            422,
            "secrets \"sc-a-secret\" is forbidden: ValidatingAdmissionPolicy 'no-short-ones' with binding 'b' denied request: hu/nt2r",
            "SCJ2013 Secret shop/sc-a-secret: patch was refused: ValidatingAdmissionPolicy 'no-short-ones' denied it (HTTP 422 Forbidden). Remedy: ",
        ),
        (
            403,
            "secrets \"sc-a-secret\" is forbidden: exceeded quota: q, requested: hu/nt2r",
            "SCJ2012 Secret shop/sc-a-secret: patch was refused: exceeded quota (HTTP 403 Forbidden). Remedy: ",
        ),
        (
            500,
            "Internal error occurred: failed calling webhook \"w\": hu/nt2r",
            "SCJ2009 Secret shop/sc-a-secret: an admission webhook could not be asked each time that patch was tried: failed calling webhook (HTTP 500 Forbidden). Remedy: ",
        ),
        (422, "hu/nt2r", "SCJ2007 Secret shop/sc-a-secret: patch was refused: HTTP 422 Forbidden. Remedy: "),
    ] {
        let server = willing().await;
        Mock::given(method("PATCH"))
            .and(path(SECRET))
            .respond_with(refusal(code, "Forbidden", said))
            .mount(&server)
            .await;
        let folder = tempfile::tempdir().unwrap();
        let mut job = job_over(&json!({}), &server.uri(), folder.path(), 4);
        std::fs::write(folder.path().join("in.json"), operation.to_string()).unwrap();
        job.env("SC_JOB_LOG_LEVEL", "trace").env("SC_JOB_TERMINATION_LOG", folder.path().join("message"));
        let ended = in_background(job).await.expect(79);
        assert!(ended.last_line().contains(told), "{}", ended.stderr);
        let message = std::fs::read_to_string(folder.path().join("message")).unwrap();
        let requests = server.received_requests().await.unwrap();
        let events = requests.iter().filter(|request| request.url.path().ends_with("/events"));
        let events: String = events.map(|event| String::from_utf8_lossy(&event.body).into_owned()).collect();
        for shown in [&ended.stderr, &message, &events] {
            assert!(!shown.is_empty() && !shown.contains("nt2r"), "{shown}");
        }
    }
}

#[tokio::test]
async fn what_ends_the_run_after_an_operation_was_executed_is_told_with_that() {
    let no_right = "configmaps \"sc-connections-0\" is forbidden: User \"u\" cannot patch resource \"configmaps\"";
    let executed = "create of connection a with correlationid id-1 was executed, and that it was could not be recorded, so that the \
                    same settings execute it again: ";
    // A right may still be on its way for a while.
    for (deadline, refused, exit, code, why) in [
        (
            30,
            refusal(403, "Forbidden", no_right),
            77,
            "SCJ3001",
            "the job may not patch configmaps sc-connections-0 in namespace sc-system: ",
        ),
        (
            4,
            refusal(503, "ServiceUnavailable", "no"),
            69,
            "SCJ4001",
            "patch was tried as long as the time allowed; the last failure: no. ",
        ),
    ] {
        let server = willing().await;
        Mock::given(method("PATCH")).and(path(INVENTORY)).respond_with(refused).mount(&server).await;
        let made = ResponseTemplate::new(201).set_body_json(json!({"metadata": {"uid": "i"}}));
        let first = Mock::given(method("PATCH")).and(path(INVENTORY)).respond_with(made);
        first.up_to_n_times(1).with_priority(1).mount(&server).await;
        let folder = tempfile::tempdir().unwrap();
        let mut job = job_over(&json!({}), &server.uri(), folder.path(), deadline);
        let operation = settings("a", "id-1", "create", &secret("a", "shop", &json!({"A": "b"})));
        std::fs::write(folder.path().join("in.json"), operation.to_string()).unwrap();
        job.env("SC_JOB_CONCURRENCY", "1");
        let ended = in_background(job).await.expect(exit);
        assert!(ended.stderr.contains("connection a: created Secret shop/sc-a-secret (A)\n"), "{}", ended.stderr);
        let told = format!("{code} ConfigMap sc-system/sc-connections-0: {executed}{why}");
        assert!(ended.last_line().contains(&told), "{}", ended.stderr);
    }
}

/// The values of an operation beside the connection `own`.
fn beside_own(operation: &Value) -> String {
    let mut values = operation.clone();
    values["connections"] = json!({"own": {"namespace": "shop", "data": {"A": "b"}}});
    values.to_string()
}

#[tokio::test]
async fn an_operation_that_was_not_executed_leaves_the_record_as_it_was_though_the_next_writing_of_it_is_taken() {
    // What the values have made, of which the UID was not recorded yet.
    let object = "{\"kind\":\"Secret\",\"namespace\":\"shop\",\"name\":\"sc-a-secret\",\"connections\":[\"a\"]}\n";
    let own = "{\"kind\":\"Secret\",\"namespace\":\"shop\",\"name\":\"sc-own-secret\",\"uid\":\"u\",\"connections\":[\"own\"]}\n";
    for before in [
        "",
        "{\"begun\":\"id-1\",\"operation\":\"create\",\"connection\":\"a\"}\n",
        "{\"begun\":\"id-1\",\"operation\":\"update\",\"connection\":\"a\"}\n",
    ] {
        for known in ["", object] {
            let server = willing().await;
            recorded(&server, 0, &format!("{before}{known}")).await;
            let refused = Mock::given(method("PATCH")).and(path(INVENTORY)).respond_with(refusal(422, "Invalid", "no"));
            refused.up_to_n_times(1).with_priority(1).mount(&server).await;
            let folder = tempfile::tempdir().unwrap();
            let job = job_over(&json!({}), &server.uri(), folder.path(), 4);
            let operation = settings("a", "id-1", "create", &secret("a", "shop", &json!({"A": "b"})));
            std::fs::write(folder.path().join("in.json"), beside_own(&operation)).unwrap();
            let ended = in_background(job).await.expect(79);
            assert!(ended.stderr.contains("connection a: SCJ2015 correlationid: "), "{}", ended.stderr);
            assert!(
                ended.stderr.contains("connection own: created Secret shop/sc-own-secret (A)\n"),
                "{}",
                ended.stderr
            );
            assert_eq!(sent(&server).await, format!("{before}{known}{own}"));
        }
    }
}

#[tokio::test]
async fn an_operation_that_was_recorded_as_executed_is_not_told_as_unrecorded_where_another_config_map_ends_the_run() {
    let second = INVENTORY.replace("-0", "-1");
    let no_right = "configmaps \"sc-connections-1\" is forbidden: User \"u\" cannot patch resource \"configmaps\"";
    for (deadline, refused, exit, told) in [
        (
            30,
            refusal(403, "Forbidden", no_right),
            77,
            "SCJ3001 ConfigMap sc-system/sc-connections-1: the job may not patch ",
        ),
        (
            4,
            refusal(503, "ServiceUnavailable", "no"),
            69,
            "SCJ4001 ConfigMap sc-system/sc-connections-1: patch was tried as long as the time allowed; ",
        ),
    ] {
        let server = willing().await;
        // It lacks the UID, which is known at the end.
        let own = "{\"kind\":\"Secret\",\"namespace\":\"shop\",\"name\":\"sc-own-secret\",\"connections\":[\"own\"]}\n";
        recorded(&server, 0, "").await;
        recorded(&server, 1, own).await;
        Mock::given(method("PATCH")).and(path(second.as_str())).respond_with(refused).mount(&server).await;
        let folder = tempfile::tempdir().unwrap();
        let job = job_over(&json!({}), &server.uri(), folder.path(), deadline);
        let operation = settings("a", "id-1", "create", &secret("a", "shop", &json!({"A": "b"})));
        std::fs::write(folder.path().join("in.json"), beside_own(&operation)).unwrap();
        let ended = in_background(job).await.expect(exit);
        assert!(ended.stderr.contains("connection a: created Secret shop/sc-a-secret (A)\n"), "{}", ended.stderr);
        assert!(ended.last_line().contains(told), "{}", ended.stderr);
        assert!(!ended.stderr.contains("could not be recorded"), "{}", ended.stderr);
        let executed = "{\"executed\":\"id-1\",\"operation\":\"create\",\"connection\":\"a\"}\n";
        assert!(sent(&server).await.starts_with(executed), "{}", sent(&server).await);
    }
}

#[tokio::test]
async fn an_operation_that_is_recorded_to_begin_is_executed_though_another_config_map_is_refused() {
    let second = INVENTORY.replace("-0", "-1");
    let server = willing().await;
    // It was another connection's, and so is written before anything is done.
    let own = "{\"kind\":\"Secret\",\"namespace\":\"shop\",\"name\":\"sc-own-secret\",\"connections\":[\"old\"]}\n";
    recorded(&server, 0, "").await;
    recorded(&server, 1, own).await;
    let refused = Mock::given(method("PATCH")).and(path(second.as_str())).respond_with(refusal(422, "Invalid", "no"));
    refused.expect(2).mount(&server).await;
    let folder = tempfile::tempdir().unwrap();
    let job = job_over(&json!({}), &server.uri(), folder.path(), 4);
    let operation = settings("a", "id-1", "create", &secret("a", "shop", &json!({"A": "b"})));
    std::fs::write(folder.path().join("in.json"), beside_own(&operation)).unwrap();
    let done = in_background(job).await.expect(0);
    assert!(done.last_line().ends_with(": 2 of 2 connections ready; objects: 2 created"), "{}", done.stderr);
    let told =
        "WARN ConfigMap sc-system/sc-connections-1, which remembers what this release has made, could not be written: ";
    assert!(done.stderr.contains(told), "{}", done.stderr);
    assert_eq!(
        sent(&server).await,
        "{\"executed\":\"id-1\",\"operation\":\"create\",\"connection\":\"a\"}\n{\"kind\":\"Secret\",\"namespace\":\"shop\",\
         \"name\":\"sc-a-secret\",\"uid\":\"u\",\"connections\":[\"a\"],\"byOperation\":true}\n"
    );
}
