//! A target in the list of all.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Offer;
use crate::catalogue::{Auth, Target};

/// A target in short. The keys are an interface.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// The name, as in the values.
    pub name: &'static str,
    /// The service's own name.
    pub title: &'static str,
    /// The auths, sorted.
    pub auths: Vec<Auth>,
    /// The client types of all auths, sorted.
    pub client_types: BTreeSet<&'static str>,
    /// What azure-cli offers of it on AKS, if anything.
    pub azure_cli: Option<Offer>,
}

impl From<&'static Target> for Entry {
    fn from(target: &'static Target) -> Self {
        let auths = target.auths();
        Self {
            name: target.name,
            title: &target.title,
            client_types: auths.iter().flat_map(|auth| target.client_types(*auth)).collect(),
            auths,
            azure_cli: Offer::of(target),
        }
    }
}

impl Entry {
    /// Whether `az aks connection` offers the target with this auth.
    #[must_use]
    pub fn in_azure_cli(&self, auth: Auth) -> bool {
        self.azure_cli.as_ref().is_some_and(|offer| offer.auths.contains(&auth))
    }
}
