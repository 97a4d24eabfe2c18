//! What the job needs in the release namespace whatever is declared: the Lease, the
//! summary and the inventory. It is looked at only when one of them was refused,
//! so that all that is missing is told at once.

use crate::anchor;
use crate::client::Api;
use crate::error::{Code, Fault};
use crate::failure::{self, Lack};
use crate::inventory;
use crate::lease;
use crate::object::{Kind, ObjectId};
use crate::release::Release;

/// The fault with everything that is missing, if it is one of a missing right.
pub async fn complete(api: &Api, release: &Release, fault: Fault) -> Fault {
    if fault.code() != Code::NotPermitted {
        return fault;
    }
    // What the review leaves open, and a failure of the review, leave the fault as it is.
    let Ok(rights) = api.rights(&release.namespace, |_| true).await else { return fault };
    let object = |kind, name: &str| ObjectId::new(kind, &release.namespace, name);
    let needs: [(ObjectId, &[&'static str]); 3] = [
        (object(Kind::Lease, lease::NAME), &["get", "patch"]),
        (object(Kind::ConfigMap, anchor::NAME), &["get", "patch"]),
        // One for all: the chart grants them together.
        (object(Kind::ConfigMap, &inventory::name(0)), &["get", "create", "patch"]),
    ];
    let lacks: Vec<Lack> = needs
        .into_iter()
        .map(|(id, verbs)| Lack { verbs: verbs.iter().copied().filter(|verb| rights.lack(verb, &id)).collect(), id })
        .filter(|lack| !lack.verbs.is_empty())
        .collect();
    failure::not_permitted(&lacks, api.rbac_create()).unwrap_or(fault)
}
