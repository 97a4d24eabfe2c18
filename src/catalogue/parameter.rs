//! A parameter of a target: what a person writes below `parameters`.

use regex_lite::Regex;
use serde::Deserialize;

use super::template::Template;

/// What is known of one parameter.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// What it is, and the form that it must have.
    pub description: String,
    /// A value that could stand there.
    pub example: String,
    /// Whether it is a credential.
    #[serde(default)]
    pub sensitive: bool,
    /// What it is where none is given; may be made of other parameters.
    default: Option<Template>,
    /// The form of every value.
    pub pattern: Option<Pattern>,
    /// What the values may write beside a string.
    #[serde(default)]
    pub kind: Plain,
}

/// The forms that a value may have in the chart's values, where it is no reference and no base64.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Plain {
    /// A string only: Helm rounds large numbers and turns `0123` into 83, so a number is no longer what was written.
    #[default]
    Text,
    /// A string or a whole number, where no credential can stand.
    Integer,
    /// A string or a boolean: `true` selects another set of variables.
    Flag,
}

impl Parameter {
    /// The default as the catalogue writes it, with `{parameter}` and `{cloud.key}` in it.
    #[must_use]
    pub fn default(&self) -> Option<&str> {
        self.default.as_ref().map(Template::as_str)
    }

    pub(super) fn default_template(&self) -> Option<&Template> {
        self.default.as_ref()
    }

    /// Whether `value` has the form that the parameter asks for.
    #[must_use]
    pub fn accepts(&self, value: &str) -> bool {
        self.pattern.as_ref().is_none_or(|pattern| pattern.0.is_match(value))
    }
}

/// A regular expression for a whole value.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Pattern(Regex);

impl TryFrom<String> for Pattern {
    type Error = regex_lite::Error;

    fn try_from(expression: String) -> Result<Self, Self::Error> {
        Regex::new(&format!(r"\A(?:{expression})\z")).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_for_the_whole_value() {
        let parameter: Parameter =
            crate::yaml::from_str("{description: d, example: a, pattern: 'a|b', kind: integer}").unwrap();
        assert!(parameter.accepts("a") && parameter.accepts("b"));
        assert!(!parameter.accepts("ab") && !parameter.accepts("b\n") && !parameter.accepts(""));
    }

    #[test]
    fn a_broken_pattern_and_an_unknown_field_are_refused() {
        for text in ["{description: d, example: a, pattern: '('}", "{description: d, example: a, secret: true}"] {
            assert!(crate::yaml::from_str::<Parameter>(text).is_err(), "{text}");
        }
    }
}
