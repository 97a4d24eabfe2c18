//! An API server that fails for a while, hangs, or is not there.

use std::time::Duration;

use serde_json::json;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::common::CANARY;
use crate::common::fake_api::refusal;
use crate::{SECRET, in_background, job, willing};

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
    let told = "SCJ4001 Secret shop/sc-a-secret: patch was tried as long as the time allowed; the last failure: the answer was HTTP 503 Service Unavailable. Remedy: ";
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
async fn a_webhook_that_refuses_to_give_an_object_back_is_told_without_its_words() {
    let server = willing().await;
    let quoted =
        refusal(403, "Forbidden", &format!("admission webhook \"w\" denied the request: keep {CANARY}-of-somebody"));
    Mock::given(method("PATCH")).and(path(SECRET)).respond_with(quoted).with_priority(7).mount(&server).await;
    let theirs = ours_and_annotated("2026-01-01T00:00:03Z");
    Mock::given(method("PATCH")).and(path(SECRET)).respond_with(theirs).up_to_n_times(1).mount(&server).await;
    let folder = tempfile::tempdir().unwrap();
    let ended = in_background(job(&server.uri(), folder.path(), 20)).await.expect(79);
    let told = "SCJ2003 Secret shop/sc-a-secret: somebody else created it in this very moment, and what this run had added to it could not be taken out again (HTTP 403 Forbidden). Remedy: ";
    assert!(ended.last_line().contains(told), "{}", ended.stderr);
}

#[tokio::test]
async fn a_kubeconfig_that_cannot_be_parsed_is_told_without_the_token_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let job = job("http://127.0.0.1:1", folder.path(), 3);
    let broken = format!("apiVersion: v1\nkind: Config\nusers:\n- name: u\n  user:\n   token: {CANARY}\n  other\n");
    std::fs::write(folder.path().join("kubeconfig"), broken).unwrap();
    let ended = in_background(job).await.expect(70);
    assert!(
        ended.last_line().contains("SCJ5001 no way to the API server: the kubeconfig is not valid YAML"),
        "{}",
        ended.stderr
    );
}
