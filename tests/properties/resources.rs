//! `resources` of an operation: whatever is encoded there is refused or taken, and nothing of it is quoted.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use sc_job::connections::Declared;
use sc_job::error::Fault;
use sc_job::object::Kind;
use sc_job::ownership::BY_OPERATION;
use serde_json::{Value, json};

use super::declaring::{data, input, objects, values, words};
use super::kubernetes::{is_data_key, is_label, is_subdomain};
use super::runner::check;
use super::text::{any_text, credential, of_regex};
use crate::common::CANARY;
use crate::common::operation::encoded;

const CASES: u32 = 600;

const FIELDS: &[&str] = &[
    "namespace",
    "secret",
    "secretProviderClass",
    "pod",
    "name",
    "data",
    "k8sSecretName",
    "userMIClientId",
    "keyvaultName",
    "keyvaultTenantId",
    "keyvaultSecrets",
    "KEY",
    "Error",
    "",
    "ü/..",
];

const WORDS: &[&str] = &[
    "",
    "shop",
    "kube-system",
    "sc-system",
    "sc-a-secret",
    "sc-a-csi-secret",
    "sc-a-secretprovider",
    "myvault",
    "0a0b0c0d-0000-4000-8000-000000000002",
];

/// One operation as the values have it.
fn operation(verb: &str, resources: &str) -> String {
    json!({"connection": "a", "correlationid": "id-1", "operation": verb, "resources": resources}).to_string()
}

fn verb() -> impl Strategy<Value = &'static str> {
    select(&["create", "update", "delete"][..])
}

/// As values and as the chart's input, both with the same verdict. It quotes nothing.
fn judge(verb: &str, resources: &str) -> Result<Result<Declared, Vec<Fault>>, TestCaseError> {
    let text = operation(verb, resources);
    let verdicts = [values(&text), input(&text)];
    for verdict in &verdicts {
        let said = verdict.as_ref().err().map(|faults| words(faults)).unwrap_or_default();
        prop_assert!(!said.iter().any(|fault| fault.contains(CANARY) || fault.starts_with("SCJ5002")), "{said:?}");
    }
    let [of_values, of_chart] = verdicts;
    prop_assert_eq!(of_values.is_ok(), of_chart.is_ok());
    Ok(of_chart)
}

/// Its blank keeps it from being a name, and its NUL from being an entry.
fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        2 => Just(json!(format!("{CANARY} 1"))),
        1 => Just(json!(format!("{CANARY}\0"))),
        4 => select(WORDS).prop_map(Value::from),
        1 => any_text().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => Just(Value::Null),
    ]
}

fn tree() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(4, 30, 6, |inner| {
        let keys = prop_oneof![8 => select(FIELDS).prop_map(str::to_owned), 1 => Just(format!("{CANARY} key"))];
        prop_oneof![6 => btree_map(keys, inner.clone(), 0..6).prop_map(|entries| json!(entries)), 1 => vec(inner, 0..3).prop_map(Value::from)]
    })
}

/// One that is right, for connection `a`.
fn right() -> impl Strategy<Value = Value> {
    let entries = || btree_map(of_regex("[A-Za-z_][A-Za-z0-9_.-]{0,20}"), credential(), 1..4);
    let objects = || btree_map(of_regex("[A-Z][A-Z0-9_]{0,20}"), of_regex("[A-Za-z0-9-]{1,20}"), 1..4);
    let guid = || Just("0a0b0c0d-0000-4000-8000-00000000000f");
    let class = (objects(), guid(), of_regex("[a-z][a-z0-9]{2,20}")).prop_map(|(secrets, guid, vault)| {
        json!({
            "name": "sc-a-secretprovider", "keyvaultName": vault, "keyvaultTenantId": guid, "userMIClientId": guid,
            "keyvaultSecrets": secrets,
        })
    });
    let parts = (of_regex("[a-z][a-z0-9-]{0,20}[a-z0-9]"), 0_u8..3, entries(), class, any::<bool>());
    parts.prop_map(|(namespace, parts, data, class, asks_for_pod)| {
        let mut resources = json!({"namespace": {"name": format!("team-{namespace}")}});
        if parts != 1 {
            resources["secret"] = json!({"data": data});
        }
        if parts != 0 {
            resources["secretProviderClass"] = class;
        }
        if asks_for_pod {
            resources["pod"] = json!({"name": CANARY});
        }
        resources
    })
}

