//! A parameter of a target: what a person writes below `parameters`.

use regex_lite::Regex;
use serde::Deserialize;

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
    /// What it is where none is given.
    pub default: Option<String>,
    /// The form of every value.
    pub pattern: Option<Pattern>,
    /// Whether the values may write it as an integer.
    #[serde(default)]
    pub integer: bool,
}

impl Parameter {
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
            crate::yaml::from_str("{description: d, example: a, pattern: 'a|b', integer: false}").unwrap();
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
