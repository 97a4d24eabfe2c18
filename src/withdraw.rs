//! Taking our fields out of an object in which others have their own. An empty
//! apply does it, but for one case: who applies a Secret's `stringData` is not
//! recorded as a holder of the `data` that comes of it, and when the last recorded
//! holder of `data` gives up the last of it, the API server drops all of `data`.

use std::collections::BTreeSet;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::{Map, Value, json};

use crate::client::Api;
use crate::object::{Kind, ObjectId};
use crate::ownership::{self, Version};
use crate::release::Release;
use crate::resources;

/// Where an entry of `data` stands, in front of its key.
const DATA: &str = ".data.";

/// Takes our fields out of the object that was seen.
///
/// # Errors
/// What the last try of a request answered; 409 or 422 if it is another object or in another state by now.
pub async fn from(api: &Api, release: &Release, id: &ObjectId, seen: &ObjectMeta) -> Result<(), kube::Error> {
    let (manager, version) = (release.field_manager(), Version::of(seen));
    let held = ownership::applied(seen, release);
    let keys: BTreeSet<&str> = held.iter().filter_map(|path| path.strip_prefix(DATA)).collect();
    if id.kind == Kind::Secret && !keys.is_empty() && !ownership::others_hold_data(seen, release) {
        let texts = ownership::applied_as_text(seen, release);
        let own = nulls(keys.iter().copied().filter(|key| !texts.contains_key(*key)));
        if !own.is_empty() {
            // Still ours by its labels, should the run end here.
            let metadata = json!({"uid": version.uid, "resourceVersion": version.resource_version});
            api.merge(id, &manager, &json!({"metadata": metadata, "data": own})).await?;
        }
        if keys.iter().any(|key| texts.contains_key(*key)) {
            let group = |prefix: &'static str| nulls(held.iter().filter_map(move |path| path.strip_prefix(prefix)));
            let (labels, annotations) = (group(".metadata.labels."), group(".metadata.annotations."));
            let metadata = json!({"uid": version.uid, "labels": labels, "annotations": annotations});
            return api.merge(id, &manager, &json!({"metadata": metadata})).await;
        }
    }
    api.apply(id, &manager, false, &resources::empty(id, &version)).await.map(|_| ())
}

fn nulls<'a>(keys: impl Iterator<Item = &'a str>) -> Map<String, Value> {
    keys.map(|key| (key.to_owned(), Value::Null)).collect()
}
