//! Reading one mapping of the values, key by key. Unlike a derived
//! deserialiser it goes on after a fault, so that a person sees all of them at
//! once, and its faults never quote the value they are about.

use super::path::Path;
use super::scalars::{flag, integer};
use crate::error::{Code, Fault};
use crate::wording::choices;
use crate::yaml::{Mapping, Value};

/// A mapping whose keys are taken one by one; what nobody asked for is unknown.
pub struct Fields {
    path: Path,
    mapping: Mapping,
    asked: Vec<&'static str>,
}

impl Fields {
    /// Opens `value` as a mapping. An absent or null one is empty.
    pub fn open(path: Path, value: Value, faults: &mut Vec<Fault>) -> Option<Self> {
        match value {
            Value::Mapping(mapping) => Some(Self { path, mapping, asked: Vec::new() }),
            Value::Null => Some(Self { path, mapping: Mapping::new(), asked: Vec::new() }),
            other => {
                faults.push(wrong_type(&path, "a mapping", &other));
                None
            }
        }
    }

    /// Whether nothing stands in the mapping that was not taken.
    pub fn is_empty(&self) -> bool {
        self.mapping.is_empty()
    }

    /// The place of `key` in this mapping.
    pub fn path(&self, key: &str) -> Path {
        self.path.child(key)
    }

    /// Takes the value of `key`; null counts as absent.
    pub fn take(&mut self, key: &'static str) -> Option<Value> {
        self.asked.push(key);
        self.mapping.shift_remove(key).filter(|value| !value.is_null())
    }

    /// Takes a string. An empty one counts as absent: that is how charts write "not set".
    pub fn text(&mut self, key: &'static str, faults: &mut Vec<Fault>) -> Option<String> {
        match self.take(key)? {
            Value::String(text) => Some(text).filter(|text| !text.is_empty()),
            other => self.refuse(key, "a string", &other, faults),
        }
    }

    /// Takes a boolean.
    pub fn flag(&mut self, key: &'static str, faults: &mut Vec<Fault>) -> Option<bool> {
        let value = self.take(key)?;
        flag(&value).or_else(|| self.refuse(key, "true or false", &value, faults))
    }

    /// Takes a whole number.
    pub fn integer(&mut self, key: &'static str, faults: &mut Vec<Fault>) -> Option<i64> {
        let value = self.take(key)?;
        integer(&value).or_else(|| self.refuse(key, "a whole number", &value, faults))
    }

    /// Takes a list of strings.
    pub fn texts(&mut self, key: &'static str, faults: &mut Vec<Fault>) -> Vec<String> {
        let text = |value: Value| match value {
            Value::String(text) => Some(text),
            _ => None,
        };
        let texts = match self.take(key) {
            None => return Vec::new(),
            Some(Value::Sequence(values)) => values.into_iter().map(text).collect(),
            Some(_) => None,
        };
        texts.unwrap_or_else(|| {
            faults.push(Fault::at(Code::WrongType, self.path(key), "must be a list of strings"));
            Vec::new()
        })
    }

    /// Takes a list of values, each with its place.
    pub fn items(&mut self, key: &'static str, faults: &mut Vec<Fault>) -> Vec<(Path, Value)> {
        let path = self.path(key);
        match self.take(key) {
            None => Vec::new(),
            Some(Value::Sequence(values)) => {
                values.into_iter().enumerate().map(|(index, value)| (path.item(index), value)).collect()
            }
            Some(other) => {
                faults.push(wrong_type(&path, "a list", &other));
                Vec::new()
            }
        }
    }

    /// Takes a mapping from free names to values, each with its place.
    pub fn entries(&mut self, key: &'static str, faults: &mut Vec<Fault>) -> Vec<(Path, String, Value)> {
        let path = self.path(key);
        let Some(below) = self.take(key).and_then(|value| Self::open(path, value, faults)) else { return Vec::new() };
        let mut entries = Vec::with_capacity(below.mapping.len());
        for (key, value) in below.mapping {
            match name(&key) {
                Some(name) => entries.push((below.path.child(&name), name, value)),
                None => faults.push(Fault::at(Code::WrongType, &below.path, no_name(&key))),
            }
        }
        entries
    }

    /// Takes a mapping from names to strings.
    pub fn text_entries(&mut self, key: &'static str, faults: &mut Vec<Fault>) -> Vec<(Path, String, String)> {
        let mut texts = Vec::new();
        for (path, name, value) in self.entries(key, faults) {
            match value {
                Value::String(text) => texts.push((path, name, text)),
                other => faults.push(wrong_type(&path, "a string", &other)),
            }
        }
        texts
    }

    /// Takes a mapping with fields of its own.
    pub fn below(&mut self, key: &'static str, faults: &mut Vec<Fault>) -> Option<Self> {
        let path = self.path(key);
        self.take(key).and_then(|value| Self::open(path, value, faults))
    }

