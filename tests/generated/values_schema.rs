//! The schema of the chart's values: `values.schema.base.json`, completed by what
//! the catalogue knows. Helm prints values that fail a pattern, a format or a bound,
//! so that nothing which may hold a credential has one: those checks are the binary's.

use std::collections::BTreeSet;

use sc_job::catalogue::{self, Auth, Parameter, Scalar, Target};
use serde_json::{Map, Value, json};

const BASE: &str = include_str!("values.schema.base.json");

/// The client type where none is given.
const DEFAULT_CLIENT_TYPE: &str = "none";

/// The schema as it is committed: indented, keys sorted.
pub fn text() -> String {
    let mut schema: Value = serde_json::from_str(BASE).unwrap();
    complete(&mut schema["definitions"]);
    format!("{schema:#}\n")
}

fn complete(definitions: &mut Value) {
    definitions["target"]["enum"] = catalogue::names().collect();
    definitions["clientType"]["enum"] = catalogue::client_types().unwrap().into_iter().collect();
    definitions["auth"]["enum"] = Auth::ALL.into_iter().map(Auth::as_str).collect();
    for (name, further, description) in [
        (form(Scalar::Integer), "integer", "As value, or an integer."),
        (form(Scalar::Flag), "boolean", "true or false, as a boolean or a string, or {base64: …}; no reference."),
    ] {
        let mut value = definitions["value"].clone();
        value["description"] = json!(description);
        value["type"].as_array_mut().unwrap().push(json!(further));
        if further == "boolean" {
            value["properties"].as_object_mut().unwrap().remove("valueFrom");
        }
        definitions[name] = value;
    }
    let connection = &mut definitions["connection"];
    let of_target = |key: &str, says_something: Value| json!({ "if": { "properties": { key: says_something } }, "then": { "required": ["target"] } });
    let something = || json!({ "minProperties": 1 });
    connection["dependencies"] = json!({
        "auth": ["target"],
        "clientType": ["target"],
        "csi": of_target("csi", something()),
        "customizedKeys": of_target("customizedKeys", something()),
        "keyInfix": of_target("keyInfix", on()),
        "parameters": of_target("parameters", something()),
        "serviceAccount": of_target("serviceAccount", something()),
        "target": ["auth"],
    });
    // Helm prints one line per level of a fault: the targets stand side by side, not below a definition.
    let targets = catalogue::names().map(|name| target(catalogue::target(name).unwrap().unwrap()));
    connection["allOf"] = [enabled(), csi()].into_iter().chain(targets).collect();
}

/// What says that a flag is true.
fn on() -> Value {
    json!({ "enum": [true, "true"] })
}

/// What a connection needs to be one, unless it is disabled. A connection that leaves `enabled` out fulfils the condition.
fn enabled() -> Value {
    json!({
        "if": { "properties": { "enabled": on() } },
        "then": {
            "anyOf": [
                { "required": ["target"] },
                { "properties": { "data": { "minProperties": 1 } }, "required": ["data"] },
            ],
        },
    })
}

/// With auth csi it is said what is mounted. That it is said with no other auth is the template's to check, which can say
/// so in words.
fn csi() -> Value {
    json!({
        "if": {
            "properties": { "auth": { "const": Auth::Csi.as_str() }, "enabled": on() },
            "required": ["auth"],
        },
        "then": {
            "properties": { "csi": { "properties": { "secrets": { "minItems": 1 } }, "required": ["secrets"] } },
            "required": ["csi"],
        },
    })
}

/// The definition of a form that a value may have.
fn form(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Text => "value",
        Scalar::Integer => "valueOrInteger",
        Scalar::Flag => "valueOrBoolean",
    }
}

fn target(target: &Target) -> Value {
    let auths = target.auths();
    let client_types: BTreeSet<&str> = auths.iter().flat_map(|auth| target.client_types(*auth)).collect();
    let definition = |known: &Parameter| format!("#/definitions/{}", form(known.scalar));
    let parameter = |(name, known): (&String, &Parameter)| (name.clone(), json!({ "$ref": definition(known) }));
    let parameters: Map<String, Value> = target.parameters.iter().map(parameter).collect();
    let per_auth = auths.iter().map(|auth| required(target, *auth, &client_types));
    json!({
        "if": { "properties": { "target": { "const": target.name } }, "required": ["target"] },
        "then": {
            "properties": {
                "auth": { "enum": auths.iter().map(|auth| auth.as_str()).collect::<Value>() },
                "clientType": { "enum": client_types },
                "parameters": { "additionalProperties": false, "properties": parameters },
            },
            "allOf": per_auth.collect::<Value>(),
        },
    })
}

/// What an auth asks for: the parameters that all its client types need, and a client type of its own.
fn required(target: &Target, auth: Auth, of_target: &BTreeSet<&str>) -> Value {
    let sets = target.sets.iter().filter(|set| set.auth == auth);
    let parameters = sets.map(|set| set.required(target)).reduce(|all, set| &all & &set).unwrap_or_default();
    let client_types = target.client_types(auth);
    let mut fields = BTreeSet::new();
    let mut properties = Map::new();
    if !parameters.is_empty() {
        fields.insert("parameters");
        properties.insert("parameters".to_owned(), json!({ "required": parameters }));
    }
    if !client_types.contains(&DEFAULT_CLIENT_TYPE) {
        fields.insert("clientType");
    }
    if client_types.len() < of_target.len() {
        properties.insert("clientType".to_owned(), json!({ "enum": client_types }));
    }
    json!({
        "if": {
            "properties": { "auth": { "const": auth.as_str() }, "enabled": on() },
            "required": ["auth"],
        },
        "then": { "properties": properties, "required": fields },
    })
}

/// Keywords whose violation Helm reports with the value.
const TELLING: [&str; 6] = ["format", "maximum", "minimum", "multipleOf", "pattern", "propertyNames"];

fn telling(schema: &Value) -> bool {
    match schema {
        Value::Object(fields) => fields.iter().any(|(key, below)| TELLING.contains(&key.as_str()) || telling(below)),
        Value::Array(items) => items.iter().any(telling),
        _ => false,
    }
}

#[test]
fn nothing_that_may_hold_a_credential_is_checked_in_a_way_that_prints_it() {
    let schema: Value = serde_json::from_str(&text()).unwrap();
    let definitions = &schema["definitions"];
    for name in ["value", "valueOrInteger", "valueOrBoolean", "keyRef", "texts"] {
        assert!(definitions[name].is_object() && !telling(&definitions[name]), "{name}");
    }
    assert!(!telling(&definitions["connection"]["allOf"]));
}
