//! The values of the release.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Value, json};

use super::connection::Connection;
use super::identity::Id;

/// What becomes of an object that is not wanted any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    Retain,
    Delete,
}

/// How far the job's rights reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Objects,
    Cluster,
}

/// What the values say for all connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    pub deletion: Deletion,
    pub scope: Scope,
    /// `prune.maxDeletions`
    pub most: usize,
}

/// All of the values.
#[derive(Clone, Debug)]
pub struct Values {
    pub policy: Policy,
    pub connections: BTreeMap<&'static str, Connection>,
}

impl Deletion {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Retain => "Retain",
            Self::Delete => "Delete",
        }
    }
}

impl Scope {
    fn as_str(self) -> &'static str {
        match self {
            Self::Objects => "objects",
            Self::Cluster => "cluster",
        }
    }
}

impl Policy {
    fn json(self) -> Value {
        json!({
            "deletionPolicy": self.deletion.as_str(), "rbac": {"scope": self.scope.as_str()},
            "prune": {"maxDeletions": self.most},
        })
    }
}

impl Values {
    /// A release that declares nothing yet.
    pub fn none() -> Self {
        let policy = Policy { deletion: Deletion::Retain, scope: Scope::Objects, most: 10 };
        Self { policy, connections: BTreeMap::new() }
    }

    pub fn enabled(&self) -> impl Iterator<Item = (&'static str, &Connection)> {
        self.connections.iter().filter(|(_, connection)| connection.enabled).map(|(name, own)| (*name, own))
    }

    /// What becomes of the objects of a connection; of one that is not declared, by the policy for all.
    pub fn deletion_of(&self, name: &str) -> Deletion {
        self.connections.get(name).and_then(|connection| connection.deletion).unwrap_or(self.policy.deletion)
    }

    /// The objects of connections that leave theirs; `deletion` tells it of each.
    pub fn kept(&self, deletion: impl Fn(&str, &Connection) -> Option<Deletion>) -> BTreeSet<Id> {
        let kept = self.connections.iter().filter(|(name, own)| deletion(name, own) == Some(Deletion::Retain));
        kept.flat_map(|(name, own)| own.objects(name)).collect()
    }

    /// Whether two enabled connections declare one Secret.
    pub fn collide(&self) -> bool {
        let mut secrets: Vec<Id> = self.enabled().map(|(name, connection)| connection.secret(name)).collect();
        secrets.sort();
        secrets.windows(2).any(|pair| pair[0] == pair[1])
    }

    /// The objects of connections with the policy Retain of their own: they survive an uninstallation.
    pub fn kept_by_own_policy(&self) -> BTreeSet<Id> {
        self.kept(|_, connection| connection.deletion)
    }

    /// What the chart gives to the Job that comes after an uninstallation: the names of all that may go.
    pub fn to_uninstall(&self) -> Self {
        let kept = self.kept_by_own_policy();
        let mut left = self.clone();
        left.policy = Policy { deletion: Deletion::Delete, ..Self::none().policy };
        left.connections.retain(|name, connection| !kept.contains(&connection.secret(name)));
        for connection in left.connections.values_mut() {
            connection.enabled = false;
            connection.deletion = Some(Deletion::Delete);
            if connection.account().is_some_and(|account| kept.contains(&account)) {
                connection.identity = None;
            }
        }
        left
    }

    /// The values as a file; `prefix` is that of the namespaces.
    pub fn json(&self, prefix: &str) -> Value {
        let mut json = self.policy.json();
        json["connections"] =
            self.connections.iter().map(|(name, own)| ((*name).to_owned(), own.json(prefix))).collect();
        json
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.json())
    }
}
