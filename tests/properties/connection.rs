//! A random valid connection, of any target, auth and client type.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use sc_job::catalogue::{self, Auth, Scalar};
use serde_json::{Map, Value, json};

use super::catalogue::{Choice, choice};
use super::{names, text};

/// A connection as a person writes it, and what must become of it.
#[derive(Clone, Debug)]
pub struct Sample {
    pub choice: Choice,
    pub cloud: &'static str,
    pub name: String,
    pub settings: Value,
    /// What the keys of the referenced objects hold.
    pub references: BTreeMap<String, String>,
    /// The entries of `data`, whatever form they have in the values.
    pub data: BTreeMap<String, String>,
    /// The keys of all Secrets of the connection.
    pub keys: BTreeSet<String>,
}

/// A value and the form in which it is given.
type Given = (String, Index);

/// What every connection may have.
#[derive(Clone, Debug)]
struct Common {
    name: String,
    namespace: Option<String>,
    secret_name: Option<String>,
    labels: BTreeMap<String, String>,
    annotations: BTreeMap<String, String>,
    data: BTreeMap<String, Given>,
    infix: bool,
    account: (Option<String>, Option<u32>),
}

/// Name, type, version, alias and key of an object in a Key Vault.
type Mounted = (String, &'static str, Option<String>, Option<String>, Option<String>);

impl Sample {
    /// The values, with nothing but this connection.
    pub fn values(&self) -> Value {
        json!({"cloud": self.cloud, "connections": {self.name.as_str(): self.settings}})
    }
}

/// Any valid connection.
pub fn sample() -> impl Strategy<Value = Sample> {
    choice().prop_flat_map(|choice| {
        let parameters: Vec<_> = choice
            .target
            .parameters
            .keys()
            .map(|name| (Just(name.as_str()), text::parameter(choice.target, name), any::<Index>(), any::<bool>()))
            .collect();
        let renamed =
            proptest::collection::vec(proptest::option::weighted(0.2, names::data_key()), choice.set.variables.len());
        let cloud = select(catalogue::cloud_names());
        let csi = (proptest::collection::vec(mounted(), 1..4), any::<bool>());
        (Just(choice), cloud, common(), parameters, renamed, csi).prop_map(
            |(choice, cloud, common, parameters, renamed, csi)| {
                let mut sample = Sample {
                    choice,
                    cloud,
                    name: common.name.clone(),
                    settings: json!({"target": choice.target.name, "auth": choice.set.auth}),
                    references: BTreeMap::new(),
                    data: BTreeMap::new(),
                    keys: BTreeSet::new(),
                };
                sample.set("clientType", json!(choice.client_type));
                sample.set_parameters(parameters);
                if choice.set.auth == Auth::Csi {
                    sample.set("csi", json!({"secrets": objects(csi.0), "workloadIdentity": csi.1}));
                }
                sample.set_keys(renamed, common.infix);
                sample.set_common(common, csi.1);
                sample
            },
        )
    })
}

fn common() -> impl Strategy<Value = Common> {
    let map =
        |key: BoxedStrategy<String>, value: BoxedStrategy<String>| proptest::collection::btree_map(key, value, 0..3);
    let data = proptest::collection::btree_map(names::data_key(), (text::credential(), any::<Index>()), 0..3);
    let account = (proptest::option::of(names::subdomain()), proptest::option::of(3600_u32..=86400));
    let labels = map(names::qualified().boxed(), names::label_value().boxed());
    let annotations = map(names::qualified().boxed(), text::any_text().boxed());
    let own = (proptest::option::of(names::label()), proptest::option::of(names::subdomain()));
    (names::connection(), own, labels, annotations, data, any::<bool>(), account).prop_map(
        |(name, (namespace, secret_name), labels, annotations, data, infix, account)| Common {
            name,
            namespace,
            secret_name,
            labels,
            annotations,
            data,
            infix,
            account,
        },
    )
}

fn mounted() -> impl Strategy<Value = Mounted> {
    let key = || proptest::option::of(names::data_key());
    (
        names::vault_object(),
        select(&["secret", "key", "cert"][..]),
        proptest::option::of(names::vault_object()),
        key(),
        key(),
    )
}

/// The objects of a Key Vault, without those that would be one file or one key with an earlier one.
fn objects(mounted: Vec<Mounted>) -> Vec<Value> {
    let (mut files, mut keys) = (BTreeSet::new(), BTreeSet::new());
    let distinct = mounted.into_iter().filter(|(name, _, _, alias, key)| {
        files.insert(alias.clone().unwrap_or_else(|| name.clone()))
            && key.as_ref().is_none_or(|key| keys.insert(key.clone()))
    });
    let object = |(name, kind, version, alias, key)| json!({"name": name, "type": kind, "version": version, "alias": alias, "key": key});
    distinct.map(object).collect()
}

impl Sample {
    fn set(&mut self, field: &str, value: Value) {
        self.settings[field] = value;
    }

    /// The value as a string, in base64, or as a reference.
    fn form(&mut self, (value, form): &Given, may_refer: bool) -> Value {
        match form.index(if may_refer { 3 } else { 2 }) {
            0 => json!(value),
            1 => json!({"base64": STANDARD.encode(value)}),
            _ => {
                let key = format!("key-{}", self.references.len());
                self.references.insert(key.clone(), value.clone());
                let source = if self.references.len().is_multiple_of(2) { "secretKeyRef" } else { "configMapKeyRef" };
                json!({"valueFrom": {source: {"name": "credentials", "key": key}}})
            }
        }
    }

    fn set_parameters(&mut self, parameters: Vec<(&'static str, String, Index, bool)>) {
        let Choice { target, set, .. } = self.choice;
        let required = set.required(target);
        let mut given = Map::new();
        for (name, value, form, may_be_given) in parameters {
            let known = &target.parameters[name];
            if known.scalar == Scalar::Flag {
                let on = set.when.as_deref() == Some(name);
                if on || may_be_given {
                    given.insert(name.to_owned(), if form.index(2) == 0 { json!(on) } else { json!(on.to_string()) });
                }
            } else if required.contains(name) || may_be_given {
                let named =
                    matches!(set.auth, Auth::WorkloadIdentity | Auth::Csi) && ["clientId", "tenantId"].contains(&name);
                let number =
                    value.parse::<u16>().ok().filter(|_| known.scalar == Scalar::Integer && form.index(4) == 0);
                let form = number.map_or_else(|| self.form(&(value, form), !named), Value::from);
                given.insert(name.to_owned(), form);
            }
        }
        self.set("parameters", Value::Object(given));
    }

    /// Own names for some of the variables, and the connection's name within the others, where each has a place for it.
    fn set_keys(&mut self, renamed: Vec<Option<String>>, infix: bool) {
        let variables: Vec<&str> = self.choice.set.variables.iter().map(|variable| variable.name.as_str()).collect();
        let mut own = BTreeMap::new();
        for (variable, name) in variables.iter().zip(renamed) {
            let Some(name) = name else { continue };
            if !variables.contains(&name.as_str()) && !own.values().any(|other| *other == name) {
                own.insert(*variable, name);
            }
        }
        let place = |variable: &str| {
            let words: Vec<&str> = variable.splitn(3, '_').collect();
            let upper = |word: &str| word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
            words.len() == 3 && upper(words[0]) && upper(words[1])
        };
        let infix = infix && variables.iter().all(|variable| own.contains_key(variable) || place(variable));
        let name: String =
            self.name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
        let default = |variable: &str| {
            let words: Vec<&str> = variable.splitn(3, '_').collect();
            if infix { [words[0], words[1], &name, words[2]].join("_") } else { variable.to_owned() }
        };
        self.keys =
            variables.iter().map(|variable| own.get(variable).cloned().unwrap_or_else(|| default(variable))).collect();
        self.set("customizedKeys", json!(own));
        self.set("keyInfix", json!(infix));
    }

    fn set_common(&mut self, common: Common, workload_identity: bool) {
        let mut data = Map::new();
        for (key, given) in &common.data {
            if self.keys.insert(key.clone()) {
                let form = self.form(given, true);
                data.insert(key.clone(), form);
                self.data.insert(key.clone(), given.0.clone());
            }
        }
        self.set("data", Value::Object(data));
        self.set("namespace", json!(common.namespace));
        // The name of the second Secret is made of the first one's, and 7 letters longer.
        let linked = !self.choice.target.linkers().is_empty();
        self.set("secretName", json!(common.secret_name.filter(|name| !linked || name.len() <= 246)));
        self.set("labels", json!(common.labels));
        self.set("annotations", json!(common.annotations));
        let auth = self.choice.set.auth;
        if auth == Auth::WorkloadIdentity || (auth == Auth::Csi && workload_identity) {
            let (name, expiration) = common.account;
            self.set("serviceAccount", json!({"name": name, "tokenExpirationSeconds": expiration}));
        }
    }
}
