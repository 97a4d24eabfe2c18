//! What shows before the first write: namespaces that cannot be used, rights that
//! are missing, kinds that the cluster does not know. All of it stands in one
//! report, so that a person mends it in one go. What cannot be asked is unknown,
//! and the run finds out when it writes.

mod home;

use std::collections::{BTreeMap, BTreeSet};

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use crate::client::{Api, Namespace, Rights};
use crate::connections::{Connection, Declared};
use crate::error::Fault;
use crate::failure::{self, Lack};
use crate::object::{Kind, ObjectId};
use crate::plan::Candidates;
use crate::{refusal, remarks};

pub use home::complete;

/// What is done to every object. One that does not exist needs `create` too, one that is to go `delete`.
const TO_SEE: &str = "get";
const TO_WRITE: &str = "patch";
const TO_MAKE: &str = "create";
const TO_REMOVE: &str = "delete";

const APPLYING: [&str; 3] = [TO_SEE, TO_WRITE, TO_MAKE];
const REMOVING: [&str; 3] = [TO_SEE, TO_WRITE, TO_REMOVE];

/// Objects, and what is done to each.
type Needs = BTreeMap<ObjectId, [&'static str; 3]>;

/// The webhook of workload identity, the same in the add-on of AKS and in the chart of its own
/// (<https://azure.github.io/azure-workload-identity/docs/installation/mutating-admission-webhook.html>).
const IDENTITY_WEBHOOK: &str = "azure-wi-webhook-mutating-webhook-configuration";

/// What is known before anything is written.
pub struct Preflight {
    namespaces: BTreeMap<String, Standing>,
    unknown_kinds: BTreeSet<Kind>,
    creates_namespaces: bool,
    rbac_create: bool,
    looks_behind: bool,
}

/// How a namespace stands; `None` is unknown.
struct Standing {
    now: Option<Namespace>,
    /// The chart found the namespace missing or terminating, and rendered no Role there.
    left_out: bool,
    rights: Option<Rights>,
    /// Nothing of what is needed there is allowed.
    powerless: bool,
}

impl Preflight {
    /// Asks for all that the enabled connections need.
    ///
    /// # Errors
    /// A fault of the whole run: the API server cannot be reached, or does not know us.
    pub async fn examine(api: &Api, width: usize, declared: &Declared, candidates: &Candidates) -> Result<Self, Fault> {
        let mut needed: BTreeMap<String, Needs> = BTreeMap::new();
        let removals = candidates.removals.keys().cloned().map(|id| (id, REMOVING));
        let applies = declared.enabled().flat_map(Connection::objects).map(|id| (id, APPLYING));
        for (id, verbs) in removals.chain(applies) {
            needed.entry(id.namespace.clone()).or_default().insert(id, verbs);
        }
        for leftover in candidates.leftovers.iter().filter(|_| candidates.looks_behind) {
            needed.entry(leftover.id.namespace.clone()).or_default();
        }
        let kinds: BTreeSet<Kind> =
            needed.values().flat_map(Needs::keys).map(|id| id.kind).filter(|kind| kind.origin().is_some()).collect();
        let with_identity = declared.enabled().any(|connection| connection.service_account.is_some());
        let namespaces = stream::iter(needed)
            .map(|(name, needs)| async move {
                let left_out = declared.missing_namespaces.contains(&name);
                let standing = standing(api, &name, &needs, left_out).await?;
                Ok((name, standing))
            })
            .buffer_unordered(width)
            .try_collect();
        let (namespaces, unknown_kinds, ()) =
            tokio::try_join!(namespaces, unknown(api, kinds), identity_webhook(api, with_identity))?;
        let (creates_namespaces, rbac_create) = (declared.policy.creates_namespaces, api.rbac_create());
        let looks_behind = candidates.looks_behind;
        Ok(Self { namespaces, unknown_kinds, creates_namespaces, rbac_create, looks_behind })
    }

    /// Whether the namespace is not there, and is to be made.
    #[must_use]
    pub fn creates(&self, namespace: &str) -> bool {
        self.creates_namespaces && self.is_missing(namespace)
    }

    /// Whether the namespace is not there, as far as is known, and so nothing in it.
    #[must_use]
    pub fn is_missing(&self, namespace: &str) -> bool {
        self.namespaces.get(namespace).is_some_and(|standing| match standing.now {
            Some(now) => now == Namespace::Missing,
            // The chart did not find it, and nothing speaks for its having been made since.
            None => standing.left_out && standing.powerless,
        })
    }

    /// Whether it can be looked whether an object is there that nothing needs any more.
    #[must_use]
    pub fn may_look_for(&self, id: &ObjectId) -> bool {
        let allowed = |standing: &Standing| standing.rights.as_ref().is_some_and(|rights| rights.allow(TO_SEE, id));
        self.looks_behind && (self.is_missing(&id.namespace) || self.namespaces.get(&id.namespace).is_some_and(allowed))
    }

    /// Whether the cluster does not know this kind of object, so that there is none of it.
    #[must_use]
    pub fn is_unknown(&self, kind: Kind) -> bool {
        self.unknown_kinds.contains(&kind)
    }

    /// Why an object cannot be removed, if that is known already.
    #[must_use]
    pub fn cannot_remove(&self, id: &ObjectId) -> Option<Fault> {
        let standing = self.namespaces.get(&id.namespace)?;
        if standing.powerless && (self.rbac_create || standing.left_out) {
            return Some(failure::without_role(id, standing.now, standing.left_out));
        }
        let verbs: Vec<_> = [TO_SEE, TO_REMOVE].into_iter().filter(|verb| standing.lacks(verb, id)).collect();
        let lack = Lack { id: id.clone(), verbs };
        if lack.verbs.is_empty() { None } else { failure::not_permitted(&[lack], self.rbac_create) }
    }

    /// Why the connection cannot be done, if that is known already.
    #[must_use]
    pub fn fault(&self, connection: &Connection) -> Option<Fault> {
        let standing = self.namespaces.get(&connection.namespace)?;
        let first = connection.objects().next()?;
        match (standing.now, &standing.rights) {
            (Some(Namespace::Missing), _) if self.creates_namespaces => return None,
            (Some(Namespace::Missing), _) => return Some(failure::namespace_missing(&first)),
            (Some(Namespace::Terminating), _) => return Some(failure::namespace_terminating(&first)),
            (now, None) if standing.left_out => return Some(failure::without_role(&first, now, true)),
            _ if standing.powerless && (self.rbac_create || standing.left_out) => {
                return Some(failure::without_role(&first, standing.now, standing.left_out));
            }
            _ => {}
        }
        let lacks: Vec<Lack> = connection
            .objects()
            .filter_map(|id| {
                let verbs: Vec<_> = [TO_SEE, TO_WRITE].into_iter().filter(|verb| standing.lacks(verb, &id)).collect();
                (!verbs.is_empty()).then_some(Lack { id, verbs })
            })
            .collect();
        let unknown = connection.objects().find(|id| self.unknown_kinds.contains(&id.kind));
        let faults = failure::not_permitted(&lacks, self.rbac_create).into_iter();
        faults.chain(unknown.map(|id| failure::kind_missing(&id))).reduce(|all, other| all.and(&other))
    }

    /// Why an object that does not exist cannot be made, if that is known already.
    #[must_use]
    pub fn cannot_create(&self, id: &ObjectId) -> Option<Fault> {
        let lacks = self.namespaces.get(&id.namespace)?.lacks(TO_MAKE, id);
        let lack = Lack { id: id.clone(), verbs: vec![TO_MAKE] };
        lacks.then(|| failure::not_permitted(&[lack], self.rbac_create)).flatten()
    }
}

impl Standing {
    fn lacks(&self, verb: &str, id: &ObjectId) -> bool {
        self.rights.as_ref().is_some_and(|rights| rights.lack(verb, id))
    }
}

async fn standing(api: &Api, name: &str, needs: &Needs, left_out: bool) -> Result<Standing, Fault> {
    let needed = || needs.iter().flat_map(|(id, verbs)| verbs.iter().map(move |verb| (*verb, id)));
    // The job may get the namespaces of what is declared only.
    let now =
        if needs.is_empty() { None } else { known(api.namespace(name).await, &format!("getting namespace {name}"))? };
    let rights = match now {
        Some(Namespace::Missing | Namespace::Terminating) => None,
        Some(Namespace::Active) | None => {
            let all_there = |rights: &Rights| left_out || needed().all(|(verb, id)| !rights.lack(verb, id));
            known(api.rights(name, all_there).await, &format!("reviewing the job's rights in namespace {name}"))?
        }
    };
    let without = |rights: &Rights| !needs.is_empty() && needed().all(|(verb, id)| rights.lack(verb, id));
    let powerless = rights.as_ref().is_some_and(without);
    Ok(Standing { now, left_out, rights, powerless })
}

async fn unknown(api: &Api, kinds: BTreeSet<Kind>) -> Result<BTreeSet<Kind>, Fault> {
    let mut unknown = BTreeSet::new();
    for kind in kinds {
        if known(api.serves(kind).await, &format!("looking for {}", kind.plural()))? == Some(false) {
            unknown.insert(kind);
        }
    }
    Ok(unknown)
}

async fn identity_webhook(api: &Api, needed: bool) -> Result<(), Fault> {
    let what = format!("getting mutatingwebhookconfiguration {IDENTITY_WEBHOOK}");
    if needed && known(api.has_mutating_webhook(IDENTITY_WEBHOOK).await, &what)? == Some(false) {
        remarks::on_absent_identity_webhook(IDENTITY_WEBHOOK);
    }
    Ok(())
}

/// An answer, or `None` if there is none to be had; a fault if there would be none to anything else either.
fn known<T>(answer: Result<T, kube::Error>, what: &str) -> Result<Option<T>, Fault> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) => {
            tracing::debug!("{what}: {}", refusal::in_words(&error));
            failure::of_run(&error, what).map_or(Ok(None), Err)
        }
    }
}