    /// Whether `key` has a value that nobody took yet and that says something: null, an empty string or mapping are what
    /// one gets by leaving the key out.
    pub fn given(&self, key: &str) -> bool {
        self.mapping.get(key).is_some_and(|value| match value {
            Value::Null => false,
            Value::String(text) => !text.is_empty(),
            Value::Mapping(mapping) => !mapping.is_empty(),
            _ => true,
        })
    }

    /// Whether `key` is a flag that nobody took yet and that is true.
    pub fn is_on(&self, key: &str) -> bool {
        self.mapping.get(key).and_then(flag).unwrap_or_default()
    }

    /// Accepts keys that are read elsewhere.
    pub fn ignore(&mut self, keys: &[&'static str]) {
        for key in keys {
            self.take(key);
        }
    }

    /// Ends the reading: every key that was not asked for is a fault.
    pub fn finish(self, faults: &mut Vec<Fault>) {
        for key in self.mapping.keys() {
            let name = scalar(key).unwrap_or_else(|| "(not a string)".to_owned());
            let cause = format!("there is no such field; {}", choices(&name, self.asked.iter().copied()));
            faults.push(Fault::at(Code::UnknownField, self.path(&name), cause));
        }
    }

    fn refuse<T>(&self, key: &str, wanted: &str, found: &Value, faults: &mut Vec<Fault>) -> Option<T> {
        faults.push(wrong_type(&self.path(key), wanted, found));
        None
    }
}

/// Helm turns a whole number that is a key into a string; so does this.
fn name(key: &Value) -> Option<String> {
    let is_name = key.is_string() || key.is_i64();
    is_name.then(|| scalar(key)).flatten()
}

fn scalar(key: &Value) -> Option<String> {
    match key {
        Value::String(key) => Some(key.clone()),
        Value::Number(key) => Some(key.to_string()),
        Value::Bool(key) => Some(key.to_string()),
        Value::Null => Some("null".to_owned()),
        Value::Sequence(_) | Value::Mapping(_) | Value::Tagged(_) => None,
    }
}

/// Keys are no secrets, and one that is not told is hard to find.
fn no_name(key: &Value) -> String {
    let which = scalar(key).map_or_else(|| "a key".to_owned(), |key| format!("the key {key}"));
    format!("{which} is no string: put it in quotes")
}

/// A value that is not of the wanted type; says what it is, not what it says.
pub fn wrong_type(path: &Path, wanted: &str, found: &Value) -> Fault {
    let found = match found {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Sequence(_) => "a list",
        Value::Mapping(_) => "a mapping",
        Value::Tagged(_) => "a value with a tag (!…)",
    };
    let fault = Fault::at(Code::WrongType, path, format!("must be {wanted}, and is {found}"));
    match (wanted, found) {
        ("a string", "a boolean" | "a number" | "null") => {
            fault.remedy("put the value in quotes; on the command line use --set-string in place of --set")
        }
        _ => fault,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_goes_on_after_a_fault_and_names_every_unknown_key() {
        let value = crate::yaml::from_str("{enabled: canary, namspace: x, other: 1}").unwrap();
        let mut faults = Vec::new();
        let mut fields = Fields::open(Path::default().child("c"), value, &mut faults).unwrap();
        assert_eq!(fields.flag("enabled", &mut faults), None);
        assert_eq!(fields.text("namespace", &mut faults), None);
        fields.finish(&mut faults);
        let faults: Vec<_> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(faults.len(), 3);
        assert!(faults[0].starts_with("SCJ1004 c.enabled: must be true or false, and is a string."));
        assert!(faults[1].starts_with(
            "SCJ1003 c.namspace: there is no such field; did you mean namespace? Allowed: enabled, namespace."
        ));
        assert!(faults[2].starts_with("SCJ1003 c.other: there is no such field; allowed: enabled, namespace."));
    }

    #[test]
    fn a_flag_may_be_a_text() {
        let read = |text: &str| {
            let value = crate::yaml::from_str(&format!("{{x: '{text}'}}")).unwrap();
            let open = || Fields::open(Path::default(), value, &mut Vec::new()).unwrap();
            let (mut fields, mut faults) = (open(), Vec::new());
            (fields.is_on("x"), fields.flag("x", &mut faults))
        };
        assert_eq!(
            ["true", "false", "True", "yes", ""].map(read),
            [(true, Some(true)), (false, Some(false)), (false, None), (false, None), (false, None)]
        );
    }

    #[test]
    fn a_number_where_a_string_is_needed_gets_the_advice_to_quote() {
        let fault = wrong_type(&Path::default().child("x"), "a string", &Value::from(83)).to_string();
        assert_eq!(
            fault,
            "SCJ1004 x: must be a string, and is a number. Remedy: put the value in quotes; on the command line use --set-string in place of --set"
        );
    }
}
