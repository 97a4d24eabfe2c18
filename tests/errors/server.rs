//! 4xxx: the API server out of reach, and time.

use std::time::Duration;

use sc_job::error::Code;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use super::case::Case;
use crate::common::CANARY;
use crate::common::fake_api::refusal;

/// A checksum that no input has.
const OTHER: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// More connections than can be looked at, one after the other, before the deadline.
fn many() -> Value {
    let names = (0..100).map(|n| format!("c{n:02}"));
    names
        .map(|name| (name, json!({"namespace": "shop", "data": {"A": CANARY}})))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

pub fn cases() -> Vec<Case> {
    let slowly = refusal(404, "NotFound", "not found").set_delay(Duration::from_millis(100));
    let never = ResponseTemplate::new(200).set_delay(Duration::from_secs(600));
    vec![
        Case::new(
            Code::ApiUnavailable,
            69,
            "getting namespace shop was tried as long as the time allowed; the last failure: ",
        )
        .answered("GET", "/", ResponseTemplate::new(503))
        .set("SC_JOB_DEADLINE_SECONDS", "3")
        .unrecorded(),
        Case::new(Code::Deadline, 75, "5 s have passed.")
            .over(many())
            .answered("GET", "/secrets/", slowly)
            .set("SC_JOB_CONCURRENCY", "1")
            .set("SC_JOB_REQUEST_TIMEOUT_SECONDS", "4")
            .set("SC_JOB_DEADLINE_SECONDS", "5"),
        Case::new(Code::Interrupted, 75, "SIGTERM was received.")
            .answered("GET", "/", never)
            .set("SC_JOB_REQUEST_TIMEOUT_SECONDS", "30")
            .stopped(),
        Case::new(Code::StaleInput, 75, "after 2 s the mounted connections are still not those of this release.")
            .set("SC_JOB_INPUT_SHA256", OTHER)
            .set("SC_JOB_DEADLINE_SECONDS", "3"),
    ]
}
