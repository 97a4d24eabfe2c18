//! A release whose job has rights on its own objects: it is installed, updated,
//! its connections move and are disabled.

use serde_json::{Value, json};

use super::chapter::{Act, Chapter, Fate, How};
use super::life::assert_a_kill_leaves_no_trace;
use super::stroke::Moment;
use crate::common::CANARY;

/// Two connections that share a ServiceAccount.
pub fn with_identity(target: &str, more: &Value) -> Value {
    let mut connection = json!({
        "namespace": "SHOP", "target": target, "auth": "workload-identity",
        "parameters": {"account": "store1", "clientId": "0a0b0c0d-0000-4000-8000-000000000002"},
        "serviceAccount": {"name": "sc-account"},
    });
    connection.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    connection
}

/// Referred to by `{"valueFrom": …}`.
pub fn reference() -> Value {
    json!({"valueFrom": {"secretKeyRef": {"name": "theirs-creds", "key": "k"}}})
}

/// What is there before the release: what it refers to, what it takes over, and what is none of its business.
pub fn beforehand() -> Vec<Act> {
    let object = |path, name: &str, content: Value| {
        let mut body = json!({"metadata": {"name": name}});
        body.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
        Act { manager: "kubectl-create", path, how: How::Create, body }
    };
    let old = json!({
        "metadata": {"name": "sc-old-secret", "labels": {"theirs": "l"}, "annotations": {"theirs": "a"}},
        "stringData": {"THEIRS": "1", "PASSWORD": "2"},
    });
    vec![
        object("/api/v1/namespaces/SYSTEM/secrets", "theirs-creds", json!({"stringData": {"k": CANARY}})),
        object("/api/v1/namespaces/SYSTEM/configmaps", "theirs", json!({"data": {"K": "v"}})),
        object("/api/v1/namespaces/SHOP/secrets", "theirs", json!({"stringData": {"K": "v"}})),
        object("/api/v1/namespaces/DEPOT/serviceaccounts", "theirs", json!({"imagePullSecrets": [{"name": "r"}]})),
        object("/api/v1/namespaces/DEPOT/secrets", "sc-old-secret", old),
    ]
}

fn chapters() -> Vec<Chapter> {
    vec![install(), update(), relocation(), removal()]
}

fn install() -> Chapter {
    Chapter {
        name: "install",
        acts: beforehand(),
        values: json!({"connections": {
            "blob": with_identity("storage-blob", &json!({"data": {"KEY": reference(), "PORT": "1"}})),
            "table": with_identity("storage-table", &json!({})),
            "old": {"namespace": "DEPOT", "adopt": true, "data": {"PASSWORD": CANARY}},
        }}),
        fate: Fate::Repeated,
        leaves: &[
            "Secret depot/sc-old-secret (PASSWORD THEIRS) of kubectl-create, sc-job",
            "Secret shop/sc-blob-secret (AZURE_STORAGEBLOB_CLIENTID AZURE_STORAGEBLOB_RESOURCEENDPOINT KEY PORT) of sc-job",
            "Secret shop/sc-table-secret (AZURE_STORAGETABLE_CLIENTID AZURE_STORAGETABLE_RESOURCEENDPOINT) of sc-job",
            "ServiceAccount shop/sc-account () of sc-job",
        ],
        says: &["objects: 1 adopted, 3 created"],
        records: &[],
    }
}

/// Values and keys change. Meanwhile others have added to the objects, and somebody has edited what is ours.
fn update() -> Chapter {
    Chapter {
        name: "update",
        acts: vec![
            Act {
                manager: "registry",
                path: "/api/v1/namespaces/SHOP/serviceaccounts/sc-account",
                how: How::Edit,
                body: json!({"imagePullSecrets": [{"name": "r"}], "metadata": {"annotations": {"theirs": "a"}}}),
            },
            Act {
                manager: "reflector",
                path: "/api/v1/namespaces/SHOP/secrets/sc-blob-secret",
                how: How::Apply,
                body: json!({
                    "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "sc-blob-secret"}, "data": {"THEIRS": "MQ=="},
                }),
            },
            Act {
                manager: "kubectl-edit",
                path: "/api/v1/namespaces/SHOP/secrets/sc-table-secret",
                how: How::Edit,
                body: json!({"stringData": {"AZURE_STORAGETABLE_CLIENTID": "3"}, "metadata": {"labels": {"theirs": "l"}}}),
            },
        ],
        values: json!({"connections": {
            "blob": with_identity("storage-blob", &json!({"data": {"KEY": format!("{CANARY}-2"), "HOST": reference()}})),
            "table": with_identity("storage-table", &json!({})),
            "old": {"namespace": "DEPOT", "adopt": true, "data": {"PASSWORD": format!("{CANARY}-2")}},
        }}),
        fate: Fate::Repeated,
        leaves: &[
            "Secret depot/sc-old-secret (PASSWORD THEIRS) of kubectl-create, sc-job",
            "Secret shop/sc-blob-secret (AZURE_STORAGEBLOB_CLIENTID AZURE_STORAGEBLOB_RESOURCEENDPOINT HOST KEY THEIRS) of reflector, sc-job",
            "Secret shop/sc-table-secret (AZURE_STORAGETABLE_CLIENTID AZURE_STORAGETABLE_RESOURCEENDPOINT) of kubectl-edit, sc-job",
            "ServiceAccount shop/sc-account () of registry, sc-job",
        ],
        says: &["objects: 1 repaired, 2 changed, 1 unchanged"],
        records: &[],
    }
}

