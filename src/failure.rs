//! What a failed request means for a person: the one place where a refusal of
//! the API server becomes a fault.

mod namespace;
mod operation;
mod permission;

use crate::anchor;
use crate::client::{Api, Namespace};
use crate::error::{Code, Fault};
use crate::object::{Kind, ObjectId};
use crate::ownership::Foreign;
use crate::refusal::{self, Refuser};
use crate::release::Release;
use crate::remove::Doubt;
use crate::wording;

pub use namespace::{namespace_missing, namespace_terminating, without_role};
pub use operation::of_another_operation;
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

/// Nothing can be recorded, as the ConfigMap is not there that the record goes with.
#[must_use]
pub fn without_anchor(release: &Release) -> Fault {
    let id = ObjectId::new(Kind::ConfigMap, &release.namespace, anchor::NAME);
    let cause = "it is not there, and what this release has made is recorded only beside it";
    Fault::of(Code::ExecutionUnknown, &id, cause)
        .remedy("run the same helm upgrade again, which makes the ConfigMap anew")
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
            let mut releases = managers.iter().filter_map(|manager| Release::of_field_manager(manager));
            if let Some(other) = releases.find(|other| other != release) {
                return Fault::of(Code::ForeignObject, id, cause).remedy(of_another(&other));
            }
            let delete = format!(
                "if nobody needs it, `kubectl delete {what} {name} -n {namespace}` and run the same helm upgrade again"
            );
            Fault::of(Code::ForeignObject, id, cause).remedy(match id.kind.setting() {
                Some(setting) => {
                    format!("give the connection its own {setting}; or take it over with adopt: true; or, {delete}")
                }
                None => format!("take it over with adopt: true; or, {delete}"),
            })
        }
        Foreign::Unlabelled(other) => {
            Fault::of(Code::ForeignObject, id, format!("{}; it was left untouched", unlabelled(other.as_ref())))
                .remedy(other.as_ref().map_or_else(|| relabel(id, release), of_another))
        }
    }
}

/// The fault of an object that is to go and may be ours: only what proves it itself is deleted.
#[must_use]
pub fn unproven(id: &ObjectId, doubt: Doubt, release: &Release) -> Fault {
    let delete = format!("if nobody needs it, `kubectl delete {}`", id.for_kubectl());
    match doubt {
        Doubt::Labels => {
            let cause = format!("it is to be removed, and {}; it was left untouched", unlabelled(None));
            Fault::of(Code::ForeignObject, id, cause).remedy(format!("{}; or, {delete}", relabel(id, release)))
        }
        Doubt::Managers => {
            let cause = "it is to be removed, and its managedFields no longer say that this release has applied it; it was \
                         left untouched";
            Fault::of(Code::ForeignObject, id, cause).remedy(delete)
        }
    }
}

fn unlabelled(other: Option<&Release>) -> String {
    if let Some(Release { name, namespace }) = other {
        return format!("the release {name} in namespace {namespace} has taken it over from this one");
    }
    let names = [Release::NAME_LABEL, Release::NAMESPACE_LABEL].join(" or ");
    format!("this release has applied it, but its label {names} was changed")
}

fn of_another(release: &Release) -> String {
    format!(
        "it is of the release {} in namespace {}, whose pods may use it: take the connection out of one of the two",
        release.name, release.namespace
    )
}

fn relabel(id: &ObjectId, release: &Release) -> String {
    let labels = [(Release::NAME_LABEL, &release.name), (Release::NAMESPACE_LABEL, &release.namespace)];
    let wanted = labels.map(|(label, value)| format!("{label}={value}")).join(" ");
    format!(
        "if it is still this release's, `kubectl label {} --overwrite {wanted}`, then run the same helm upgrade again",
        id.for_kubectl()
    )
}

/// The fault of an object that is being deleted already.
#[must_use]
pub fn terminating(id: &ObjectId) -> Fault {
    let cause = "it is being deleted, and a finalizer holds it back; what is written to it now would go with it";
    Fault::of(Code::Unsettled, id, cause).remedy(format!(
        "`kubectl get {} -o yaml` shows the finalizer and so who is to lift it; when the object is gone, run the same helm \
         upgrade again",
        id.for_kubectl()
    ))
}

/// What we had added to an object of somebody else could not be taken out again. A webhook that refuses this may quote the
/// whole object, their values included: no word of it is told.
#[must_use]
pub fn not_withdrawn(id: &ObjectId, error: &kube::Error) -> Fault {
    let cause = format!(
        "somebody else created it in this very moment, and what this run had added to it could not be taken out again ({})",
        refusal::in_short(error)
    );
    let (what, name, namespace) = (id.kind.plural(), &id.name, &id.namespace);
    Fault::of(Code::ForeignObject, id, cause).remedy(format!(
        "look at it with `kubectl get {what} {name} -n {namespace} -o yaml --show-managed-fields`; if nobody needs it, delete \
         it and run the same helm upgrade again"
    ))
}

/// Our fields of an object that others use too could not be taken out. The refusal is not quoted either.
#[must_use]
pub fn fields_left(id: &ObjectId, error: &kube::Error) -> Fault {
    let cause = format!("our fields could not all be taken out of it ({})", refusal::in_short(error));
    if let kube::Error::Api(status) = error
        && Refuser::of(&status.message) == Refuser::Immutable
    {
        let cause = "it is immutable, so that our fields cannot be taken out of it; it is as it was";
        return Fault::of(Code::Refused, id, cause).remedy(format!(
            "say deletionPolicy: Retain on the connection; or, if nobody needs what others have in it, `kubectl delete {}`, and \
             run the same helm upgrade again",
            id.for_kubectl()
        ));
    }
    Fault::of(Code::Refused, id, cause).remedy(format!(
        "look at it with `kubectl get {} -o yaml --show-managed-fields`, mend what keeps it from being written, and run the \
         same helm upgrade again",
        id.for_kubectl()
    ))
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
             values) and run the same helm upgrade again; if others have something in it, give the connection a name of its own \
             for the object"
        )),
        Refuser::Type => Fault::of(Code::Refused, id, cause).remedy(format!(
            "the type of a Secret never changes: give the connection its own secretName; or, if nobody needs the Secret, \
             `kubectl delete {what} {name} -n {namespace}` and run the same helm upgrade again"
        )),
        Refuser::Other => Fault::of(Code::Refused, id, cause),
    }
}
