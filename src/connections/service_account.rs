//! The ServiceAccount that a connection needs whose workload proves itself by its own identity.

use super::csi::Csi;
use super::fields::Fields;
use super::form::Form;
use super::names;
use super::service::Service;
use crate::catalogue::Auth;
use crate::error::{Code, Fault};
use crate::secret_value::SecretValue;

/// The life of a projected token, in seconds, within the bounds of the workload identity webhook.
const TOKEN_EXPIRATION: std::ops::RangeInclusive<i64> = 3600..=86400;

/// Parameters that decide the name or content of the account.
const IDENTITY: [&str; 2] = ["clientId", "tenantId"];

/// The ServiceAccount that a connection needs; several connections may share one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceAccount {
    /// The object's name.
    pub name: String,
    /// The client id of the user-assigned identity, in lower case.
    pub client_id: String,
    /// The identity's tenant, where it is not the cluster's.
    pub tenant_id: Option<String>,
    /// Life of the projected token, in seconds.
    pub token_expiration_seconds: Option<u32>,
}

pub(super) fn check(
    fields: &mut Fields,
    service: Option<&Service>,
    csi: Option<&Csi>,
    faults: &mut Vec<Fault>,
) -> Option<ServiceAccount> {
    let path = fields.path("serviceAccount");
    let (mut name, mut expiration) = (None, None);
    if let Some(mut settings) = fields.below("serviceAccount", faults) {
        name = names::take(&mut settings, "name", &names::SUBDOMAIN, faults);
        expiration = settings.integer("tokenExpirationSeconds", faults);
        settings.finish(faults);
    }
    if expiration.is_some_and(|seconds| !TOKEN_EXPIRATION.contains(&seconds)) {
        let cause = format!("must be from {} to {} seconds", TOKEN_EXPIRATION.start(), TOKEN_EXPIRATION.end());
        faults.push(Fault::at(Code::InvalidValue, path.child("tokenExpirationSeconds"), cause));
    }
    let service = service?;
    if service.auth != Auth::WorkloadIdentity && !csi.is_some_and(|csi| csi.workload_identity) {
        if name.is_some() || expiration.is_some() {
            let (cause, remedy) = match csi {
                Some(_) => (
                    "is for a pod that reads the vault by its own identity".to_owned(),
                    "set csi.workloadIdentity: true, or remove serviceAccount",
                ),
                None => (
                    format!("a ServiceAccount is made with auth workload-identity only, and this is {}", service.auth),
                    "remove serviceAccount, or change auth",
                ),
            };
            faults.push(Fault::at(Code::InvalidValue, path, cause).remedy(remedy));
        }
        return None;
    }
    for parameter in IDENTITY {
        if service.parameters.get(parameter).and_then(Form::reference).is_some() {
            let cause = "stands in the name or an annotation of the ServiceAccount, and must not be a reference";
            faults.push(Fault::at(Code::ReferenceNotAllowed, fields.path("parameters").child(parameter), cause));
        }
    }
    let known = service.values(Form::literal);
    let text = |parameter: &str| known.get(parameter).map(SecretValue::expose).map(str::to_owned);
    // Part of a name, which faults quote: what is no client id makes none.
    let is_client_id = |id: &String| service.target.parameters.get("clientId").is_some_and(|known| known.accepts(id));
    let client_id = text("clientId").filter(is_client_id);
    Some(ServiceAccount {
        // A connection that is declared as removed may have its own name alone.
        name: name.or(client_id.as_deref().map(names::service_account))?,
        client_id: client_id.unwrap_or_default(),
        tenant_id: text("tenantId"),
        token_expiration_seconds: expiration.and_then(|seconds| u32::try_from(seconds).ok()),
    })
}
