//! As much of an API server as Helm asks before it installs anything: its
//! version, its resources, its namespaces. No object exists on it.

use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::rendering::REGISTRY;
use crate::common::kubernetes::Helm;
use crate::common::{Outcome, file, run_unchecked};

const RBAC: &str = "rbac.authorization.k8s.io/v1";
const COORDINATION: &str = "coordination.k8s.io/v1";
const ADMISSION: &str = "admissionregistration.k8s.io/v1";

/// Namespaces of a server, each with its phase.
pub type Namespaces<'a> = &'a [(&'a str, &'a str)];

/// A server with these namespaces, or one that lets nobody see them.
async fn start(namespaces: Option<Namespaces<'_>>) -> MockServer {
    let server = MockServer::start().await;
    let absent = json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404});
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(404).set_body_json(absent))
        .with_priority(9)
        .mount(&server)
        .await;
    let namespace = |(name, phase): &(&str, &str)| json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}, "status": {"phase": phase}});
    let listed: Vec<_> = namespaces.unwrap_or_default().iter().map(namespace).collect();
    for (verb, at) in [("list", "/api/v1/namespaces"), ("get", "/api/v1/namespaces/default")] {
        if namespaces.is_some() {
            break;
        }
        let message = format!(
            "namespaces is forbidden: User \"installer\" cannot {verb} resource \"namespaces\" in API group \"\" at the cluster scope"
        );
        let forbidden = json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Forbidden", "message": message, "code": 403});
        let answer = ResponseTemplate::new(403).set_body_json(forbidden);
        Mock::given(method("GET")).and(path(at)).respond_with(answer).with_priority(1).mount(&server).await;
    }
    for item in &listed {
        let answer = ResponseTemplate::new(200).set_body_json(item);
        let at = format!("/api/v1/namespaces/{}", item["metadata"]["name"].as_str().unwrap());
        Mock::given(method("GET")).and(path(at)).respond_with(answer).mount(&server).await;
    }
    for (at, answer) in [
        ("/version", json!({"major": "1", "minor": "35", "gitVersion": "v1.35.0"})),
        ("/api", json!({"kind": "APIVersions", "versions": ["v1"]})),
        (
            "/apis",
            json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": [group("batch/v1"), group(RBAC), group(COORDINATION), group(ADMISSION)]}),
        ),
        ("/api/v1", resources("v1", &["Namespace", "Secret", "ConfigMap", "ServiceAccount"])),
        ("/apis/batch/v1", resources("batch/v1", &["Job", "CronJob"])),
        (
            "/apis/admissionregistration.k8s.io/v1",
            resources(ADMISSION, &["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"]),
        ),
        ("/apis/coordination.k8s.io/v1", resources(COORDINATION, &["Lease"])),
        (
            "/apis/rbac.authorization.k8s.io/v1",
            resources(RBAC, &["Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"]),
        ),
        ("/api/v1/namespaces", json!({"kind": "NamespaceList", "apiVersion": "v1", "metadata": {}, "items": listed})),
    ] {
        let answer = ResponseTemplate::new(200).set_body_json(answer);
        Mock::given(method("GET")).and(path(at)).respond_with(answer).mount(&server).await;
    }
    server
}

fn group(version: &str) -> Value {
    let version = json!({"groupVersion": version, "version": "v1"});
    let name = version["groupVersion"].as_str().unwrap().trim_end_matches("/v1").to_owned();
    json!({"name": name, "versions": [version], "preferredVersion": version})
}

fn resources(version: &str, kinds: &[&str]) -> Value {
    let resource = |kind: &&str| {
        let namespaced = *kind != "Namespace" && !kind.starts_with("Cluster") && version != ADMISSION;
        let plural = kind.strip_suffix('y').map_or_else(|| format!("{kind}s"), |stem| format!("{stem}ies"));
        json!({"name": plural.to_lowercase(), "singularName": "", "namespaced": namespaced, "kind": kind, "verbs": ["get", "list"]})
    };
    json!({"kind": "APIResourceList", "groupVersion": version, "resources": kinds.iter().map(resource).collect::<Value>()})
}

/// `helm COMMAND sc-extension chart …` against such a server, and how often its namespaces were listed.
pub fn helm_with(
    helm: &Helm,
    command: &str,
    namespaces: Option<Namespaces<'_>>,
    values: &str,
    args: &[&str],
) -> (Outcome, usize) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let cache = tempfile::tempdir().unwrap();
    runtime.block_on(async {
        let server = start(namespaces).await;
        let mut command =
            helm.command(&[command, "sc-extension", "--namespace", "sc-system", "--values", "-", "--set", REGISTRY]);
        command.args(["--disable-openapi-validation", "--kube-apiserver", &server.uri()]).args(args).arg(file("chart"));
        command.env("KUBECONFIG", "/dev/null").env("KUBECACHEDIR", cache.path());
        let values = values.to_owned();
        let outcome = tokio::task::spawn_blocking(move || run_unchecked(&mut command, Some(&values))).await.unwrap();
        let requests = server.received_requests().await.unwrap();
        assert!(requests.iter().all(|request| request.method.as_str() == "GET"), "a dry run writes nothing");
        (outcome, requests.iter().filter(|request| request.url.path() == "/api/v1/namespaces").count())
    })
}
