//! Whose an object is. Ours is what our field manager has applied and what bears
//! both of our release labels: labels alone would also be on a copied manifest.
//! Where one of the two was lost, the inventory tells by the UID; but what it
//! alone tells is never enough to delete an object.

mod fields;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ManagedFieldsEntry, ObjectMeta};

use crate::object::Kind;
use crate::release::Release;

pub use fields::{Paths, paths_of};

/// Marks an object that somebody else had made before we took it over. It stays for good.
pub const ADOPTED: &str = "sc-extension/adopted";

/// Says how the data may be handled, and is none.
const IMMUTABLE: &str = ".immutable";

/// What the inventory remembers of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// Its UID, once it was seen.
    pub uid: Option<String>,
    /// Whether it was taken over.
    pub adopted: bool,
}

/// What stands in the cluster under an object's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing.
    Absent,
    /// An object of this release.
    Ours(Ours),
    /// An object of somebody else.
    Foreign(Foreign, Version),
    /// An object that is being deleted, and waits for somebody's finalizer.
    Terminating,
}

/// An object of this release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ours {
    /// Which object, and which state of it.
    pub version: Version,
    /// Somebody else had made it.
    pub adopted: bool,
    /// The object itself says that it is ours, by field manager and labels. Without, it must not be deleted.
    pub proven: bool,
}

/// Why an object is not ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// We have never applied it; these are its managers.
    NotApplied(Vec<String>),
    /// We have applied it, and one of our release labels is missing or says something else.
    Unlabelled,
}

/// Which object, and which state of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The object's UID: another one under the same name has another.
    pub uid: String,
    /// Changes with every write.
    pub resource_version: String,
}

impl State {
    /// Judges an object by its metadata, and by what the inventory remembers of it.
    #[must_use]
    pub fn of(metadata: Option<&ObjectMeta>, memory: Option<&Memory>, release: &Release) -> Self {
        let Some(metadata) = metadata else { return Self::Absent };
        if metadata.deletion_timestamp.is_some() {
            return Self::Terminating;
        }
        let version = Version::of(metadata);
        let known = memory.filter(|memory| memory.uid.as_ref() == Some(&version.uid));
        let (applied, labelled) = (applied_by_us(metadata, release), labelled(metadata, release));
        if (applied && labelled) || (known.is_some() && (applied || labelled)) {
            let adopted = is_marked(metadata) || known.is_some_and(|memory| memory.adopted);
            Self::Ours(Ours { version, adopted, proven: applied && labelled })
        } else if applied {
            Self::Foreign(Foreign::Unlabelled, version)
        } else {
            Self::Foreign(Foreign::NotApplied(managers(metadata)), version)
        }
    }
}

fn is_marked(metadata: &ObjectMeta) -> bool {
    metadata.annotations.as_ref().and_then(|annotations| annotations.get(ADOPTED)).is_some_and(|mark| mark == "true")
}

impl Foreign {
    /// Whose it is, as far as it says so.
    #[must_use]
    pub fn managers(&self) -> &[String] {
        match self {
            Self::NotApplied(managers) => managers,
            Self::Unlabelled => &[],
        }
    }
}

impl Version {
    /// The version that `metadata` tells.
    #[must_use]
    pub fn of(metadata: &ObjectMeta) -> Self {
        Self {
            uid: metadata.uid.clone().unwrap_or_default(),
            resource_version: metadata.resource_version.clone().unwrap_or_default(),
        }
    }
}

fn entries(metadata: &ObjectMeta) -> impl Iterator<Item = &ManagedFieldsEntry> {
    metadata.managed_fields.iter().flatten()
}

fn is_ours(entry: &ManagedFieldsEntry, release: &Release) -> bool {
    entry.manager.as_deref() == Some(&release.field_manager()) && entry.operation.as_deref() == Some("Apply")
}

fn applied_by_us(metadata: &ObjectMeta, release: &Release) -> bool {
    entries(metadata).any(|entry| is_ours(entry, release))
}

fn labelled(metadata: &ObjectMeta, release: &Release) -> bool {
    let label = |key| metadata.labels.as_ref().and_then(|labels| labels.get(key));
    label(Release::NAME_LABEL) == Some(&release.name) && label(Release::NAMESPACE_LABEL) == Some(&release.namespace)
}

/// Everything that we have applied of the object.
#[must_use]
pub fn applied(metadata: &ObjectMeta, release: &Release) -> Paths {
    let ours = entries(metadata).filter(|entry| is_ours(entry, release));
    Paths::of(ours.filter_map(|entry| Some(&entry.fields_v1.as_ref()?.0)))
}

