//! The parameters of a service as they are given: read in their three forms,
//! and held against what the catalogue says of each.

use std::collections::{BTreeMap, BTreeSet};

use super::Service;
use super::form::Form;
use super::forms::Forms;
use super::path::Path;
use crate::catalogue::{Parameter, Scalar, Set, Target};
use crate::error::{Code, Fault};
use crate::secret_value::SecretValue;
use crate::wording::choices;
use crate::yaml::Value;

/// The parameters of a target that have a value of the right type.
pub(super) struct Given {
    path: Path,
    /// Also those with a fault: one that is given and faulty is not missing too.
    names: BTreeSet<String>,
    forms: Vec<(Path, String, Form)>,
}

impl Given {
    pub(super) fn check(
        path: Path,
        target: &Target,
        entries: Vec<(Path, String, Value)>,
        faults: &mut Vec<Fault>,
    ) -> Self {
        let mut given = Self { path, names: BTreeSet::new(), forms: Vec::new() };
        for (place, name, value) in entries {
            let Some(parameter) = target.parameters.get(&name) else {
                let known = target.parameters.keys().map(String::as_str);
                let cause = format!("{} has no such parameter; {}", target.name, choices(&name, known));
                faults.push(Fault::at(Code::UnknownField, place, cause));
                continue;
            };
            if value.is_null() {
                continue;
            }
            given.names.insert(name.clone());
            let Some(form) = Form::check(&place, value, parameter.scalar, faults) else { continue };
            if parameter.scalar == Scalar::Flag && form.literal().is_none() {
                let cause = "decides which variables there are, and must not be a reference";
                faults.push(Fault::at(Code::ReferenceNotAllowed, place, cause).remedy("write true or false"));
                continue;
            }
            given.forms.push((place, name, form));
        }
        given
    }

    /// Whether a parameter is given as `true`.
    pub(super) fn is_on(&self, parameter: &str) -> bool {
        self.forms.iter().any(|(_, name, form)| name == parameter && is_true(form))
    }

    /// Gives `service` what its variables are made of, and reports what is of a wrong form.
    pub(super) fn complete(self, service: &mut Service, faults: &mut Vec<Fault>) {
        let used = service.set.parameters();
        for (place, name, form) in self.forms {
            let Some(parameter) = service.target.parameters.get(&name) else { continue };
            let is_used = used.contains(name.as_str());
            if is_used || parameter.scalar == Scalar::Flag {
                judge(&place, &form, parameter, faults);
            }
            // A parameter of the target that this auth and client type do not use is no fault:
            // whoever changes the auth need not change the rest.
            if is_used {
                service.parameters.insert(name, form);
            } else if parameter.scalar != Scalar::Flag || is_true(&form) {
                service.unused.push(name);
            }
        }
    }

    /// Reports what `whose` sets all require and is not given.
    pub(super) fn require<'a>(
        &self,
        target: &Target,
        sets: impl Iterator<Item = &'a Set>,
        whose: &str,
        faults: &mut Vec<Fault>,
    ) {
        let required = sets.map(|set| set.required(target)).reduce(|all, set| &all & &set).unwrap_or_default();
        for name in required.into_iter().filter(|name| !self.names.contains(*name)) {
            let what = target.parameters.get(name).map_or("", |parameter| parameter.description.as_str());
            faults.push(Fault::at(Code::Missing, self.path.child(name), format!("{whose} needs it: {what}")));
        }
    }
}

fn is_true(form: &Form) -> bool {
    form.literal().is_some_and(|value| value.expose() == "true")
}

fn judge(place: &Path, form: &Form, parameter: &Parameter, faults: &mut Vec<Fault>) {
    let Form::Literal(value) = form else { return };
    if let Some(why) = parameter.refuses(value.expose()) {
        faults.push(Fault::at(Code::InvalidValue, place, why));
    }
}

/// The values as variables are made of them, where `value` tells what a form stands for.
pub(super) fn values<'a>(
    forms: &'a Forms,
    value: impl Fn(&'a Form) -> Option<&'a SecretValue>,
) -> BTreeMap<String, SecretValue> {
    let given = forms.iter().filter_map(|(name, form)| Some((name, value(form)?)));
    given.map(|(name, value)| (name.clone(), normal(name, value))).collect()
}

/// A client id is written in lower case: it is part of a ServiceAccount's name.
fn normal(parameter: &str, value: &SecretValue) -> SecretValue {
    if parameter == "clientId" { value.expose().to_ascii_lowercase().into() } else { value.clone() }
}
