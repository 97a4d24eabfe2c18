//! 1xxx: what the values say.

use sc_job::error::Code;
use serde_json::json;

use super::case::Case;
use crate::common::CANARY;

/// A connection with a target, of which the canary is the password.
fn database(field: &str, value: serde_json::Value) -> serde_json::Value {
    let mut connection = json!({
        "namespace": "shop", "target": "postgres-flexible", "auth": "secret",
        "parameters": {"server": "srv1", "database": "d", "username": "u", "password": CANARY},
    });
    connection[field] = value;
    json!({ "a": connection })
}

fn data(value: &serde_json::Value) -> serde_json::Value {
    json!({"a": {"namespace": "shop", "data": {"A": value}}})
}

pub fn cases() -> Vec<Case> {
    let identity = |client_id: serde_json::Value| json!({"a": {"target": "keyvault", "auth": "workload-identity", "parameters": {"vault": "vault1", "clientId": client_id}}});
    vec![
        Case::new(Code::InputUnreadable, 78, "FOLDER/none.json: cannot be read: No such file or directory")
            .set("SC_JOB_INPUT", "FOLDER/none.json"),
        Case::new(Code::InputNotYaml, 78, "FOLDER/in.json: the text is not valid YAML at line 3, column 1.")
            .over_text(format!("connections:\n  a: {{data: {{A: \"{CANARY}}}}}\n")),
        Case::new(Code::UnknownField, 78, "connections.a.namspace: there is no such field; did you mean namespace? ")
            .over(database("namspace", CANARY.into())),
        Case::new(Code::WrongType, 78, "connections.a.data.A: must be a string, and is a list.")
            .over(data(&json!([CANARY]))),
        Case::new(Code::Missing, 78, "connections.a.parameters.database: postgres-flexible with auth secret and client type none needs it: name of the database.")
            .over(database("parameters", json!({"server": "srv1", "username": "u", "password": CANARY}))),
        Case::new(Code::InvalidName, 78, "connections.a.namespace: must consist of lower-case letters, digits and `-`,")
            .over(database("namespace", format!("Shop {CANARY}").into())),
        Case::new(Code::UnknownChoice, 78, "connections.a.auth: postgres-flexible has no such auth; allowed: ")
            .over(database("auth", CANARY.into())),
        Case::new(Code::InvalidValue, 78, "connections.a.parameters.clientId: is not of the right form: ")
            .over(identity(CANARY.into())),
        Case::new(Code::Collision, 78, "connections.b: its Secret default/own is that of connection a too.").over(json!({
            "a": {"secretName": "own", "data": {"A": CANARY}},
            "b": {"secretName": "own", "data": {"B": CANARY}},
        })),
        Case::new(Code::ReferenceNotAllowed, 78, "connections.a.parameters.clientId: stands in the name or an annotation of ")
            .over(identity(json!({"valueFrom": {"configMapKeyRef": {"name": CANARY, "key": "k"}}}))),
        Case::new(Code::Settings, 78, "SC_JOB_CONCURRENCY: must be from 1 to 1000.")
            .set("SC_JOB_CONCURRENCY", "0")
            .unrecorded(),
        Case::new(Code::InvalidBase64, 78, "connections.a.data.A.base64: is not base64 of UTF-8 text.")
            .over(data(&json!({"base64": format!("{CANARY}!")}))),
        Case::new(Code::SystemNamespace, 78, "connections.a.namespace: kube-system is a namespace of Kubernetes itself.")
            .over(database("namespace", "kube-system".into())),
    ]
}
