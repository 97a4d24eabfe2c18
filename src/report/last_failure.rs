//! What the last failed run said, kept in the ConfigMap `sc-connections` beside the
//! summary. It has a field manager of its own, so that later runs, which apply
//! the summary without it, leave it where it is.

use std::collections::BTreeMap;

use k8s_openapi::jiff::Timestamp;
use serde::Serialize;

use super::State;
use super::conclusion::Conclusion;
use crate::anchor::SUMMARY;
use crate::release::Release;
use crate::yaml;

/// No connection can have this name.
const KEY: &str = "_lastFailure";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LastFailure {
    time: String,
    exit_code: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    message: String,
}

impl State {
    /// The entries of the ConfigMap that tell of a failure.
    pub(super) fn last_failure(&self, conclusion: &Conclusion) -> BTreeMap<String, String> {
        let failure = LastFailure {
            time: format!("{:.0}", Timestamp::now()),
            exit_code: conclusion.exit.code(),
            code: conclusion.code.map(|code| code.to_string()),
            message: self.message(conclusion),
        };
        let mut data = BTreeMap::new();
        if let Ok(text) = yaml::write(&failure) {
            data.insert(KEY.to_owned(), text);
        }
        if !self.looked_at_connections() {
            let exit = conclusion.exit.code();
            let stale = format!("the last run failed before it looked at any connection (exit {exit}, see {KEY})");
            data.insert(SUMMARY.to_owned(), format!("{stale}; entries beside this one are of an earlier run"));
        }
        data
    }
}

/// Who holds these entries. The name of a manager has 128 bytes, those of release and namespace up to 116.
pub(super) fn field_manager(release: &Release) -> String {
    format!("sc-last:{}:{}", release.namespace, release.name)
}
