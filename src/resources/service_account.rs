//! The ServiceAccount of a workload identity, annotated for the workload
//! identity webhook (<https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html>).

use k8s_openapi::api::core::v1::ServiceAccount;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::{Context, Made, made};
use crate::connections::Connection;
use crate::object::Kind;

pub(super) fn of(connection: &Connection, context: &Context) -> Option<Made> {
    let account = connection.service_account.as_ref()?;
    let annotations = [
        ("client-id", Some(account.client_id.clone())),
        ("tenant-id", account.tenant_id.clone()),
        ("service-account-token-expiration", account.token_expiration_seconds.map(|seconds| seconds.to_string())),
    ];
    let mut labels = context.labels();
    // The webhook reads this label of pods only; the original writes it on the account too, and people list by it.
    labels.insert("azure.workload.identity/use".to_owned(), "true".to_owned());
    let object = ServiceAccount {
        metadata: ObjectMeta {
            name: Some(account.name.clone()),
            namespace: Some(connection.namespace.clone()),
            labels: Some(labels),
            annotations: Some(
                annotations
                    .into_iter()
                    .filter_map(|(key, value)| Some((format!("azure.workload.identity/{key}"), value?)))
                    .collect(),
            ),
            ..ObjectMeta::default()
        },
        ..ServiceAccount::default()
    };
    Some(made(Kind::ServiceAccount, &account.name, &object))
}
