//! Taking our fields out of an object in which others have their own. An empty
//! apply does it, but for one case: who applies a Secret's `stringData` is not
//! recorded as a holder of the `data` that comes of it. An empty apply would take
//! such a key along, and all of `data` with its last recorded holder.

use std::collections::BTreeSet;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::{Map, Value, json};

use crate::client::Api;
use crate::object::{Kind, ObjectId};
use crate::ownership::{self, Version};
use crate::release::Release;
use crate::resources;

/// Where our fields stand: the steps to them in `managedFields`, and the path in front of their names.
const DATA: ([&str; 1], &str) = (["f:data"], ".data.");
const LABELS: ([&str; 2], &str) = (["f:metadata", "f:labels"], ".metadata.labels.");
const ANNOTATIONS: ([&str; 2], &str) = (["f:metadata", "f:annotations"], ".metadata.annotations.");

/// Takes our fields out of the object that was seen.
///
/// # Errors
/// What the last try of a request answered; 409 or 422 if it is another object or in another state by now.
pub async fn from(api: &Api, release: &Release, id: &ObjectId, seen: &ObjectMeta) -> Result<(), kube::Error> {
    let (manager, version) = (release.field_manager(), Version::of(seen));
    let texts = ownership::applied_as_text(seen, release);
    let held = ownership::applied(seen, release);
    let (steps, prefix) = DATA;
    let keys: BTreeSet<&str> = held.iter().filter_map(|path| path.strip_prefix(prefix)).collect();
    let shares_text = keys.iter().any(|key| texts.contains_key(*key));
    if id.kind == Kind::Secret && !keys.is_empty() && (shares_text || !ownership::others_hold_data(seen, release)) {
        let alone = |steps: &[&str], name: &str| {
            let steps: Vec<String> = steps.iter().map(|step| (*step).to_owned()).chain([format!("f:{name}")]).collect();
            ownership::holders(seen, &steps, release).next().is_none()
        };
        let own = nulls(keys.iter().copied().filter(|key| !texts.contains_key(*key) && alone(&steps, key)));
        if !own.is_empty() {
            // Still ours by its labels, should the run end here.
            let metadata = json!({"uid": version.uid, "resourceVersion": version.resource_version});
            api.merge(id, &manager, &json!({"metadata": metadata, "data": own})).await?;
        }
        if shares_text {
            let group = |(steps, prefix): ([&str; 2], &'static str)| {
                let names = held.iter().filter_map(move |path| path.strip_prefix(prefix));
                nulls(names.filter(|name| alone(&steps, name)))
            };
            let metadata = json!({"uid": version.uid, "labels": group(LABELS), "annotations": group(ANNOTATIONS)});
            return api.merge(id, &manager, &json!({"metadata": metadata})).await;
        }
    }
    api.apply(id, &manager, false, &resources::empty(id, &version)).await.map(|_| ())
}

fn nulls<'a>(keys: impl Iterator<Item = &'a str>) -> Map<String, Value> {
    keys.map(|key| (key.to_owned(), Value::Null)).collect()
}
