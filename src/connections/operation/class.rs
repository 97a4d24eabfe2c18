//! The part `secretProviderClass` of `resources`: which vault the CSI driver reads,
//! as whom, and the Secret that it makes of what it finds.

use std::collections::BTreeSet;

use super::Verb;
use super::resources::{close, take_name};
use crate::catalogue::{self, Parameter};
use crate::connections::csi::{Csi, VaultObject};
use crate::connections::fields::Fields;
use crate::connections::form::Form;
use crate::connections::forms::Forms;
use crate::connections::names;
use crate::connections::path::Path;
use crate::error::{Code, Fault};
use crate::yaml::Value;

/// The fields that say which vault is read and by whom, and the parameters of `keyvault` that
/// mean the same.
const OF_VAULT: [(&str, &str); 3] =
    [("keyvaultName", "vault"), ("keyvaultTenantId", "tenantId"), ("userMIClientId", "clientId")];

pub(super) fn read(
    mut class: Fields,
    path: &Path,
    connection: &str,
    has_secret: bool,
    verb: Verb,
    faults: &mut Vec<Fault>,
) -> Csi {
    let secret_provider_class = names::secret_provider_class(connection);
    let own_name = std::slice::from_ref(&secret_provider_class);
    take_name(&mut class, "name", own_name, "sc-NAME-secretprovider", faults);
    let (of_job, of_driver) = (names::secret(connection), names::synced_secret(connection));
    let words = "sc-NAME-secret or sc-NAME-csi-secret";
    let synced = take_name(&mut class, "k8sSecretName", &[of_job.clone(), of_driver.clone()], words, faults);
    let synced = synced.unwrap_or_else(|| if has_secret { of_driver.clone() } else { of_job.clone() });
    let is_written_twice = has_secret && synced == of_job;
    if is_written_twice {
        let cause = "is the Secret of resources.secret too, which the CSI driver would take away with the last pod";
        let fault = Fault::at(Code::Collision, class.path("k8sSecretName"), cause);
        faults.push(fault.remedy("name it sc-NAME-csi-secret, or leave secret out"));
    }
    let mut csi = Csi {
        secret_provider_class,
        synced_secret: Some(if is_written_twice { of_driver } else { synced }),
        parameters: Forms::default(),
        objects: Vec::new(),
        workload_identity: false,
    };
    if verb == Verb::Delete {
        class.ignore(&OF_VAULT.map(|(field, _)| field));
        class.ignore(&["keyvaultSecrets"]);
    } else {
        for (field, parameter) in OF_VAULT {
            csi.parameters.extend(of_vault(&mut class, field, parameter, faults));
        }
        csi.objects = vault_objects(&mut class, faults);
    }
    let known = "name, namespace, k8sSecretName, keyvaultName, keyvaultTenantId, userMIClientId and keyvaultSecrets";
    close(&class, path, known, faults);
    csi
}

fn of_vault(
    class: &mut Fields,
    field: &'static str,
    parameter: &str,
    faults: &mut Vec<Fault>,
) -> Option<(String, Form)> {
    let known: &Parameter = catalogue::target("keyvault").ok().flatten()?.parameters.get(parameter)?;
    let before = faults.len();
    let Some(text) = class.text(field, faults) else {
        if faults.len() == before {
            faults.push(Fault::at(Code::Missing, class.path(field), known.description.clone()));
        }
        return None;
    };
    match known.refuses(&text) {
        Some(why) => {
            faults.push(Fault::at(Code::InvalidValue, class.path(field), why));
            None
        }
        None => Some((parameter.to_owned(), Form::Literal(text.into()))),
    }
}

/// The secrets of the vault, each of which is a file and a key of the Secret that the driver makes. One that has two keys
/// is two files, named like the keys.
fn vault_objects(class: &mut Fields, faults: &mut Vec<Fault>) -> Vec<VaultObject> {
    let path = class.path("keyvaultSecrets");
    let before = faults.len();
    let mut objects = Vec::new();
    for (place, key, value) in class.entries("keyvaultSecrets", faults) {
        match value {
            _ if !names::DATA_KEY.accepts(&key) => names::check(&path, &key, &names::DATA_KEY, faults),
            Value::String(name) => {
                names::check(&place, &name, &names::VAULT_OBJECT, faults);
                objects.push(VaultObject {
                    name,
                    kind: "secret".to_owned(),
                    version: None,
                    alias: None,
                    key: Some(key),
                });
            }
            _ => faults.push(Fault::at(Code::WrongType, place, "must be a string, the name of a secret of the vault")),
        }
    }
    if objects.is_empty() && faults.len() == before {
        faults.push(Fault::at(Code::Missing, path, "must name a secret of the vault at least"));
    }
    let names: Vec<String> = objects.iter().map(|object| object.name.clone()).collect();
    if names.iter().collect::<BTreeSet<_>>().len() < names.len() {
        for object in &mut objects {
            object.alias.clone_from(&object.key);
        }
    }
    objects
}