#[test]
fn any_text_may_stand_in_resources() {
    let byte = prop_oneof![3 => select(b"{}[]\":,\\0ae tfn".as_slice()), 1 => any::<u8>()];
    let bytes = vec(byte, 0..40);
    check(CASES, (verb(), bytes, any_text(), any::<bool>()), |(verb, bytes, text, encode)| {
        let text = if encode { STANDARD.encode(bytes) } else { format!("{text}{CANARY}") };
        judge(verb, &text).map(|_| ())
    });
}

#[test]
fn whatever_is_encoded_in_resources_is_not_quoted() {
    let parts = btree_map(select(FIELDS), tree(), 0..5).prop_map(|parts| json!(parts));
    check(2 * CASES, (verb(), parts), |(verb, parts)| judge(verb, &encoded(&parts.to_string())).map(|_| ()));
}

/// What is right, and then a part of it is replaced by something else.
#[test]
fn one_wrong_part_of_resources_is_not_quoted() {
    check(CASES, (verb(), right(), any::<Index>(), leaf()), |(verb, mut resources, place, leaf)| {
        let mut pointers = Vec::new();
        pointers_in(&resources, "", &mut pointers);
        let pointer = &pointers[place.index(pointers.len())];
        *resources.pointer_mut(pointer).unwrap() = leaf;
        judge(verb, &encoded(&resources.to_string())).map(|_| ())
    });
}

/// The places of all that is within a tree.
fn pointers_in(tree: &Value, path: &str, pointers: &mut Vec<String>) {
    for (key, value) in tree.as_object().into_iter().flatten() {
        let path = format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
        pointers_in(value, &path, pointers);
        pointers.push(path);
    }
}

#[test]
fn what_is_right_becomes_marked_objects_with_exactly_the_entries_that_are_given() {
    check(CASES / 2, (verb(), right(), any::<bool>()), |(verb, resources, breaks)| {
        let mut text = encoded(&resources.to_string());
        if breaks {
            // as `base64` without -w0 writes it
            let lines = text.as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line).into_owned());
            text = lines.collect::<Vec<_>>().join("\n");
        }
        let declared = judge(verb, &text)?.map_err(|faults| TestCaseError::fail(words(&faults).join("\n")))?;
        let made = objects(&declared, &BTreeMap::new()).map_err(|fault| TestCaseError::fail(fault.to_string()))?;
        let given = |part: &str| resources.get(part).is_some() && verb != "delete";
        let kinds: Vec<Kind> = made.iter().map(|resource| resource.id.kind).collect();
        let expected = [(Kind::SecretProviderClass, "secretProviderClass"), (Kind::Secret, "secret")];
        let expected: Vec<Kind> = expected.into_iter().filter(|(_, part)| given(part)).map(|(kind, _)| kind).collect();
        prop_assert_eq!(kinds, expected);
        for resource in &made {
            let metadata = &resource.body["metadata"];
            prop_assert_eq!(&metadata["annotations"], &json!({BY_OPERATION: "true"}));
            prop_assert!(is_label(&resource.id.namespace) && is_subdomain(&resource.id.name));
            prop_assert!(data(resource).keys().all(|key| is_data_key(key)));
            if resource.id.kind == Kind::Secret {
                prop_assert_eq!(json!(data(resource)), resources["secret"]["data"].clone());
            }
        }
        Ok(())
    });
}
