//! Namespaces of one sequence on the API server, and Helm's part in it: the objects that the chart brings.

use std::path::{Path, PathBuf};
use std::process::Command;

use k8s_openapi::NamespaceResourceScope;
use k8s_openapi::api::coordination::v1::Lease;
use k8s_openapi::api::core::v1::{ConfigMap, Namespace};
use kube::api::{DeleteParams, ObjectMeta, Patch, PatchParams, PostParams};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Api, Client, Config, Resource};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::identity::Id;
use super::step::Tampering;
use super::values::Values;
use crate::common::api_server::ApiServer;
use crate::common::sc_job;

/// The ConfigMap that the chart brings, and the one of the inventory: there are never more objects than one can hold.
pub const ANCHOR: &str = "sc-connections";
pub const INVENTORY: &str = "sc-connections-0";

/// Where the inventory keeps its lines.
pub const KEY: &str = "objects";

/// The cluster of one sequence: `PREFIXsc-system` for the release, and two namespaces for its connections.
pub struct Place {
    pub client: Client,
    pub prefix: String,
    kubeconfig: PathBuf,
    input: tempfile::NamedTempFile,
    installed: bool,
}

pub async fn client(server: &ApiServer) -> Client {
    let kubeconfig = Kubeconfig::read_from(server.file("kubeconfig")).unwrap();
    let config = Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await.unwrap();
    Client::try_from(config).unwrap()
}

impl Place {
    pub async fn new(server: &ApiServer, client: Client, number: usize) -> Self {
        let prefix = format!("m{number}-");
        let namespaces: Api<Namespace> = Api::all(client.clone());
        for name in ["sc-system", "shop", "warehouse"] {
            let metadata = ObjectMeta { name: Some(format!("{prefix}{name}")), ..ObjectMeta::default() };
            let namespace = Namespace { metadata, ..Namespace::default() };
            namespaces.create(&PostParams::default(), &namespace).await.unwrap();
        }
        let input = tempfile::NamedTempFile::with_suffix(".json").unwrap();
        Self { client, prefix, kubeconfig: server.file("kubeconfig"), input, installed: false }
    }

    pub fn system(&self) -> String {
        format!("{}sc-system", self.prefix)
    }

    fn in_system<K>(&self) -> Api<K>
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()>,
    {
        Api::namespaced(self.client.clone(), &self.system())
    }

    /// The file of the values.
    pub fn input(&self) -> &Path {
        self.input.path()
    }

    /// Makes what the chart brings; false if it was there already.
    pub async fn install(&mut self) -> bool {
        if std::mem::replace(&mut self.installed, true) {
            return false;
        }
        self.make::<Lease>("sc-job").await;
        self.make::<ConfigMap>(ANCHOR).await;
        true
    }

    /// Writes the values.
    pub fn write(&self, values: &Values) {
        std::fs::write(self.input.path(), values.json(&self.prefix).to_string()).unwrap();
    }

    async fn make<K>(&self, name: &str)
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()> + Clone + std::fmt::Debug,
        K: Serialize + DeserializeOwned,
    {
        let (api_version, kind) = (K::api_version(&()), K::kind(&()));
        let object = json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": name}});
        let helm = PostParams { field_manager: Some("helm".to_owned()), ..PostParams::default() };
        self.in_system::<K>().create(&helm, &serde_json::from_value(object).unwrap()).await.unwrap();
    }

    /// What Helm deletes, and what the garbage collector takes with it.
    pub async fn uninstall(&mut self) {
        self.installed = false;
        for name in [ANCHOR, INVENTORY] {
            ignore_missing(self.in_system::<ConfigMap>().delete(name, &DeleteParams::default()).await.map(drop));
        }
        ignore_missing(self.in_system::<Lease>().delete("sc-job", &DeleteParams::default()).await.map(drop));
    }

    /// Does something to the inventory; `uid` is that of the object that a record is about.
    pub async fn tamper(&self, tampering: &Tampering, uid: impl FnOnce(Id) -> Option<String>) {
        let maps = self.in_system::<ConfigMap>();
        let lines = match tampering {
            Tampering::Delete => {
                return ignore_missing(maps.delete(INVENTORY, &DeleteParams::default()).await.map(drop));
            }
            Tampering::Garbage => "somebody was here\n{}\n- kind: Secret\n\
                 {\"kind\":\"Node\",\"namespace\":\"shop\",\"name\":\"n\",\"connections\":[\"a\"]}\n"
                .to_owned(),
            Tampering::Record { id, connection, adopted } => {
                let mut line = json!({
                    "kind": id.kind.as_str(), "namespace": format!("{}{}", self.prefix, id.namespace.as_str()),
                    "name": id.name, "adopted": adopted, "connections": [connection],
                });
                if let Some(uid) = uid(*id) {
                    line["uid"] = uid.into();
                }
                format!("{line}\n")
            }
        };
        let Some(map) = maps.get_opt(INVENTORY).await.unwrap() else {
            let map = json!({"metadata": {"name": INVENTORY}, "data": {KEY: lines}});
            maps.create(&PostParams::default(), &serde_json::from_value(map).unwrap()).await.unwrap();
            return;
        };
        let before = map.data.unwrap_or_default().remove(KEY).unwrap_or_default();
        let edit = PatchParams { field_manager: Some("kubectl-edit".to_owned()), ..PatchParams::default() };
        let patch: Value = json!({"data": {KEY: format!("{before}{lines}")}});
        maps.patch(INVENTORY, &edit, &Patch::Merge(patch)).await.unwrap();
    }

    /// The binary, with a person's rights.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = sc_job(args);
        command.env("KUBECONFIG", &self.kubeconfig);
        command
    }
}

fn ignore_missing(done: kube::Result<()>) {
    match done {
        Err(kube::Error::Api(status)) if status.is_not_found() => {}
        done => done.unwrap(),
    }
}
