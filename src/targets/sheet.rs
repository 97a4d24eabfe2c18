//! All that is known of one target.

use serde::Serialize;

use crate::catalogue::{self, Auth, Target};

/// A target with its parameters and variables. The keys are an interface.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sheet {
    /// The name, as in the values.
    pub name: &'static str,
    /// The service's own name.
    pub title: &'static str,
    /// Every parameter that one of the sets uses, sorted by name.
    pub parameters: Vec<Parameter>,
    /// The variables for each auth and its client types, sorted by auth.
    pub sets: Vec<Set>,
    /// Where the service's variables are odd, and why.
    pub notes: &'static [String],
    /// What azure-cli offers of it on AKS, if anything.
    pub azure_cli: Option<Offer>,
}

/// A parameter of a target.
#[derive(Debug, Serialize)]
pub struct Parameter {
    /// The name, as in the values.
    pub name: &'static str,
    /// What it is, and the form that it must have.
    pub description: &'static str,
    /// Whether it is a credential.
    pub sensitive: bool,
    /// A value that could stand there.
    pub example: &'static str,
    /// What it is where none is given: a template.
    pub default: Option<&'static str>,
}

/// The variables for one auth and some client types.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Set {
    /// The auth.
    pub auth: Auth,
    /// The client types.
    pub client_types: &'static [String],
    /// The parameters that the set requires or takes, sorted by name.
    pub parameters: Vec<Use>,
    /// The variables.
    pub variables: Vec<Variable>,
    /// A parameter that selects this set in place of the plain one, when it is `true`.
    pub when: Option<&'static str>,
    /// Those of the client types that `az aks connection` does not offer with this auth.
    pub not_in_azure_cli: Vec<&'static str>,
}

/// A parameter as a set uses it.
#[derive(Debug, Serialize)]
pub struct Use {
    /// The parameter's name.
    pub name: &'static str,
    /// Whether it must be given.
    pub required: bool,
}

/// A key of the Secret.
#[derive(Debug, Serialize)]
pub struct Variable {
    /// The default name.
    pub name: &'static str,
    /// The template of its value.
    pub value: &'static str,
    /// Whether a credential is part of the value.
    pub sensitive: bool,
    /// The part of the connection that it belongs to, where the service splits a connection in two.
    pub linker: Option<&'static str>,
}

/// What `az aks connection create` offers of a target.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Offer {
    /// The target's word there.
    pub target: &'static str,
    /// The auths.
    pub auths: &'static [Auth],
    /// The client types.
    pub client_types: &'static [String],
}

impl Offer {
    pub(super) fn of(target: &'static Target) -> Option<Self> {
        target.azure_cli.as_ref().map(|offer| Self {
            target: offer.target.as_deref().unwrap_or(target.name),
            auths: &offer.auths,
            client_types: &offer.client_types,
        })
    }

    fn covers(&self, auth: Auth, client_type: &String) -> bool {
        self.auths.contains(&auth) && self.client_types.contains(client_type)
    }
}

impl From<&'static Target> for Sheet {
    fn from(target: &'static Target) -> Self {
        let parameters = target.parameters.iter().map(|(name, parameter)| Parameter {
            name,
            description: &parameter.description,
            sensitive: parameter.sensitive,
            example: &parameter.example,
            default: parameter.default(),
        });
        let mut sets: Vec<_> = target.sets.iter().map(|set| Set::of(target, set)).collect();
        sets.sort_by_key(|set| set.auth);
        Self {
            name: target.name,
            title: &target.title,
            parameters: parameters.collect(),
            sets,
            notes: &target.notes,
            azure_cli: Offer::of(target),
        }
    }
}

impl Set {
    fn of(target: &'static Target, set: &'static catalogue::Set) -> Self {
        let required = set.required(target);
        let parameters = set.parameters().into_iter().map(|name| Use { name, required: required.contains(name) });
        let variables = set.variables.iter().map(|variable| Variable {
            name: &variable.name,
            value: variable.template(),
            sensitive: variable.sensitive(target),
            linker: variable.linker.as_deref(),
        });
        let offer = Offer::of(target);
        let offered = |client_type: &String| offer.as_ref().is_some_and(|offer| offer.covers(set.auth, client_type));
        Self {
            auth: set.auth,
            client_types: &set.client_types,
            parameters: parameters.collect(),
            variables: variables.collect(),
            when: set.when.as_deref(),
            not_in_azure_cli: set.client_types.iter().filter(|word| !offered(word)).map(String::as_str).collect(),
        }
    }
}
