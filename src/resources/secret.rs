//! The Secret of a connection: the catalogue's variables and the connection's own
//! entries, for `envFrom: secretRef`.

use std::collections::BTreeMap;

use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::{Context, Made, made};
use crate::connections::Connection;
use crate::error::{Code, Fault};
use crate::object::{Kind, ObjectId};

const CONNECTION_LABEL: &str = "sc-extension/connection";

pub(super) fn of(connection: &Connection, context: &Context) -> Result<Made, Fault> {
    let mut labels = context.labels();
    labels.insert(CONNECTION_LABEL.to_owned(), connection.name.clone());
    labels.extend(connection.labels.clone());
    let secret = Secret {
        metadata: ObjectMeta {
            name: Some(connection.secret_name.clone()),
            namespace: Some(connection.namespace.clone()),
            labels: Some(labels),
            annotations: Some(connection.annotations.clone()).filter(|annotations| !annotations.is_empty()),
            ..ObjectMeta::default()
        },
        type_: Some("Opaque".to_owned()),
        // Under server-side apply a key that leaves `stringData` would stay in the object.
        data: Some(data(connection, context)?),
        ..Secret::default()
    };
    Ok(made(Kind::Secret, &connection.secret_name, &secret))
}

fn data(connection: &Connection, context: &Context) -> Result<BTreeMap<String, ByteString>, Fault> {
    let mut data = BTreeMap::new();
    if let Some(service) = &connection.service {
        let values = service.values(|form| context.value(form));
        for variable in &service.set.variables {
            let value = variable.render(&values, context.cloud).map_err(|defect| {
                let id = ObjectId::new(Kind::Secret, &connection.namespace, &connection.secret_name);
                Fault::of(Code::Internal, &id, format!("variable {} cannot be made: {defect}", variable.name))
            })?;
            let key = connection.customized_keys.get(&variable.name).unwrap_or(&variable.name);
            data.insert(key.clone(), ByteString(value.expose().as_bytes().to_vec()));
        }
    }
    for (key, form) in &connection.data {
        if let Some(value) = context.value(form) {
            data.insert(key.clone(), ByteString(value.expose().as_bytes().to_vec()));
        }
    }
    Ok(data)
}
