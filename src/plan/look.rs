//! Looking at objects, and judging what is found. Of the metadata no more is kept
//! than the judgement: with `managedFields` it takes several KiB.

use futures_util::stream::{self, StreamExt as _};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::Ground;
use crate::client::Api;
use crate::connections::{Connection, DeletionPolicy};
use crate::error::Fault;
use crate::failure;
use crate::object::ObjectId;
use crate::observed;
use crate::outcome::Reason;
use crate::ownership::{self, BY_OPERATION, Foreign, State};
use crate::release::Release;
use crate::remove::Fate;
use crate::resources::CONNECTION_LABEL;

/// Looks at objects.
pub(super) struct Look<'a> {
    pub(super) api: &'a Api,
    pub(super) release: &'a Release,
    pub(super) ground: &'a Ground<'a>,
}

pub(super) type Judged<T> = Vec<(ObjectId, Result<T, Fault>)>;

impl Look<'_> {
    pub(super) async fn at<T>(
        &self,
        width: usize,
        ids: Vec<ObjectId>,
        judge: impl Fn(&Self, &ObjectId, Option<&ObjectMeta>) -> T,
    ) -> Result<Judged<T>, Fault> {
        let judge = &judge;
        let mut judged: Judged<T> = stream::iter(ids)
            .map(|id| async move {
                let found = self.find(&id).await;
                let judged = found.map(|metadata| judge(self, &id, metadata.as_ref()));
                (id, judged)
            })
            .buffer_unordered(width)
            .collect()
            .await;
        let ends =
            judged.iter().filter_map(|(_, judged)| judged.as_ref().err()).find(|fault| failure::ends_the_run(fault));
        if let Some(fault) = ends {
            return Err(fault.clone());
        }
        // Answers come in any order, and a run that is repeated is to say the same.
        judged.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(judged)
    }

    async fn find(&self, id: &ObjectId) -> Result<Option<ObjectMeta>, Fault> {
        let preflight = self.ground.preflight;
        if preflight.is_missing(&id.namespace) || preflight.is_unknown(id.kind) {
            return Ok(None);
        }
        observed::metadata(self.api, id).await
    }

    pub(super) fn state(&self, id: &ObjectId, metadata: Option<&ObjectMeta>) -> State {
        State::of(metadata, self.ground.inventory.memory(id), self.release)
    }

    pub(super) fn fate(&self, id: &ObjectId, metadata: Option<&ObjectMeta>) -> Fate {
        let fate = Fate::of(id, metadata, self.ground.inventory.memory(id), self.release);
        if !matches!(fate, Fate::Deleted(_) | Fate::Withdrawn(..)) {
            return fate;
        }
        let candidates = self.ground.candidates;
        // The inventory can be edited; the object itself says whose it was.
        if let Some(found) = metadata.filter(|_| !candidates.named.contains(id)) {
            let connection = self.connection(found);
            let policy = &self.ground.declared.policy;
            if connection.is_some_and(|own| policy.deletion_of(own) == DeletionPolicy::Retain) {
                return Fate::Retained(Reason::Policy);
            }
            if connection.is_none() && ownership::is_marked(found, BY_OPERATION) {
                return Fate::Retained(Reason::Operation);
            }
        }
        if candidates.unrecorded.contains(id) { Fate::Retained(Reason::Unrecorded) } else { fate }
    }

    /// Whether what was left behind is not there any more, or somebody else's by now.
    pub(super) fn is_gone(&self, id: &ObjectId, metadata: Option<&ObjectMeta>) -> bool {
        let taken_over = metadata.and_then(|found| ownership::taken_over_by(found, self.release)).is_some();
        taken_over || matches!(self.state(id, metadata), State::Absent | State::Foreign(Foreign::NotApplied(_), _))
    }

    /// The declared connection that an object says it is of.
    fn connection(&self, metadata: &ObjectMeta) -> Option<&Connection> {
        let label = metadata.labels.as_ref().and_then(|labels| labels.get(CONNECTION_LABEL));
        label.and_then(|name| self.ground.declared.find(name))
    }
}
