//! `sc-job render`: the objects of a values file as YAML, without a cluster.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::connections::form::{Form, Reference};
use crate::connections::{Connection, Declared};
use crate::error::{Code, Fault};
use crate::object::Kind;
use crate::release::Release;
use crate::resources::{self, Context, Intent};
use crate::secret_value::SecretValue;
use crate::yaml;

/// The objects of all enabled connections, as one YAML stream. Entries of Secrets are shown as
/// `stringData`, their values as `***` unless `show_secrets`.
///
/// # Errors
/// A fault when an object cannot be made: a defect of the program.
pub fn objects(declared: &Declared, release: &Release, show_secrets: bool) -> Result<String, Fault> {
    let references =
        declared.enabled().flat_map(Connection::forms).filter_map(Form::reference).map(placeholder).collect();
    let context = Context { release, cloud: &declared.cloud, references: &references };
    let mut intents = BTreeMap::new();
    for connection in declared.enabled() {
        for resource in resources::of(connection, &context)? {
            Intent::of(resource)?.join(&mut intents);
        }
    }
    let mut text = String::new();
    for (id, intent) in intents {
        let mut resource = intent.open()?;
        if id.kind == Kind::Secret {
            show_data(&mut resource.body, show_secrets);
        }
        let document = yaml::write(&resource.body)
            .map_err(|error| Fault::of(Code::Internal, &id, format!("cannot be written as YAML: {error}")))?;
        text.push_str("---\n");
        text.push_str(&document);
    }
    Ok(text)
}

/// What a reference says is known in the cluster only.
fn placeholder(reference: &Reference) -> (Reference, SecretValue) {
    let text = format!("<key {} of {} {}>", reference.key, Kind::from(reference.source).as_str(), reference.name);
    (reference.clone(), text.into())
}

fn show_data(body: &mut Value, show_secrets: bool) {
    let Some(Value::Object(mut data)) = body.get_mut("data").map(Value::take) else { return };
    for value in data.values_mut() {
        let text = value
            .as_str()
            .and_then(|encoded| STANDARD.decode(encoded).ok())
            .and_then(|bytes| String::from_utf8(bytes).ok());
        *value = if show_secrets { text.unwrap_or_default() } else { "***".to_owned() }.into();
    }
    if let Value::Object(body) = body {
        body.remove("data");
        body.insert("stringData".to_owned(), Value::Object(data));
    }
}
