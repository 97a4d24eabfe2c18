//! In which ConfigMap an object is recorded. It stays where it is once it has a
//! place, so that each ConfigMap can be written by itself: a run that is killed
//! between two of them loses nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::{Record, record};
use crate::object::ObjectId;

/// The key of the ConfigMap's one entry.
pub(super) const KEY: &str = "objects";

/// The chart gives the job rights on this many.
pub(super) const SHARDS: usize = 16;

/// Bytes of one; a ConfigMap holds 1 MiB at most, and the rest is left to its metadata.
const LARGEST: usize = 800 * 1024;

/// Beyond this many bytes the ConfigMap may once have been full, and others follow it.
pub(super) const HALF: usize = LARGEST / 2;

/// What stands in a ConfigMap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Stored {
    pub(super) text: String,
    /// The UID of what it goes with.
    pub(super) owner: String,
}

#[derive(Default)]
pub(super) struct Shards {
    places: BTreeMap<ObjectId, usize>,
    /// As far as there is a ConfigMap.
    stored: BTreeMap<usize, Stored>,
}

impl Shards {
    /// Whether the first ConfigMap is there: every run writes it.
    pub(super) fn has_first(&self) -> bool {
        self.stored.contains_key(&0)
    }

    /// Whether the first ConfigMap begins with this text.
    pub(super) fn first_begins_with(&self, head: &str) -> bool {
        self.stored.get(&0).is_some_and(|stored| stored.text.starts_with(head))
    }

    /// What stands in the first ConfigMap is not relied upon: it is written again.
    pub(super) fn doubt_first(&mut self) {
        self.stored.remove(&0);
    }

    /// The ConfigMap of this number is there.
    pub(super) fn found(&mut self, number: usize, stored: Stored) {
        self.stored.insert(number, stored);
    }

    /// The object is recorded in the ConfigMap of this number.
    pub(super) fn place(&mut self, id: &ObjectId, number: usize) {
        self.places.entry(id.clone()).or_insert(number);
    }

    /// What is to be written, in this order, the first ConfigMap with `head` before its objects: what an object moves to comes before what it leaves.
    pub(super) fn changes(
        &mut self,
        records: &BTreeMap<ObjectId, Record>,
        head: &str,
        owner: &str,
    ) -> Vec<(usize, String)> {
        let before = self.places.clone();
        let texts = self.texts(records, head);
        let is_new = |(number, text): &(usize, String)| match self.stored.get(number) {
            // An empty one may go with its owner, but for the first, of which it is missed.
            Some(stored) => stored.text != *text || (stored.owner != owner && (!text.is_empty() || *number == 0)),
            None => !text.is_empty() || *number == 0,
        };
        let mut changes: Vec<_> = texts.into_iter().enumerate().filter(is_new).collect();
        let left: BTreeSet<usize> = before
            .into_iter()
            .filter(|(id, number)| records.contains_key(id) && self.places.get(id) != Some(number))
            .map(|(_, number)| number)
            .collect();
        changes.sort_by_key(|(number, _)| left.contains(number));
        changes
    }

