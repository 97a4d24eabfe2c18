//! What is told of an operation whose object, or whose record, is refused.

use serde_json::json;
use wiremock::matchers::{method, path};
use wiremock::{Mock, ResponseTemplate};

use crate::common::fake_api::{SECRET, in_background, job_over, refusal, willing};
use crate::common::operation::{secret, settings};

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
    let inventory = "/api/v1/namespaces/sc-system/configmaps/sc-connections-0";
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
        Mock::given(method("PATCH")).and(path(inventory)).respond_with(refused).mount(&server).await;
        let made = ResponseTemplate::new(201).set_body_json(json!({"metadata": {"uid": "i"}}));
        let first = Mock::given(method("PATCH")).and(path(inventory)).respond_with(made);
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
