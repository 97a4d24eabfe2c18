//! The namespace of connections, where it is not there and the values say that it
//! is to be made. It is never deleted: what others put into it would go with it.

use k8s_openapi::api::core::v1::Namespace;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::Value;

use super::Context;

pub(super) fn of(name: &str, context: &Context) -> Result<Value, serde_json::Error> {
    let object = Namespace {
        metadata: ObjectMeta { name: Some(name.to_owned()), labels: Some(context.labels()), ..ObjectMeta::default() },
        ..Namespace::default()
    };
    serde_json::to_value(&object)
}
