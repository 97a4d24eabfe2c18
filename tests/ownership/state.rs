//! What a run finds. A state is a function that prepares it, and the outcome of each operation on it.

use sc_job::object::Kind;
use serde_json::{Value, json};

use super::object::IDENTITY;
use super::outcome::Line;
use super::place::Place;
use crate::common::CANARY;

/// The three inputs of a state: the one that is installed, one before it, one after it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Version {
    Older,
    Now,
    Newer,
}

/// What connection `a` is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Declares {
    /// A Secret of two keys.
    Secret,
    /// A ServiceAccount, and a Secret.
    Account,
    /// A SecretProviderClass, and a Secret.
    Class,
}

/// Something that others have in an object: the place, and the value; null is whatever was there before the run.
#[derive(Clone)]
pub struct Part {
    pub path: Vec<&'static str>,
    pub value: Value,
    /// Whether it is a field of ours, which others hold beside us, or in our stead.
    of_ours: bool,
}

impl Part {
    pub fn of_ours(self) -> Self {
        Self { of_ours: true, ..self }
    }
}

/// A starting state.
pub struct State {
    pub name: &'static str,
    /// How it came about, for the page.
    pub about: &'static str,
    pub declares: Declares,
    /// The values beside connection `a`.
    pub beside: Value,
    /// What others have in the object, so that it survives.
    pub parts: Vec<Part>,
    pub prepare: fn(&Place, &State),
    pub lines: Vec<Line>,
}

impl State {
    /// The input in which nothing is done to connection `a` but what is new in `version`.
    pub fn values(&self, version: Version) -> Value {
        let mut values = json!({"connections": {}});
        values.as_object_mut().unwrap().extend(self.beside.as_object().unwrap().clone());
        values["connections"]["a"] = self.declares.connection(version);
        values
    }

    /// Whether others have something in the object beside what is ours.
    pub fn is_shared(&self) -> bool {
        self.parts.iter().any(|part| !part.of_ours)
    }

    /// A run with what is installed.
    pub fn install(&self, place: &Place) {
        place.job(&self.values(Version::Now), &[]).expect(0);
    }
}

impl Declares {
    /// The kind of the object that a state is about.
    pub fn kind(self) -> Kind {
        match self {
            Self::Secret => Kind::Secret,
            Self::Account => Kind::ServiceAccount,
            Self::Class => Kind::SecretProviderClass,
        }
    }

    pub fn connection(self, version: Version) -> Value {
        let older = |older: Value, now: Value, newer: Value| match version {
            Version::Older => older,
            Version::Now => now,
            Version::Newer => newer,
        };
        match self {
            Self::Secret => json!({
                "namespace": "SHOP",
                "data": older(
                    json!({"A": value("older")}),
                    json!({"A": value("now"), "C": value("c")}),
                    json!({"A": value("newer"), "D": value("d")}),
                ),
            }),
            Self::Account => json!({
                "namespace": "SHOP", "target": "storage-blob", "auth": "workload-identity",
                "parameters": {"account": "store1", "clientId": IDENTITY},
                "serviceAccount": older(
                    json!({"tokenExpirationSeconds": 4000}),
                    json!({}),
                    json!({"tokenExpirationSeconds": 7200}),
                ),
            }),
            Self::Class => json!({
                "namespace": "SHOP", "target": "keyvault", "auth": "csi",
                "csi": {"secrets": older(
                    json!([{"name": "older"}]),
                    json!([{"name": "now"}]),
                    json!([{"name": "newer"}]),
                )},
                "parameters": {"vault": "vault1", "clientId": IDENTITY, "tenantId": IDENTITY},
            }),
        }
    }
}

/// A value that must not be seen.
pub fn value(what: &str) -> String {
    format!("{CANARY}-{what}")
}

/// The same as the entries of a Secret have it.
pub fn encoded(what: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(value(what))
}

pub fn part(path: &[&'static str], value: impl Into<Value>) -> Part {
    Part { path: path.to_vec(), value: value.into(), of_ours: false }
}

/// An entry of a Secret.
pub fn key(name: &'static str, what: &str) -> Part {
    part(&["data", name], encoded(what))
}
