//! The fields of an object, as conflicts and `managedFields` name them, and their values in JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// Where a field stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    Data,
    Labels,
    Annotations,
    Type,
    Immutable,
    PullSecrets,
    Finalizers,
}

/// A field. A mapping as such, without a key, is one too: who makes its first entry by an update holds it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Field {
    pub group: Group,
    pub key: Option<String>,
}

/// Fields and their values.
pub type Fields = BTreeMap<Field, String>;

impl Group {
    const ALL: [Self; 7] =
        [Self::Data, Self::Labels, Self::Annotations, Self::Type, Self::Immutable, Self::PullSecrets, Self::Finalizers];

    fn steps(self) -> &'static [&'static str] {
        match self {
            Self::Data => &["data"],
            Self::Labels => &["metadata", "labels"],
            Self::Annotations => &["metadata", "annotations"],
            Self::Type => &["type"],
            Self::Immutable => &["immutable"],
            Self::PullSecrets => &["imagePullSecrets"],
            Self::Finalizers => &["metadata", "finalizers"],
        }
    }

    pub fn is_mapping(self) -> bool {
        matches!(self, Self::Data | Self::Labels | Self::Annotations)
    }

    pub fn is_metadata(self) -> bool {
        matches!(self, Self::Labels | Self::Annotations | Self::Finalizers)
    }

    fn write(self, text: &str) -> Value {
        match self {
            Self::Data => STANDARD.encode(text).into(),
            Self::Immutable => (text == "true").into(),
            Self::PullSecrets => json!([{"name": text}]),
            Self::Finalizers => json!([text]),
            Self::Labels | Self::Annotations | Self::Type => text.into(),
        }
    }

    fn read(self, value: &Value) -> String {
        match self {
            Self::Data => String::from_utf8(STANDARD.decode(value.as_str().unwrap()).unwrap()).unwrap(),
            Self::Immutable => value.as_bool().unwrap().to_string(),
            Self::PullSecrets => value[0]["name"].as_str().unwrap().to_owned(),
            Self::Finalizers => value[0].as_str().unwrap().to_owned(),
            Self::Labels | Self::Annotations | Self::Type => value.as_str().unwrap().to_owned(),
        }
    }
}

impl Field {
    pub fn data(key: &str) -> Self {
        Self { group: Group::Data, key: Some(key.to_owned()) }
    }

    pub fn label(key: &str) -> Self {
        Self { group: Group::Labels, key: Some(key.to_owned()) }
    }

    pub fn annotation(key: &str) -> Self {
        Self { group: Group::Annotations, key: Some(key.to_owned()) }
    }

    /// A field without a key: a mapping as such, or what is none.
    pub fn of(group: Group) -> Self {
        Self { group, key: None }
    }

    /// Writes fields into an object; `None` is how a patch takes one out.
    pub fn write<'a>(fields: impl IntoIterator<Item = (&'a Self, Option<&'a String>)>, object: &mut Value) {
        for (field, value) in fields {
            let place = field.group.steps().iter().fold(&mut *object, |place, step| &mut place[*step]);
            let place = match &field.key {
                Some(key) => &mut place[key],
                None => place,
            };
            *place = value.map_or(Value::Null, |text| field.group.write(text));
        }
    }

    /// Reads every field of an object.
    pub fn read(object: &Value) -> Fields {
        let mut fields = Fields::new();
        for group in Group::ALL {
            let found = group.steps().iter().try_fold(object, |value, step| value.get(step));
            match found {
                Some(Value::Object(entries)) => {
                    let entries =
                        entries.iter().map(|(key, value)| (Self { group, key: Some(key.clone()) }, group.read(value)));
                    fields.extend(entries);
                }
                Some(value) => drop(fields.insert(Self::of(group), group.read(value))),
                None => {}
            }
        }
        fields
    }

    /// Reads the fields that a manager holds.
    pub fn held(fields_v1: &Value) -> BTreeSet<Self> {
        let mut held = BTreeSet::new();
        let mut known = 0;
        for group in Group::ALL {
            let found = group.steps().iter().try_fold(fields_v1, |value, step| value.get(format!("f:{step}")));
            let Some(found) = found.and_then(Value::as_object) else { continue };
            known += 1;
            let keys = found.keys().filter_map(|step| step.strip_prefix("f:"));
            held.extend(keys.map(|key| Self { group, key: Some(key.to_owned()) }));
            if found.is_empty() || found.contains_key(".") {
                held.insert(Self::of(group));
            }
        }
        let metadata = fields_v1.get("f:metadata").and_then(Value::as_object).map_or(0, |below| below.len() - 1);
        assert_eq!(known, fields_v1.as_object().unwrap().len() + metadata, "unknown fields are held: {fields_v1}");
        held
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, ".{}", self.group.steps().join("."))?;
        self.key.iter().try_for_each(|key| write!(f, ".{key}"))
    }
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
