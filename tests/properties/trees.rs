//! Trees of the real fields at random places, with values of every type: all faults are told, and none quotes a value.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::declaring::{input, values, words};
use super::runner::check;
use crate::common::CANARY;

const CASES: u32 = 1_200;

const FIELDS: &[&str] = &[
    "accessKey",
    "account",
    "accountKey",
    "alias",
    "annotations",
    "auth",
    "AZURE_REDIS_HOST",
    "base64",
    "clientId",
    "clientSecret",
    "clientType",
    "cloud",
    "configMapKeyRef",
    "connections",
    "csi",
    "customizedKeys",
    "data",
    "enabled",
    "image",
    "key",
    "keyInfix",
    "labels",
    "missingNamespaces",
    "name",
    "namespace",
    "parameters",
    "port",
    "secretKeyRef",
    "secretName",
    "secrets",
    "server",
    "serviceAccount",
    "target",
    "tenantId",
    "tokenExpirationSeconds",
    "type",
    "useAppconfigExtension",
    "valueFrom",
    "vault",
    "version",
    "workloadIdentity",
    "a",
    "a.b",
    "A_B",
    "",
    "<<",
    "true",
    "ü/..",
];

const WORDS: &[&str] = &[
    "",
    "redis",
    "keyvault",
    "appconfig",
    "confluent-cloud",
    "postgres-flexible",
    "storage-blob",
    "secret",
    "csi",
    "workload-identity",
    "service-principal",
    "none",
    "python",
    "springBoot",
    "AzureChina",
    "true",
    "a",
    "store1",
    "1433",
    "0a0b0c0d-0000-4000-8000-000000000002",
];

/// Its blank keeps it from being a name, and so from being named.
fn canary() -> Value {
    json!(format!("{CANARY} 1"))
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        3 => Just(canary()),
        4 => select(WORDS).prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<u64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => Just(Value::Null),
    ]
}

fn tree() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(5, 40, 5, |inner| {
        let entries = proptest::collection::btree_map(select(FIELDS).prop_map(str::to_owned), inner.clone(), 0..5);
        prop_oneof![4 => entries.prop_map(|entries| json!(entries)), 1 => vec(inner, 0..4).prop_map(Value::from)]
    })
}

/// A connection of the right outline, whose fields are anything.
fn connection() -> impl Strategy<Value = Value> {
    let known = (select(WORDS), select(WORDS), select(WORDS), any::<u8>());
    let fields = proptest::collection::btree_map(select(FIELDS).prop_map(str::to_owned), tree(), 0..7);
    (known, fields).prop_map(|((target, auth, client_type, which), fields)| {
        let mut connection = json!(fields);
        for (bit, field, word) in [(1, "target", target), (2, "auth", auth), (4, "clientType", client_type)] {
            if which & bit == 0 {
                connection[field] = json!(word);
            }
        }
        connection
    })
}

fn quotes_nothing(text: &str) -> Result<(), TestCaseError> {
    for declare in [values, input] {
        let said = declare(text).err().map(|faults| words(&faults)).unwrap_or_default();
        prop_assert!(!said.iter().any(|fault| fault.contains(CANARY) || fault.starts_with("SCJ5002")), "{said:?}");
    }
    Ok(())
}

#[test]
fn whatever_stands_in_a_connection_is_not_quoted() {
    let named =
        proptest::collection::btree_map(select(&["a", "b", "B", "a.b", "", "ü", "true"][..]), connection(), 1..4);
    check(CASES, named, |connections| quotes_nothing(&json!({"connections": connections}).to_string()));
}

#[test]
fn whatever_stands_at_the_top_is_not_quoted() {
    check(CASES, tree(), |tree| quotes_nothing(&tree.to_string()));
}

#[test]
fn whatever_is_given_as_a_value_is_not_quoted() {
    let form = prop_oneof![
        tree(),
        leaf().prop_map(|leaf| json!({"base64": leaf})),
        tree().prop_map(|tree| json!({"valueFrom": tree}))
    ];
    let redis = |form: &Value| json!({"target": "redis", "auth": "secret", "parameters": {"server": form, "accessKey": form, "port": form}, "data": {"KEY": form}});
    check(CASES, form, |form| quotes_nothing(&json!({"connections": {"a": redis(&form)}}).to_string()));
}

/// Collisions name what is one: not where it is no name, and so may be a credential in the wrong place.
#[test]
fn what_stands_in_the_place_of_a_name_and_is_none_is_not_quoted() {
    let vault = |more: Value| {
        let parameters = json!({"vault": "vault1", "clientId": canary(), "tenantId": more["tenantId"]});
        let mut connection = json!({"target": "keyvault", "auth": "workload-identity", "parameters": parameters});
        connection.as_object_mut().unwrap().extend(more["fields"].as_object().cloned().unwrap_or_default());
        connection
    };
    let object = json!({"name": canary(), "alias": canary(), "key": canary()});
    let values = json!({"connections": {
        "secret1": {"secretName": canary(), "data": {"KEY": "value"}},
        "secret2": {"secretName": canary(), "data": {"KEY": "value"}},
        "place1": {"namespace": canary(), "secretName": "own", "data": {"KEY": "value"}},
        "place2": {"namespace": canary(), "secretName": "own", "data": {"KEY": "value"}},
        "account1": vault(json!({"tenantId": "0a0b0c0d-0000-4000-8000-000000000001"})),
        "account2": vault(json!({"tenantId": "0a0b0c0d-0000-4000-8000-000000000002"})),
        "keys": vault(json!({"fields": {"customizedKeys": {"AZURE_KEYVAULT_SCOPE": canary(), "AZURE_KEYVAULT_CLIENTID": canary()}}})),
        "mounted": vault(json!({"fields": {"auth": "csi", "csi": {"secrets": [object, object]}}})),
    }});
    quotes_nothing(&values.to_string()).unwrap();
    // One of letters and digits alone would be part of a name that Kubernetes takes.
    let values = values.to_string().replace(&format!("{CANARY} 1\",\"tenantId"), &format!("{CANARY}\",\"tenantId"));
    quotes_nothing(&values).unwrap();
}
