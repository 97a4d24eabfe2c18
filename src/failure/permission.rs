//! Rights that are missing, and who can grant them: the chart, or with
//! `rbac.create: false` a person.

use super::READ;
use crate::error::{Code, Fault};
use crate::object::{Kind, ObjectId};

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
    let each = lacks.iter().map(|Lack { id, verbs }| format!("the job may not {} {}", verbs.join(" and "), place(id)));
    let cause = each.collect::<Vec<_>>().join("; ");
    let ids: Vec<&ObjectId> = lacks.iter().map(|lack| &lack.id).collect();
    let verbs = lacks.iter().flat_map(|lack| lack.verbs.iter().copied());
    Some(Fault::of(Code::NotPermitted, first, cause).remedy(remedy(&ids, needed(&ids, verbs), rbac_create)))
}

/// The fault of an object that an authoriser refused to the job, in its own `words`.
pub(super) fn refused(id: &ObjectId, verb: &str, words: &str, rbac_create: bool) -> Fault {
    let cause = format!("the job may not {verb} {}: {words}", place(id));
    Fault::of(Code::NotPermitted, id, cause).remedy(remedy(&[id], needed(&[id], std::iter::once(verb)), rbac_create))
}

/// All verbs that the objects are handled with, of which one is missing: who grants one by one is told one by one.
fn needed<'a>(ids: &[&ObjectId], mut missing: impl Iterator<Item = &'a str>) -> &'static str {
    if ids.iter().all(|id| id.kind == Kind::Lease) {
        return "get and patch";
    }
    missing
        .find_map(|verb| match verb {
            READ => Some("get"),
            "delete" => Some("get, patch and delete"),
            _ => None,
        })
        .unwrap_or("get, create and patch")
}

fn place(id: &ObjectId) -> String {
    let object = format!("{} {}", id.kind.plural(), id.name);
    if id.kind == Kind::Namespace { object } else { format!("{object} in namespace {}", id.namespace) }
}

fn remedy(ids: &[&ObjectId], needed: &str, rbac_create: bool) -> String {
    let (namespace, role) = match ids.first() {
        Some(id) if id.kind == Kind::Namespace => (None, "clusterrole,clusterrolebinding"),
        first => (first.map(|id| id.namespace.as_str()), "role,rolebinding"),
    };
    let within = namespace.map_or_else(String::new, |namespace| format!(" in namespace {namespace}"));
    let option = namespace.map_or_else(String::new, |namespace| format!(" -n {namespace}"));
    let look = format!("`kubectl get {role}{option}` shows what is there");
    if rbac_create {
        return format!(
            "run the same helm upgrade again, which renders the Role{within} anew (Helm 4: with --force-conflicts if \
             somebody has edited it); {look}"
        );
    }
    let objects: Vec<_> = ids.iter().map(|id| format!("{} {}", id.kind.plural(), id.name)).collect();
    format!(
        "with rbac.create=false the rights are yours to give: grant {needed} on {}{within} to the ServiceAccount sc-job; \
         {look}, and the comment on rbac.create in the chart's values lists all rights",
        objects.join(" and ")
    )
}
