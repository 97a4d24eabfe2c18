//! The part of a connection that the catalogue knows: target, auth, client type
//! and parameters, and the variables that they make.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::Fields;
use super::form::Form;
use super::forms::Forms;
use super::parameters::{self, Given};
use super::path::Path;
use crate::catalogue::{self, Auth, Cloud, Set, Target};
use crate::error::{Code, Fault};
use crate::secret_value::SecretValue;
use crate::wording::choices;

/// The Azure service of a connection.
pub struct Service {
    /// The target, as in `az aks connection create <target>`.
    pub target: &'static Target,
    /// How the workload proves who it is.
    pub auth: Auth,
    /// The client type; it chooses the variables.
    pub client_type: String,
    /// The parameters that the variables are made of.
    pub parameters: Forms,
    /// The variables of target, auth and client type.
    pub set: &'static Set,
    /// Parameters that are given, and that this auth and client type have no use for.
    pub unused: Vec<String>,
}

/// Fields that mean nothing without a target.
const OF_TARGET: [&str; 6] = ["auth", "clientType", "csi", "customizedKeys", "parameters", "serviceAccount"];

pub(super) fn check(fields: &mut Fields, enabled: bool, faults: &mut Vec<Fault>) -> Option<Service> {
    let mut of_target: Vec<_> = OF_TARGET.into_iter().filter(|key| fields.given(key)).collect();
    of_target.extend(Some("keyInfix").filter(|key| fields.is_on(key)));
    let name = fields.text("target", faults);
    let auth = fields.text("auth", faults);
    let client_type = fields.text("clientType", faults);
    let parameters = fields.entries("parameters", faults);
    let Some(name) = name else {
        let orphan = |key| Fault::at(Code::Missing, fields.path("target"), format!("{key} is given, and no target"));
        faults.extend(of_target.into_iter().map(orphan));
        return None;
    };
    let target = find(&fields.path("target"), &name, faults)?;
    let given = Given::check(fields.path("parameters"), target, parameters, faults);
    let auth = find_auth(&fields.path("auth"), target, auth.as_deref(), faults);
    let client_type = client_type.unwrap_or_else(|| "none".to_owned());
    check_client_type(&fields.path("clientType"), target, auth, &client_type, faults);
    let set = auth.and_then(|auth| target.set(auth, &client_type, |parameter| given.is_on(parameter)));
    let (Some(auth), Some(set)) = (auth, set) else {
        // Which set was meant is not known; what each of them requires is missing all the same.
        let candidates = target.sets.iter().filter(|set| auth.is_none_or(|auth| set.auth == auth));
        if enabled {
            given.require(target, candidates, &whose(target, auth), faults);
        }
        return None;
    };
    let mut service = Service { target, auth, client_type, parameters: Forms::default(), set, unused: Vec::new() };
    if enabled {
        given.require(target, std::iter::once(set), &service.words(), faults);
    }
    given.complete(&mut service, faults);
    Some(service)
}

fn find(path: &Path, name: &str, faults: &mut Vec<Fault>) -> Option<&'static Target> {
    match catalogue::target(name) {
        Ok(Some(target)) => return Some(target),
        Ok(None) => {
            let cause = format!("there is no such target; {}", choices(name, catalogue::names()));
            faults.push(Fault::at(Code::UnknownChoice, path, cause));
        }
        Err(defect) => faults.push(Fault::at(Code::Internal, path, defect.to_string())),
    }
    None
}

fn find_auth(path: &Path, target: &Target, name: Option<&str>, faults: &mut Vec<Fault>) -> Option<Auth> {
    let offered = target.auths();
    let words = || offered.iter().map(|auth| auth.as_str());
    let Some(name) = name else {
        faults.push(Fault::at(
            Code::Missing,
            path,
            format!("a target needs an auth; allowed: {}", words().collect::<Vec<_>>().join(", ")),
        ));
        return None;
    };
    let auth = offered.iter().find(|auth| auth.as_str() == name).copied();
    if auth.is_none() {
        let cause = format!("{} has no such auth; {}", target.name, choices(name, words()));
        faults.push(Fault::at(Code::UnknownChoice, path, cause));
    }
    auth
}

fn check_client_type(path: &Path, target: &Target, auth: Option<Auth>, name: &str, faults: &mut Vec<Fault>) {
    let auths = auth.map_or_else(|| target.auths(), |auth| vec![auth]);
    let allowed: BTreeSet<&str> = auths.into_iter().flat_map(|auth| target.client_types(auth)).collect();
    if !allowed.contains(name) {
        let cause = format!("{} has no such client type; {}", whose(target, auth), choices(name, allowed.into_iter()));
        faults.push(Fault::at(Code::UnknownChoice, path, cause));
    }
}

fn whose(target: &Target, auth: Option<Auth>) -> String {
    auth.map_or_else(|| target.name.to_owned(), |auth| format!("{} with auth {auth}", target.name))
}

/// The cloud by its name in the values; the public one if none is named.
pub(super) fn cloud(name: Option<&str>, faults: &mut Vec<Fault>) -> Option<Cloud> {
    let name = name.unwrap_or("AzurePublic");
    match catalogue::cloud(name) {
        Ok(Some(cloud)) => return Some(cloud),
        Ok(None) => {
            let cause = format!("there is no such cloud; {}", choices(name, catalogue::cloud_names().iter().copied()));
            faults.push(Fault::at(Code::UnknownChoice, "cloud", cause));
        }
        Err(defect) => faults.push(Fault::at(Code::Internal, "cloud", defect.to_string())),
    }
    None
}

impl Service {
    /// The parameters that have a value, where `value` tells what a form stands for.
    pub fn values<'a>(&'a self, value: impl Fn(&'a Form) -> Option<&'a SecretValue>) -> BTreeMap<String, SecretValue> {
        parameters::values(&self.parameters, value)
    }

    /// Target, auth and client type, for a person.
    #[must_use]
    pub fn words(&self) -> String {
        format!("{} with auth {} and client type {}", self.target.name, self.auth, self.client_type)
    }

    /// The default names of the variables that the service makes.
    pub fn variable_names(&self) -> impl Iterator<Item = &str> {
        self.set.variables.iter().map(|variable| variable.name.as_str())
    }

    /// Why `name` is none of the variables, if it is none.
    pub(super) fn unknown_variable(&self, name: &str) -> Option<String> {
        let known = self.variable_names().any(|variable| variable == name);
        (!known).then(|| format!("{} writes no such variable; {}", self.words(), choices(name, self.variable_names())))
    }
}
