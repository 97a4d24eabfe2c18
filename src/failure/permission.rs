//! Rights that are missing, and who can grant them: the chart, or with
//! `rbac.create: false` a person.

use super::READ;
use crate::error::{Code, Fault};
use crate::object::ObjectId;

/// What the job may not do to an object.
pub struct Lack {
    /// The object.
    pub id: ObjectId,
    /// The verbs that are missing.
    pub verbs: Vec<&'static str>,
}

/// The fault of a connection whose objects the job may not handle: all that is missing at once.
#[must_use]
pub fn not_permitted(lacks: &[Lack], rbac_create: bool) -> Option<Fault> {
    let first = &lacks.first()?.id;
    let each = lacks.iter().map(|Lack { id, verbs }| {
        let verbs = verbs.join(" and ");
        format!("the job may not {verbs} {} {} in namespace {}", id.kind.plural(), id.name, id.namespace)
    });
    let cause = each.collect::<Vec<_>>().join("; ");
    let ids: Vec<&ObjectId> = lacks.iter().map(|lack| &lack.id).collect();
    Some(Fault::of(Code::NotPermitted, first, cause).remedy(remedy(&ids, "get, create and patch", rbac_create)))
}

/// The fault of an object that an authoriser refused to the job, in its own `words`.
pub(super) fn refused(id: &ObjectId, verb: &str, words: &str, rbac_create: bool) -> Fault {
    let (what, name, namespace) = (id.kind.plural(), &id.name, &id.namespace);
    let cause = format!("the job may not {verb} {what} {name} in namespace {namespace}: {words}");
    let needed = if verb == READ { "get" } else { "get, create and patch" };
    Fault::of(Code::NotPermitted, id, cause).remedy(remedy(&[id], needed, rbac_create))
}

fn remedy(ids: &[&ObjectId], needed: &str, rbac_create: bool) -> String {
    let namespace = ids.first().map_or("", |id| &id.namespace);
    let look = format!("`kubectl get role,rolebinding -n {namespace}` shows what is there");
    if rbac_create {
        return format!(
            "run the same helm upgrade again, which renders the Role in namespace {namespace} anew (Helm 4: with \
             --force-conflicts if somebody has edited it); {look}"
        );
    }
    let objects: Vec<_> = ids.iter().map(|id| format!("{} {}", id.kind.plural(), id.name)).collect();
    format!(
        "with rbac.create=false the rights are yours to give: grant {needed} on {} in namespace {namespace} to the \
         ServiceAccount sc-job; {look}, and the comment on rbac.create in the chart's values lists all rights",
        objects.join(" and ")
    )
}
