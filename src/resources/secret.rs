//! The Secret of a connection: the catalogue's variables and the connection's own
//! entries, for `envFrom: secretRef`. Where a service splits a connection in two
//! linkers, each has one.

use std::collections::BTreeMap;

use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;

use super::{Context, Made, made};
use crate::connections::Connection;
use crate::error::{Code, Fault};
use crate::object::{Kind, ObjectId};

pub(super) fn of(connection: &Connection, context: &Context) -> Result<Vec<Made>, Fault> {
    connection.secrets().map(|(linker, name)| secret(connection, linker, name, context)).collect()
}

fn secret(connection: &Connection, linker: Option<&str>, name: &str, context: &Context) -> Result<Made, Fault> {
    let secret = Secret {
        metadata: context.metadata_of_one(connection, name),
        type_: Some("Opaque".to_owned()),
        // Under server-side apply a key that leaves `stringData` would stay in the object.
        data: Some(data(connection, linker, name, context)?),
        ..Secret::default()
    };
    Ok(made(Kind::Secret, name, &secret))
}

fn data(
    connection: &Connection,
    linker: Option<&str>,
    name: &str,
    context: &Context,
) -> Result<BTreeMap<String, ByteString>, Fault> {
    let mut data = BTreeMap::new();
    if let Some(service) = &connection.service {
        let values = service.values(|form| context.value(form));
        for variable in service.set.variables.iter().filter(|variable| variable.linker.as_deref() == linker) {
            let value = variable.render(&values, context.cloud).map_err(|defect| {
                let id = ObjectId::new(Kind::Secret, &connection.namespace, name);
                Fault::of(Code::Internal, &id, format!("variable {} cannot be made: {defect}", variable.name))
            })?;
            let key = connection.key(&variable.name).into_owned();
            data.insert(key, ByteString(value.expose().as_bytes().to_vec()));
        }
    }
    for (key, form) in connection.data.iter().filter(|_| linker.is_none()) {
        if let Some(value) = context.value(form) {
            data.insert(key.clone(), ByteString(value.expose().as_bytes().to_vec()));
        }
    }
    Ok(data)
}
