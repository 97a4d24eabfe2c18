//! What is to become of an object that is not wanted any more: judged by the object
//! itself, and never by the inventory alone.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use crate::object::ObjectId;
use crate::outcome::{Kept, Reason};
use crate::ownership::{self, Foreign, Memory, Ours, State, Version};
use crate::release::Release;

/// What is to become of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is not there.
    Gone,
    /// It is being deleted.
    Leaving,
    /// It is somebody else's.
    Spared,
    /// It stays, though it is ours.
    Retained(Reason),
    /// It may be ours, and does not prove it.
    Unproven(Doubt),
    /// It is deleted.
    Deleted(Version),
    /// Our fields are taken out.
    Withdrawn(Version, Kept),
}

/// What an object lacks that may be ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// One of the release labels.
    Labels,
    /// Our field manager: the inventory alone knows it.
    Managers,
}

impl Fate {
    /// Judges an object by its metadata, and by what the inventory remembers of it.
    #[must_use]
    pub fn of(id: &ObjectId, metadata: Option<&ObjectMeta>, memory: Option<&Memory>, release: &Release) -> Self {
        match (State::of(metadata, memory, release), metadata) {
            (State::Ours(Ours { version, adopted, proven: true, .. }), Some(metadata)) => {
                let others = ownership::others_with_data(id.kind, metadata, release);
                if adopted {
                    Self::Withdrawn(version, Kept::Adopted)
                } else if others.is_empty() {
                    Self::Deleted(version)
                } else {
                    Self::Withdrawn(version, Kept::Shared(others))
                }
            }
            (State::Absent, _) => Self::Gone,
            (State::Terminating, _) => Self::Leaving,
            (State::Foreign(Foreign::NotApplied(_) | Foreign::Unlabelled(Some(_)), _), _) => Self::Spared,
            (State::Ours(_), Some(metadata)) if ownership::taken_over_by(metadata, release).is_some() => Self::Spared,
            (State::Ours(_), Some(metadata)) if ownership::applied(metadata, release).is_empty() => {
                Self::Unproven(Doubt::Managers)
            }
            (State::Foreign(Foreign::Unlabelled(None), _) | State::Ours(_), _) => Self::Unproven(Doubt::Labels),
        }
    }
}

impl Fate {
    /// Whether something is deleted or taken out.
    #[must_use]
    pub fn writes(&self) -> bool {
        self.uid().is_some()
    }

    /// Of the object that is written.
    pub(super) fn uid(&self) -> Option<&str> {
        match self {
            Self::Deleted(version) | Self::Withdrawn(version, _) => Some(&version.uid),
            Self::Gone | Self::Leaving | Self::Spared | Self::Retained(_) | Self::Unproven(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::object::Kind;

    const OURS: &str = "sc-job:sc-system:sc-extension";

    fn entry(manager: &str, operation: &str, fields: &Value) -> Value {
        json!({"manager": manager, "operation": operation, "fieldsV1": fields})
    }

    fn fate(kind: Kind, change: &Value, managed: &[Value], memory: Option<&Memory>) -> Fate {
        let mut object = json!({
            "uid": "u", "resourceVersion": "7", "managedFields": managed,
            "labels": {"sc-extension/release": "sc-extension", "sc-extension/release-namespace": "sc-system"},
        });
        for (key, value) in change.as_object().unwrap() {
            object[key] = value.clone();
        }
        let metadata: ObjectMeta = serde_json::from_value(object).unwrap();
        Fate::of(&ObjectId::new(kind, "shop", "s"), Some(&metadata), memory, &Release::default())
    }

    #[test]
    fn only_what_is_ours_alone_is_deleted() {
        let version = Version { uid: "u".into(), resource_version: "7".into() };
        let ours = entry(OURS, "Apply", &json!({"f:data": {"f:A": {}}}));
        let secret =
            |more: &[Value]| fate(Kind::Secret, &json!({}), &[std::slice::from_ref(&ours), more].concat(), None);
        assert_eq!(secret(&[]), Fate::Deleted(version.clone()));
        let labelled = entry("team", "Update", &json!({"f:metadata": {"f:labels": {"f:team": {}}}, "f:immutable": {}}));
        assert_eq!(secret(&[labelled]), Fate::Deleted(version.clone()), "a label is no data");
        let shared = Kept::Shared(vec!["other".into()]);
        for fields in [json!({"f:data": {"f:B": {}}}), json!({"f:data": {"f:A": {}}})] {
            let with = secret(&[entry("other", "Update", &fields)]);
            assert_eq!(with, Fate::Withdrawn(version.clone(), shared.clone()));
        }
        let annotated = entry("other", "Update", &json!({"f:metadata": {"f:annotations": {"f:role": {}}}}));
        let account = fate(Kind::ServiceAccount, &json!({}), &[ours, annotated], None);
        assert_eq!(account, Fate::Withdrawn(version, shared));
    }

    #[test]
    fn what_was_adopted_is_never_deleted_whichever_of_the_two_marks_is_left() {
        let ours = [entry(OURS, "Apply", &json!({"f:data": {"f:A": {}}}))];
        let marked = json!({"annotations": {"sc-extension/adopted": "true"}});
        let remembered = Memory { uid: Some("u".into()), adopted: true };
        for found in
            [fate(Kind::Secret, &marked, &ours, None), fate(Kind::Secret, &json!({}), &ours, Some(&remembered))]
        {
            assert!(matches!(found, Fate::Withdrawn(_, Kept::Adopted)), "{found:?}");
        }
        let of_another = Memory { uid: Some("another".into()), adopted: true };
        assert!(matches!(fate(Kind::Secret, &json!({}), &ours, Some(&of_another)), Fate::Deleted(_)));
    }

    #[test]
    fn what_lacks_a_proof_is_left_as_it_is_even_if_the_inventory_knows_it() {
        let known = Memory { uid: Some("u".into()), adopted: false };
        let ours = [entry(OURS, "Apply", &json!({"f:data": {"f:A": {}}}))];
        let unlabelled = json!({"labels": {}});
        assert_eq!(fate(Kind::Secret, &unlabelled, &ours, Some(&known)), Fate::Unproven(Doubt::Labels));
        assert_eq!(fate(Kind::Secret, &unlabelled, &ours, None), Fate::Unproven(Doubt::Labels));
        let relabelled = json!({"labels": {"sc-extension/release": "b", "sc-extension/release-namespace": "sys-b"}});
        let both = [ours[0].clone(), entry("sc-job:sys-b:b", "Apply", &json!({"f:data": {"f:A": {}}}))];
        for memory in [Some(&known), None] {
            assert_eq!(
                fate(Kind::Secret, &relabelled, &both, memory),
                Fate::Spared,
                "another release has taken it over"
            );
        }
        assert_eq!(fate(Kind::Secret, &json!({}), &[], Some(&known)), Fate::Unproven(Doubt::Managers));
        assert_eq!(fate(Kind::Secret, &json!({}), &[], None), Fate::Spared, "a copy has the labels too");
        assert_eq!(fate(Kind::Secret, &unlabelled, &[], Some(&known)), Fate::Spared, "the inventory alone is no proof");
    }

    #[test]
    fn what_is_not_there_or_on_its_way_needs_nothing() {
        let id = ObjectId::new(Kind::Secret, "shop", "s");
        assert_eq!(Fate::of(&id, None, None, &Release::default()), Fate::Gone);
        let leaving = json!({"deletionTimestamp": "2026-01-01T00:00:00Z"});
        assert_eq!(fate(Kind::Secret, &leaving, &[], None), Fate::Leaving);
    }
}
