//! YAML, and JSON as a part of it, in and out. `serde_yaml` is used here and nowhere else.

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use serde_yaml::{Error, Mapping, Value};

/// Parses one document.
///
/// # Errors
/// Why the text is no YAML, or not of the wanted form. Where the text may hold credentials, use [`parse`].
pub fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, serde_yaml::Error> {
    serde_yaml::from_str(text)
}

/// Parses one document into a tree.
///
/// # Errors
/// Why the text is no YAML, in words that do not quote it: the parser's own may hold a credential.
/// A key that stands twice is named, since keys are no secrets.
pub fn parse(text: &str) -> Result<Value, String> {
    // The chart writes JSON, whose strings may hold control characters that YAML forbids, such as U+007F in a password.
    if let Ok(value) = serde_json::from_str(text) {
        return Ok(value);
    }
    let merged = |mut value: Value| value.apply_merge().map(|()| value);
    serde_yaml::from_str(text).and_then(merged).map_err(|error| {
        let place =
            error.location().map_or_else(String::new, |at| format!(" at line {}, column {}", at.line(), at.column()));
        let words = error.to_string();
        match words.find("duplicate entry with key ") {
            Some(start) => format!("{}: each key may stand once", &words[start..]),
            None => format!("the text is not valid YAML{place}"),
        }
    })
}

/// Writes one document.
///
/// # Errors
/// What cannot be written: a defect of the program.
pub fn write(value: &impl Serialize) -> Result<String, serde_yaml::Error> {
    serde_yaml::to_string(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_syntax_error_names_line_and_column_and_quotes_nothing() {
        let fault = parse("connections:\n  a: {data: {K: \"canary-4b1d}}\n").unwrap_err();
        assert!(fault.starts_with("the text is not valid YAML at line "), "{fault}");
        assert!(!fault.contains("canary"), "{fault}");
    }

    #[test]
    fn a_merge_key_is_merged_as_helm_does() {
        let merged = parse("{base: &b {a: 1}, c: {<<: *b, d: 2}}").unwrap();
        assert_eq!(merged["c"], from_str::<Value>("{a: 1, d: 2}").unwrap());
    }

    #[test]
    fn a_key_that_stands_twice_is_named() {
        let fault = parse("connections: {a: {namespace: x, namespace: y}}").unwrap_err();
        assert!(fault.contains("duplicate entry with key \"namespace\""), "{fault}");
    }
}
