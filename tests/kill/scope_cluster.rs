//! A release whose job has rights on the whole cluster, and is to delete what is
//! not wanted any more: its connections move, and are left out.

use serde_json::{Value, json};

use super::chapter::{Act, Chapter, Fate, How};
use super::life::assert_a_kill_leaves_no_trace;
use super::scope_objects::{beforehand, with_identity};
use super::stroke::Moment;
use crate::common::CANARY;

/// The values of such a release.
pub fn values(connections: &Value) -> Value {
    json!({"rbac": {"scope": "cluster"}, "deletionPolicy": "Delete", "connections": connections})
}

fn chapters() -> Vec<Chapter> {
    vec![install(), relocation(), omission()]
}

fn install() -> Chapter {
    Chapter {
        name: "install",
        acts: beforehand(),
        values: values(&json!({
            "blob": with_identity("storage-blob", &json!({})),
            "table": with_identity("storage-table", &json!({})),
            "old": {"namespace": "DEPOT", "adopt": true, "data": {"PASSWORD": CANARY}},
        })),
        fate: Fate::Undisturbed,
        leaves: &[
            "Secret depot/sc-old-secret (PASSWORD THEIRS) of kubectl-create, sc-job",
            "Secret shop/sc-blob-secret (AZURE_STORAGEBLOB_CLIENTID AZURE_STORAGEBLOB_RESOURCEENDPOINT) of sc-job",
            "Secret shop/sc-table-secret (AZURE_STORAGETABLE_CLIENTID AZURE_STORAGETABLE_RESOURCEENDPOINT) of sc-job",
            "ServiceAccount shop/sc-account () of sc-job",
        ],
        says: &["objects: 1 adopted, 3 created"],
        records: &[],
    }
}

/// One connection has another namespace now, and one another name for its Secret, in which others have a key.
fn relocation() -> Chapter {
    Chapter {
        name: "move",
        acts: vec![Act {
            manager: "reflector",
            path: "/api/v1/namespaces/SHOP/secrets/sc-table-secret",
            how: How::Edit,
            body: json!({"stringData": {"THEIRS": "1"}}),
        }],
        values: values(&json!({
            "blob": with_identity("storage-blob", &json!({"namespace": "DEPOT"})),
            "table": with_identity("storage-table", &json!({"secretName": "renamed"})),
            "old": {"namespace": "DEPOT", "adopt": true, "data": {"PASSWORD": CANARY}},
        })),
        fate: Fate::Repeated,
        leaves: &[
            "Secret depot/sc-blob-secret (AZURE_STORAGEBLOB_CLIENTID AZURE_STORAGEBLOB_RESOURCEENDPOINT) of sc-job",
            "Secret depot/sc-old-secret (PASSWORD THEIRS) of kubectl-create, sc-job",
            "Secret shop/renamed (AZURE_STORAGETABLE_CLIENTID AZURE_STORAGETABLE_RESOURCEENDPOINT) of sc-job",
            "Secret shop/sc-table-secret (THEIRS) of reflector",
            "ServiceAccount depot/sc-account () of sc-job",
            "ServiceAccount shop/sc-account () of sc-job",
        ],
        says: &["objects: 1 deleted, 1 withdrawn, 3 created, 2 unchanged"],
        records: &[],
    }
}

/// Two connections are declared no longer, one of them with an object that was taken over.
fn omission() -> Chapter {
    Chapter {
        name: "leave-out",
        acts: Vec::new(),
        values: values(&json!({"table": with_identity("storage-table", &json!({"secretName": "renamed"}))})),
        fate: Fate::Repeated,
        leaves: &[
            "Secret depot/sc-old-secret (THEIRS) of kubectl-create",
            "Secret shop/renamed (AZURE_STORAGETABLE_CLIENTID AZURE_STORAGETABLE_RESOURCEENDPOINT) of sc-job",
            "Secret shop/sc-table-secret (THEIRS) of reflector",
            "ServiceAccount shop/sc-account () of sc-job",
        ],
        says: &["1 of 1 connections ready; 2 of 2 removed; objects: 2 deleted, 1 withdrawn, 2 unchanged"],
        records: &[],
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_run_that_is_killed_before_a_request_with_others_in_flight_is_as_if_it_had_not_been() {
    assert_a_kill_leaves_no_trace("cluster-before", &chapters(), Moment::Before, "32").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_run_that_is_killed_before_the_answer_to_a_request_is_as_if_it_had_not_been() {
    assert_a_kill_leaves_no_trace("cluster-after", &chapters(), Moment::After, "1").await;
}
