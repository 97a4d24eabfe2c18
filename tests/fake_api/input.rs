//! Input that declares nothing, and input of the greatest size, to the end of the run.

use serde_json::{Value, json};

use crate::common::CANARY;
use crate::common::fake_api::{SECRET, SUMMARY, in_background, job_over, willing};

/// What was last applied at a place.
async fn applied(server: &wiremock::MockServer, place: &str) -> Value {
    let requests = server.received_requests().await.unwrap();
    let patch = requests.iter().rfind(|request| request.method.as_str() == "PATCH" && request.url.path() == place);
    patch.unwrap().body_json().unwrap()
}

#[tokio::test]
async fn a_run_over_nothing_succeeds_and_says_that_nothing_is_declared() {
    for text in ["", "# nothing\n", "{}", "connections:", "connections: {}", "connections: {a: null}", "null"] {
        let server = willing().await;
        let folder = tempfile::tempdir().unwrap();
        let job = job_over(&json!({}), &server.uri(), folder.path(), 20);
        std::fs::write(folder.path().join("in.json"), text).unwrap();
        let done = in_background(job).await.expect(0);
        assert!(done.last_line().ends_with(" s: no connection is declared"), "{text}: {}", done.stderr);
        assert_eq!(applied(&server, SUMMARY).await["data"], json!({"_summary": "0 of 0 connections ready"}), "{text}");
    }
}

#[tokio::test]
async fn five_mebibytes_of_connections_are_read_and_the_enabled_one_is_made() {
    let server = willing().await;
    let long = format!("{CANARY}{}", "x".repeat(200));
    let connection =
        |n: u32| (format!("c{n:05}"), json!({"namespace": "shop", "enabled": false, "data": {"KEY": long}}));
    let mut connections: serde_json::Map<_, _> = (0..20_000).map(connection).collect();
    connections.insert("a".to_owned(), json!({"namespace": "shop", "data": {"KEY": CANARY}}));
    let folder = tempfile::tempdir().unwrap();
    let job = job_over(&connections.into(), &server.uri(), folder.path(), 60);
    let done = in_background(job).await.expect(0);
    assert!(done.last_line().ends_with(" s: 1 of 1 connections ready; objects: 1 created"), "{}", done.stderr);
}

#[tokio::test]
async fn a_value_as_long_as_a_secret_may_be_arrives_whole() {
    use base64::Engine as _;
    let server = willing().await;
    let folder = tempfile::tempdir().unwrap();
    let value = format!("{CANARY}{}", "x".repeat(1_000_000));
    let connections = json!({"a": {"namespace": "shop", "data": {"KEY": value}}});
    in_background(job_over(&connections, &server.uri(), folder.path(), 20)).await.expect(0);
    let encoded = base64::engine::general_purpose::STANDARD.encode(&value);
    assert_eq!(applied(&server, SECRET).await["data"]["KEY"], encoded);
}
