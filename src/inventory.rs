//! What this release has made, kept in the ConfigMaps `sc-connections-0` to `-15`
//! beside the summary: it finds again what the values name no longer. It is
//! written before the first object is, with what is going to be made, and after
//! the last one. A person may edit it; what is not understood is left out, and
//! nothing is ever deleted on its word alone.

mod executions;
mod operations;
mod record;
mod recording;
mod shards;

use std::collections::{BTreeMap, BTreeSet};

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use k8s_openapi::api::core::v1::ConfigMap;

use crate::anchor;
use crate::client::Api;
use crate::error::Fault;
use crate::failure;
use crate::object::{Kind, ObjectId};
use crate::ownership::Memory;
use crate::release::Release;
use executions::Executions;
use shards::{HALF, KEY, SHARDS, Shards, Stored};

pub use executions::Standing;
pub use operations::Before;
pub use recording::Recorded;

/// What is known of one object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The object as it was last seen.
    pub memory: Memory,
    /// The connections that it was made for, mostly one; each once, in the order of their names.
    pub connections: Box<[String]>,
    /// Whether an operation has made it: it counts as declared although no values name it.
    pub by_operation: bool,
    /// Whether it may have been made for others too, of whom nothing is recorded.
    pub others_unknown: bool,
}

/// Where an inventory comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Source {
    /// Nobody asked: the release is gone, and with it the inventory.
    #[default]
    Unasked,
    /// The ConfigMaps.
    Read,
    /// The ConfigMaps could not be read.
    Unreadable,
}

/// The objects of this release, as last recorded.
#[derive(Default)]
pub struct Inventory {
    source: Source,
    records: BTreeMap<ObjectId, Record>,
    executions: Executions,
    shards: Shards,
}

impl Inventory {
    /// Reads what earlier runs have recorded.
    ///
    /// # Errors
    /// A fault of the whole run: the API server cannot be reached, or the right is missing.
    pub async fn read(api: &Api, release: &Release) -> Result<Self, Fault> {
        let mut inventory = Self { source: Source::Read, ..Self::default() };
        let first: Vec<_> = inventory.read_shards(api, release, 0..2).await?;
        // One ConfigMap holds about 5,000 objects: most releases have no second, let alone a third.
        if first.contains(&true) {
            inventory.read_shards(api, release, 2..SHARDS).await?;
        }
        Ok(inventory)
    }

    /// An inventory that could not be read: what stands in it is not known.
    #[must_use]
    pub fn unreadable() -> Self {
        Self { source: Source::Unreadable, ..Self::default() }
    }

    /// Whether it was looked for, and its first ConfigMap was not there.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        self.source == Source::Read && !self.shards.has_first()
    }

    /// Whether all who use an object are known. An account may be that of a connection that nothing else tells of.
    #[must_use]
    pub fn knows_users(&self, id: &ObjectId) -> bool {
        match self.source {
            Source::Unasked => true,
            Source::Read => self.records.get(id).is_some_and(|record| !record.others_unknown),
            Source::Unreadable => false,
        }
    }

    /// Reads some of the ConfigMaps, and tells of each whether the next one may be there.
    async fn read_shards(
        &mut self,
        api: &Api,
        release: &Release,
        numbers: std::ops::Range<usize>,
    ) -> Result<Vec<bool>, Fault> {
        let read = |number| async move {
            let id = shard_id(release, number);
            match api.read::<ConfigMap>(&id).await {
                Ok(map) => {
                    let owners = map.metadata.owner_references.unwrap_or_default();
                    let owner = owners.into_iter().map(|owner| owner.uid).next().unwrap_or_default();
                    let text = map.data.unwrap_or_default().remove(KEY).unwrap_or_default();
                    Ok((number, Some(Stored { text, owner })))
                }
                Err(kube::Error::Api(status)) if status.is_not_found() => Ok((number, None)),
                Err(error) => Err(failure::of(&error, &id, failure::READ, api).await),
            }
        };
        let texts: Vec<_> = stream::iter(numbers).map(read).buffered(SHARDS).try_collect().await?;
        let full = texts.iter().map(|(number, stored)| match stored {
            Some(stored) => *number > 0 || stored.text.len() > HALF,
            None => false,
        });
        let full = full.collect();
        for (number, stored) in texts {
            let Some(stored) = stored else { continue };
            let mut misread = 0;
            for line in stored.text.lines().filter(|line| !line.is_empty()) {
                match record::parse(line) {
                    Some((id, record)) => self.add(id, record, number),
                    None if self.executions.read(line) => {}
                    None => misread += 1,
                }
            }
            if misread > 0 {
                let name = shard_id(release, number);
                tracing::warn!("{misread} lines of {name} are none of sc-job's, and are left out from now on");
            }
            self.shards.found(number, stored);
        }
        Ok(full)
    }

    /// One object may stand in two ConfigMaps, if a run was killed between their writing.
    fn add(&mut self, id: ObjectId, record: Record, number: usize) {
        self.shards.place(&id, number);
        let known = self.records.entry(id).or_default();
        known.memory.uid = record.memory.uid.or(known.memory.uid.take());
        known.memory.adopted |= record.memory.adopted;
        known.by_operation |= record.by_operation;
        known.others_unknown |= record.others_unknown;
        if known.connections.is_empty() {
            known.connections = record.connections;
        } else {
            let all: BTreeSet<&String> = known.connections.iter().chain(&record.connections).collect();
            known.connections = all.into_iter().cloned().collect();
        }
    }

    /// Every record.
    pub fn records(&self) -> impl Iterator<Item = (&ObjectId, &Record)> {
        self.records.iter()
    }

    /// The record of an object.
    #[must_use]
    pub fn record(&self, id: &ObjectId) -> Option<&Record> {
        self.records.get(id)
    }

    /// What is remembered of an object.
    #[must_use]
    pub fn memory(&self, id: &ObjectId) -> Option<&Memory> {
        self.record(id).map(|record| &record.memory)
    }

    /// An object is going to be written for these connections, or by an operation. One that is there already, and of which
    /// nothing is recorded, may have been made for others too.
    pub fn expect(&mut self, id: &ObjectId, connections: BTreeSet<String>, by_operation: bool, is_there: bool) {
        let others_unknown = is_there && id.kind == Kind::ServiceAccount;
        let record = self.records.entry(id.clone()).or_insert_with(|| Record { others_unknown, ..Record::default() });
        // One that is made anew is made for these.
        record.others_unknown &= is_there;
        record.connections = connections.into_iter().collect();
        record.by_operation = by_operation;
    }

    /// An object was written.
    pub fn keep(&mut self, id: &ObjectId, memory: Memory) {
        if let Some(record) = self.records.get_mut(id) {
            record.memory = memory;
        }
    }

    /// An object that was expected was refused: unless it was seen as ours before, it was never made.
    pub fn forget_unseen(&mut self, id: &ObjectId) {
        if self.memory(id).is_some_and(|memory| memory.uid.is_none()) {
            self.forget(id);
        }
    }

    /// An object is ours no longer.
    pub fn forget(&mut self, id: &ObjectId) {
        self.records.remove(id);
    }
}

fn shard_id(release: &Release, number: usize) -> ObjectId {
    ObjectId::new(Kind::ConfigMap, &release.namespace, name(number))
}

/// The name of one of the ConfigMaps, from 0 to 15.
#[must_use]
pub fn name(number: usize) -> String {
    format!("{}-{number}", anchor::NAME)
}
