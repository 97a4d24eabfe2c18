//! 2xxx: what stands in the cluster.

use sc_job::error::Code;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use super::case::Case;
use crate::common::CANARY;
use crate::common::fake_api::{REVIEW, SECRET, refusal};

const NAMESPACE: &str = "^/api/v1/namespaces/shop$";
const CREDENTIALS: &str = "^/api/v1/namespaces/sc-system/secrets/creds$";
const CSI: &str = "^/apis/secrets-store.csi.x-k8s.io/v1$";

fn found(object: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(object)
}

/// Our Secret, of which another manager applies a key too.
fn shared() -> Value {
    let applied = |manager: &str| json!({"manager": manager, "operation": "Apply", "fieldsType": "FieldsV1", "fieldsV1": {"f:data": {"f:A": {}}}});
    json!({"metadata": {
        "uid": "u", "resourceVersion": "1",
        "labels": {"sc-extension/release": "sc-extension", "sc-extension/release-namespace": "sc-system"},
        "managedFields": [applied("sc-job:sc-system:sc-extension"), applied("gitops")],
    }})
}

/// Our Secret.
fn ours() -> Value {
    let mut secret = shared();
    secret["metadata"]["managedFields"].as_array_mut().unwrap().pop();
    secret
}

fn conflict() -> ResponseTemplate {
    ResponseTemplate::new(409).set_body_json(json!({
        "kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 409, "reason": "Conflict",
        "message": "Apply failed with 1 conflict: conflict with \"gitops\": .data.A",
        "details": {"causes": [{"reason": "FieldManagerConflict", "message": "conflict with \"gitops\"", "field": ".data.A"}]},
    }))
}

fn referring() -> Value {
    json!({"a": {"namespace": "shop", "data": {
        "A": CANARY, "B": {"valueFrom": {"secretKeyRef": {"name": "creds", "key": "k"}}},
    }}})
}

fn mounting() -> Value {
    let id = "0a0b0c0d-0000-4000-8000-00000000000f";
    json!({"a": {
        "namespace": "shop", "target": "keyvault", "auth": "csi", "csi": {"secrets": [{"name": "s"}]}, "data": {"A": CANARY},
        "parameters": {"vault": "vault1", "clientId": id, "tenantId": id},
    }})
}

pub fn cases() -> Vec<Case> {
    let no_rights = json!({"status": {"resourceRules": [], "nonResourceRules": [], "incomplete": false}});
    let terminating = json!({"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}});
    let made_by_hand = json!({"metadata": {"managedFields": [{"manager": "kubectl-create", "operation": "Update"}]}});
    let with_a_nul = json!({"data": {"k": base64(&format!("{CANARY}\0"))}});
    let quoting = |words: &str| format!("{words}: \"{CANARY}\"");
    vec![
        Case::new(Code::NamespaceMissing, 79, "Secret shop/sc-a-secret: namespace shop does not exist.")
            .answered("GET", NAMESPACE, refusal(404, "NotFound", "namespaces \"shop\" not found")),
        Case::new(Code::NamespaceTerminating, 79, "Secret shop/sc-a-secret: namespace shop is being deleted.")
            .answered("GET", NAMESPACE, found(terminating)),
        Case::new(
            Code::ForeignObject,
            79,
            "Secret shop/sc-a-secret: it was not made by this release (managed by kubectl-create), and was left untouched.",
        )
        .answered("GET", SECRET, found(made_by_hand)),
        Case::new(
            Code::FieldConflict,
            79,
            "Secret shop/sc-a-secret: gitops applies the same with another value: .data.A; the object was left untouched.",
        )
        .answered("GET", SECRET, found(shared()))
        .answered("PATCH", SECRET, conflict()),
        Case::new(
            Code::ReferenceMissing,
            79,
            "Secret sc-system/creds: connections.a.data.B.valueFrom refers to it, and it does not exist.",
        )
        .over(referring())
        .answered("GET", CREDENTIALS, refusal(404, "NotFound", "secrets \"creds\" not found")),
        Case::new(
            Code::ReferenceInvalid,
            79,
            "Secret sc-system/creds: connections.a.data.B.valueFrom refers to its key k, which holds a NUL character, ",
        )
        .over(referring())
        .answered("GET", CREDENTIALS, found(with_a_nul)),
        Case::new(
            Code::Refused,
            79,
            "Secret shop/sc-a-secret: patch was refused: Secret \"sc-a-secret\" is invalid: data[A]: \"***\".",
        )
        .answered("PATCH", SECRET, refusal(422, "Invalid", &quoting("Secret \"sc-a-secret\" is invalid: data[A]"))),
        Case::new(
            Code::Unsettled,
            79,
            "Secret shop/sc-a-secret: it was changed or re-created by somebody else 4 times while it was being applied.",
        )
        .answered("PATCH", SECRET, refusal(409, "Conflict", "the object has been modified")),
        Case::new(Code::ServerError, 79, "Secret shop/sc-a-secret: patch failed each time that it was tried: etcd is sad: \"***\".")
            .answered("PATCH", SECRET, refusal(500, "InternalError", &quoting("etcd is sad"))),
        Case::new(
            Code::KindMissing,
            79,
            "SecretProviderClass shop/sc-a-secretprovider: this cluster does not know SecretProviderClass.",
        )
        .over(mounting())
        .answered("GET", CSI, refusal(404, "NotFound", "the server could not find the requested resource")),
        Case::new(
            Code::NamespaceWithoutRole,
            79,
            "Secret shop/sc-a-secret: the job has none of the rights that it needs in namespace shop: ",
        )
        .answered("POST", REVIEW, ResponseTemplate::new(201).set_body_json(no_rights)),
        Case::new(
            Code::QuotaExceeded,
            79,
            "Secret shop/sc-a-secret: patch was refused: secrets \"sc-a-secret\" is forbidden: exceeded quota: q, ",
        )
        .answered(
            "PATCH",
            SECRET,
            refusal(403, "Forbidden", "secrets \"sc-a-secret\" is forbidden: exceeded quota: q, requested: count/secrets=1"),
        ),
        Case::new(
            Code::AdmissionDenied,
            79,
            "Secret shop/sc-a-secret: patch was refused: admission webhook \"w\" denied the request: \"***\".",
        )
        .answered("PATCH", SECRET, refusal(403, "Forbidden", &quoting("admission webhook \"w\" denied the request"))),
        Case::new(
            Code::TooManyDeletions,
            79,
            "this run would delete 1 objects, and prune.maxDeletions is 0: none of it was done (Secret shop/sc-a-secret).",
        )
        .over_text(json!({
            "prune": {"maxDeletions": 0},
            "connections": {"a": {"enabled": false, "deletionPolicy": "Delete", "namespace": "shop", "data": {"A": CANARY}}},
        }).to_string())
        .answered("GET", SECRET, found(ours())),
    ]
}
fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}
