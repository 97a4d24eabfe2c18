//! The declared connections: what the chart's values say, read, checked as a
//! whole and made complete with every default. Nothing here knows a cluster.
//! Each fault carries the path of the value it is about, and no value.

mod collisions;
mod connection;
mod csi;
mod document;
mod fields;
pub mod form;
mod forms;
pub mod names;
mod operation;
mod parameters;
mod path;
mod policy;
mod scalars;
mod service;
mod service_account;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::Cloud;
use crate::error::{Code, Fault};
use crate::object::{Kind, ObjectId};
use crate::release::Release;
use form::Form;
pub use forms::Forms;
use path::Path;

pub use csi::{Csi, VaultObject};
pub use document::Document;
pub use operation::{Operation, Verb};
pub use policy::{DeletionPolicy, Policy, Scope};
pub use service::Service;
pub use service_account::ServiceAccount;

/// Everything that the values declare.
pub struct Declared {
    /// The connections, by name; that of the operation is one of them.
    pub connections: Vec<Connection>,
    /// The operation of Service Connector's own extension, if there is one.
    pub operation: Option<Operation>,
    /// The cloud that decides host names and scopes.
    pub cloud: Cloud,
    /// What is said for all connections.
    pub policy: Policy,
    /// Namespaces that the chart found missing or terminating, and so could not grant rights in.
    pub missing_namespaces: BTreeSet<String>,
}

/// One connection, checked and complete.
pub struct Connection {
    /// Its name, the key in the values.
    pub name: String,
    /// What declares it.
    pub origin: Origin,
    /// False: declared as removed; its objects are not written.
    pub enabled: bool,
    /// Whether an object of somebody else is taken over.
    pub adopt: bool,
    /// What becomes of its objects when they are not wanted any more, where it differs from what is said for all.
    pub deletion_policy: Option<DeletionPolicy>,
    /// The namespace of its objects.
    pub namespace: String,
    /// The Azure service it connects to; a connection may consist of `data` alone.
    pub service: Option<Service>,
    /// Default variable names and the names to use in their stead.
    pub customized_keys: BTreeMap<String, String>,
    /// Whether the connection's name is part of the names of its variables.
    pub key_infix: bool,
    /// Further entries of the Secret.
    pub data: Forms,
    /// The Secret's name. An operation may have the CSI driver make the only one.
    pub secret_name: Option<String>,
    /// The names of further Secrets, by linker: some services split a connection in two.
    pub linker_secrets: BTreeMap<&'static str, String>,
    /// The ServiceAccount, with workload identity.
    pub service_account: Option<ServiceAccount>,
    /// What the CSI driver mounts, with auth csi.
    pub csi: Option<Csi>,
    /// Labels of the Secret.
    pub labels: BTreeMap<String, String>,
    /// Annotations of the Secret.
    pub annotations: BTreeMap<String, String>,
}

/// What declares a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// An entry of `connections`.
    Values,
    /// An operation of the four settings.
    Operation,
}

/// The keys of a values file at its top level that concern the chart alone.
const CHART_KEYS: [&str; 8] = ["Azure", "global", "image", "imagePullSecrets", "job", "log", "resync", "uninstall"];

