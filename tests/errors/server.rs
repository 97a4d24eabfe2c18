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

const LEASE: &str = "/leases/sc-job$";

/// A Lease that another run renews, by its own clock.
fn held() -> ResponseTemplate {
    let spec = json!({"holderIdentity": "other", "renewTime": "2099-01-01T00:00:00.000000Z"});
    ResponseTemplate::new(200).set_body_json(json!({"metadata": {"resourceVersion": "1"}, "spec": spec}))
}

pub fn cases() -> Vec<Case> {
    let slowly = refusal(404, "NotFound", "not found").set_delay(Duration::from_millis(100));
    let never = ResponseTemplate::new(200).set_delay(Duration::from_secs(600));
    vec![
        Case::new(
            Code::ApiUnavailable,
            69,
            "Lease sc-system/sc-job: read was tried as long as the time allowed; the last failure: ",
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
            .answered("GET", "/", never.clone())
            .set("SC_JOB_REQUEST_TIMEOUT_SECONDS", "30")
            .stopped(),
        Case::new(Code::StaleInput, 75, "after 2 s the mounted connections are still not those of this release.")
            .set("SC_JOB_INPUT_SHA256", OTHER)
            .set("SC_JOB_DEADLINE_SECONDS", "3"),
        Case::new(Code::LeaseHeld, 75, "Lease sc-system/sc-job: it is held by other, and was renewed until now.")
            .answered("GET", LEASE, held())
            .set("SC_JOB_DEADLINE_SECONDS", "3"),
        Case::new(
            Code::LeaseLost,
            75,
            "Lease sc-system/sc-job: it is held by nobody now; this run has stopped writing.",
        )
        .answered("GET", "/secrets/", never)
        .answered_then("PATCH", LEASE, refusal(409, "Conflict", "the object has been modified"))
        .set("SC_JOB_REQUEST_TIMEOUT_SECONDS", "30"),
    ]
}
