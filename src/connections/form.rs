//! The three forms of a value: a string, a reference into the release namespace,
//! or base64 for installers that have nothing but `--set`.

use std::collections::BTreeMap;

use super::fields::{Fields, wrong_type};
use super::names;
use super::path::Path;
use crate::catalogue::Scalar;
use crate::error::{Code, Fault};
use crate::object::{Kind, ObjectId};
use crate::secret_value::SecretValue;
use crate::yaml::Value;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A value as declared.
#[derive(Clone, PartialEq, Eq)]
pub enum Form {
    /// The value itself.
    Literal(SecretValue),
    /// Where the value stands.
    Reference(Reference),
}

/// A key of a Secret or ConfigMap in the release namespace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// What kind of object it is.
    pub source: Source,
    /// The object's name.
    pub name: String,
    /// The key within the object.
    pub key: String,
    /// The place in the values that refers to it.
    pub path: String,
}

/// The kinds of object that can be referred to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Source {
    Secret,
    ConfigMap,
}

impl From<Source> for Kind {
    fn from(source: Source) -> Self {
        match source {
            Source::Secret => Self::Secret,
            Source::ConfigMap => Self::ConfigMap,
        }
    }
}

impl Form {
    pub(super) fn check(path: &Path, value: Value, scalar: Scalar, faults: &mut Vec<Fault>) -> Option<Self> {
        match value {
            Value::String(text) => fit(path, text, faults).map(Self::Literal),
            Value::Number(number) if scalar == Scalar::Integer && number.is_i64() => {
                Some(Self::Literal(number.to_string().into()))
            }
            Value::Bool(flag) if scalar == Scalar::Flag => Some(Self::Literal(flag.to_string().into())),
            Value::Mapping(_) => Self::object(path, value, faults),
            other => {
                faults.push(wrong_type(path, scalar.words(), &other));
                None
            }
        }
    }

    fn object(path: &Path, value: Value, faults: &mut Vec<Fault>) -> Option<Self> {
        let before = faults.len();
        let mut fields = Fields::open(path.clone(), value, faults)?;
        let encoded = fields.take("base64");
        let reference = fields.below("valueFrom", faults);
        fields.finish(faults);
        let form = match (encoded, reference) {
            (Some(Value::String(text)), None) => decode(path, &text, faults).map(Self::Literal),
            (Some(other), None) => {
                faults.push(wrong_type(&path.child("base64"), "a string", &other));
                None
            }
            (None, Some(source)) => Reference::check(source, path, faults).map(Self::Reference),
            _ => {
                faults.push(Fault::at(
                    Code::WrongType,
                    path,
                    "must be a string, {valueFrom: …} or {base64: …}, one of the three",
                ));
                None
            }
        };
        form.filter(|_| faults.len() == before)
    }

    /// Where the value stands, if it is a reference.
    #[must_use]
    pub fn reference(&self) -> Option<&Reference> {
        match self {
            Self::Literal(_) => None,
            Self::Reference(reference) => Some(reference),
        }
    }

    /// The value, where `references` are what references say.
    #[must_use]
    pub fn value<'a>(&'a self, references: &'a BTreeMap<Reference, SecretValue>) -> Option<&'a SecretValue> {
        match self {
            Self::Literal(value) => Some(value),
            Self::Reference(reference) => references.get(reference),
        }
    }

    /// The value, unless it is a reference.
    #[must_use]
    pub fn literal(&self) -> Option<&SecretValue> {
        match self {
            Self::Literal(value) => Some(value),
            Self::Reference(_) => None,
        }
    }
}

impl Reference {
    /// The object in the release namespace `namespace`.
    #[must_use]
    pub fn object(&self, namespace: &str) -> ObjectId {
        ObjectId::new(self.source.into(), namespace, &self.name)
    }

    fn check(mut value_from: Fields, path: &Path, faults: &mut Vec<Fault>) -> Option<Self> {
        let secret = value_from.below("secretKeyRef", faults);
        let config_map = value_from.below("configMapKeyRef", faults);
        let place = path.child("valueFrom");
        value_from.finish(faults);
        let (source, mut fields) = match (secret, config_map) {
            (Some(fields), None) => (Source::Secret, fields),
            (None, Some(fields)) => (Source::ConfigMap, fields),
            _ => {
                faults.push(Fault::at(
                    Code::WrongType,
                    place,
                    "must hold secretKeyRef or configMapKeyRef, one of the two",
                ));
                return None;
            }
        };
        let (name_path, key_path) = (fields.path("name"), fields.path("key"));
        let name = fields.text("name", faults);
        let key = fields.text("key", faults);
        fields.finish(faults);
        for (path, part) in [(&name_path, &name), (&key_path, &key)] {
            if part.is_none() {
                faults.push(Fault::at(Code::Missing, path, "a reference needs name and key"));
            }
        }
        let (name, key) = (name?, key?);
        names::check(&name_path, &name, &names::SUBDOMAIN, faults);
        names::check(&key_path, &key, &names::DATA_KEY, faults);
        Some(Self { source, name, key, path: place.to_string() })
    }
}

