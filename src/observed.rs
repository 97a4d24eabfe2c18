//! What stands in the cluster under an object's name: its metadata, and never its
//! values.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use crate::client::Api;
use crate::error::Fault;
use crate::failure;
use crate::object::ObjectId;

/// The metadata of an object, or `None` if there is no such object.
///
/// # Errors
/// The fault of whoever needs the object, when it cannot be asked for.
pub async fn metadata(api: &Api, id: &ObjectId) -> Result<Option<ObjectMeta>, Fault> {
    match api.metadata(id).await {
        Ok(metadata) => Ok(metadata),
        Err(error) => Err(failure::of(&error, id, "get", api).await),
    }
}
