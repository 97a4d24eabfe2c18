//! What the values say beside the connections: what becomes of objects that are
//! not wanted any more, and where objects may be at all.

use std::collections::BTreeSet;

use super::Connection;
use super::fields::Fields;
use crate::error::{Code, Fault};
use crate::release::Release;
use crate::wording::choices;

/// What becomes of an object that is not wanted any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeletionPolicy {
    /// It stays, as with the original.
    #[default]
    Retain,
    /// It goes, as far as it is ours alone.
    Delete,
}

/// How far the rights of the job reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// To the declared objects.
    #[default]
    Objects,
    /// Over the whole cluster, so that connections that were left out can be cleaned up.
    Cluster,
}

/// A run that would delete more deletes nothing.
const MOST_DELETIONS: usize = 10;

/// The settings for all connections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// For connections without one of their own.
    pub deletion: DeletionPolicy,
    /// Objects that one run may delete.
    pub max_deletions: usize,
    /// The scope of the job's rights.
    pub scope: Scope,
    /// Whether a namespace that does not exist is made.
    pub creates_namespaces: bool,
    system_namespaces: BTreeSet<String>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            deletion: DeletionPolicy::default(),
            max_deletions: MOST_DELETIONS,
            scope: Scope::default(),
            creates_namespaces: false,
            system_namespaces: BTreeSet::new(),
        }
    }
}

impl Policy {
    /// Takes what a document says; what it does not say stays as it is.
    pub(super) fn read(&mut self, top: &mut Fields, faults: &mut Vec<Fault>) {
        self.deletion = deletion(top, faults).unwrap_or(self.deletion);
        if let Some(mut prune) = top.below("prune", faults) {
            if let Some(most) = prune.integer("maxDeletions", faults) {
                if let Ok(most) = usize::try_from(most) {
                    self.max_deletions = most;
                } else {
                    let path = prune.path("maxDeletions");
                    faults.push(Fault::at(Code::InvalidValue, path, "must be 0 or more"));
                }
            }
            prune.finish(faults);
        }
        if let Some(mut rbac) = top.below("rbac", faults) {
            let words = [("objects", Scope::Objects), ("cluster", Scope::Cluster)];
            self.scope = choice(&mut rbac, "scope", words, faults).unwrap_or(self.scope);
        }
        let words = [("fail", false), ("create", true)];
        self.creates_namespaces = choice(top, "missingNamespace", words, faults).unwrap_or(self.creates_namespaces);
        self.system_namespaces.extend(top.texts("allowSystemNamespaces", faults));
    }

    /// Holds the settings against each other.
    pub(super) fn check(&self, faults: &mut Vec<Fault>) {
        if self.creates_namespaces && self.scope == Scope::Objects {
            let cause = "to make namespaces the job needs rights in the whole cluster";
            let fault = Fault::at(Code::InvalidValue, "missingNamespace", cause);
            faults.push(
                fault.remedy("set rbac.scope: cluster, or missingNamespace: fail and make the namespaces yourself"),
            );
        }
    }

    /// Reports a connection in a namespace that is the cluster's or the release's own.
    pub(super) fn check_place(&self, connection: &Connection, release: &Release, faults: &mut Vec<Fault>) {
        let namespace = &connection.namespace;
        let is_system = namespace.starts_with("kube-") || *namespace == release.namespace;
        if is_system && !self.system_namespaces.contains(namespace) {
            let path = connection.path().child("namespace");
            let whose = if *namespace == release.namespace { "of this release itself" } else { "of Kubernetes itself" };
            faults.push(Fault::at(Code::SystemNamespace, path, format!("{namespace} is a namespace {whose}")));
        }
    }

    /// What becomes of the objects of `connection` when they are not wanted any more.
    #[must_use]
    pub fn deletion_of(&self, connection: &Connection) -> DeletionPolicy {
        connection.deletion_policy.unwrap_or(self.deletion)
    }
}

/// Takes `deletionPolicy`, of a connection or of all.
pub(super) fn deletion(fields: &mut Fields, faults: &mut Vec<Fault>) -> Option<DeletionPolicy> {
    let words = [("Retain", DeletionPolicy::Retain), ("Delete", DeletionPolicy::Delete)];
    choice(fields, "deletionPolicy", words, faults)
}

/// Takes one of some words, and tells what it means.
pub(super) fn choice<T, const N: usize>(
    fields: &mut Fields,
    key: &'static str,
    words: [(&str, T); N],
    faults: &mut Vec<Fault>,
) -> Option<T> {
    let given = fields.text(key, faults)?;
    let allowed = words.each_ref().map(|(word, _)| *word);
    let chosen = words.into_iter().find(|(word, _)| *word == given);
    if chosen.is_none() {
        let cause = format!("there is no such choice; {}", choices(&given, allowed.into_iter()));
        faults.push(Fault::at(Code::UnknownChoice, fields.path(key), cause));
    }
    chosen.map(|(_, meaning)| meaning)
}
