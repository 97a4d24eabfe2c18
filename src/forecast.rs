//! Which fields of an object an apply would change, without reading a value of
//! it: a dry run in the name of somebody else conflicts over exactly those fields
//! that have another value, and `managedFields` tells which come and go.

use std::collections::BTreeSet;

use crate::apply;
use crate::client::Api;
use crate::error::Fault;
use crate::observed;
use crate::ownership::{self, paths_of};
use crate::refusal;
use crate::release::Release;
use crate::resources::Resource;

/// In whose name the dry run is done. Whoever really has this name, nothing is written in it.
const PROBE: &str = "sc-job-plan";

/// The fields of an object of ours that an apply of the intent would change, as `.data.PORT`.
///
/// # Errors
/// A fault when the object cannot be asked for.
pub async fn differences(api: &Api, release: &Release, resource: &Resource) -> Result<BTreeSet<String>, Fault> {
    let metadata = observed::metadata(api, &resource.id).await?.unwrap_or_default();
    let held = ownership::applied(&metadata, release);
    let mut fields: BTreeSet<String> = held.differing(&paths_of(&resource.body)).collect();
    fields.extend(other_values(api, resource).await?.unwrap_or_default());
    Ok(fields)
}

/// The fields that somebody holds with another value than the intent's; `None` if another object is there by now.
///
/// # Errors
/// A fault when the dry run is refused for another reason.
pub async fn other_values(api: &Api, resource: &Resource) -> Result<Option<Vec<String>>, Fault> {
    let Err(error) = api.try_apply(&resource.id, PROBE, &resource.body).await else { return Ok(Some(Vec::new())) };
    match refusal::conflicting_fields(&error) {
        conflicts if !conflicts.is_empty() => Ok(Some(conflicts)),
        _ if refusal::on_another_object(&error) => Ok(None),
        _ => Err(apply::refused(&error, resource, api).await),
    }
}
