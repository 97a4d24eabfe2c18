//! A declared connection, as the values say it.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Value, json};

use super::identity::{Client, Id, Namespace};
use super::values::Deletion;
use crate::common::CANARY;

/// A connection of the values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    pub enabled: bool,
    pub namespace: Namespace,
    /// A name of its own for the Secret.
    pub secret: Option<&'static str>,
    /// Entries of the Secret, each with its number.
    pub data: BTreeMap<&'static str, u8>,
    pub identity: Option<Identity>,
    /// The label `team` of the Secret.
    pub team: Option<&'static str>,
    /// The annotation `note` of the Secret.
    pub note: Option<&'static str>,
    pub adopt: bool,
    pub deletion: Option<Deletion>,
}

/// Workload identity, and with it a ServiceAccount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    pub client: Client,
    /// Whether the connection says how long a token lives.
    pub expires: bool,
}

/// A change of one setting.
#[derive(Clone, Debug)]
pub enum Change {
    Enabled(bool),
    Namespace(Namespace),
    Secret(Option<&'static str>),
    Data(BTreeMap<&'static str, u8>),
    Identity(Option<Identity>),
    Team(Option<&'static str>),
    Note(Option<&'static str>),
    Adopt(bool),
    Deletion(Option<Deletion>),
}

/// The life of a token where a connection says it.
pub const TOKEN: u32 = 7200;

/// The value of an entry: a secret of its number.
pub fn secret(number: u8) -> String {
    format!("{CANARY}-{number}")
}

impl Connection {
    pub fn change(&mut self, change: &Change) {
        match change.clone() {
            Change::Enabled(enabled) => self.enabled = enabled,
            Change::Namespace(namespace) => self.namespace = namespace,
            Change::Secret(name) => self.secret = name,
            Change::Data(data) => self.data = data,
            Change::Identity(identity) => self.identity = identity,
            Change::Team(team) => self.team = team,
            Change::Note(note) => self.note = note,
            Change::Adopt(adopt) => self.adopt = adopt,
            Change::Deletion(deletion) => self.deletion = deletion,
        }
    }

    pub fn secret(&self, name: &str) -> Id {
        self.secret.map_or_else(|| Id::secret_of(self.namespace, name), |own| Id::secret(self.namespace, own))
    }

    pub fn account(&self) -> Option<Id> {
        self.identity.map(|identity| Id::account_of(self.namespace, identity.client))
    }

    pub fn objects(&self, name: &str) -> impl Iterator<Item = Id> {
        self.account().into_iter().chain([self.secret(name)])
    }

    /// The connection in the values; `prefix` is that of the namespaces.
    pub fn json(&self, prefix: &str) -> Value {
        let data: BTreeMap<_, _> = self.data.iter().map(|(key, number)| (*key, secret(*number))).collect();
        let mut json = json!({
            "enabled": self.enabled, "namespace": format!("{prefix}{}", self.namespace.as_str()),
            "data": data, "adopt": self.adopt,
        });
        if let Some(identity) = self.identity {
            json["target"] = "storage-blob".into();
            json["clientType"] = "python".into();
            json["auth"] = "workload-identity".into();
            json["parameters"] = json!({"account": "store1", "clientId": identity.client.id()});
            if identity.expires {
                json["serviceAccount"] = json!({"tokenExpirationSeconds": TOKEN});
            }
        }
        for (key, value) in [("secretName", self.secret), ("deletionPolicy", self.deletion.map(Deletion::as_str))] {
            if let Some(value) = value {
                json[key] = value.into();
            }
        }
        for (key, entry, value) in [("labels", "team", self.team), ("annotations", "note", self.note)] {
            if let Some(value) = value {
                json[key] = json!({entry: value});
            }
        }
        json
    }
}

impl fmt::Display for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut value = self.json("");
        for (_, entry) in value["data"].as_object_mut().into_iter().flatten() {
            *entry = entry.as_str().and_then(|text| text.rsplit('-').next()).unwrap_or_default().into();
        }
        for boring in ["target", "clientType", "auth"] {
            value.as_object_mut().map(|fields| fields.remove(boring));
        }
        write!(f, "{value}")
    }
}
