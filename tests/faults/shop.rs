//! The connections of one scenario, in namespaces of their own, and what must be true of their objects.

use std::collections::BTreeMap;
use std::fmt::Debug;

use k8s_openapi::NamespaceResourceScope;
use k8s_openapi::api::coordination::v1::Lease;
use k8s_openapi::api::core::v1::{ConfigMap, Event, Namespace, Secret, ServiceAccount};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::api::{ListParams, PostParams};
use kube::{Api, Resource, ResourceExt as _};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::common::api_server::ApiServer;
use crate::common::{CANARY, Outcome, assert_no_canary};
use crate::proxy::Proxy;
use crate::proxy::fault::{Asked, Fault};
use crate::proxy::job::Job;
use crate::proxy::upstream::Upstream;

/// Connections of each scenario: the Secrets `sc-c00-secret` to `sc-c29-secret`.
pub const CONNECTIONS: usize = 30;

/// The connections from this one on share an identity, and so a ServiceAccount.
const WITH_IDENTITY: usize = 28;
const IDENTITY: &str = "0a0b0c0d-0000-4000-8000-000000000001";

/// The API server of all scenarios but one.
fn server() -> &'static ApiServer {
    ApiServer::shared("faults")
}

/// The namespaces `NAME` for the connections and `NAME-system` for the release.
pub struct Shop {
    pub name: String,
    folder: tempfile::TempDir,
    client: kube::Client,
}

impl Shop {
    pub async fn open(name: &str) -> Self {
        let client = Upstream::to(server()).await.client();
        let namespaces: Api<Namespace> = Api::all(client.clone());
        for name in [name.to_owned(), format!("{name}-system")] {
            let metadata = ObjectMeta { name: Some(name), ..ObjectMeta::default() };
            let namespace = Namespace { metadata, ..Namespace::default() };
            namespaces.create(&PostParams::default(), &namespace).await.unwrap();
        }
        // what the chart makes
        let system = format!("{name}-system");
        let named = |name: &str| ObjectMeta { name: Some(name.to_owned()), ..ObjectMeta::default() };
        let lease = Lease { metadata: named("sc-job"), ..Lease::default() };
        Api::namespaced(client.clone(), &system).create(&PostParams::default(), &lease).await.unwrap();
        let summary = ConfigMap { metadata: named("sc-connections"), ..ConfigMap::default() };
        Api::namespaced(client.clone(), &system).create(&PostParams::default(), &summary).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let connections: BTreeMap<_, _> = (0..CONNECTIONS).map(|n| (format!("c{n:02}"), connection(name, n))).collect();
        std::fs::write(folder.path().join("in.json"), json!({"connections": connections}).to_string()).unwrap();
        Self { name: name.to_owned(), folder, client }
    }

    /// A proxy before the API server.
    pub async fn proxy(&self, script: impl Fn(&Asked) -> Fault + Send + Sync + 'static) -> Proxy {
        Proxy::before(server(), script).await
    }

    /// The job, which reaches the API server through a proxy.
    pub fn job(&self, proxy: &Proxy) -> Job {
        self.undisturbed().through(proxy)
    }

    fn undisturbed(&self) -> Job {
        let command = server().job(&self.folder.path().join("in.json"));
        Job::of(command, self.folder.path()).env("SC_JOB_NAMESPACE", &format!("{}-system", self.name))
    }

    /// The Secrets that are there.
    pub async fn secrets(&self) -> BTreeMap<String, Secret> {
        self.all(&self.name).await
    }

    /// All is there, right, ours, and nothing else; and nothing that a person may read shows a value.
    pub async fn assert_complete(&self) {
        let secrets = self.secrets().await;
        assert_eq!(secrets.len(), CONNECTIONS, "{:?}", secrets.keys());
        self.assert_right(&secrets);
        let accounts: BTreeMap<_, ServiceAccount> = self.all(&self.name).await;
        assert_eq!(accounts.keys().collect::<Vec<_>>(), [&format!("sc-account-{IDENTITY}")]);
        self.assert_ours(&accounts);
        let others: BTreeMap<_, ConfigMap> = self.all(&self.name).await;
        assert_eq!(others, BTreeMap::new());
        let summaries: BTreeMap<_, ConfigMap> = self.all(&format!("{}-system", self.name)).await;
        assert_eq!(summaries.keys().collect::<Vec<_>>(), ["sc-connections", "sc-connections-0"]);
        let summary = summaries["sc-connections"].data.as_ref().unwrap();
        assert_eq!(summary["_summary"], format!("{CONNECTIONS} of {CONNECTIONS} connections ready"));
        self.assert_records_no_value().await;
    }

