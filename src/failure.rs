//! What a failed request means for a person: the one place where a refusal of
//! the API server becomes a fault.

use crate::client::{Api, Namespace};
use crate::error::{Code, Fault};
use crate::object::ObjectId;
use crate::ownership::Foreign;
use crate::refusal::{self, Refuser};
use crate::release::Release;
use crate::retry::PATIENCE;

/// Reading what a connection refers to needs fewer rights than what is done to its objects.
pub const READ: &str = "read";

/// The fault behind `error`, which answered `verb` on `id`. After a refusal for want of rights the namespace
/// is asked for: it may be gone, and its Role with it.
pub async fn of(error: &kube::Error, id: &ObjectId, verb: &str, api: &Api) -> Fault {
    let words = refusal::in_words(error);
    match error {
        kube::Error::Api(status) => match status.code {
            401 => {
                not_authenticated(format!("the API server refused the credentials when asked to {verb} {id}: {words}"))
            }
            403 => forbidden(status, id, verb, api).await,
            404 if refusal::by_unknown_kind(status, id) => kind_missing(id),
            404 => namespace_missing(id),
            500 if refusal::by_absent_webhook(status) => absent_webhook(id, verb, &words),
            500 => Fault::of(Code::ServerError, id, format!("{verb} failed for {} s: {words}", PATIENCE.as_secs())),
            429 | 502..=504 => unavailable(id, verb, &words),
            _ => refused(id, verb, &words),
        },
        kube::Error::Service(_) | kube::Error::HyperError(_) => unavailable(id, verb, &words),
        kube::Error::Auth(_) => not_authenticated(format!("no credentials for the API server: {words}")),
        _ => Fault::of(Code::Internal, id, format!("{verb} could not be done: {words}")),
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
    let cause = format!("{verb} was tried until the time ran out; the last failure: {words}");
    Fault::of(Code::ApiUnavailable, id, cause)
}

fn absent_webhook(id: &ObjectId, verb: &str, words: &str) -> Fault {
    let cause =
        format!("an admission webhook could not be asked for {} s, so that {verb} failed: {words}", PATIENCE.as_secs());
    Fault::of(Code::ServerError, id, cause).remedy(
        "bring the webhook's own pods back (`kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations` \
         names its service), then run the same helm upgrade again",
    )
}

fn kind_missing(id: &ObjectId) -> Fault {
    let fault = Fault::of(Code::KindMissing, id, format!("this cluster does not know {}", id.kind.as_str()));
    match id.kind.origin() {
        Some(origin) => fault.remedy(format!("install {origin}; then run the same helm upgrade again")),
        None => fault,
    }
}

fn namespace_missing(id: &ObjectId) -> Fault {
    Fault::of(Code::NamespaceMissing, id, format!("namespace {} does not exist", id.namespace)).remedy(format!(
        "`kubectl create namespace {}`, then run the same helm upgrade again: it renders the Role there and finishes the work",
        id.namespace
    ))
}

/// The chart found the namespace missing or terminating, and rendered no Role there; `now` tells how it is by now.
#[must_use]
pub fn without_role(id: &ObjectId, now: Option<Namespace>) -> Fault {
    let namespace = &id.namespace;
    match now {
        Some(Namespace::Missing) => namespace_missing(id),
        Some(Namespace::Terminating) => terminating(id),
        Some(Namespace::Active) => {
            let cause = format!(
                "namespace {namespace} was made after the chart was rendered, so that the job has no Role in it"
            );
            Fault::of(Code::NamespaceMissing, id, cause).remedy("run the same helm upgrade again")
        }
        None => {
            let cause =
                format!("namespace {namespace} did not exist, or was being deleted, when the chart was rendered");
            Fault::of(Code::NamespaceMissing, id, cause).remedy(format!(
                "look with `kubectl get namespace {namespace}`; when it is there and Active, run the same helm upgrade again"
            ))
        }
    }
}

fn terminating(id: &ObjectId) -> Fault {
    let cause = format!("namespace {} is being deleted", id.namespace);
    Fault::of(Code::NamespaceTerminating, id, cause).remedy(format!(
        "wait until `kubectl get namespace {}` finds nothing, create it again, then run the same helm upgrade again",
        id.namespace
    ))
}

/// The fault of an object that is not ours.
#[must_use]
pub fn foreign(id: &ObjectId, why: &Foreign, release: &Release) -> Fault {
    let (what, name, namespace) = (id.kind.plural(), &id.name, &id.namespace);
    match why {
        Foreign::NotApplied(managers) => {
            let whose = match managers.as_slice() {
                [] => "it names no manager".to_owned(),
                names => format!("managed by {}", names.join(", ")),
            };
            let cause = format!("it was not made by this release ({whose}), and was left untouched");
            let delete = format!(
                "if nobody needs it, `kubectl delete {what} {name} -n {namespace}` and run the same helm upgrade again"
            );
            Fault::of(Code::ForeignObject, id, cause).remedy(match id.kind.setting() {
                Some(setting) => format!("give the connection its own {setting}; or, {delete}"),
                None => delete,
            })
        }
        Foreign::Unlabelled => {
            let labels = [(Release::NAME_LABEL, &release.name), (Release::NAMESPACE_LABEL, &release.namespace)];
            let names = labels.map(|(label, _)| label).join(" or ");
            let cause =
                format!("this release has applied it, but its label {names} was changed; it was left untouched");
            let wanted = labels.map(|(label, value)| format!("{label}={value}")).join(" ");
            Fault::of(Code::ForeignObject, id, cause).remedy(format!(
                "if it is still this release's, `kubectl label {what} {name} -n {namespace} --overwrite {wanted}`, then \
                 run the same helm upgrade again"
            ))
        }
    }
}

async fn forbidden(status: &kube::core::Status, id: &ObjectId, verb: &str, api: &Api) -> Fault {
    if refusal::by_terminating_namespace(status) {
        return terminating(id);
    }
    if !refusal::by_authoriser(status) {
        return refused(id, verb, &status.message);
    }
    match api.namespace(&id.namespace).await {
        Ok(Namespace::Missing) => namespace_missing(id),
        Ok(Namespace::Terminating) => terminating(id),
        Ok(Namespace::Active) | Err(_) => {
            let (what, name, namespace) = (id.kind.plural(), &id.name, &id.namespace);
            let cause = format!("the job may not {verb} {what} {name} in namespace {namespace}: {}", status.message);
            let needed = if verb == READ { "get" } else { "get, create and patch" };
            Fault::of(Code::NotPermitted, id, cause).remedy(format!(
                "run helm upgrade again, which renders the Role in namespace {namespace} anew; with rbac.create=false grant \
                 {needed} on {what} {name} yourself. `kubectl get role,rolebinding -n {namespace}` shows what is there"
            ))
        }
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
            "`kubectl delete {what} {name} -n {namespace}` (running pods keep their values) and run the same helm upgrade again"
        )),
        Refuser::Other => Fault::of(Code::Refused, id, cause),
    }
}
