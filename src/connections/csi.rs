//! What the Secrets Store CSI driver is to mount from a Key Vault, with auth csi.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::Fields;
use super::form::Form;
use super::forms::Forms;
use super::names;
use super::parameters;
use super::path::Path;
use super::service::Service;
use crate::catalogue::Auth;
use crate::error::{Code, Fault};
use crate::secret_value::SecretValue;
use crate::wording::choices;

/// The words of the Azure provider for what a vault holds.
const TYPES: [&str; 3] = ["cert", "key", "secret"];

/// What is mounted, and who reads it.
pub struct Csi {
    /// The SecretProviderClass's name.
    pub secret_provider_class: String,
    /// The Secret that the driver makes of the objects with a key, while a pod mounts them. It is the driver's.
    pub synced_secret: Option<String>,
    /// The parameters that say which vault is read, and by whom: `vault`, `tenantId`, `clientId`.
    pub parameters: Forms,
    /// The objects, in the order of the values; each becomes a file.
    pub objects: Vec<VaultObject>,
    /// True: the pod's own workload identity reads the vault; false: an identity of the node.
    pub workload_identity: bool,
}

/// An object of a Key Vault.
pub struct VaultObject {
    /// Its name in the vault.
    pub name: String,
    /// What it is, in the provider's words: `secret`, `key` or `cert`.
    pub kind: String,
    /// Its version, if not the latest.
    pub version: Option<String>,
    /// The name of the file, if not its own.
    pub alias: Option<String>,
    /// The key in the synced Secret, if it is to be there too.
    pub key: Option<String>,
}

impl Csi {
    /// The parameters that have a value, where `value` tells what a form stands for.
    pub fn values<'a>(&'a self, value: impl Fn(&'a Form) -> Option<&'a SecretValue>) -> BTreeMap<String, SecretValue> {
        parameters::values(&self.parameters, value)
    }
}

impl VaultObject {
    /// The name of the file.
    #[must_use]
    pub fn file(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.name)
    }
}

pub(super) fn check(
    connection: &str,
    fields: &mut Fields,
    service: Option<&Service>,
    enabled: bool,
    faults: &mut Vec<Fault>,
) -> Option<Csi> {
    let path = fields.path("csi");
    let given = fields.below("csi", faults);
    let is_given = given.as_ref().is_some_and(|settings| !settings.is_empty());
    let (mut objects, mut workload_identity, mut listed) = (Vec::new(), false, false);
    if let Some(mut settings) = given {
        workload_identity = settings.flag("workloadIdentity", faults).unwrap_or_default();
        for (place, value) in settings.items("secrets", faults) {
            listed = true;
            objects
                .extend(Fields::open(place.clone(), value, faults).and_then(|fields| object(&place, fields, faults)));
        }
        settings.finish(faults);
    }
    distinct(&path, &objects, faults);
    let service = service?;
    if service.auth != Auth::Csi {
        if is_given {
            let cause = format!("the CSI driver mounts values with auth csi only, and this is {}", service.auth);
            faults.push(Fault::at(Code::InvalidValue, path, cause).remedy("remove csi, or change auth"));
        }
        return None;
    }
    if enabled && !listed {
        let cause = "auth csi needs the objects of the vault that are to be mounted, each with its name";
        faults.push(Fault::at(Code::Missing, path.child("secrets"), cause));
    }
    Some(Csi {
        secret_provider_class: names::secret_provider_class(connection),
        parameters: service.parameters.clone(),
        synced_secret: objects.iter().any(|object| object.key.is_some()).then(|| names::synced_secret(connection)),
        objects,
        workload_identity,
    })
}

fn object(place: &Path, mut fields: Fields, faults: &mut Vec<Fault>) -> Option<VaultObject> {
    let name = fields.text("name", faults);
    let kind = fields.text("type", faults).unwrap_or_else(|| "secret".to_owned());
    let version = fields.text("version", faults);
    let alias = fields.text("alias", faults);
    let key = fields.text("key", faults);
    let named = [("name", &name, &names::VAULT_OBJECT), ("version", &version, &names::VAULT_OBJECT)];
    for (field, text, rule) in
        named.into_iter().chain([("alias", &alias, &names::DATA_KEY), ("key", &key, &names::DATA_KEY)])
    {
        if let Some(text) = text {
            names::check(&place.child(field), text, rule, faults);
        }
    }
    if !TYPES.contains(&kind.as_str()) {
        let cause = format!("there is no such type; {}", choices(&kind, TYPES.into_iter()));
        faults.push(Fault::at(Code::UnknownChoice, place.child("type"), cause));
    }
    fields.finish(faults);
    if name.is_none() {
        faults.push(Fault::at(Code::Missing, place.child("name"), "an object of the vault is mounted by its name"));
    }
    Some(VaultObject { name: name?, kind, version, alias, key })
}

/// Two objects must not be one file, nor one key of the synced Secret.
fn distinct(path: &Path, objects: &[VaultObject], faults: &mut Vec<Fault>) {
    let (mut files, mut keys) = (BTreeSet::new(), BTreeSet::new());
    // What is no name has a fault of its own, and is not quoted.
    let named = |name: &&str| names::DATA_KEY.accepts(name);
    for object in objects {
        let (file, key) = (Some(object.file()).filter(named), object.key.as_deref().filter(named));
        if let Some(file) = file.filter(|file| !files.insert(*file)) {
            let fault = Fault::at(Code::Collision, path.child("secrets"), format!("two objects are the file {file}"));
            faults.push(fault.remedy("give one of them another alias"));
        }
        if let Some(key) = key.filter(|key| !keys.insert(*key)) {
            let fault = Fault::at(Code::Collision, path.child("secrets"), format!("two objects have the key {key}"));
            faults.push(fault.remedy("give one of them another key"));
        }
    }
}
