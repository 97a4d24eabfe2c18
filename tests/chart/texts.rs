//! Flags and whole numbers as texts, for installers that have nothing else: they render what booleans and numbers do. To
//! a template the text `false` is true.

use serde_json::Value;

use super::rendering::render;
use crate::common::kubernetes::Helm;

with_both_helms! {
    a_flag_or_a_number_as_a_text_renders_what_it_does_as_itself
}

const VALUES: &str = "
uninstall: {deletionPolicy: Delete}
connections:
  blob: {namespace: shop, deletionPolicy: Delete, target: storage-blob, auth: workload-identity, parameters: {account: acc1, clientId: 0a0b0c0d-0000-4000-8000-000000000002}}
  vault:
    namespace: shop
    target: keyvault
    auth: csi
    csi: {secrets: [{name: db-password}]}
    parameters: {vault: vault1, clientId: 0a0b0c0d-0000-4000-8000-000000000003, tenantId: 0a0b0c0d-0000-4000-8000-00000000000f}
";

const SETTINGS: [&str; 14] = [
    "rbac.create=false",
    "rbac.clusterRead=false",
    "rbac.guard=false",
    "connections.blob.enabled=false",
    "connections.blob.adopt=true",
    "connections.blob.keyInfix=true",
    "connections.blob.serviceAccount.tokenExpirationSeconds=7200",
    "connections.vault.csi.workloadIdentity=true",
    "prune.maxDeletions=0",
    "job.deadlineSeconds=170",
    "job.requestTimeoutSeconds=9",
    "job.activeDeadlineSeconds=250",
    "job.backoffLimit=2",
    "job.concurrency=8",
];

/// The objects, where the job's input has the text as it was given, and other checksums of it.
fn objects(helm: &Helm, args: &[&str]) -> Vec<Value> {
    let mut objects = render(helm, VALUES, args).objects().to_vec();
    for object in &mut objects {
        plain(object);
    }
    objects
}

fn plain(value: &mut Value) {
    match value {
        Value::Object(fields) => fields.values_mut().for_each(plain),
        Value::Array(items) => items.iter_mut().for_each(plain),
        Value::String(text) if text.len() == 64 && text.bytes().all(|c| c.is_ascii_hexdigit()) => {
            "SHA256".clone_into(text);
        }
        Value::String(text) if text.starts_with('{') => {
            for word in ["true", "false", "0", "7200"] {
                *text = text.replace(&format!(":\"{word}\""), &format!(":{word}"));
            }
        }
        _ => {}
    }
}

fn a_flag_or_a_number_as_a_text_renders_what_it_does_as_itself(helm: &Helm) {
    let default = objects(helm, &[]);
    for setting in SETTINGS {
        let rendered = objects(helm, &["--set-string", setting]);
        assert!(rendered == objects(helm, &["--set", setting]), "{setting}");
        assert!(rendered != default, "{setting} says what is so by default");
    }
    let on = "rbac.create=true,rbac.clusterRead=true,rbac.guard=true,rbac.namespaceCheck=true";
    assert!(objects(helm, &["--set-string", on]) == default);
}
