//! The ConfigMap `sc-connections`, with which everything goes that the job keeps
//! for itself: the summary for people stands in it, the inventory is owned by it,
//! and the chart tells in it which input is the live one.

use crate::client::Api;
use crate::error::{Code, Fault};
use crate::object::{Kind, ObjectId};
use crate::observed;
use crate::ownership;
use crate::refusal;
use crate::release::Release;

/// The ConfigMap's name, in the release namespace. The chart makes it; the job fills it.
pub const NAME: &str = "sc-connections";

/// The key of how the last run ended as a whole. No connection can have this name.
pub const SUMMARY: &str = "_summary";

/// The annotation by which the chart tells the checksum of the input of the live release.
const INPUT: &str = "sc-extension/input-sha256";

/// The ConfigMap itself: what the inventory goes with, and what says which input is the live one.
pub struct Anchor {
    /// Its UID.
    pub uid: String,
    /// The checksum of the release's input, if the chart has written one.
    pub input_sha256: Option<String>,
    /// Whether an earlier run of this release has left its outcome.
    pub is_filled: bool,
}

/// What there is of the ConfigMap. Without it nothing is recorded.
#[derive(Default)]
pub enum Anchored {
    /// It is there.
    There(Anchor),
    /// It is not there, and could not be made or was not to be.
    #[default]
    Absent,
    /// It, or the inventory that goes with it, could not be read: what stands there is not overwritten.
    Unreadable(Fault),
}

/// Finds the ConfigMap. One that is not there is made, where the rights allow it: the inventory cannot be without. A preview
/// may come before the chart has made it, and makes none.
///
/// # Errors
/// A fault of the whole run: the API server cannot be reached, or the right is missing.
pub async fn find(api: &Api, release: &Release) -> Result<Option<Anchor>, Fault> {
    let id = id(release);
    let mut metadata = observed::metadata(api, &id).await?;
    if metadata.is_none() && !api.is_rehearsal() {
        let body = serde_json::json!({
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": id.name, "namespace": id.namespace},
        });
        metadata = api.note(&id, &release.field_manager(), &body).await.map_or_else(
            |error| {
                let words = refusal::in_words(&error);
                tracing::warn!(
                    "{id} is not there and cannot be made, so that nothing is remembered of this run: {words}"
                );
                None
            },
            Some,
        );
    }
    let summary = format!(".data.{SUMMARY}");
    Ok(metadata.map(|metadata| Anchor {
        is_filled: ownership::applied(&metadata, release).iter().any(|path| path == summary),
        uid: metadata.uid.unwrap_or_default(),
        input_sha256: metadata.annotations.and_then(|mut annotations| annotations.remove(INPUT)),
    }))
}

/// Nothing can be recorded, as the ConfigMap is not there that the record goes with.
#[must_use]
pub fn absent(release: &Release) -> Fault {
    let cause = "it is not there, and what this release has made is recorded only beside it";
    Fault::of(Code::ExecutionUnknown, &id(release), cause)
        .remedy("run the same helm upgrade again, which makes the ConfigMap anew")
}

fn id(release: &Release) -> ObjectId {
    ObjectId::new(Kind::ConfigMap, &release.namespace, NAME)
}
