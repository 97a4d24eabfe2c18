//! A release in namespaces of its own, with what the chart makes in them, as one
//! that is installed beside many others on one API server.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use http::{Method, Request};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::Proxy;
use super::fault::{Asked, Fault};
use super::job::Job;
use crate::common::api_server::ApiServer;
use crate::common::operation::encoded;
use crate::common::{Outcome, run, sc_job};

/// Where the Lease is, and what the chart makes beside it.
pub const LEASE: &str = "/apis/coordination.k8s.io/v1/namespaces/SYSTEM/leases/sc-job";
pub const ANCHOR: &str = "/api/v1/namespaces/SYSTEM/configmaps/sc-connections";

/// The namespaces `NAME-system` for the release, and `NAME-shop` and `NAME-depot` for its connections. In paths and values
/// they are called SYSTEM, SHOP and DEPOT.
pub struct Release {
    pub name: String,
    server: &'static ApiServer,
    client: kube::Client,
    folder: tempfile::TempDir,
    files: AtomicU32,
}

impl Release {
    pub async fn open(server: &'static ApiServer, client: kube::Client, name: String) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let release = Self { name, server, client, folder, files: AtomicU32::default() };
        for name in ["SYSTEM", "SHOP", "DEPOT"] {
            release.create("/api/v1/namespaces", "kubectl-create", &json!({"metadata": {"name": name}})).await;
        }
        for path in [LEASE, ANCHOR] {
            let (collection, name) = path.rsplit_once('/').unwrap();
            let labels = json!({"app.kubernetes.io/managed-by": "Helm"});
            release.create(collection, "helm", &json!({"metadata": {"name": name, "labels": labels}})).await;
        }
        release
    }

    /// `text` with the namespaces of this release.
    pub fn fill(&self, text: &str) -> String {
        [("SYSTEM", "system"), ("SHOP", "shop"), ("DEPOT", "depot")]
            .into_iter()
            .fold(text.to_owned(), |text, (word, name)| text.replace(word, &format!("{}-{name}", self.name)))
    }

    /// What the chart hands to its Job: the input in a file, whose checksum `helm upgrade` has written to the cluster. The
    /// `resources` of an operation are encoded once the namespaces in them are known.
    pub async fn upgrade(&self, values: &Value) -> PathBuf {
        let path = self.folder.path().join(format!("{}.json", self.number()));
        let mut values: Value = serde_json::from_str(&self.fill(&values.to_string())).unwrap();
        if let Some(resources) = values.get_mut("resources") {
            *resources = encoded(&resources.to_string()).into();
        }
        let text = values.to_string();
        std::fs::write(&path, &text).unwrap();
        let annotations = json!({"sc-extension/input-sha256": format!("{:x}", Sha256::digest(text))});
        self.edit(ANCHOR, "helm", &json!({"metadata": {"annotations": annotations}})).await;
        path
    }

    /// The job over an input.
    pub fn job(&self, input: &Path) -> Job {
        let folder = self.folder.path().join(format!("job-{}", self.number()));
        std::fs::create_dir(&folder).unwrap();
        Job::of(self.server.job(input), &folder)
            .env("SC_JOB_NAMESPACE", &self.fill("SYSTEM"))
            .env("SC_JOB_LOG_LEVEL", "info")
    }

    /// For files that are not to be the same.
    fn number(&self) -> u32 {
        self.files.fetch_add(1, Ordering::Relaxed)
    }

    /// What `sc-job plan` says, as JSON.
    pub async fn plan(&self, input: &Path) -> Outcome {
        let mut plan: Command = sc_job(&["plan", "-o", "json", "-n", &self.fill("SYSTEM"), "-f"]);
        plan.arg(input).env("KUBECONFIG", self.server.file("kubeconfig"));
        tokio::task::spawn_blocking(move || run(&mut plan, None)).await.unwrap()
    }

    /// A proxy before the API server.
    pub async fn proxy(&self, script: impl Fn(&Asked) -> Fault + Send + Sync + 'static) -> Proxy {
        Proxy::before(self.server, script).await
    }

    /// Gives back what a killed run has left of its Lease, so that nobody has to wait for the end of its term.
    pub async fn give_lease_back(&self) {
        self.edit(LEASE, "time", &json!({"spec": null})).await;
    }

    pub async fn get(&self, path: &str) -> Value {
        self.ask(Method::GET, path, "application/json", &Value::Null).await
    }

    /// Everything of a kind in a namespace.
    pub async fn list(&self, collection: &str) -> Vec<Value> {
        let Value::Array(items) = self.get(collection).await["items"].take() else { panic!("{collection}: no list") };
        items
    }

    /// The version of every object of the release and its connections: it changes with every byte.
    pub async fn versions(&self) -> BTreeMap<String, String> {
        let mut all = vec![("lease".to_owned(), self.get(LEASE).await)];
        for namespace in ["SYSTEM", "SHOP", "DEPOT"] {
            for plural in ["secrets", "serviceaccounts", "configmaps"] {
                let found = self.list(&format!("/api/v1/namespaces/{namespace}/{plural}")).await;
                all.extend(found.into_iter().map(|object| (format!("{namespace} {plural}"), object)));
            }
        }
        let text = |object: &Value, field: &str| object["metadata"][field].as_str().unwrap().to_owned();
        let version =
            |(place, object)| (format!("{place} {}", text(&object, "name")), text(&object, "resourceVersion"));
        all.into_iter().map(version).collect()
    }

    pub async fn delete(&self, path: &str) {
        self.ask(Method::DELETE, path, "application/json", &Value::Null).await;
    }

    pub async fn create(&self, collection: &str, manager: &str, object: &Value) {
        self.ask(Method::POST, &format!("{collection}?fieldManager={manager}"), "application/json", object).await;
    }

    /// Changes some fields, as `kubectl edit` does.
    pub async fn edit(&self, path: &str, manager: &str, change: &Value) {
        let path = format!("{path}?fieldManager={manager}");
        self.ask(Method::PATCH, &path, "application/merge-patch+json", change).await;
    }

    /// Applies some fields, as `kubectl apply --server-side` does.
    pub async fn apply(&self, path: &str, manager: &str, fields: &Value) {
        let path = format!("{path}?fieldManager={manager}");
        self.ask(Method::PATCH, &path, "application/apply-patch+yaml", fields).await;
    }

    async fn ask(&self, method: Method, path: &str, content: &str, body: &Value) -> Value {
        let body = if body.is_null() { String::new() } else { self.fill(&body.to_string()) };
        let request = Request::builder().method(method).uri(self.fill(path)).header("content-type", content);
        self.client.request(request.body(body.into_bytes()).unwrap()).await.unwrap_or_else(|error| {
            panic!("{path}: {error}");
        })
    }
}