/// The other managers who hold something of what the object is there for: anything but its metadata, and of a
/// ServiceAccount also its annotations, by which others give its pods an identity.
#[must_use]
pub fn others_with_data(kind: Kind, metadata: &ObjectMeta, release: &Release) -> Vec<String> {
    let is_data = |path: &str| {
        !(path.starts_with(".metadata") || path == IMMUTABLE)
            || (kind == Kind::ServiceAccount && path.starts_with(".metadata.annotations"))
    };
    let mut names: Vec<String> = entries(metadata)
        .filter(|entry| !is_ours(entry, release))
        .filter(|entry| {
            let fields = entry.fields_v1.as_ref().map(|fields| &fields.0);
            Paths::of(fields.into_iter()).iter().any(is_data)
        })
        .filter_map(|entry| entry.manager.clone())
        .collect();
    names.sort();
    names.dedup();
    names
}

/// The names of all managers, each once.
#[must_use]
pub fn managers(metadata: &ObjectMeta) -> Vec<String> {
    let mut names: Vec<String> = entries(metadata).filter_map(|entry| entry.manager.clone()).collect();
    names.sort();
    names.dedup();
    names
}

/// Whether our last apply is what created the object: nobody else holds anything of it, or both happened in the same
/// second. The API server takes the time of the apply first, so that it may also be the second before.
#[must_use]
pub fn created_by_us(metadata: &ObjectMeta, release: &Release) -> bool {
    let Some(created) = metadata.creation_timestamp.as_ref().map(|time| time.0.as_second()) else { return false };
    let at_once = |entry: &ManagedFieldsEntry| {
        entry.time.as_ref().is_some_and(|time| (created - 1..=created).contains(&time.0.as_second()))
    };
    let mut ours = entries(metadata).filter(|entry| is_ours(entry, release)).peekable();
    ours.peek().is_some() && (entries(metadata).all(|entry| is_ours(entry, release)) || ours.any(at_once))
}

/// Somebody else who holds a field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holder {
    /// The manager's name.
    pub manager: String,
    /// Whether it holds the field by an apply, and so would write it again.
    pub applies: bool,
}