impl Declared {
    /// Checks all documents (shards of one input, or one values file) and reports every fault.
    ///
    /// # Errors
    /// All faults that were found, in the order of the input.
    pub fn check(documents: Vec<Document>, release: &Release) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut names = BTreeSet::new();
        let mut connections = Vec::new();
        let mut missing_namespaces = BTreeSet::new();
        let mut cloud = None;
        let mut policy = Policy::default();
        let mut operation = None;
        for document in documents {
            let of_chart = document.of_chart;
            let Some(mut top) = document.open(&mut faults) else { continue };
            cloud = cloud.or(top.text("cloud", &mut faults));
            policy.read(&mut top, &mut faults);
            operation = operation.or(operation::take(&mut top, &mut faults));
            if of_chart {
                missing_namespaces.extend(top.texts("missingNamespaces", &mut faults));
            } else {
                top.ignore(&CHART_KEYS);
            }
            for (path, name, value) in top.entries("connections", &mut faults) {
                if value.is_null() {
                    continue;
                }
                if !names.insert(name.clone()) {
                    faults.push(Fault::at(Code::Collision, &path, "the connection is declared twice"));
                }
                connections.extend(connection::check(&path, name, value, &mut faults));
            }
            top.finish(&mut faults);
        }
        let operation = operation.map(|(operation, connection)| {
            if names.contains(&operation.connection) {
                let fault = Fault::at(Code::Collision, "connection", "stands in connections too");
                faults.push(fault.remedy("remove it from one of the two: what connections says needs no operation"));
            }
            connections.push(connection);
            operation
        });
        connections.sort_by(|a, b| a.name.cmp(&b.name));
        policy.check(&mut faults);
        for connection in &connections {
            policy.check_place(connection, release, &mut faults);
        }
        collisions::check(&mut connections, &mut faults);
        let cloud = service::cloud(cloud.as_deref(), &mut faults);
        match cloud {
            Some(cloud) if faults.is_empty() => Ok(Self { connections, operation, cloud, policy, missing_namespaces }),
            _ => Err(faults),
        }
    }

    /// The connections whose objects are to be written.
    pub fn enabled(&self) -> impl Iterator<Item = &Connection> {
        self.connections.iter().filter(|connection| connection.enabled)
    }

    /// A connection by its name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Connection> {
        let place = self.connections.binary_search_by(|connection| connection.name.as_str().cmp(name)).ok()?;
        self.connections.get(place)
    }

    /// The connections whose objects are to go.
    pub fn deleted(&self) -> impl Iterator<Item = &Connection> {
        self.disabled(DeletionPolicy::Delete)
    }

    /// The connections that are declared as removed, and whose objects are to stay.
    pub fn retained(&self) -> impl Iterator<Item = &Connection> {
        self.disabled(DeletionPolicy::Retain)
    }

    fn disabled(&self, policy: DeletionPolicy) -> impl Iterator<Item = &Connection> {
        let of_policy = move |connection: &&Connection| self.policy.deletion_of(connection) == policy;
        self.connections.iter().filter(|connection| !connection.enabled).filter(of_policy)
    }
}

impl Connection {
    /// The place in the values that declares it.
    fn path(&self) -> Path {
        match self.origin {
            Origin::Operation => Path::default().child("resources"),
            Origin::Values => Path::default().child("connections").child(&self.name),
        }
    }

    /// The key in the Secret of a variable, by its default name.
    #[must_use]
    pub fn key<'a>(&'a self, variable: &'a str) -> Cow<'a, str> {
        if let Some(own) = self.customized_keys.get(variable) {
            return Cow::Borrowed(own);
        }
        match self.key_infix.then(|| names::place_of_infix(variable)).flatten() {
            Some(place) => Cow::Owned(names::with_infix(place, &self.name)),
            None => Cow::Borrowed(variable),
        }
    }

    /// All keys in the Secrets of the connection.
    pub fn keys(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let variables = self.service.iter().flat_map(Service::variable_names).map(|variable| self.key(variable));
        variables.chain(self.data.names().map(Cow::Borrowed))
    }

    /// The Secrets of the connection, each with the linker whose variables it holds.
    pub fn secrets(&self) -> impl Iterator<Item = (Option<&str>, &str)> {
        let further = self.linker_secrets.iter().map(|(linker, name)| (Some(*linker), name.as_str()));
        self.secret_name.iter().map(|name| (None, name.as_str())).chain(further)
    }

    /// The objects of the connection, in the order in which a pod needs them.
    pub fn objects(&self) -> impl Iterator<Item = ObjectId> {
        let class = self.csi.iter().map(|csi| (Kind::SecretProviderClass, csi.secret_provider_class.as_str()));
        let account = self.service_account.iter().map(|account| (Kind::ServiceAccount, account.name.as_str()));
        let secrets = self.secrets().map(|(_, name)| (Kind::Secret, name));
        class.chain(account).chain(secrets).map(|(kind, name)| ObjectId::new(kind, &self.namespace, name))
    }

    /// All values of the connection that may be references.
    pub fn forms(&self) -> impl Iterator<Item = &Form> {
        self.service.iter().flat_map(|service| service.parameters.values()).chain(self.data.values())
    }
}
