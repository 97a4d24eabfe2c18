//! What a failed request means for a person: the one place where an answer of
//! the API server becomes a fault.

use crate::client::{Api, Namespace, describe};
use crate::error::{Code, Fault};
use crate::object::ObjectId;

/// The fault behind `error`, which answered `verb` on `id`. A refusal for want of rights is asked
/// after: the namespace may be gone, and its Role with it.
pub async fn of(error: &kube::Error, id: &ObjectId, verb: &str, api: &Api) -> Fault {
    match error {
        kube::Error::Api(status) => match status.code {
            401 => Fault::run(
                Code::NotAuthenticated,
                format!("the API server refused the credentials when asked to {verb} {id}: {}", describe(error)),
            ),
            403 => forbidden(error, id, verb, api).await,
            404 => missing(id),
            429 | 500 | 502..=504 => unavailable(error, id, verb),
            _ => Fault::of(Code::Refused, id, format!("{verb} was refused: {}", describe(error))),
        },
        kube::Error::Service(_) | kube::Error::HyperError(_) => unavailable(error, id, verb),
        kube::Error::Auth(_) => {
            Fault::run(Code::NotAuthenticated, format!("no credentials for the API server: {}", describe(error)))
        }
        _ => Fault::of(Code::Internal, id, format!("{verb} could not be done: {}", describe(error))),
    }
}

/// Whether going on with other objects is useless.
#[must_use]
pub fn ends_the_run(fault: &Fault) -> bool {
    matches!(fault.code(), Code::ApiUnavailable | Code::NotAuthenticated)
}

fn unavailable(error: &kube::Error, id: &ObjectId, verb: &str) -> Fault {
    Fault::of(
        Code::ApiUnavailable,
        id,
        format!("{verb} was tried until the time ran out; the last failure: {}", describe(error)),
    )
}

fn missing(id: &ObjectId) -> Fault {
    namespace_missing(id, &format!("namespace {} does not exist", id.namespace))
}

/// A namespace that is not there, with the commands that help.
#[must_use]
pub fn namespace_missing(id: &ObjectId, cause: &str) -> Fault {
    Fault::of(Code::NamespaceMissing, id, cause)
        .remedy(format!("`kubectl create namespace {}`, then run the same helm upgrade again: it renders the Role there and finishes the work", id.namespace))
}

fn terminating(id: &ObjectId) -> Fault {
    Fault::of(Code::NamespaceTerminating, id, format!("namespace {} is being deleted", id.namespace)).remedy(format!(
        "wait until `kubectl get namespace {}` finds nothing, create it again, then run the same helm upgrade again",
        id.namespace
    ))
}

async fn forbidden(error: &kube::Error, id: &ObjectId, verb: &str, api: &Api) -> Fault {
    let text = describe(error);
    // RBAC and other authorisers say "User … cannot …"; admission speaks in other words.
    let by_authoriser = text.contains(" cannot ");
    match api.namespace(&id.namespace).await {
        Ok(Namespace::Missing) => return missing(id),
        Ok(Namespace::Terminating) => return terminating(id),
        // The admission plugin's own words, for a job that may not read namespaces.
        _ if text.contains("because it is being terminated") => return terminating(id),
        _ => {}
    }
    if by_authoriser {
        let cause =
            format!("the job may not {verb} {} {} in namespace {}: {text}", id.kind.plural(), id.name, id.namespace);
        Fault::of(Code::NotPermitted, id, cause).remedy(format!(
            "run helm upgrade again, which renders the Role in namespace {0} anew; with rbac.create=false grant it yourself. \
             `kubectl get role,rolebinding -n {0}` shows what is there",
            id.namespace
        ))
    } else {
        Fault::of(Code::Refused, id, format!("{verb} was refused: {text}"))
    }
}
