//! 2xxx too: an operation of the four settings, and the record of it.

use sc_job::error::Code;
use serde_json::json;

use super::case::Case;
use crate::common::CANARY;
use crate::common::fake_api::refusal;
use crate::common::operation::{secret, settings};

fn create() -> String {
    settings("a", "id-1", "create", &secret("a", "shop", &json!({"A": CANARY}))).to_string()
}

pub fn cases() -> Vec<Case> {
    vec![
        Case::new(
            Code::ExecutionUnknown,
            79,
            "correlationid: whether the operation was executed before cannot be read, so that it was not executed.",
        )
        .over_text(create())
        .answered("GET", "/configmaps/sc-connections-0$", refusal(400, "BadRequest", "no")),
        Case::new(
            Code::ExecutionUnrecorded,
            79,
            "create of connection a with correlationid id-1 was executed, and that it was could not be recorded, so that the \
             same settings execute it again; and SCJ2013 ConfigMap sc-system/sc-connections-0: patch was refused: admission \
             webhook \"w\" denied the request: no. Remedy: mend what refuses the ConfigMap, then run the same helm upgrade \
             again: it executes the operation again, and records it; and for ConfigMap sc-system/sc-connections-0: ",
        )
        .over_text(create())
        .answered_then(
            "PATCH",
            "/configmaps/sc-connections-0$",
            refusal(403, "Forbidden", "admission webhook \"w\" denied the request: no"),
        ),
    ]
}
