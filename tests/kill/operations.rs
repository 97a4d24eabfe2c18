//! A release that gets one operation after the other, beside a connection of its
//! own: whenever a run of one is killed, the next run makes of it what the killed
//! one would have made, and records it as executed.

use serde_json::{Value, json};

use super::chapter::{Act, Chapter, Fate, How};
use super::life::assert_a_kill_leaves_no_trace;
use super::stroke::Moment;
use crate::common::CANARY;
use crate::common::operation::secret;

/// The values of a release with this operation on connection `db`.
fn values(id: &str, operation: &str, resources: &Value) -> Value {
    json!({
        "connection": "db", "correlationid": id, "operation": operation, "resources": resources,
        "deletionPolicy": "Delete",
        "connections": {"own": {"namespace": "SHOP", "data": {"PASSWORD": CANARY}}},
    })
}

fn chapters() -> Vec<Chapter> {
    vec![creation(), update(), relocation(), deletion()]
}

pub fn creation() -> Chapter {
    Chapter {
        name: "create",
        acts: Vec::new(),
        values: values("id-1", "create", &secret("db", "SHOP", &json!({"PASSWORD": CANARY, "PORT": "1"}))),
        fate: Fate::Repeated,
        leaves: &[
            "Secret shop/sc-db-secret (PASSWORD PORT) of sc-job",
            "Secret shop/sc-own-secret (PASSWORD) of sc-job",
        ],
        says: &["2 of 2 connections ready; objects: 2 created"],
        records: &[r#"{"executed":"id-1","operation":"create","connection":"db"}"#],
    }
}

/// Somebody has a key in the Secret by now.
pub fn update() -> Chapter {
    Chapter {
        name: "update",
        acts: vec![Act {
            manager: "reflector",
            path: "/api/v1/namespaces/SHOP/secrets/sc-db-secret",
            how: How::Edit,
            body: json!({"stringData": {"THEIRS": "1"}}),
        }],
        values: values(
            "id-2",
            "update",
            &secret("db", "SHOP", &json!({"PASSWORD": format!("{CANARY}-2"), "HOST": "h"})),
        ),
        fate: Fate::Repeated,
        leaves: &[
            "Secret shop/sc-db-secret (HOST PASSWORD THEIRS) of reflector, sc-job",
            "Secret shop/sc-own-secret (PASSWORD) of sc-job",
        ],
        says: &["2 of 2 connections ready; objects: 1 changed, 1 unchanged"],
        records: &[
            r#"{"executed":"id-1","operation":"create","connection":"db"}"#,
            r#"{"executed":"id-2","operation":"update","connection":"db"}"#,
        ],
    }
}

fn relocation() -> Chapter {
    Chapter {
        name: "move",
        acts: Vec::new(),
        values: values("id-3", "update", &secret("db", "DEPOT", &json!({"PASSWORD": CANARY}))),
        fate: Fate::Repeated,
        leaves: &[
            "Secret depot/sc-db-secret (PASSWORD) of sc-job",
            "Secret shop/sc-db-secret (HOST PASSWORD THEIRS) of reflector, sc-job",
            "Secret shop/sc-own-secret (PASSWORD) of sc-job",
        ],
        says: &["left behind, as last recorded: Secret SHOP/sc-db-secret (db). "],
        records: &[
            r#"{"executed":"id-1","operation":"create","connection":"db"}"#,
            r#"{"executed":"id-2","operation":"update","connection":"db"}"#,
            r#"{"executed":"id-3","operation":"update","connection":"db"}"#,
        ],
    }
}

fn deletion() -> Chapter {
    Chapter {
        name: "delete",
        acts: Vec::new(),
        values: values("id-4", "delete", &secret("db", "DEPOT", &Value::Null)),
        fate: Fate::Repeated,
        leaves: &[
            "Secret shop/sc-db-secret (HOST PASSWORD THEIRS) of reflector, sc-job",
            "Secret shop/sc-own-secret (PASSWORD) of sc-job",
        ],
        says: &["1 of 1 connections ready; 1 of 1 removed; objects: 1 deleted, 1 unchanged; 1 left behind"],
        records: &[
            r#"{"executed":"id-1","operation":"create","connection":"db"}"#,
            r#"{"executed":"id-2","operation":"update","connection":"db"}"#,
            r#"{"executed":"id-3","operation":"update","connection":"db"}"#,
            r#"{"executed":"id-4","operation":"delete","connection":"db"}"#,
        ],
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn after_a_run_of_an_operation_that_is_killed_before_a_request_with_others_in_flight_the_next_one_leaves_no_trace_of_it()
 {
    assert_a_kill_leaves_no_trace("operations-before", &chapters(), Moment::Before, "32").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn after_a_run_of_an_operation_that_is_killed_before_the_answer_to_a_request_the_next_one_leaves_no_trace_of_it()
{
    assert_a_kill_leaves_no_trace("operations-after", &chapters(), Moment::After, "1").await;
}

/// With rights on the whole cluster: what the operation moves away from goes, and what it has made stays without it.
fn chapters_of_scope_cluster() -> Vec<Chapter> {
    let all = |mut chapter: Chapter| {
        chapter.values["rbac"] = json!({"scope": "cluster"});
        chapter
    };
    let moved = || Chapter {
        leaves: &["Secret depot/sc-db-secret (PASSWORD) of sc-job", "Secret shop/sc-own-secret (PASSWORD) of sc-job"],
        says: &["2 of 2 connections ready; objects: 1 deleted, 1 created, 1 unchanged"],
        records: &[
            r#"{"executed":"id-1","operation":"create","connection":"db"}"#,
            r#"{"executed":"id-3","operation":"update","connection":"db"}"#,
        ],
        ..relocation()
    };
    let alone = Chapter {
        name: "alone",
        acts: Vec::new(),
        values: json!({"deletionPolicy": "Delete", "connections": {"own": {"namespace": "SHOP", "data": {"PASSWORD": CANARY}}}}),
        says: &["1 of 1 connections ready; 1 executed earlier; objects: 1 unchanged"],
        ..moved()
    };
    [creation(), moved(), alone].map(all).into()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_move_by_an_operation_that_is_killed_leaves_nothing_in_the_old_place() {
    assert_a_kill_leaves_no_trace("operations-cluster", &chapters_of_scope_cluster(), Moment::After, "1").await;
}
