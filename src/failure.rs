//! What a failed request means for a person: the one place where a refusal of
//! the API server becomes a fault.

mod namespace;
mod operation;
mod ownership;
mod permission;

use crate::client::{Api, Namespace};
use crate::error::{Code, Fault};
use crate::object::{Kind, ObjectId};
use crate::refusal::{self, Refuser};
use crate::wording;

pub use namespace::{namespace_missing, namespace_terminating, without_role};
pub use operation::of_another_operation;
pub use ownership::{fields_left, foreign, not_withdrawn, overtaken, terminating, unproven};
pub use permission::{Lack, not_permitted};

/// Reading what a connection refers to needs fewer rights than what is done to its objects.
pub const READ: &str = "read";

const TRIED: &str = "was tried as long as the time allowed; the last failure:";

/// Bytes of somebody else's words: a webhook may say more than all places for them hold.
const LONGEST: usize = 512;

/// The fault behind `error`, which answered `verb` on `id`. After a refusal for want of rights the namespace
/// is asked for: it may be gone, and its Role with it.
pub async fn of(error: &kube::Error, id: &ObjectId, verb: &'static str, api: &Api) -> Fault {
    let words = wording::line(&refusal::in_words(error), LONGEST);
    match error {
        kube::Error::Api(status) => match status.code {
            401 => {
                not_authenticated(format!("the API server refused the credentials when asked to {verb} {id}: {words}"))
            }
            403 => forbidden(status, id, verb, api).await,
            404 if refusal::by_unknown_kind(status, id) => kind_missing(id),
            404 => namespace_missing(id),
            500 if refusal::by_absent_webhook(status) => absent_webhook(id, verb, &words),
            500 => Fault::of(Code::ServerError, id, format!("{verb} failed each time that it was tried: {words}")),
            429 | 502..=504 => unavailable(id, verb, &words),
            _ => refused(id, verb, &words),
        },
        kube::Error::Service(_) | kube::Error::HyperError(_) | kube::Error::SerdeError(_) => {
            unavailable(id, verb, &words)
        }
        kube::Error::Auth(_) => not_authenticated(format!("no credentials for the API server: {words}")),
        _ => Fault::of(Code::Internal, id, format!("{verb} could not be done: {words}")),
    }
}

/// As [`of`], of a request about an object of which not all values are known that would have to be taken out of the words
/// of an admission webhook, which is shown all of it.
pub async fn of_unseen(error: &kube::Error, id: &ObjectId, verb: &'static str, api: &Api) -> Fault {
    match error {
        kube::Error::Api(status) => {
            let status = refusal::without_quotations(status);
            of(&kube::Error::Api(status.boxed()), id, verb, api).await
        }
        _ => of(error, id, verb, api).await,
    }
}

/// The fault behind a failure of `what` (a word like "getting …"), if it is one of the whole run: nothing else would succeed either.
#[must_use]
pub fn of_run(error: &kube::Error, what: &str) -> Option<Fault> {
    // A webhook may answer with any code, and quote what it was shown.
    let words = match error {
        kube::Error::Api(_) => refusal::in_short(error),
        _ => wording::line(&refusal::in_words(error), LONGEST),
    };
    match error {
        kube::Error::Api(status) if status.code == 401 => {
            Some(not_authenticated(format!("the API server refused the credentials when {what}: {words}")))
        }
        kube::Error::Api(status) if !matches!(status.code, 429 | 502..=504) => None,
        kube::Error::Api(_) | kube::Error::Service(_) | kube::Error::HyperError(_) | kube::Error::SerdeError(_) => {
            Some(Fault::run(Code::ApiUnavailable, format!("{what} {TRIED} {words}")))
        }
        _ => None,
    }
}

/// Whether going on with other objects is useless.
#[must_use]
pub fn ends_the_run(fault: &Fault) -> bool {
    matches!(fault.code(), Code::ApiUnavailable | Code::NotAuthenticated)
}

fn not_authenticated(cause: String) -> Fault {
    Fault::run(Code::NotAuthenticated, cause)
}

fn unavailable(id: &ObjectId, verb: &str, words: &str) -> Fault {
    let cause = format!("{verb} {TRIED} {words}");
    Fault::of(Code::ApiUnavailable, id, cause)
}

fn absent_webhook(id: &ObjectId, verb: &str, words: &str) -> Fault {
    let cause = format!("an admission webhook could not be asked each time that {verb} was tried: {words}");
    Fault::of(Code::ServerError, id, cause).remedy(
        "bring the webhook's own pods back (`kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations` \
         names its service), then run the same helm upgrade again",
    )
}

/// The cluster does not know the object's kind.
#[must_use]
pub fn kind_missing(id: &ObjectId) -> Fault {
    let fault = Fault::of(Code::KindMissing, id, format!("this cluster does not know {}", id.kind.as_str()));
    match id.kind.origin() {
        Some(origin) => fault.remedy(format!("install {origin}; then run the same helm upgrade again")),
        None => fault,
    }
}

async fn forbidden(status: &kube::core::Status, id: &ObjectId, verb: &'static str, api: &Api) -> Fault {
    if refusal::by_terminating_namespace(status) {
        return namespace_terminating(id);
    }
    if !refusal::by_authoriser(status) {
        return refused(id, verb, &wording::line(&status.message, LONGEST));
    }
    if id.kind == Kind::Namespace {
        return permission::refused(id, verb, &status.message, api.rbac_create());
    }
    match api.namespace(&id.namespace).await {
        Ok(Namespace::Missing) => namespace_missing(id),
        Ok(Namespace::Terminating) => namespace_terminating(id),
        Ok(Namespace::Active) | Err(_) => permission::refused(id, verb, &status.message, api.rbac_create()),
    }
}

fn refused(id: &ObjectId, verb: &str, words: &str) -> Fault {
    let (what, name, namespace) = (id.kind.plural(), &id.name, &id.namespace);
    let cause = format!("{verb} was refused: {words}");
    match Refuser::of(words) {
        Refuser::Quota => Fault::of(Code::QuotaExceeded, id, cause).remedy(format!(
            "`kubectl describe quota -n {namespace}`; free or raise it, then run the same helm upgrade again"
        )),
        Refuser::Admission => Fault::of(Code::AdmissionDenied, id, cause),
        Refuser::Immutable => Fault::of(Code::Refused, id, cause).remedy(format!(
            "if all that is in it is this release's, `kubectl delete {what} {name} -n {namespace}` (running pods keep their \
             values) and run the same helm upgrade again; if others have something in it, give the connection in `connections` a \
             name of its own for the object"
        )),
        Refuser::Type => Fault::of(Code::Refused, id, cause).remedy(format!(
            "the type of a Secret never changes: give the connection in `connections` its own secretName; or, if nobody needs the Secret, \
             `kubectl delete {what} {name} -n {namespace}` and run the same helm upgrade again"
        )),
        Refuser::Other => Fault::of(Code::Refused, id, cause),
    }
}
