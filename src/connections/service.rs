//! The part of a connection that the catalogue knows: target, auth, client type
//! and parameters, and the variables that they make.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::{Fields, Path, choices};
use super::form::{Form, Plain};
use crate::catalogue::{self, Auth, Cloud, Parameter, Set, Target};
use crate::error::{Code, Fault};
use crate::secret_value::SecretValue;
use crate::yaml::Value;

/// The Azure service of a connection.
pub struct Service {
    /// The target, as in `az aks connection create <target>`.
    pub target: &'static Target,
    /// How the workload proves who it is.
    pub auth: Auth,
    /// The client type; it chooses the variables.
    pub client_type: String,
    /// The parameters that the variables are made of.
    pub parameters: BTreeMap<String, Form>,
    /// The variables of target, auth and client type.
    pub set: &'static Set,
    /// Parameters that are given, and that this auth and client type have no use for.
    pub unused: Vec<String>,
}

/// Fields that mean nothing without a target.
const OF_TARGET: [&str; 5] = ["auth", "clientType", "customizedKeys", "parameters", "serviceAccount"];

/// Parameters that decide the name or content of a ServiceAccount with workload identity.
const IDENTITY: [&str; 2] = ["clientId", "tenantId"];

pub(super) fn check(fields: &mut Fields, enabled: bool, faults: &mut Vec<Fault>) -> Option<Service> {
    let of_target: Vec<_> = OF_TARGET.into_iter().filter(|key| fields.given(key)).collect();
    let name = fields.text("target", faults);
    let auth = fields.text("auth", faults);
    let client_type = fields.text("clientType", faults);
    let given = fields.entries("parameters", faults);
    let Some(name) = name else {
        let orphan = |key| Fault::at(Code::Missing, fields.path("target"), format!("{key} is given, and no target"));
        faults.extend(of_target.into_iter().map(orphan));
        return None;
    };
    let target = find(&fields.path("target"), &name, faults)?;
    let auth = find_auth(&fields.path("auth"), target, auth.as_deref(), faults)?;
    let client_type = client_type.unwrap_or_else(|| "none".to_owned());
    let Some(set) = target.set(auth, &client_type, |parameter| is_on(&given, parameter)) else {
        let allowed = target.client_types(auth);
        let cause = format!(
            "{name} with auth {} has no such client type; {}",
            auth.as_str(),
            choices(&client_type, allowed.into_iter())
        );
        faults.push(Fault::at(Code::UnknownChoice, fields.path("clientType"), cause));
        return None;
    };
    let mut service = Service { target, auth, client_type, parameters: BTreeMap::new(), set, unused: Vec::new() };
    let path = fields.path("parameters");
    // One that is given and faulty is not missing too.
    let named: BTreeSet<String> =
        given.iter().filter(|(_, _, value)| !value.is_null()).map(|(_, name, _)| name.clone()).collect();
    service.take(&path, given, faults);
    if enabled {
        service.require(&path, &named, faults);
    }
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

/// Whether a parameter that selects another set of variables is given as "true".
fn is_on(given: &[(Path, String, Value)], parameter: &str) -> bool {
    given.iter().any(|(_, name, value)| name == parameter && value.as_str() == Some("true"))
}

/// A client id is written in lower case: it is part of a ServiceAccount's name.
fn normal(parameter: &str, value: SecretValue) -> SecretValue {
    if parameter == "clientId" { value.expose().to_ascii_lowercase().into() } else { value }
}

impl Service {
    /// The parameters that have a value, where `value` tells what a form stands for.
    pub fn values<'a>(&'a self, value: impl Fn(&'a Form) -> Option<&'a SecretValue>) -> BTreeMap<String, SecretValue> {
        let given = self.parameters.iter().filter_map(|(name, form)| Some((name, value(form)?.clone())));
        given.map(|(name, value)| (name.clone(), normal(name, value))).collect()
    }

    /// The default names of the variables that the service makes.
    pub fn variable_names(&self) -> impl Iterator<Item = &str> {
        self.set.variables.iter().map(|variable| variable.name.as_str())
    }

    /// Why `name` is none of the variables, if it is none.
    pub(super) fn unknown_variable(&self, name: &str) -> Option<String> {
        let known = self.variable_names().any(|variable| variable == name);
        (!known).then(|| {
            format!(
                "{} with auth {} and client type {} writes no such variable; {}",
                self.target.name,
                self.auth.as_str(),
                self.client_type,
                choices(name, self.variable_names())
            )
        })
    }

    fn take(&mut self, path: &Path, given: Vec<(Path, String, Value)>, faults: &mut Vec<Fault>) {
        for (place, name, value) in given {
            let Some(parameter) = self.target.parameters.get(&name) else {
                let cause = format!(
                    "{} has no such parameter; {}",
                    self.target.name,
                    choices(&name, self.target.parameters.keys().map(String::as_str))
                );
                faults.push(Fault::at(Code::UnknownField, path.child(&name), cause));
                continue;
            };
            if value.is_null() {
                continue;
            }
            let plain = if parameter.integer { Plain::TextOrInteger } else { Plain::Text };
            let Some(form) = Form::check(&place, value, plain, faults) else { continue };
            // A parameter of the target that this auth and client type do not use is no fault:
            // whoever changes the auth need not change the rest.
            if self.set.parameters().contains(name.as_str()) {
                let form = self.judge(&place, &name, form, parameter, faults);
                self.parameters.insert(name, form);
            } else {
                self.unused.push(name);
            }
        }
    }

    fn judge(&self, place: &Path, name: &str, form: Form, parameter: &Parameter, faults: &mut Vec<Fault>) -> Form {
        let Form::Literal(value) = form else {
            if self.auth == Auth::WorkloadIdentity && IDENTITY.contains(&name) {
                faults.push(Fault::at(
                    Code::ReferenceNotAllowed,
                    place,
                    "stands in a ServiceAccount's name or annotation, and must not be a reference",
                ));
            }
            return form;
        };
        // An empty parameter is what a script writes whose variable was not set.
        if value.expose().is_empty() {
            faults.push(Fault::at(Code::InvalidValue, place, "is empty"));
        } else if !parameter.accepts(value.expose()) {
            faults.push(Fault::at(
                Code::InvalidValue,
                place,
                format!("is not of the right form: {}, for example {}", parameter.description, parameter.example),
            ));
        }
        Form::Literal(normal(name, value))
    }

    fn require(&self, path: &Path, named: &BTreeSet<String>, faults: &mut Vec<Fault>) {
        for name in self.set.required(self.target) {
            if !named.contains(name) {
                let what = self.target.parameters.get(name).map_or("", |parameter| parameter.description.as_str());
                let cause = format!(
                    "{} with auth {} and client type {} needs it: {what}",
                    self.target.name,
                    self.auth.as_str(),
                    self.client_type
                );
                faults.push(Fault::at(Code::Missing, path.child(name), cause));
            }
        }
    }
}
