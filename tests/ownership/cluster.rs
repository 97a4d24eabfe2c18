//! The API server of all cells, and the ways in which others than sc-job write to it.

use http::Request;
use kube::config::{KubeConfigOptions, Kubeconfig};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::common::api_server::ApiServer;
use crate::common::text;

/// An API server without controllers: nothing but the cells themselves changes an object.
pub struct Cluster {
    pub server: ApiServer,
    runtime: Runtime,
    client: kube::Client,
}

/// Bodies of a PATCH, and how they are told from each other.
#[derive(Clone, Copy)]
pub enum Form {
    Merge,
    Json,
    Apply,
}

impl Form {
    fn content_type(self) -> &'static str {
        match self {
            Self::Merge => "application/merge-patch+json",
            Self::Json => "application/json-patch+json",
            Self::Apply => "application/apply-patch+yaml",
        }
    }
}

impl Cluster {
    pub fn start() -> Self {
        let server = ApiServer::start("ownership");
        let runtime = Runtime::new().unwrap();
        let client = runtime.block_on(async {
            let kubeconfig = Kubeconfig::read_from(server.file("kubeconfig")).unwrap();
            let options = KubeConfigOptions::default();
            kube::Client::try_from(kube::Config::from_custom_kubeconfig(kubeconfig, &options).await.unwrap()).unwrap()
        });
        let cluster = Self { server, runtime, client };
        let crd: Value = serde_yaml::from_str(&text("tests/data/secretproviderclasses.crd.yaml")).unwrap();
        cluster.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", &crd);
        let established = "--for=condition=Established";
        let name = format!("crd/{}", crd["metadata"]["name"].as_str().unwrap());
        cluster.server.exec(&["kubectl", "wait", established, &name, "--timeout=60s"]).expect(0);
        cluster
    }

    /// An object, or `None`.
    pub fn get(&self, path: &str) -> Option<Value> {
        match self.send("GET", path, None) {
            Err(kube::Error::Api(status)) if status.is_not_found() => None,
            found => Some(found.unwrap()),
        }
    }

    pub fn create(&self, collection: &str, object: &Value) {
        self.send("POST", collection, Some(("application/json", object))).unwrap();
    }

    pub fn replace(&self, path: &str, object: &Value) {
        self.send("PUT", path, Some(("application/json", object))).unwrap();
    }

    pub fn patch(&self, path: &str, form: Form, body: &Value) {
        self.send("PATCH", path, Some((form.content_type(), body))).unwrap();
    }

    /// Deletes an object, if it is there.
    pub fn delete(&self, path: &str) {
        match self.send("DELETE", path, None) {
            Err(kube::Error::Api(status)) if status.is_not_found() => {}
            deleted => drop(deleted.unwrap()),
        }
    }

    fn send(&self, method: &str, path: &str, body: Option<(&str, &Value)>) -> Result<Value, kube::Error> {
        let (form, bytes) =
            body.map_or(("application/json", Vec::new()), |(form, body)| (form, body.to_string().into()));
        let request = Request::builder().method(method).uri(path).header("Content-Type", form).body(bytes).unwrap();
        self.runtime.block_on(self.client.request(request))
    }
}
