//! One entry of `connections`, checked and completed.

use std::collections::BTreeMap;

use super::csi;
use super::fields::Fields;
use super::form::Form;
use super::forms::Forms;
use super::path::Path;
use super::service::{self, Service};
use super::{Connection, Origin, names, policy, service_account};
use crate::catalogue::Scalar;
use crate::error::{Code, Fault};
use crate::yaml::Value;

/// Prefixes of labels and annotations that sc-job and the webhook set themselves.
const RESERVED: [&str; 4] =
    ["sc-extension/", "azure.workload.identity/", "app.kubernetes.io/managed-by", "app.kubernetes.io/part-of"];

pub(super) fn check(path: &Path, name: String, value: Value, faults: &mut Vec<Fault>) -> Option<Connection> {
    let before = faults.len();
    names::check(path, &name, &names::CONNECTION, faults);
    names::check_key(path, &name, faults);
    let mut fields = Fields::open(path.clone(), value, faults)?;
    let enabled = fields.flag("enabled", faults).unwrap_or(true);
    let adopt = fields.flag("adopt", faults).unwrap_or_default();
    let deletion_policy = policy::deletion(&mut fields, faults);
    let namespace =
        names::take(&mut fields, "namespace", &names::LABEL, faults).unwrap_or_else(|| "default".to_owned());
    let secret_name = names::take(&mut fields, "secretName", &names::SUBDOMAIN, faults);
    let declares_target = fields.given("target");
    let service = service::check(&mut fields, enabled, faults);
    let csi = csi::check(&name, &mut fields, service.as_ref(), enabled, faults);
    let service_account = service_account::check(&mut fields, service.as_ref(), csi.as_ref(), faults);
    let data = data(&mut fields, faults);
    let customized_keys = customized(&mut fields, service.as_ref(), faults);
    let key_infix = fields.flag("keyInfix", faults).unwrap_or_default();
    let labels = qualified(&mut fields, "labels", faults);
    for (key, text) in &labels {
        names::check(&fields.path("labels").child(key), text, &names::LABEL_VALUE, faults);
    }
    let annotations = qualified(&mut fields, "annotations", faults);
    fields.finish(faults);
    if enabled && !declares_target && data.is_empty() && faults.len() == before {
        faults.push(Fault::at(Code::Missing, path, "a connection needs a target, or data, or both"));
    }
    let linker_secrets = linker_secrets(path, &name, secret_name.as_deref(), service.as_ref(), faults);
    let secret_name = Some(secret_name.unwrap_or_else(|| names::secret(&name)));
    let connection = Connection {
        name,
        origin: Origin::Values,
        enabled,
        adopt,
        deletion_policy,
        namespace,
        service,
        customized_keys,
        key_infix,
        data,
        secret_name,
        linker_secrets,
        service_account,
        csi,
        labels,
        annotations,
    };
    keys(&connection, path, faults);
    Some(connection)
}

/// The Secrets of the linkers beside the first. The name must leave room for theirs, whichever client type is chosen.
fn linker_secrets(
    path: &Path,
    name: &str,
    secret_name: Option<&str>,
    service: Option<&Service>,
    faults: &mut Vec<Fault>,
) -> BTreeMap<&'static str, String> {
    let Some(service) = service else { return BTreeMap::new() };
    if let Some(linker) = service.target.linkers().into_iter().find(|linker| name.ends_with(&format!("_{linker}"))) {
        let cause =
            format!("must not end with _{linker}: that is how the service tells a second linker from the first");
        faults.push(Fault::at(Code::InvalidName, path, cause));
    }
    for linker in service.target.linkers() {
        let secret = names::linker_secret(name, secret_name, linker);
        if secret_name.is_some_and(|first| names::SUBDOMAIN.accepts(first)) && !names::SUBDOMAIN.accepts(&secret) {
            let cause = format!("must leave room for -{linker}, with which the second Secret is named");
            faults.push(Fault::at(Code::InvalidName, path.child("secretName"), cause));
        }
    }
    let secret = |linker| (linker, names::linker_secret(name, secret_name, linker));
    service.set.linkers().into_iter().map(secret).collect()
}

fn data(fields: &mut Fields, faults: &mut Vec<Fault>) -> Forms {
    let mut data = Forms::default();
    for (path, key, value) in fields.entries("data", faults) {
        names::check(&path, &key, &names::DATA_KEY, faults);
        names::check_key(&path, &key, faults);
        if let Some(form) = Form::check(&path, value, Scalar::Text, faults) {
            data.insert(key, form);
        }
    }
    data
}

fn customized(fields: &mut Fields, service: Option<&Service>, faults: &mut Vec<Fault>) -> BTreeMap<String, String> {
    let mut keys = BTreeMap::new();
    for (path, default, own) in fields.text_entries("customizedKeys", faults) {
        names::check(&path, &own, &names::DATA_KEY, faults);
        if let Some(cause) = service.and_then(|service| service.unknown_variable(&default)) {
            faults.push(Fault::at(Code::UnknownChoice, &path, cause));
        }
        keys.insert(default, own);
    }
    keys
}

fn qualified(fields: &mut Fields, key: &'static str, faults: &mut Vec<Fault>) -> BTreeMap<String, String> {
    let mut entries = BTreeMap::new();
    for (path, name, text) in fields.text_entries(key, faults) {
        names::check(&path, &name, &names::QUALIFIED, faults);
        names::check_key(&path, &name, faults);
        if RESERVED.iter().any(|reserved| name == *reserved || (reserved.ends_with('/') && name.starts_with(reserved)))
        {
            faults.push(Fault::at(Code::InvalidName, &path, "is set by sc-job itself").remedy("remove it"));
        }
        entries.insert(name, text);
    }
    entries
}

/// Two entries of one Secret must not have one key.
fn keys(connection: &Connection, path: &Path, faults: &mut Vec<Fault>) {
    let mut seen = BTreeMap::new();
    let variables = || connection.service.iter().flat_map(Service::variable_names);
    let unfit = |name: &&str| !connection.customized_keys.contains_key(*name) && names::place_of_infix(name).is_none();
    if connection.key_infix
        && let Some(unfit) = variables().find(unfit)
    {
        let cause =
            format!("{unfit} is not of the form <CLOUD>_<TYPE>_<NAME>, and has no place for the connection's name");
        let fault = Fault::at(Code::InvalidValue, path.child("keyInfix"), cause);
        faults.push(fault.remedy("remove keyInfix, and rename the variables with customizedKeys"));
    }
    // What is no name has a fault of its own, and is not quoted.
    let named = variables().map(|default| (connection.key(default), default));
    for (key, default) in named.filter(|(key, _)| names::DATA_KEY.accepts(key)) {
        if let Some(other) = seen.insert(key.clone(), default) {
            let cause = format!("{other} and {default} would both be written as {key}");
            faults.push(
                Fault::at(Code::Collision, path.child("customizedKeys"), cause).remedy("give one of them another name"),
            );
        }
    }
    for key in connection.data.names().filter(|key| seen.contains_key(*key)) {
        let cause = "the target writes a variable of this name too";
        faults.push(
            Fault::at(Code::Collision, path.child("data").child(key), cause)
                .remedy("rename one of them: customizedKeys renames the target's"),
        );
    }
}