/// One connection has another namespace now, and one another name for its Secret. What they had stays.
fn relocation() -> Chapter {
    Chapter {
        name: "move",
        acts: Vec::new(),
        values: json!({"connections": {
            "blob": with_identity("storage-blob", &json!({"namespace": "DEPOT"})),
            "table": with_identity("storage-table", &json!({"secretName": "renamed"})),
            "old": {"namespace": "DEPOT", "adopt": true, "data": {"PASSWORD": CANARY}},
        }}),
        fate: Fate::Repeated,
        leaves: &[
            "Secret depot/sc-blob-secret (AZURE_STORAGEBLOB_CLIENTID AZURE_STORAGEBLOB_RESOURCEENDPOINT) of sc-job",
            "Secret depot/sc-old-secret (PASSWORD THEIRS) of kubectl-create, sc-job",
            "Secret shop/renamed (AZURE_STORAGETABLE_CLIENTID AZURE_STORAGETABLE_RESOURCEENDPOINT) of sc-job",
            "Secret shop/sc-blob-secret (AZURE_STORAGEBLOB_CLIENTID AZURE_STORAGEBLOB_RESOURCEENDPOINT HOST KEY THEIRS) of reflector, sc-job",
            "Secret shop/sc-table-secret (AZURE_STORAGETABLE_CLIENTID AZURE_STORAGETABLE_RESOURCEENDPOINT) of kubectl-edit, sc-job",
            "ServiceAccount depot/sc-account () of sc-job",
            "ServiceAccount shop/sc-account () of registry, sc-job",
        ],
        says: &[
            "left behind, as last recorded: Secret SHOP/sc-blob-secret (blob), Secret SHOP/sc-table-secret (table). ",
        ],
        records: &[],
    }
}

/// All are disabled. Of what others have a part in only our own part goes.
fn removal() -> Chapter {
    let removed = |mut connection: Value| {
        connection["enabled"] = false.into();
        connection["deletionPolicy"] = "Delete".into();
        connection
    };
    Chapter {
        name: "delete",
        acts: vec![Act {
            manager: "reflector",
            path: "/api/v1/namespaces/SHOP/secrets/renamed",
            how: How::Edit,
            body: json!({"stringData": {"THEIRS": "1"}}),
        }],
        values: json!({"connections": {
            "blob": removed(with_identity("storage-blob", &json!({"namespace": "DEPOT"}))),
            "table": removed(with_identity("storage-table", &json!({"secretName": "renamed"}))),
            "old": removed(json!({"namespace": "DEPOT", "data": {"PASSWORD": CANARY}})),
        }}),
        fate: Fate::Repeated,
        leaves: &[
            "Secret depot/sc-old-secret (THEIRS) of kubectl-create",
            "Secret shop/renamed (THEIRS) of reflector",
            "Secret shop/sc-blob-secret (AZURE_STORAGEBLOB_CLIENTID AZURE_STORAGEBLOB_RESOURCEENDPOINT HOST KEY THEIRS) of reflector, sc-job",
            "Secret shop/sc-table-secret (AZURE_STORAGETABLE_CLIENTID AZURE_STORAGETABLE_RESOURCEENDPOINT) of kubectl-edit, sc-job",
            "ServiceAccount shop/sc-account () of registry",
        ],
        says: &["3 of 3 removed; objects: 2 deleted, 3 withdrawn; 2 left behind"],
        records: &[],
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_run_that_is_killed_before_a_request_with_others_in_flight_is_as_if_it_had_not_been() {
    assert_a_kill_leaves_no_trace("objects-before", &chapters(), Moment::Before, "32").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_run_that_is_killed_before_the_answer_to_a_request_is_as_if_it_had_not_been() {
    assert_a_kill_leaves_no_trace("objects-after", &chapters(), Moment::After, "1").await;
}
