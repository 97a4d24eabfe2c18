//! From a text to what it declares, and to the objects, as the program goes.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sc_job::connections::form::{Form, Reference};
use sc_job::connections::{Connection, Declared, Document};
use sc_job::error::Fault;
use sc_job::release::Release;
use sc_job::resources::{self, Context, Resource};
use sc_job::secret_value::SecretValue;

/// What a values file declares.
pub fn values(text: &str) -> Result<Declared, Vec<Fault>> {
    Declared::check(vec![Document::of_values("values.yaml".into(), text.into())], &Release::default())
}

/// What the chart's input declares.
pub fn input(text: &str) -> Result<Declared, Vec<Fault>> {
    Declared::check(vec![Document::of_chart("0.json".into(), text.into())], &Release::default())
}

/// Faults as they are told.
pub fn words(faults: &[Fault]) -> Vec<String> {
    faults.iter().map(ToString::to_string).collect()
}

/// The objects, where `said` tells what the key of a referenced object holds.
pub fn objects(declared: &Declared, said: &BTreeMap<String, String>) -> Result<Vec<Resource>, Fault> {
    let read = |reference: &Reference| Some((reference.clone(), SecretValue::from(said.get(&reference.key)?.as_str())));
    let references = declared.enabled().flat_map(Connection::forms).filter_map(Form::reference);
    let references = references.filter_map(read).collect();
    let release = Release::default();
    let context = Context { release: &release, cloud: &declared.cloud, references: &references };
    let mut objects = Vec::new();
    for connection in declared.enabled() {
        objects.extend(resources::of(connection, &context)?);
    }
    Ok(objects)
}

/// The entries of a Secret, decoded; none of another kind.
pub fn data(resource: &Resource) -> BTreeMap<String, String> {
    let entries = resource.body.get("data").and_then(serde_json::Value::as_object).into_iter().flatten();
    let decode = |encoded: &serde_json::Value| String::from_utf8(STANDARD.decode(encoded.as_str().unwrap()).unwrap());
    entries.map(|(key, encoded)| (key.clone(), decode(encoded).unwrap())).collect()
}
