//! Who manages an object, as its `managedFields` say.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ManagedFieldsEntry, ObjectMeta};

use super::Paths;
use crate::object::Kind;
use crate::release::Release;

/// Says how the data may be handled, and is none.
const IMMUTABLE: &str = ".immutable";

fn entries(metadata: &ObjectMeta) -> impl Iterator<Item = &ManagedFieldsEntry> {
    metadata.managed_fields.iter().flatten()
}

fn is_of(entry: &ManagedFieldsEntry, release: &Release) -> bool {
    entry.manager.as_deref() == Some(&release.field_manager()) && entry.operation.as_deref() == Some("Apply")
}

pub(super) fn applied_by(metadata: &ObjectMeta, release: &Release) -> bool {
    entries(metadata).any(|entry| is_of(entry, release))
}

/// Everything that we have applied of the object.
#[must_use]
pub fn applied(metadata: &ObjectMeta, release: &Release) -> Paths {
    let ours = entries(metadata).filter(|entry| is_of(entry, release));
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
        .filter(|entry| !is_of(entry, release))
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

/// Whether the API server knows of somebody else who holds an entry of a Secret's `data`.
#[must_use]
pub fn others_hold_data(metadata: &ObjectMeta, release: &Release) -> bool {
    others(metadata, release).any(|(_, fields)| fields.get("f:data").is_some())
}

/// The entries of a Secret's `data` that others apply as `stringData`, each with their names. The API server records the
/// field that they have sent, and nobody as the holder of what comes of it.
#[must_use]
pub fn applied_as_text(metadata: &ObjectMeta, release: &Release) -> BTreeMap<String, BTreeSet<String>> {
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (manager, fields) in others(metadata, release) {
        let keys = fields.get("f:stringData").and_then(serde_json::Value::as_object).into_iter().flatten();
        for key in keys.filter_map(|(step, _)| step.strip_prefix("f:")) {
            texts.entry(key.to_owned()).or_default().insert(manager.to_owned());
        }
    }
    texts
}

fn others<'a>(
    metadata: &'a ObjectMeta,
    release: &'a Release,
) -> impl Iterator<Item = (&'a str, &'a serde_json::Value)> {
    entries(metadata)
        .filter(|entry| !is_of(entry, release))
        .filter_map(|entry| Some((entry.manager.as_deref().unwrap_or_default(), &entry.fields_v1.as_ref()?.0)))
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
    let mut ours = entries(metadata).filter(|entry| is_of(entry, release)).peekable();
    ours.peek().is_some() && (entries(metadata).all(|entry| is_of(entry, release)) || ours.any(at_once))
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
    entries(metadata).filter(|entry| !is_of(entry, release)).filter_map(|entry| {
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
    use super::super::tests::metadata;
    use super::*;

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
    fn what_others_apply_as_text_is_known_to_be_theirs_and_not_recorded_as_data() {
        let applied = |manager: &str, fields: serde_json::Value| serde_json::json!({"manager": manager, "operation": "Apply", "fieldsV1": fields});
        let ours = applied("sc-job:sc-system:sc-extension", serde_json::json!({"f:data": {"f:K": {}}}));
        let text = applied("helm", serde_json::json!({"f:stringData": {".": {}, "f:K": {}, "f:T": {}}}));
        let data = applied("argo", serde_json::json!({"f:data": {"f:X": {}}}));
        let (release, label) = (Release::default(), "sc-extension");
        let both = metadata(&serde_json::json!([ours, text]), label);
        let by_helm = BTreeSet::from(["helm".to_owned()]);
        let expected = BTreeMap::from([("K".to_owned(), by_helm.clone()), ("T".to_owned(), by_helm)]);
        assert_eq!(applied_as_text(&both, &release), expected);
        assert!(!others_hold_data(&both, &release));
        assert!(others_hold_data(&metadata(&serde_json::json!([ours, text, data]), label), &release));
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
