//! What the tests themselves ask of the API server. kubectl takes a tenth of a
//! second of a processor to start, and they ask some thousand times.

use std::sync::{LazyLock, mpsc};
use std::time::Duration;

use http::{Method, Request};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap());

/// Whoever the kubeconfig names, as with kubectl.
static CLIENT: LazyLock<Result<kube::Client, String>> = LazyLock::new(|| {
    wait(async {
        let mut config = kube::Config::infer().await.map_err(|error| error.to_string())?;
        config.read_timeout = Some(PATIENCE);
        kube::Client::try_from(config).map_err(|error| error.to_string())
    })
});

/// An API server that has not answered after this time hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// Also for a thread that has a runtime of its own, which must not block in another one.
fn wait<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> T {
    let (tell, told) = mpsc::channel();
    RUNTIME.spawn(async move { tell.send(future.await) });
    told.recv().expect("the task has ended without a result")
}

/// What is answered; `None` if the object is not there.
fn ask(method: Method, path: &str, body: &Value) -> Result<Option<Value>, String> {
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    let (client, request) = (CLIENT.clone()?, request.body(body).unwrap());
    match wait(async move { client.request(request).await }) {
        Ok(answer) => Ok(Some(answer)),
        // Of a path that it does not know at all the API server says so in plain text, which names no object.
        Err(kube::Error::Api(status)) if status.is_not_found() && status.details.is_some() => Ok(None),
        Err(error) => Err(format!("{path}: {error}")),
    }
}

/// Creates an object, as kubectl does.
pub fn create(namespace: &str, kind: &str, object: &Value) {
    let path = format!("{}?fieldManager=kubectl-create", collection(namespace, kind));
    assert!(ask(Method::POST, &path, object).unwrap().is_some(), "{path}: its namespace is not there");
}

/// An object, or `None`.
pub fn get(namespace: &str, kind: &str, name: &str) -> Option<Value> {
    ask(Method::GET, &format!("{}/{name}", collection(namespace, kind)), &Value::Null).unwrap()
}

/// All objects of a kind in a namespace.
pub fn list(namespace: &str, kind: &str) -> Value {
    ask(Method::GET, &collection(namespace, kind), &Value::Null).unwrap().expect("no such collection")
}

/// Sends for the end of an object, whether it is there or not, and does not wait for it.
pub fn delete(namespace: &str, kind: &str, name: &str) {
    // A test that has failed is told of by what it says itself.
    let _ = ask(Method::DELETE, &format!("{}/{name}", collection(namespace, kind)), &Value::Null);
}

/// The path of all objects of a kind, in a namespace if they have one.
fn collection(namespace: &str, kind: &str) -> String {
    let kind = kind.to_ascii_lowercase();
    let (group, is_namespaced) = match kind.as_str() {
        "namespace" => ("api/v1", false),
        "configmap" | "event" | "pod" | "resourcequota" | "secret" | "serviceaccount" => ("api/v1", true),
        "job" | "cronjob" => ("apis/batch/v1", true),
        "lease" => ("apis/coordination.k8s.io/v1", true),
        "role" | "rolebinding" => ("apis/rbac.authorization.k8s.io/v1", true),
        "clusterrole" | "clusterrolebinding" => ("apis/rbac.authorization.k8s.io/v1", false),
        "secretproviderclass" => ("apis/secrets-store.csi.x-k8s.io/v1", true),
        "validatingadmissionpolicy" | "validatingadmissionpolicybinding" => {
            ("apis/admissionregistration.k8s.io/v1", false)
        }
        _ => panic!("no path is known for the kind {kind}"),
    };
    let plural = match kind.as_str() {
        "secretproviderclass" => "secretproviderclasses".to_owned(),
        "validatingadmissionpolicy" => "validatingadmissionpolicies".to_owned(),
        kind => format!("{kind}s"),
    };
    if is_namespaced { format!("/{group}/namespaces/{namespace}/{plural}") } else { format!("/{group}/{plural}") }
}
