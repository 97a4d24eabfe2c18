//! A fake API server, for what a real one does not do on demand.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use wiremock::matchers::{method, path_regex};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{Outcome, run, sc_job};

pub const SECRET: &str = "/api/v1/namespaces/shop/secrets/sc-a-secret";
pub const SUMMARY: &str = "/api/v1/namespaces/sc-system/configmaps/sc-connections";
pub const REVIEW: &str = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";

/// A job over `connections` that is pointed at `server`, with a deadline in seconds. Its files are in `folder`.
pub fn job_over(connections: &Value, server: &str, folder: &Path, deadline: u32) -> Command {
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

pub async fn in_background(mut job: Command) -> Outcome {
    tokio::task::spawn_blocking(move || run(&mut job, None)).await.unwrap()
}

/// A server on which every namespace is there, no Secret exists yet, every right is given, and every write succeeds.
pub async fn willing() -> MockServer {
    let server = MockServer::start().await;
    let all = json!([{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}]);
    let review = json!({"status": {"resourceRules": all, "nonResourceRules": [], "incomplete": false}});
    let made = json!({"metadata": {"uid": "u", "resourceVersion": "1"}});
    for (verb, place, answer) in [
        ("GET", "/secrets/[^/]+$", refusal(404, "NotFound", "not found")),
        ("GET", "/configmaps/sc-connections-", refusal(404, "NotFound", "not found")),
        (
            "GET",
            "/configmaps/sc-connections$",
            ResponseTemplate::new(200).set_body_json(json!({"metadata": {"uid": "c"}})),
        ),
        (
            "GET",
            "/leases/sc-job$",
            ResponseTemplate::new(200).set_body_json(json!({"metadata": {"resourceVersion": "1"}})),
        ),
        ("GET", "^/api/v1/namespaces/[^/]+$", ResponseTemplate::new(200).set_body_json(json!({"metadata": {}}))),
        ("POST", REVIEW, ResponseTemplate::new(201).set_body_json(review)),
        ("POST", "/events$", ResponseTemplate::new(201).set_body_json(json!({}))),
        ("PATCH", "/(secrets|configmaps|leases)/[^/]+$", ResponseTemplate::new(201).set_body_json(made)),
    ] {
        Mock::given(method(verb)).and(path_regex(place)).respond_with(answer).with_priority(9).mount(&server).await;
    }
    server
}

/// An answer with a Status, as the API server refuses.
pub fn refusal(code: u16, reason: &str, message: &str) -> ResponseTemplate {
    ResponseTemplate::new(code).set_body_json(json!({
        "kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "reason": reason, "message": message,
    }))
}