/// Why a text cannot be a value, if it cannot. Helm's `--set-file` turns each byte that is no text into U+FFFD; a NUL keeps
/// a container from starting, and the runtime then prints the value.
#[must_use]
pub fn unfit(text: &str) -> Option<&'static str> {
    match () {
        () if text.contains('\u{fffd}') => Some("holds U+FFFD, which stands for bytes that are not text"),
        () if text.contains('\0') => Some("holds a NUL character, which no environment variable can"),
        () => None,
    }
}

/// What to do about a value that is [`unfit`].
pub const FOR_UNFIT: &str = "give binary content in an encoding that is text, and decode it in the workload";

/// A text as a value, unless it is [`unfit`].
pub(super) fn fit(path: &Path, text: String, faults: &mut Vec<Fault>) -> Option<SecretValue> {
    match unfit(&text) {
        None => Some(text.into()),
        Some(cause) => {
            faults.push(Fault::at(Code::InvalidValue, path, cause).remedy(FOR_UNFIT));
            None
        }
    }
}

/// White space is dropped first: `base64` without `-w0` breaks its lines.
fn decode(path: &Path, text: &str, faults: &mut Vec<Fault>) -> Option<SecretValue> {
    let compact: String = text.split_ascii_whitespace().collect();
    let text = STANDARD.decode(compact).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    if text.is_none() {
        faults.push(Fault::at(Code::InvalidBase64, path.child("base64"), "is not base64 of UTF-8 text"));
    }
    text.and_then(|text| fit(path, text, faults))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(yaml: &str, scalar: Scalar) -> Result<Form, Vec<String>> {
        let mut faults = Vec::new();
        let form = Form::check(&Path::default().child("p"), crate::yaml::from_str(yaml).unwrap(), scalar, &mut faults);
        form.ok_or_else(|| faults.iter().map(ToString::to_string).collect())
    }

    fn literal(yaml: &str, scalar: Scalar) -> String {
        let Ok(form) = check(yaml, scalar) else { panic!("refused: {yaml}") };
        form.literal().unwrap().expose().to_owned()
    }

    #[test]
    fn a_string_and_its_base64_give_the_same_value() {
        assert_eq!(literal("'p@s\\s'", Scalar::Text), "p@s\\s");
        assert_eq!(literal("{base64: cEBzXHM=}", Scalar::Text), "p@s\\s");
        assert_eq!(literal("{base64: \"cEBz\\nXHM=\\n\"}", Scalar::Text), "p@s\\s");
    }

    #[test]
    fn a_whole_number_is_taken_only_where_no_credential_can_stand() {
        assert_eq!(literal("5432", Scalar::Integer), "5432");
        for (yaml, scalar) in
            [("5432", Scalar::Text), ("1.5", Scalar::Integer), ("true", Scalar::Integer), ("null", Scalar::Text)]
        {
            let faults = check(yaml, scalar).err().unwrap();
            assert!(faults[0].starts_with("SCJ1004 p: must be a string"), "{faults:?}");
            let helps = faults[0].contains("put the value in quotes");
            assert_eq!(helps, scalar == Scalar::Text, "quoted, it would still be no whole number: {faults:?}");
        }
    }

    #[test]
    fn a_reference_needs_one_source_with_name_and_key() {
        assert!(matches!(
            check("{valueFrom: {secretKeyRef: {name: creds, key: k}}}", Scalar::Text),
            Ok(Form::Reference(Reference { source: Source::Secret, .. }))
        ));
        let faults = check("{valueFrom: {secretKeyRef: {name: creds}}}", Scalar::Text).err().unwrap();
        assert!(faults[0].starts_with("SCJ1005 p.valueFrom.secretKeyRef.key: "), "{faults:?}");
        let faults = check("{valueFrom: {fieldRef: {name: a}}}", Scalar::Text).err().unwrap();
        assert!(faults[0].starts_with("SCJ1003 p.valueFrom.fieldRef: "), "{faults:?}");
    }

    #[test]
    fn base64_that_does_not_decode_is_refused_without_being_quoted() {
        let faults = check("{base64: canary!}", Scalar::Text).err().unwrap();
        assert!(faults[0].starts_with("SCJ1012 p.base64: is not base64 of UTF-8 text."), "{faults:?}");
        assert!(!faults[0].contains("canary"));
    }
}
