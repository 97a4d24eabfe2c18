//! 3xxx: who the API server takes the job for, and what it lets it do.

use sc_job::error::Code;
use serde_json::json;
use wiremock::ResponseTemplate;

use super::case::Case;
use crate::common::fake_api::{REVIEW, refusal};

pub fn cases() -> Vec<Case> {
    let to_look = json!([{"verbs": ["get"], "apiGroups": [""], "resources": ["secrets"]}]);
    let review = json!({"status": {"resourceRules": to_look, "nonResourceRules": [], "incomplete": false}});
    vec![
        Case::new(
            Code::NotPermitted,
            77,
            "Secret shop/sc-a-secret: the job may not patch secrets sc-a-secret in namespace shop.",
        )
        .answered("POST", REVIEW, ResponseTemplate::new(201).set_body_json(review)),
        Case::new(
            Code::NotAuthenticated,
            77,
            "the API server refused the credentials when asked to read Lease sc-system/sc-job: Unauthorized.",
        )
        .answered("GET", "/", refusal(401, "Unauthorized", "Unauthorized"))
        .unrecorded(),
    ]
}
