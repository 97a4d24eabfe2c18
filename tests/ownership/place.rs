//! Where a cell happens: namespaces of its own, and sc-job at work in them.

use std::collections::BTreeMap;
use std::process::Command;

use sc_job::connections::{Declared, Document};
use sc_job::object::{Kind, ObjectId};
use sc_job::release::Release;
use sc_job::resources::{self, Context};
use serde_json::{Value, json};

use super::cluster::{Cluster, Form};
use super::object::Object;
use crate::common::{Outcome, run, sc_job};

/// The namespaces of one cell: of the connections, the one that they move to, the release's, and that of another release.
pub struct Place<'a> {
    cluster: &'a Cluster,
    folder: tempfile::TempDir,
    pub shop: String,
    pub away: String,
    pub system: String,
    pub other: String,
}

impl<'a> Place<'a> {
    /// `number` is the cell's own.
    pub fn new(cluster: &'a Cluster, number: usize) -> Self {
        let [shop, away, system, other] =
            ["shop", "away", "system", "other"].map(|namespace| format!("{namespace}-{number}"));
        let place = Self { cluster, folder: tempfile::tempdir().unwrap(), shop, away, system, other };
        for name in [&place.shop, &place.away, &place.system, &place.other] {
            let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}});
            cluster.create("/api/v1/namespaces", &namespace);
        }
        place
    }

    /// `text` with the namespaces of this place for SHOP, AWAY, SYSTEM and OTHER.
    pub fn fill(&self, text: &str) -> String {
        [("SHOP", &self.shop), ("AWAY", &self.away), ("SYSTEM", &self.system), ("OTHER", &self.other)]
            .into_iter()
            .fold(text.to_owned(), |text, (word, name)| text.replace(word, name))
    }

    pub fn release(&self) -> Release {
        Release { namespace: self.system.clone(), ..Release::default() }
    }

    pub fn get(&self, object: &Object) -> Option<Value> {
        self.cluster.get(&object.path(self))
    }

    /// The objects that `values` declare, as the run applies them.
    pub fn intents(&self, values: &Value) -> BTreeMap<ObjectId, Value> {
        let release = self.release();
        let document = Document::of_chart("values.json".into(), self.fill(&values.to_string()));
        let declared = Declared::check(vec![document], &release).unwrap_or_else(|faults| panic!("{faults:?}"));
        let context = Context { release: &release, cloud: &declared.cloud, references: &BTreeMap::new() };
        let resources = declared.enabled().flat_map(|connection| resources::of(connection, &context).unwrap());
        resources.map(|resource| (resource.id, resource.body)).collect()
    }

    /// The ConfigMap `sc-connections` of the release.
    pub fn summary(&self) -> Option<Value> {
        self.cluster.get(&self.config_map("sc-connections"))
    }

    /// Everything in the namespaces of the connections.
    pub fn objects(&self) -> Vec<String> {
        let kinds = [Kind::Secret, Kind::ServiceAccount, Kind::SecretProviderClass];
        let collections = [&self.shop, &self.away]
            .into_iter()
            .flat_map(|namespace| kinds.into_iter().map(move |kind| ObjectId::new(kind, namespace, "")));
        let names = |collection: ObjectId| {
            let found = self.cluster.get(&collection.collection()).unwrap();
            let items = found["items"].as_array().unwrap().clone();
            items.into_iter().map(move |item| format!("{collection}{}", item["metadata"]["name"].as_str().unwrap()))
        };
        collections.flat_map(names).collect()
    }

    /// Somebody makes an object, as a manager by an update.
    pub fn create(&self, object: &Object, manager: &str, body: &Value) {
        let collection = object.id(self).collection();
        self.cluster.create(&format!("{collection}?fieldManager={manager}"), &self.complete(object, body));
    }

    /// Somebody changes an object, as a manager by an update.
    pub fn edit(&self, object: &Object, manager: &str, body: &Value) {
        self.cluster.patch(&format!("{}?fieldManager={manager}", object.path(self)), Form::Merge, body);
    }

    /// Somebody applies an object, with force.
    pub fn apply(&self, object: &Object, manager: &str, body: &Value) {
        let path = format!("{}?fieldManager={manager}&force=true", object.path(self));
        self.cluster.patch(&path, Form::Apply, &self.complete(object, body));
    }

    /// Somebody takes away all that is known of who manages an object.
    pub fn strip(&self, object: &Object) {
        let patch = json!([{"op": "replace", "path": "/metadata/managedFields", "value": [{}]}]);
        self.cluster.patch(&object.path(self), Form::Json, &patch);
    }

    pub fn delete(&self, object: &Object) {
        self.cluster.delete(&object.path(self));
    }

    /// The namespace goes, as soon as what holds it back is lifted.
    pub fn finalize(&self, namespace: &Object) {
        let mut found = self.get(namespace).unwrap();
        found["spec"]["finalizers"] = json!([]);
        self.cluster.replace(&format!("{}/finalize", namespace.path(self)), &found);
    }

    /// What an uninstall leaves of the release: nothing. With the anchor the inventory goes.
    pub fn forget(&self) {
        for name in ["sc-connections", "sc-connections-0"] {
            self.cluster.delete(&self.config_map(name));
        }
    }

    /// Somebody writes a line into the inventory.
    pub fn claim(&self, object: &Object) {
        let (id, found) = (object.id(self), self.get(object).unwrap());
        let line = json!({
            "kind": id.kind.as_str(), "namespace": id.namespace, "name": id.name, "uid": found["metadata"]["uid"],
            "connections": object.connections,
        });
        let map = json!({
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "sc-connections-0"},
            "data": {"objects": format!("{line}\n")},
        });
        self.cluster.create(&format!("/api/v1/namespaces/{}/configmaps", self.system), &map);
    }

    /// kubectl, with a person's rights.
    pub fn kubectl(&self, words: &[&str], manifest: Option<&Value>) {
        self.kubectl_editing(words, manifest, "false");
    }

    /// kubectl for `kubectl edit`, in which a person uses `editor`.
    pub fn kubectl_editing(&self, words: &[&str], manifest: Option<&Value>, editor: &str) {
        let mut kubectl = Command::new(self.cluster.server.file("bin/kubectl"));
        kubectl.env("KUBECONFIG", self.cluster.server.file("kubeconfig")).env("KUBE_EDITOR", editor);
        let manifest = manifest.map(ToString::to_string);
        run(kubectl.args(words).args(["-n", &self.shop]), manifest.as_deref()).expect(0);
    }

    /// The job over `values`, with what `more` sets in its environment.
    pub fn job(&self, values: &Value, more: &[(&str, &str)]) -> Outcome {
        let mut job = self.sc_job(&[]);
        job.env("SC_JOB_INPUT", self.written(values))
            .env("SC_JOB_NAMESPACE", &self.system)
            .env("SC_JOB_LOG_FORMAT", "json")
            .envs(more.iter().copied());
        run(&mut job, None)
    }

    /// `sc-job plan` over `values`, with what `more` sets in its environment.
    pub fn plan(&self, values: &Value, more: &[(&str, &str)]) -> Outcome {
        let file = self.written(values);
        let mut plan = self.sc_job(&["plan", "-f", file.to_str().unwrap(), "-n", &self.system, "-o", "json"]);
        run(plan.envs(more.iter().copied()), None)
    }

    fn sc_job(&self, words: &[&str]) -> Command {
        let mut job = sc_job(words);
        job.env("KUBECONFIG", self.cluster.server.file("kubeconfig"));
        job
    }

    fn written(&self, values: &Value) -> std::path::PathBuf {
        let file = self.folder.path().join("values.json");
        std::fs::write(&file, self.fill(&values.to_string())).unwrap();
        file
    }

    fn config_map(&self, name: &str) -> String {
        format!("/api/v1/namespaces/{}/configmaps/{name}", self.system)
    }

    /// `body` with what names the object.
    pub fn complete(&self, object: &Object, body: &Value) -> Value {
        let id = object.id(self);
        let mut body = body.clone();
        body["apiVersion"] = id.kind.api_version().into();
        body["kind"] = id.kind.as_str().into();
        body["metadata"]["name"] = id.name.into();
        body["metadata"]["namespace"] = id.namespace.into();
        body
    }
}