    /// The log of a run that was cut off after ten connections tells each of these, and the others as not finished.
    pub fn assert_ten_are_told_as_done_and_the_rest_as_left(&self, ended: &Outcome) {
        for n in 0..10 {
            let told = format!(" INFO connection c{n:02}: created Secret {}/sc-c{n:02}-secret (PASSWORD)\n", self.name);
            assert!(ended.stderr.contains(&told), "no {told} in {}", ended.stderr);
        }
        assert!(ended.stderr.contains(" WARN not finished: c10, c11"), "{}", ended.stderr);
    }

    /// What is there after a run through `proxy` is right, and all that the run has `said` to be; the next run,
    /// undisturbed, leaves it as it is and makes the rest.
    pub async fn assert_nothing_is_lost(&self, proxy: &Proxy, said: &Outcome) {
        proxy.end().await;
        let before = self.secrets().await;
        self.assert_right(&before);
        let created = format!("created Secret {}/", self.name);
        for name in said.stderr.split(&created).skip(1).filter_map(|rest| rest.split(' ').next()) {
            assert!(before.contains_key(name), "{name} is said to be there");
        }
        let accounts: BTreeMap<_, ServiceAccount> = self.all(&self.name).await;
        self.assert_records_no_value().await;

        let again = self.undisturbed().within(120).run().await.expect(0);
        let told = again.last_line();
        assert!(told.contains(": 30 of 30 connections ready; objects: "), "{told}");
        let kept = before.len() + accounts.len();
        for (count, word) in [(kept, "unchanged"), (CONNECTIONS + 1 - kept, "created")] {
            assert!(count == 0 || told.contains(&format!(" {count} {word}")), "{count} {word}: {told}");
        }
        let after = self.secrets().await;
        for (name, secret) in &before {
            assert_eq!(after[name].metadata, secret.metadata);
        }
        self.assert_complete().await;
    }

    fn assert_right(&self, secrets: &BTreeMap<String, Secret>) {
        let wanted: BTreeMap<_, _> =
            (0..CONNECTIONS).map(|n| (format!("sc-c{n:02}-secret"), entries(&self.name, n))).collect();
        for (name, secret) in secrets {
            let entries = secret.data.clone().unwrap_or_default();
            let entries: BTreeMap<_, _> =
                entries.into_iter().map(|(key, value)| (key, String::from_utf8(value.0).unwrap())).collect();
            assert_eq!(Some(&entries), wanted.get(name), "{name}");
            assert_eq!(secret.type_.as_deref(), Some("Opaque"));
        }
        self.assert_ours(secrets);
    }

    /// One manager, which has applied it.
    fn assert_ours<K: Resource + Debug>(&self, objects: &BTreeMap<String, K>) {
        let manager = format!("sc-job:{}-system:sc-extension", self.name);
        for (name, object) in objects {
            let managers: Vec<_> = object
                .managed_fields()
                .iter()
                .map(|entry| (entry.manager.as_deref().unwrap(), entry.operation.as_deref().unwrap()))
                .collect();
            assert_eq!(managers, [(manager.as_str(), "Apply")], "{name}");
        }
    }

    async fn assert_records_no_value(&self) {
        let system = format!("{}-system", self.name);
        let summaries: BTreeMap<_, ConfigMap> = self.all(&system).await;
        let events: BTreeMap<_, Event> = self.all(&system).await;
        assert_no_canary("a ConfigMap", &serde_json::to_string(&summaries).unwrap());
        assert_no_canary("an Event", &serde_json::to_string(&events).unwrap());
    }

    async fn all<K>(&self, namespace: &str) -> BTreeMap<String, K>
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()> + Clone + Debug + Serialize + DeserializeOwned,
    {
        let found = Api::<K>::namespaced(self.client.clone(), namespace).list(&ListParams::default()).await.unwrap();
        found.into_iter().map(|object| (object.name_any(), object)).collect()
    }
}

fn password(namespace: &str, n: usize) -> String {
    format!("{CANARY}-{namespace}-{n}")
}

fn connection(namespace: &str, n: usize) -> Value {
    let mut connection = json!({"namespace": namespace, "data": {"PASSWORD": password(namespace, n)}});
    if n >= WITH_IDENTITY {
        connection["target"] = "storage-blob".into();
        connection["clientType"] = "python".into();
        connection["auth"] = "workload-identity".into();
        connection["parameters"] = json!({"account": "mystorage", "clientId": IDENTITY});
    }
    connection
}

fn entries(namespace: &str, n: usize) -> BTreeMap<String, String> {
    let mut entries = BTreeMap::from([("PASSWORD".to_owned(), password(namespace, n))]);
    if n >= WITH_IDENTITY {
        let endpoint = "https://mystorage.blob.core.windows.net/";
        entries.insert("AZURE_STORAGEBLOB_RESOURCEENDPOINT".to_owned(), endpoint.to_owned());
        entries.insert("AZURE_STORAGEBLOB_CLIENTID".to_owned(), IDENTITY.to_owned());
    }
    entries
}
