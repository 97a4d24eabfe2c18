//! What a real API server does not do on demand: refuse for a while, hang,
//! vanish. The server here is a fake, and only for that.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod common;

mod fake_api {
    mod outage;
    mod webhooks;
}

use std::process::Command;

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

/// A server on which the namespace is there, the Secret does not exist yet, and every apply succeeds.
async fn willing() -> MockServer {
    let server = MockServer::start().await;
    let gone = json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 404, "reason": "NotFound", "message": "not found"});
    Mock::given(method("GET"))
        .and(path(SECRET))
        .respond_with(ResponseTemplate::new(404).set_body_json(gone))
        .with_priority(9)
        .mount(&server)
        .await;
    Mock::given(method("GET"))
        .and(path("/api/v1/namespaces/shop"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"metadata": {"name": "shop"}})))
        .with_priority(9)
        .mount(&server)
        .await;
    let all = json!([{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}]);
    let review = json!({"status": {"resourceRules": all, "nonResourceRules": [], "incomplete": false}});
    Mock::given(method("POST"))
        .and(path("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"))
        .respond_with(ResponseTemplate::new(201).set_body_json(review))
        .with_priority(9)
        .mount(&server)
        .await;
    Mock::given(method("POST"))
        .and(path("/api/v1/namespaces/sc-system/events"))
        .respond_with(ResponseTemplate::new(201).set_body_json(json!({})))
        .with_priority(9)
        .mount(&server)
        .await;
    for at in [SECRET, SUMMARY] {
        let made = ResponseTemplate::new(201).set_body_json(json!({"metadata": {"uid": "u", "resourceVersion": "1"}}));
        Mock::given(method("PATCH")).and(path(at)).respond_with(made).with_priority(9).mount(&server).await;
    }
    server
}
