//! Namespaces that cannot be used. The API server answers most of these with 403,
//! as it does to a missing right.

use crate::client::Namespace;
use crate::error::{Code, Fault};
use crate::object::ObjectId;

/// There is no such namespace.
#[must_use]
pub fn namespace_missing(id: &ObjectId) -> Fault {
    Fault::of(Code::NamespaceMissing, id, format!("namespace {} does not exist", id.namespace)).remedy(format!(
        "`kubectl create namespace {}`, then run the same helm upgrade again: it grants the rights there and finishes the work",
        id.namespace
    ))
}

/// The namespace takes no new objects.
#[must_use]
pub fn namespace_terminating(id: &ObjectId) -> Fault {
    let cause = format!("namespace {} is being deleted", id.namespace);
    Fault::of(Code::NamespaceTerminating, id, cause).remedy(format!(
        "wait until `kubectl get namespace {}` finds nothing, create it again, then run the same helm upgrade again",
        id.namespace
    ))
}

/// The job has no right at all in a namespace that may be used otherwise. `left_out` says that the chart found it
/// missing or terminating, and rendered no Role there; `now` tells how it is by now, if that is known.
#[must_use]
pub fn without_role(id: &ObjectId, now: Option<Namespace>, left_out: bool) -> Fault {
    let namespace = &id.namespace;
    let look = format!("`kubectl get namespace {namespace}`");
    let (cause, remedy) = match (now, left_out) {
        (None, true) => (
            format!("namespace {namespace} did not exist, or was being deleted, when the chart was rendered"),
            format!("look with {look}; when it is there and Active, run the same helm upgrade again"),
        ),
        (_, true) => (
            format!("namespace {namespace} was made after the chart was rendered, so that the job has no Role in it"),
            "run the same helm upgrade again".to_owned(),
        ),
        (_, false) => (
            format!(
                "the job has none of the rights that it needs in namespace {namespace}: it was deleted and made again since the chart was \
                 rendered, and the Role of the job went with it, or somebody removed the Role"
            ),
            format!(
                "look with {look} how old it is; when it is there and Active, run the same helm upgrade again: it renders \
                 the Role anew"
            ),
        ),
    };
    Fault::of(Code::NamespaceWithoutRole, id, cause).remedy(remedy)
}
