//! The SecretProviderClass of a connection with auth csi: what the Secrets Store
//! CSI driver mounts into a pod, and as whom its Azure provider reads it
//! (<https://azure.github.io/secrets-store-csi-driver-provider-azure/docs/getting-started/usage/>).

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;

use super::{Context, Made, made};
use crate::connections::{Connection, Csi, VaultObject};
use crate::error::{Code, Fault};
use crate::object::{Kind, ObjectId};
use crate::yaml;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SecretProviderClass {
    api_version: &'static str,
    kind: &'static str,
    metadata: ObjectMeta,
    spec: Spec,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Spec {
    provider: &'static str,
    parameters: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    secret_objects: Vec<SyncedSecret>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SyncedSecret {
    secret_name: String,
    #[serde(rename = "type")]
    type_: &'static str,
    data: Vec<SyncedKey>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SyncedKey {
    object_name: String,
    key: String,
}

/// An object in the provider's own words, which it reads as YAML within the text of a parameter.
#[derive(Serialize)]
struct Mounted<'a> {
    #[serde(rename = "objectName")]
    name: &'a str,
    #[serde(rename = "objectType")]
    kind: &'a str,
    #[serde(rename = "objectVersion", skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    #[serde(rename = "objectAlias", skip_serializing_if = "Option::is_none")]
    alias: Option<&'a str>,
}

#[derive(Serialize)]
struct Objects {
    array: Vec<String>,
}

pub(super) fn of(connection: &Connection, context: &Context) -> Result<Option<Made>, Fault> {
    let Some(csi) = &connection.csi else { return Ok(None) };
    let values = csi.values(|form| context.value(form));
    let name = &csi.secret_provider_class;
    let defect = |cause: String| Fault::of(Code::Internal, &id(connection, name), cause);
    let objects = objects(&csi.objects).map_err(|error| defect(format!("its objects cannot be written: {error}")))?;
    let value = |parameter: &str| {
        let value = values.get(parameter).map(|value| value.expose().to_owned());
        value.ok_or_else(|| defect(format!("parameter {parameter} is not given")))
    };
    let identity = if csi.workload_identity { "clientID" } else { "userAssignedIdentityID" };
    let parameters = BTreeMap::from([
        ("cloudName", context.cloud.environment.clone()),
        (identity, value("clientId")?),
        ("keyvaultName", value("vault")?),
        ("tenantId", value("tenantId")?),
        ("usePodIdentity", "false".to_owned()),
        ("useVMManagedIdentity", (!csi.workload_identity).to_string()),
        ("objects", objects),
    ]);
    let object = SecretProviderClass {
        api_version: Kind::SecretProviderClass.api_version(),
        kind: Kind::SecretProviderClass.as_str(),
        metadata: context.metadata_of_one(connection, name),
        spec: Spec { provider: "azure", parameters, secret_objects: synced(csi) },
    };
    Ok(Some(made(Kind::SecretProviderClass, name, &object)))
}

fn id(connection: &Connection, name: &str) -> ObjectId {
    ObjectId::new(Kind::SecretProviderClass, &connection.namespace, name)
}

fn objects(objects: &[VaultObject]) -> Result<String, yaml::Error> {
    let mounted = |object: &VaultObject| {
        yaml::write(&Mounted {
            name: &object.name,
            kind: &object.kind,
            version: object.version.as_deref(),
            alias: object.alias.as_deref(),
        })
    };
    yaml::write(&Objects { array: objects.iter().map(mounted).collect::<Result<_, _>>()? })
}

fn synced(csi: &Csi) -> Vec<SyncedSecret> {
    let key =
        |object: &VaultObject| Some(SyncedKey { object_name: object.file().to_owned(), key: object.key.clone()? });
    let secret = |name: &String| SyncedSecret {
        secret_name: name.clone(),
        type_: "Opaque",
        data: csi.objects.iter().filter_map(key).collect(),
    };
    csi.synced_secret.iter().map(secret).collect()
}
