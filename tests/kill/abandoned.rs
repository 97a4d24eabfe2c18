//! A run is killed, and the next upgrade has other values: it must know of all
//! that the killed one has come to make or to remove.

use serde_json::{Value, json};

use super::chapter::{Chapter, Fate};
use super::life::assert_a_kill_leaves_no_trace;
use super::scope_cluster::values;
use super::scope_objects::with_identity;
use super::stroke::Moment;
use crate::common::CANARY;

/// Two connections, of which one has a ServiceAccount too, in this namespace.
fn both(namespace: &str) -> Value {
    values(&json!({
        "goes": with_identity("storage-blob", &json!({"namespace": namespace})),
        "stays": {"namespace": "SHOP", "data": {"PASSWORD": CANARY}},
    }))
}

const BOTH_IN_SHOP: &[&str] = &[
    "Secret shop/sc-goes-secret (AZURE_STORAGEBLOB_CLIENTID AZURE_STORAGEBLOB_RESOURCEENDPOINT) of sc-job",
    "Secret shop/sc-stays-secret (PASSWORD) of sc-job",
    "ServiceAccount shop/sc-account () of sc-job",
];

fn install(fate: Fate) -> Chapter {
    Chapter {
        name: "install",
        acts: Vec::new(),
        values: both("SHOP"),
        fate,
        leaves: BOTH_IN_SHOP,
        says: &["objects: 3 created"],
        records: &[],
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn what_a_killed_install_has_made_goes_when_the_next_upgrade_leaves_its_connection_out() {
    let omission = Chapter {
        name: "leave-out",
        acts: Vec::new(),
        values: values(&json!({"stays": {"namespace": "SHOP", "data": {"PASSWORD": CANARY}}})),
        fate: Fate::Undisturbed,
        leaves: &["Secret shop/sc-stays-secret (PASSWORD) of sc-job"],
        says: &["1 of 1 connections ready; 1 of 1 removed; objects: 2 deleted, 1 unchanged"],
        records: &[],
    };
    let chapters = [install(Fate::Abandoned), omission];
    assert_a_kill_leaves_no_trace("install-abandoned", &chapters, Moment::After, "1").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_rollback_after_a_killed_move_brings_everything_back() {
    let relocation = Chapter {
        name: "move",
        acts: Vec::new(),
        values: both("DEPOT"),
        fate: Fate::Abandoned,
        leaves: &[
            "Secret depot/sc-goes-secret (AZURE_STORAGEBLOB_CLIENTID AZURE_STORAGEBLOB_RESOURCEENDPOINT) of sc-job",
            "Secret shop/sc-stays-secret (PASSWORD) of sc-job",
            "ServiceAccount depot/sc-account () of sc-job",
        ],
        says: &["2 of 2 connections ready; objects: 2 deleted, 2 created, 1 unchanged"],
        records: &[],
    };
    let rollback = Chapter {
        name: "rollback",
        says: &["2 of 2 connections ready; objects: 2 deleted, 2 created, 1 unchanged"],
        records: &[],
        ..install(Fate::Undisturbed)
    };
    let chapters = [install(Fate::Undisturbed), relocation, rollback];
    assert_a_kill_leaves_no_trace("move-abandoned", &chapters, Moment::After, "1").await;
}
