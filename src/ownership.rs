//! Whose an object is. Ours is what our field manager has applied and what bears
//! both of our release labels: labels alone would also be on a copied manifest.
//! Where one of the two was lost, the inventory tells by the UID; but what it
//! alone tells is never enough to delete an object.

mod fields;
mod managers;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use crate::release::Release;

pub use fields::{Paths, paths_of};
use managers::applied_by;
pub use managers::{applied, applied_as_text, created_by_us, holders, managers, others_hold_data, others_with_data};

/// Marks an object that somebody else had made before we took it over. It stays for good.
pub const ADOPTED: &str = "sc-extension/adopted";

/// Marks an object that an operation has made. It goes with the next write for a connection of the values.
pub const BY_OPERATION: &str = "sc-extension/by-operation";

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
    /// Keys of a Secret that others apply as `stringData`: over these the API server reports no conflict.
    pub texts: Vec<String>,
}

/// Why an object is not ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// We have never applied it; these are its managers.
    NotApplied(Vec<String>),
    /// We have applied it, and one of our release labels is missing or says something else: that it is of another release
    /// of this chart, which has applied it too.
    Unlabelled(Option<Release>),
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
        let (applied, labelled) = (applied_by(metadata, release), labelled(metadata, release));
        if (applied && labelled) || (known.is_some() && (applied || labelled)) {
            let adopted = is_marked(metadata, ADOPTED) || known.is_some_and(|memory| memory.adopted);
            let texts = applied_as_text(metadata, release).into_keys().collect();
            Self::Ours(Ours { version, adopted, proven: applied && labelled, texts })
        } else if applied {
            Self::Foreign(Foreign::Unlabelled(taken_over_by(metadata, release)), version)
        } else {
            Self::Foreign(Foreign::NotApplied(managers(metadata)), version)
        }
    }
}

/// Whether an object bears one of our two marks.
#[must_use]
pub fn is_marked(metadata: &ObjectMeta, mark: &str) -> bool {
    metadata.annotations.as_ref().and_then(|annotations| annotations.get(mark)).is_some_and(|set| set == "true")
}

impl Foreign {
    /// Whose it is, as far as it says so.
    #[must_use]
    pub fn managers(&self) -> &[String] {
        match self {
            Self::NotApplied(managers) => managers,
            Self::Unlabelled(_) => &[],
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

fn labelled(metadata: &ObjectMeta, release: &Release) -> bool {
    let label = |key| metadata.labels.as_ref().and_then(|labels| labels.get(key));
    label(Release::NAME_LABEL) == Some(&release.name) && label(Release::NAMESPACE_LABEL) == Some(&release.namespace)
}

/// The other release of this chart that an object says it is of, by its labels and by what that release has applied.
#[must_use]
pub fn taken_over_by(metadata: &ObjectMeta, release: &Release) -> Option<Release> {
    let label = |key| metadata.labels.as_ref().and_then(|labels| labels.get(key)).cloned();
    let other = Release { name: label(Release::NAME_LABEL)?, namespace: label(Release::NAMESPACE_LABEL)? };
    (other != *release && applied_by(metadata, &other)).then_some(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn metadata(managed: &serde_json::Value, release_label: &str) -> ObjectMeta {
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
        let proven = Ours { version: version.clone(), adopted: false, proven: true, texts: Vec::new() };
        assert_eq!(of(&ours, "sc-extension"), State::Ours(proven));
        let by_kubectl = Foreign::NotApplied(vec!["kubectl".into()]);
        assert_eq!(of(&copied, "sc-extension"), State::Foreign(by_kubectl, version.clone()));
        assert_eq!(of(&ours, "other"), State::Foreign(Foreign::Unlabelled(None), version.clone()));
        let both = serde_json::json!([
            {"manager": "sc-job:sc-system:sc-extension", "operation": "Apply"},
            {"manager": "sc-job:sc-system:other", "operation": "Apply"},
        ]);
        let other = Release { name: "other".into(), ..Release::default() };
        assert_eq!(of(&both, "other"), State::Foreign(Foreign::Unlabelled(Some(other)), version));
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
}
