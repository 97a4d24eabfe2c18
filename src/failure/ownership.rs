//! An object that is somebody else's, or others' too, and so is not written, or
//! not removed.

use crate::connections::Origin;
use crate::error::{Code, Fault};
use crate::object::ObjectId;
use crate::ownership::Foreign;
use crate::refusal::{self, Refuser};
use crate::release::Release;
use crate::remove::Doubt;

/// The fault of an object that is not ours.
#[must_use]
pub fn foreign(id: &ObjectId, origin: Origin, why: &Foreign, release: &Release) -> Fault {
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
            Fault::of(Code::ForeignObject, id, cause).remedy(way_out(id, origin))
        }
        Foreign::Unlabelled(other) => {
            Fault::of(Code::ForeignObject, id, format!("{}; it was left untouched", unlabelled(other.as_ref())))
                .remedy(other.as_ref().map_or_else(|| relabel(id, release), of_another))
        }
    }
}

/// The fault of an object that somebody else has made while this run made it. Our fields are taken out again.
#[must_use]
pub fn overtaken(id: &ObjectId, origin: Origin, managers: &[String]) -> Fault {
    let cause = format!(
        "somebody else created it in this very moment ({}); what this run had added to it was taken out again",
        managers.join(", ")
    );
    Fault::of(Code::ForeignObject, id, cause).remedy(way_out(id, origin))
}

/// What to do about an object of somebody else.
fn way_out(id: &ObjectId, origin: Origin) -> String {
    let (what, name, namespace) = (id.kind.plural(), &id.name, &id.namespace);
    let delete = format!(
        "if nobody needs it, `kubectl delete {what} {name} -n {namespace}` and run the same helm upgrade again"
    );
    match (origin, id.kind.setting()) {
        (Origin::Values, Some(setting)) => {
            format!("give the connection its own {setting}; or take it over with adopt: true; or, {delete}")
        }
        (Origin::Values, None) => format!("take it over with adopt: true; or, {delete}"),
        (Origin::Operation, _) => {
            format!("{delete}; an operation takes nothing over: in `connections` the connection may, with adopt: true")
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
            "say deletionPolicy: Retain; or, if nobody needs what others have in it, `kubectl delete {}`, and \
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
