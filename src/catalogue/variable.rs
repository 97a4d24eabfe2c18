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
        let write = |value: &str| self.for_spring(self.format.escape(value));
        self.fill(&self.value, &write, values, cloud).map(SecretValue::from)
    }

    /// A value as Spring must find it. Spring (Boot 2 and 3) expands placeholders in what it reads from the
    /// environment; `${:}` is one that stands for nothing, so that what follows it does not begin another. It takes
    /// files as they are.
    fn for_spring(&self, value: Cow<str>) -> String {
        if self.is_spring_property() { value.replace("${", "$${:}{") } else { value.into_owned() }
    }

    /// No other variable has a dot in its name.
    fn is_spring_property(&self) -> bool {
        self.name.contains('.')
    }

    /// Whether a value of a parameter is written for Spring's reading of the environment, and differs in a file.
    #[must_use]
    pub fn is_for_environment_only(&self, parameter: &str, value: &str) -> bool {
        let is_part = self.is_spring_property() && self.parameters().any(|name| name == parameter);
        is_part && self.format.escape(value).contains("${")
    }

    fn fill(
        &self,
        template: &Template,
        write: &dyn Fn(&str) -> String,
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
                    (Some(given), _) => text.push_str(&write(given.expose())),
                    (None, Some(default)) => {
                        text.push_str(&write(&self.fill(default, &str::to_owned, values, cloud)?));
                    }
                    (None, None) => return Err(missing(format!("parameter {name} is not given"))),
                },
            }
        }
        Ok(text)
    }

    /// How a value of a parameter stands in this variable, without quotes around it, if the variable is made of it.
    #[must_use]
    pub fn written(&self, parameter: &str, value: &str) -> Option<String> {
        self.parameters().any(|name| name == parameter).then(|| self.for_spring(self.format.within(value)))
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
