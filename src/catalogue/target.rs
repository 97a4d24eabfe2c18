//! A target: its parameters, and the set of variables for each auth and client type.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::{Auth, CatalogueError, Parameter, Variable, embedded};

/// An Azure service, or another one that Service Connector knows.
#[derive(Clone, Debug)]
pub struct Target {
    /// The name, as in `az aks connection create <name>`.
    pub name: &'static str,
    /// The service's own name.
    pub title: String,
    /// What a user should know: where the service's variables are odd, and why.
    pub notes: Vec<String>,
    /// Every parameter that one of the sets uses.
    pub parameters: BTreeMap<String, Parameter>,
    /// The sets of variables, in the order of the file.
    pub sets: Vec<Set>,
    /// What azure-cli offers of it on AKS, if anything. The sets hold what the service writes, which is more.
    pub azure_cli: Option<AzureCli>,
}

/// What `az aks connection create` offers of a target.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AzureCli {
    /// The target's word there, where it is another one.
    pub target: Option<String>,
    /// The auths.
    pub auths: Vec<Auth>,
    /// The client types.
    pub client_types: Vec<String>,
}

/// The variables for one auth and some client types.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Set {
    /// The auth of the set.
    pub auth: Auth,
    /// A parameter that selects this set in place of the plain one, when it is `true`.
    pub when: Option<String>,
    /// The client types that read these variables.
    pub client_types: Vec<String>,
    /// The variables, in the order of the file.
    pub variables: Vec<Variable>,
    /// The parameters that variables, their defaults and the auth are made of.
    #[serde(skip)]
    needed: BTreeSet<String>,
}

/// A target as its file writes it: parameters that several targets share are left out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct File {
    title: String,
    azure_cli: Option<AzureCli>,
    #[serde(default)]
    notes: Vec<String>,
    #[serde(default)]
    parameters: BTreeMap<String, Parameter>,
    sets: Vec<Set>,
}

impl Target {
    pub(super) fn parse(
        name: &'static str,
        text: &str,
        shared: &BTreeMap<String, Parameter>,
    ) -> Result<Self, CatalogueError> {
        let File { title, azure_cli, notes, parameters: own, mut sets } = embedded::parse(name, text)?;
        let defect = |cause: String| CatalogueError::new(name, cause);
        let find = |used: &str| {
            let known = own.get(used).or_else(|| shared.get(used));
            known.ok_or_else(|| defect(format!("parameter {used} is used, and not declared")))
        };
        let mut parameters = BTreeMap::new();
        for set in &mut sets {
            let mut needed: BTreeSet<String> = set.named_by_variables().map(str::to_owned).collect();
            for parameter in needed.clone() {
                let Some(default) = find(&parameter)?.default_template() else { continue };
                for source in default.parameters() {
                    if find(source)?.default().is_some() {
                        return Err(defect(format!(
                            "the default of {parameter} is made of {source}, which has one too"
                        )));
                    }
                    needed.insert(source.to_owned());
                }
            }
            for used in needed.iter().map(String::as_str).chain(set.named_besides()) {
                parameters.insert(used.to_owned(), find(used)?.clone());
            }
            set.needed = needed;
        }
        if let Some(twice) = own.iter().find(|(name, parameter)| shared.get(*name) == Some(parameter)) {
            return Err(defect(format!("parameter {} is declared as it is for all targets", twice.0)));
        }
        if let Some(unused) = own.keys().find(|own| !parameters.contains_key(*own)) {
            return Err(defect(format!("parameter {unused} is declared, and no set uses it")));
        }
        for variable in sets.iter_mut().flat_map(|set| &mut set.variables) {
            variable.complete(&parameters);
        }
        Ok(Self { name, title, notes, parameters, sets, azure_cli })
    }

    /// The variables for an auth and a client type, where `on` tells which parameters are given as `true`.
    pub fn set(&self, auth: Auth, client_type: &str, on: impl Fn(&str) -> bool) -> Option<&Set> {
        let mut fitting = self.sets.iter().filter(|set| set.auth == auth && set.is_for(client_type));
        let selected = fitting.clone().find(|set| set.when.as_deref().is_some_and(&on));
        selected.or_else(|| fitting.find(|set| set.when.is_none()))
    }

    /// The linkers beside the first that a connection to the target may have.
    #[must_use]
    pub fn linkers(&self) -> BTreeSet<&str> {
        self.sets.iter().flat_map(Set::linkers).collect()
    }

    /// The auths that the target offers, sorted.
    #[must_use]
    pub fn auths(&self) -> Vec<Auth> {
        Auth::ALL.into_iter().filter(|auth| self.sets.iter().any(|set| set.auth == *auth)).collect()
    }

    /// The client types that the target has with an auth, sorted.
    #[must_use]
    pub fn client_types(&self, auth: Auth) -> BTreeSet<&str> {
        let sets = self.sets.iter().filter(|set| set.auth == auth);
        sets.flat_map(|set| &set.client_types).map(String::as_str).collect()
    }
}

impl Set {
    /// The parameters that the variables or the auth have a place for.
    #[must_use]
    pub fn parameters(&self) -> BTreeSet<&str> {
        self.needed.iter().map(String::as_str).chain(self.named_besides()).collect()
    }

    /// The parameters that must be given.
    #[must_use]
    pub fn required(&self, target: &Target) -> BTreeSet<&str> {
        let default = |name: &str| target.parameters.get(name).and_then(Parameter::default);
        self.needed
            .iter()
            .map(String::as_str)
            .filter(|name| default(name).is_none())
            .chain(self.when.as_deref())
            .collect()
    }

    /// The parameters that may be given.
    #[must_use]
    pub fn optional(&self, target: &Target) -> BTreeSet<&str> {
        let required = self.required(target);
        self.parameters().into_iter().filter(|name| !required.contains(name)).collect()
    }

    /// The linkers beside the first, each of which has a Secret of its own.
    #[must_use]
    pub fn linkers(&self) -> BTreeSet<&str> {
        self.variables.iter().filter_map(|variable| variable.linker.as_deref()).collect()
    }

    fn is_for(&self, client_type: &str) -> bool {
        self.client_types.iter().any(|known| known == client_type)
    }

    fn named_by_variables(&self) -> impl Iterator<Item = &str> {
        self.variables.iter().flat_map(Variable::parameters).chain(self.auth.needs().iter().copied())
    }

    /// Parameters that no variable is made of.
    fn named_besides(&self) -> impl Iterator<Item = &str> {
        self.auth.takes().iter().copied().chain(self.when.as_deref())
    }
}
