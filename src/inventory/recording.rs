//! Recording: what became of the objects of a run, and the writing of it to the
//! ConfigMaps.

use super::shards::{KEY, Stored};
use super::{Inventory, shard_id};
use crate::anchor::{self, Anchored};
use crate::client::Api;
use crate::error::{Code, Fault};
use crate::failure;
use crate::outcome::{Done, Told};
use crate::refusal;
use crate::release::Release;

/// How much of what was to be recorded stands in the cluster.
#[must_use]
pub enum Recorded {
    /// All of it.
    Whole,
    /// Not all of it, and why.
    Lacking(Fault),
}

impl Inventory {
    /// Takes in what became of an object.
    pub fn learn(&mut self, told: &Told) {
        match (&told.result, &told.memory) {
            (Ok(_), Some(memory)) => self.keep(&told.id, memory.clone()),
            (Err(fault), _) if was_refused(fault.code()) => self.forget_unseen(&told.id),
            // It is remembered as long as it is there.
            (Ok(Done::Leaving { .. } | Done::Retained(_)) | Err(_), None) | (Err(_), Some(_)) => {}
            (Ok(_), None) => self.forget(&told.id),
        }
    }

    /// Writes what has changed. It goes with the ConfigMap `sc-connections`, the `anchor`: without, nothing is written.
    ///
    /// # Errors
    /// A fault when a right is missing or the API server cannot be reached; any other failure is a warning, as it keeps
    /// no connection of the values from being done.
    pub async fn write(&mut self, api: &Api, release: &Release, anchor: &Anchored) -> Result<Recorded, Fault> {
        let anchor = match anchor {
            Anchored::There(anchor) => &anchor.uid,
            Anchored::Absent => return Ok(Recorded::Lacking(anchor::absent(release))),
            Anchored::Unreadable(fault) => return Ok(Recorded::Lacking(fault.clone())),
        };
        for (number, text) in self.shards.changes(&self.records, &self.executions.text(), anchor) {
            let id = shard_id(release, number);
            let body = serde_json::json!({
                "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": {
                    "name": id.name, "namespace": id.namespace,
                    "ownerReferences": [{
                        "apiVersion": "v1", "kind": "ConfigMap", "name": anchor::NAME, "uid": anchor,
                    }],
                },
                "data": {KEY: text},
            });
            match api.apply(&id, &release.field_manager(), true, &body).await {
                Ok(_) => self.shards.found(number, Stored { text, owner: anchor.clone() }),
                Err(error) => {
                    let fault = failure::of(&error, &id, "patch", api).await;
                    if failure::ends_the_run(&fault) || fault.code() == Code::NotPermitted {
                        return Err(fault);
                    }
                    let words = refusal::in_short(&error);
                    tracing::warn!("{id}, which remembers what this release has made, could not be written: {words}");
                    // What comes after it may not be written without what moved into it.
                    return Ok(Recorded::Lacking(fault));
                }
            }
        }
        Ok(Recorded::Whole)
    }
}

/// Whether nothing was made: who refuses does not write.
fn was_refused(code: Code) -> bool {
    matches!(
        code,
        Code::ForeignObject | Code::FieldConflict | Code::Refused | Code::QuotaExceeded | Code::AdmissionDenied
    )
}