    fn texts(&mut self, records: &BTreeMap<ObjectId, Record>, head: &str) -> Vec<String> {
        let mut texts = vec![String::new(); SHARDS];
        if let Some(first) = texts.first_mut() {
            first.push_str(head);
        }
        let mut unplaced = Vec::new();
        let mut outgrown = BTreeSet::new();
        for (id, record) in records {
            let Some(line) = record::text(id, record).map(|line| line + "\n") else { continue };
            let place = self.places.get(id).copied();
            match place.and_then(|number| texts.get_mut(number)) {
                Some(text) if text.len() + line.len() <= LARGEST => text.push_str(&line),
                _ => {
                    outgrown.extend(place);
                    unplaced.push((id, line));
                }
            }
        }
        let mut lost = 0;
        for (id, line) in unplaced {
            // What something moves out of takes in nothing else, so that it can be written last.
            let room = |(number, text): &(usize, &mut String)| {
                !outgrown.contains(number) && text.len() + line.len() <= LARGEST
            };
            match texts.iter_mut().enumerate().find(room) {
                Some((number, text)) => {
                    text.push_str(&line);
                    self.places.insert(id.clone(), number);
                }
                None => lost += 1,
            }
        }
        if lost > 0 {
            tracing::warn!("{lost} objects are not remembered: the {SHARDS} ConfigMaps of the inventory are full");
        }
        texts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::Kind;
    use crate::ownership::Memory;

    fn records(names: std::ops::Range<usize>, uid: &str) -> BTreeMap<ObjectId, Record> {
        let memory = Memory { uid: Some(uid.to_owned()), adopted: false };
        let record =
            Record { memory, connections: ["a".to_owned()].into(), by_operation: false, others_unknown: false };
        names.map(|name| (ObjectId::new(Kind::Secret, "shop", format!("s{name:05}")), record.clone())).collect()
    }

    fn apply(shards: &mut Shards, records: &BTreeMap<ObjectId, Record>) -> Vec<usize> {
        let changes = shards.changes(records, "", "anchor");
        changes
            .into_iter()
            .map(|(number, text)| {
                shards.found(number, Stored { text, owner: "anchor".into() });
                number
            })
            .collect()
    }

    #[test]
    fn nothing_is_written_where_nothing_has_changed() {
        let mut shards = Shards::default();
        assert_eq!(apply(&mut shards, &records(0..0, "u")), [0], "so that a lost one is missed");
        assert!(apply(&mut shards, &records(0..0, "u")).is_empty());
        assert_eq!(apply(&mut shards, &records(0..2, "u")), [0]);
        assert!(apply(&mut shards, &records(0..2, "u")).is_empty());
        assert_eq!(apply(&mut shards, &records(0..0, "u")), [0], "an emptied ConfigMap stays");
        assert_eq!(shards.stored[&0].text, "");
    }

    #[test]
    fn a_first_config_map_that_is_doubted_is_written_again_as_it_is() {
        let mut shards = Shards::default();
        apply(&mut shards, &records(0..2, "u"));
        assert!(shards.first_begins_with(""));
        shards.doubt_first();
        assert!(!shards.first_begins_with(""), "it is not known what stands there");
        assert_eq!(apply(&mut shards, &records(0..2, "u")), [0]);
        assert!(shards.first_begins_with("") && !shards.first_begins_with("more"));
    }

    #[test]
    fn what_goes_with_another_anchor_is_written_again() {
        let mut shards = Shards::default();
        apply(&mut shards, &records(0..2, "u"));
        assert_eq!(shards.changes(&records(0..2, "u"), "", "another").len(), 1);
        apply(&mut shards, &records(0..0, "u"));
        assert_eq!(shards.changes(&records(0..0, "u"), "", "another").len(), 1, "an empty one too, if it is the first");
    }

    #[test]
    fn an_object_stays_in_its_config_map_while_others_come_and_go() {
        let mut shards = Shards::default();
        assert_eq!(apply(&mut shards, &records(0..12_000, "u")), [0, 1]);
        let of_second = shards.stored[&1].clone();
        assert_eq!(apply(&mut shards, &records(6_000..12_000, "u")), [0]);
        assert_eq!(shards.stored[&1], of_second);
        assert!(shards.stored.values().all(|stored| stored.text.len() <= LARGEST));
    }

    #[test]
    fn what_outgrows_its_config_map_is_written_to_its_new_one_first() {
        let mut shards = Shards::default();
        apply(&mut shards, &records(0..8_000, "u"));
        let longer = records(0..8_000, "0a0b0c0d-0000-4000-8000-000000000001");
        let order = apply(&mut shards, &longer);
        assert!(order.len() > 1);
        let lines: usize = shards.stored.values().map(|stored| stored.text.lines().count()).sum();
        assert_eq!(lines, longer.len());
    }
}
