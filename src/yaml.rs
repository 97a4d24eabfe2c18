//! YAML, and JSON as a part of it, in and out. `serde_yaml` is used in this module and nowhere else.

mod depth;
mod expansion;

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
    match serde_json::from_str(text) {
        Ok(value) => return Ok(value),
        // The YAML parser would say the same, after a time that grows with the square of the depth.
        Err(error) if is_too_deep(&error) => return Err(too_deep(&place(error.line(), error.column()))),
        Err(_) => {}
    }
    if let Some((line, column)) = depth::beyond(text) {
        return Err(too_deep(&place(line, column)));
    }
    if expansion::is_excessive(text) {
        return Err(format!("its aliases stand for more than {} values", expansion::LARGEST));
    }
    let merged = |mut value: Value| value.apply_merge().map(|()| value);
    serde_yaml::from_str(text).and_then(merged).map_err(|error| {
        let place = error.location().map_or_else(String::new, |at| place(at.line(), at.column()));
        if is_too_deep(&error) {
            return too_deep(&place);
        }
        let words = error.to_string();
        match words.find("duplicate entry with key ") {
            Some(start) => format!("{}: each key may stand once", &words[start..]),
            None => format!("the text is not valid YAML{place}"),
        }
    })
}

fn place(line: usize, column: usize) -> String {
    format!(" at line {line}, column {column}")
}

/// Both parsers end at a depth of 128, and tell it by these words alone.
fn is_too_deep(error: &impl ToString) -> bool {
    error.to_string().starts_with("recursion limit exceeded")
}

fn too_deep(place: &str) -> String {
    format!("the text is nested too deeply{place}")
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
    fn a_text_that_is_nested_too_deeply_is_told_as_such_in_json_and_in_yaml() {
        for (text, place) in [("[".repeat(300), "line 1, column 128"), ("- ".repeat(300) + "a", "line 1, column 257")] {
            assert_eq!(parse(&text).unwrap_err(), format!("the text is nested too deeply at {place}"));
        }
    }

    #[test]
    fn aliases_that_stand_for_too_much_are_refused_and_ordinary_ones_taken() {
        let text = |aliases: usize| format!("a: &a [{}]\nb: [{}]\n", "x,".repeat(1_000), "*a,".repeat(aliases));
        assert_eq!(parse(&text(1_000)).unwrap_err(), "its aliases stand for more than 1000000 values");
        assert_eq!(parse(&text(100)).unwrap()["b"].as_sequence().unwrap().len(), 100);
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
