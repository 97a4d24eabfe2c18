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
}

/// A target as its file writes it: parameters that several targets share are left out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    title: String,
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
        let File { title, notes, mut parameters, mut sets } = embedded::parse(name, text)?;
        let used: BTreeSet<&str> = sets.iter().flat_map(Set::named).collect();
        if let Some(unused) = parameters.keys().find(|own| !used.contains(own.as_str())) {
            return Err(CatalogueError::new(name, format!("parameter {unused} is declared, and no set uses it")));
        }
        for used in used {
            if !parameters.contains_key(used) {
                let parameter = shared.get(used).cloned();
                let undeclared = || CatalogueError::new(name, format!("parameter {used} is used, and not declared"));
                parameters.insert(used.to_owned(), parameter.ok_or_else(undeclared)?);
            }
        }
        for variable in sets.iter_mut().flat_map(|set| &mut set.variables) {
            variable.complete(&parameters);
        }
        Ok(Self { name, title, notes, parameters, sets })
    }

    /// The variables for an auth and a client type, where `on` tells which parameters are given as `true`.
    pub fn set(&self, auth: Auth, client_type: &str, on: impl Fn(&str) -> bool) -> Option<&Set> {
        let mut fitting = self.sets.iter().filter(|set| set.auth == auth && set.is_for(client_type));
        let selected = fitting.clone().find(|set| set.when.as_deref().is_some_and(&on));
        selected.or_else(|| fitting.find(|set| set.when.is_none()))
    }

    /// The auths that the target offers, sorted.
    #[must_use]
    pub fn auths(&self) -> Vec<Auth> {
        Auth::ALL.into_iter().filter(|auth| self.sets.iter().any(|set| set.auth == *auth)).collect()
    }

    /// The client types that the target has with an auth, sorted.
    #[must_use]
    pub fn client_types(&self, auth: Auth) -> Vec<&str> {
        let sets = self.sets.iter().filter(|set| set.auth == auth);
        let types: BTreeSet<&str> = sets.flat_map(|set| &set.client_types).map(String::as_str).collect();
        types.into_iter().collect()
    }
}

impl Set {
    /// The parameters that the variables or the auth have a place for.
    #[must_use]
    pub fn parameters(&self) -> BTreeSet<&str> {
        self.needed().chain(self.auth.takes().iter().copied()).collect()
    }

    /// The parameters that must be given.
    #[must_use]
    pub fn required(&self, target: &Target) -> BTreeSet<&str> {
        let default = |name: &str| target.parameters.get(name).and_then(|parameter| parameter.default.as_ref());
        self.needed().filter(|name| default(name).is_none()).collect()
    }

    /// The parameters that may be given.
    #[must_use]
    pub fn optional(&self, target: &Target) -> BTreeSet<&str> {
        let required = self.required(target);
        self.parameters().into_iter().filter(|name| !required.contains(name)).collect()
    }

    fn is_for(&self, client_type: &str) -> bool {
        self.client_types.iter().any(|known| known == client_type)
    }

    fn needed(&self) -> impl Iterator<Item = &str> {
        self.variables.iter().flat_map(Variable::parameters).chain(self.auth.needs().iter().copied())
    }

    /// Every parameter that the set says anything of.
    fn named(&self) -> impl Iterator<Item = &str> {
        self.needed().chain(self.auth.takes().iter().copied()).chain(self.when.as_deref())
    }
}
