//! A variable: one key of the Secret, made from parameters.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::format::Format;
use super::template::{Part, Template};
use super::{CatalogueError, Cloud, Parameter, Target};
use crate::secret_value::SecretValue;

/// One variable of a set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    /// The default name, which is the key in the Secret.
    pub name: String,
    value: Template,
    /// The format of the whole, by which inserted values are escaped.
    #[serde(default)]
    format: Format,
    #[serde(skip)]
    defaults: BTreeMap<String, String>,
}

impl Variable {
    /// The value with `{parameter}` and `{cloud.key}` in it.
    #[must_use]
    pub fn template(&self) -> &str {
        self.value.as_str()
    }

    /// The parameters that the value is made of.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.value.parameters()
    }

    /// Whether a credential is part of the value.
    #[must_use]
    pub fn sensitive(&self, target: &Target) -> bool {
        self.parameters().any(|name| target.parameters.get(name).is_some_and(|parameter| parameter.sensitive))
    }

    /// The value for these parameters. Each is escaped for the format that it stands in;
    /// one that is not given has its default.
    ///
    /// # Errors
    /// A parameter without default is missing, which validation would have found,
    /// or the cloud lacks a host name: a defect of the program.
    pub fn render(&self, values: &BTreeMap<String, SecretValue>, cloud: &Cloud) -> Result<SecretValue, CatalogueError> {
        let missing = |what: String| CatalogueError::new(&self.name, what);
        let mut text = String::new();
        for part in self.value.parts() {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Cloud(key) => {
                    let host = cloud.host(key);
                    text.push_str(host.ok_or_else(|| missing(format!("{} has no host {key}", cloud.name)))?);
                }
                Part::Parameter(name) => {
                    let given = values.get(name).map(SecretValue::expose);
                    let value = given.or_else(|| self.defaults.get(name).map(String::as_str));
                    let value = value.ok_or_else(|| missing(format!("parameter {name} is not given")))?;
                    text.push_str(&self.format.escape(value));
                }
            }
        }
        Ok(text.into())
    }

    /// Takes over the defaults of the parameters in use.
    pub(super) fn complete(&mut self, parameters: &BTreeMap<String, Parameter>) {
        let default = |name: &str| Some((name.to_owned(), parameters.get(name)?.default.clone()?));
        self.defaults = self.value.parameters().filter_map(default).collect();
    }
}
