//! A parameter of a target: what a person writes below `parameters`.

use regex_lite::Regex;
use serde::Deserialize;

use super::template::Template;

/// How a line break gets to the end of a credential, and how it does not.
pub const LINE_BREAK: &str = "a line break (of `echo`? `printf %s` writes none)";

/// What is known of one parameter.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
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
    pub scalar: Scalar,
}

/// The forms that a value may have in the chart's values, where it is no reference and no base64.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Scalar {
    /// A string only: Helm rounds large numbers and turns `0123` into 83, so a number is no longer what was written.
    #[default]
    Text,
    /// A string or a whole number, where no credential can stand.
    Integer,
    /// A string or a boolean: `true` selects another set of variables.
    Flag,
}

impl Scalar {
    /// What may stand there, for a person.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::Integer => "a string or a whole number",
            Self::Flag => "true or false",
        }
    }
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

    /// Why `value` is refused, in words that follow the place where it stands; `None` if it is not.
    #[must_use]
    pub fn refuses(&self, value: &str) -> Option<String> {
        match () {
            () if value.is_empty() => Some("is empty".to_owned()),
            () if self.accepts(value) => None,
            () if self.accepts(value.trim_end_matches(['\r', '\n'])) => Some(format!("ends with {LINE_BREAK}")),
            () => Some(format!("is not of the right form: {}, for example {}", self.description, self.example)),
        }
    }

    /// Whether `value` has the form that the parameter asks for.
    #[must_use]
    pub fn accepts(&self, value: &str) -> bool {
        self.pattern.as_ref().is_none_or(|pattern| pattern.0.is_match(value))
    }
}

/// Forms that many parameters have, by the names that stand for them in a `pattern`.
const NAMED: [(&str, &str); 3] = [
    ("guid", "(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    ("host", r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"),
    ("port", "[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]"),
];

/// A regular expression for a whole value.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Pattern(Regex);

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Eq for Pattern {}

impl TryFrom<String> for Pattern {
    type Error = regex_lite::Error;

    fn try_from(expression: String) -> Result<Self, Self::Error> {
        let named = NAMED.iter().find(|(name, _)| *name == expression).map(|(_, pattern)| *pattern);
        Regex::new(&format!(r"\A(?:{})\z", named.unwrap_or(&expression))).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_for_the_whole_value() {
        let parameter: Parameter =
            crate::yaml::from_str("{description: d, example: a, pattern: 'a|b', scalar: integer}").unwrap();
        assert!(parameter.accepts("a") && parameter.accepts("b"));
        assert!(!parameter.accepts("ab") && !parameter.accepts("b\n") && !parameter.accepts(""));
    }

    #[test]
    fn a_form_that_many_parameters_have_goes_by_its_name() {
        let port: Parameter = crate::yaml::from_str("{description: d, example: '1', pattern: port}").unwrap();
        for (text, is_port) in
            [("1", true), ("65535", true), ("65536", false), ("0", false), ("01", false), ("port", false)]
        {
            assert_eq!(port.accepts(text), is_port, "{text}");
        }
    }

    #[test]
    fn a_broken_pattern_and_an_unknown_field_are_refused() {
        for text in ["{description: d, example: a, pattern: '('}", "{description: d, example: a, secret: true}"] {
            assert!(crate::yaml::from_str::<Parameter>(text).is_err(), "{text}");
        }
    }
}
