//! A variable: one key of the Secret, made from parameters.

use std::borrow::Cow;
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
    /// The part of the connection that it belongs to, where the service splits a connection in two.
    pub linker: Option<String>,
    #[serde(skip)]
    defaults: BTreeMap<String, Template>,
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
        self.fill(&self.value, self.format, values, cloud).map(SecretValue::from)
    }

    fn fill(
        &self,
        template: &Template,
        format: Format,
        values: &BTreeMap<String, SecretValue>,
        cloud: &Cloud,
    ) -> Result<String, CatalogueError> {
        let missing = |what: String| CatalogueError::new(&self.name, what);
        let mut text = String::new();
        for part in template.parts() {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Cloud(key) => {
                    let host = cloud.host(key);
                    text.push_str(host.ok_or_else(|| missing(format!("{} has no host {key}", cloud.name)))?);
                }
                Part::Parameter(name) => match (values.get(name), self.defaults.get(name)) {
                    (Some(given), _) => text.push_str(&format.escape(given.expose())),
                    (None, Some(default)) => {
                        text.push_str(&format.escape(&self.fill(default, Format::Plain, values, cloud)?));
                    }
                    (None, None) => return Err(missing(format!("parameter {name} is not given"))),
                },
            }
        }
        Ok(text)
    }

    /// How a value of a parameter stands in this variable, without quotes around it, if the variable is made of it.
    #[must_use]
    pub fn written<'a>(&self, parameter: &str, value: &'a str) -> Option<Cow<'a, str>> {
        self.parameters().any(|name| name == parameter).then(|| self.format.within(value))
    }

    /// The parameters that stand beside something else in a format without quoting.
    #[cfg(test)]
    pub(super) fn unquoted(&self) -> impl Iterator<Item = &str> {
        let mixed = self.format == Format::Plain && self.value.parts().len() > 1;
        self.parameters().filter(move |_| mixed)
    }

    /// Takes over the defaults of the parameters in use.
    pub(super) fn complete(&mut self, parameters: &BTreeMap<String, Parameter>) {
        let default = |name: &str| Some((name.to_owned(), parameters.get(name)?.default_template()?.clone()));
        self.defaults = self.value.parameters().filter_map(default).collect();
    }
}