/// Who else holds the field to which `steps` lead, such as `["f:data", "f:PORT"]`.
pub fn holders<'a>(
    metadata: &'a ObjectMeta,
    steps: &'a [String],
    release: &'a Release,
) -> impl Iterator<Item = Holder> + 'a {
    entries(metadata).filter(|entry| !is_ours(entry, release)).filter_map(|entry| {
        let fields = &entry.fields_v1.as_ref()?.0;
        steps.iter().try_fold(fields, |fields, step| fields.get(step))?;
        Some(Holder {
            manager: entry.manager.clone().unwrap_or_default(),
            applies: entry.operation.as_deref() == Some("Apply"),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(managed: &serde_json::Value, release_label: &str) -> ObjectMeta {
        serde_json::from_value(serde_json::json!({
            "uid": "u", "resourceVersion": "7",
            "labels": {"sc-extension/release": release_label, "sc-extension/release-namespace": "sc-system"},
            "managedFields": managed,
        }))
        .unwrap()
    }

    #[test]
    fn ours_is_what_our_manager_applied_and_our_labels_mark() {
        let release = Release::default();
        let ours = serde_json::json!([{"manager": "sc-job:sc-system:sc-extension", "operation": "Apply"}]);
        let copied = serde_json::json!([{"manager": "kubectl", "operation": "Apply"}]);
        let updated = serde_json::json!([{"manager": "sc-job:sc-system:sc-extension", "operation": "Update"}]);
        let version = Version { uid: "u".into(), resource_version: "7".into() };
        let of = |managed, label| State::of(Some(&metadata(managed, label)), None, &release);
        assert_eq!(State::of(None, None, &release), State::Absent);
        let proven = Ours { version: version.clone(), adopted: false, proven: true };
        assert_eq!(of(&ours, "sc-extension"), State::Ours(proven));
        let by_kubectl = Foreign::NotApplied(vec!["kubectl".into()]);
        assert_eq!(of(&copied, "sc-extension"), State::Foreign(by_kubectl, version.clone()));
        assert_eq!(of(&ours, "other"), State::Foreign(Foreign::Unlabelled, version));
        assert!(matches!(of(&updated, "sc-extension"), State::Foreign(Foreign::NotApplied(_), _)));
    }

    #[test]
    fn what_the_inventory_remembers_makes_up_for_one_lost_mark_and_proves_nothing() {
        let release = Release::default();
        let ours = serde_json::json!([{"manager": "sc-job:sc-system:sc-extension", "operation": "Apply"}]);
        let none = serde_json::json!([]);
        let memory = |uid: &str| Memory { uid: Some(uid.into()), adopted: true };
        let of = |managed, label, uid| State::of(Some(&metadata(managed, label)), Some(&memory(uid)), &release);
        for (managed, label) in [(&ours, "other"), (&none, "sc-extension")] {
            let State::Ours(found) = of(managed, label, "u") else { panic!("{label}") };
            assert!(found.adopted && !found.proven, "{label}");
            assert!(matches!(of(managed, label, "another"), State::Foreign(..)), "{label}");
        }
        assert!(matches!(of(&none, "other", "u"), State::Foreign(..)), "a UID in the inventory is no proof by itself");
    }

    #[test]
    fn others_hold_data_if_they_hold_more_than_metadata() {
        let of = |kind, fields: serde_json::Value| {
            let managed = serde_json::json!([
                {"manager": "sc-job:sc-system:sc-extension", "operation": "Apply", "fieldsV1": {"f:data": {"f:A": {}}}},
                {"manager": "other", "operation": "Update", "fieldsV1": fields},
            ]);
            others_with_data(kind, &metadata(&managed, "sc-extension"), &Release::default())
        };
        let annotated = || serde_json::json!({"f:metadata": {"f:annotations": {"f:team": {}}}});
        assert_eq!(of(Kind::Secret, annotated()), Vec::<String>::new());
        assert_eq!(of(Kind::ServiceAccount, annotated()), ["other"]);
        let labelled = serde_json::json!({"f:metadata": {"f:labels": {"f:team": {}}}});
        assert_eq!(of(Kind::ServiceAccount, labelled), Vec::<String>::new());
        assert_eq!(of(Kind::Secret, serde_json::json!({"f:data": {"f:B": {}}})), ["other"]);
        let pulls = serde_json::json!({"f:imagePullSecrets": {"k:{\"name\":\"r\"}": {".": {}}}});
        assert_eq!(of(Kind::ServiceAccount, pulls), ["other"]);
    }

    #[test]
    fn an_object_is_our_making_if_it_is_ours_alone_or_as_old_as_our_apply() {
        let applied = |time: &str| serde_json::json!({"manager": "sc-job:sc-system:sc-extension", "operation": "Apply", "time": time});
        let other = serde_json::json!({"manager": "reflector", "operation": "Update", "time": "2026-01-01T00:00:06Z"});
        let made = |managed: serde_json::Value| {
            let mut metadata = metadata(&managed, "sc-extension");
            metadata.creation_timestamp = serde_json::from_str("\"2026-01-01T00:00:05Z\"").unwrap();
            created_by_us(&metadata, &Release::default())
        };
        assert!(made(serde_json::json!([applied("2026-01-01T00:00:09Z")])));
        assert!(made(serde_json::json!([applied("2026-01-01T00:00:05Z"), other])));
        assert!(made(serde_json::json!([applied("2026-01-01T00:00:04Z"), other])), "a second may pass in between");
        assert!(!made(serde_json::json!([applied("2026-01-01T00:00:06Z"), other])), "it was there before our apply");
        assert!(!made(serde_json::json!([other])) && !made(serde_json::json!([])));
    }

    #[test]
    fn holders_of_a_field_are_the_others_who_manage_it() {
        let managed = serde_json::json!([
            {"manager": "sc-job:sc-system:sc-extension", "operation": "Apply", "fieldsV1": {"f:data": {"f:A": {}, "f:B": {}}}},
            {"manager": "kubectl-edit", "operation": "Update", "fieldsV1": {"f:data": {"f:A": {}}}},
            {"manager": "other", "operation": "Apply", "fieldsV1": {"f:data": {"f:C": {}}}},
        ]);
        let metadata = metadata(&managed, "sc-extension");
        let held = |key: &str| {
            holders(&metadata, &["f:data".to_owned(), format!("f:{key}")], &Release::default()).collect::<Vec<_>>()
        };
        assert_eq!(held("A"), [Holder { manager: "kubectl-edit".into(), applies: false }]);
        assert_eq!(held("B"), []);
        assert_eq!(held("C"), [Holder { manager: "other".into(), applies: true }]);
    }
}
