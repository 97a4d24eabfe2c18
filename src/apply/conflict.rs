//! Who holds the fields that an apply conflicts over, and whether they may be
//! taken back.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use crate::client::Api;
use crate::connections::Origin;
use crate::error::{Code, Fault};
use crate::forecast;
use crate::object::Kind;
use crate::observed;
use crate::ownership;
use crate::release::Release;
use crate::resources::Resource;

/// Who has edited the fields in conflict, nobody if the object has lost its `managedFields`; a fault if one of them is
/// applied by somebody else, or cannot be judged. A connection that takes over what others made takes these too.
pub(super) fn editors(
    metadata: &ObjectMeta,
    release: &Release,
    resource: &Resource,
    conflicts: &[String],
) -> Result<Vec<String>, Fault> {
    if metadata.managed_fields.as_ref().is_none_or(Vec::is_empty) {
        return Ok(Vec::new());
    }
    let mut editors = BTreeSet::new();
    let mut appliers = BTreeSet::new();
    let mut kept: BTreeSet<&String> = conflicts.iter().collect();
    for (field, steps) in resource.fields() {
        let Some(conflict) = conflicts.iter().find(|conflict| **conflict == field) else { continue };
        let holders: Vec<_> = ownership::holders(metadata, &steps, release).collect();
        if !holders.is_empty() && holders.iter().all(|holder| !holder.applies) {
            kept.remove(conflict);
        }
        for holder in holders {
            if holder.applies {
                appliers.insert(holder.manager)
            } else {
                editors.insert(holder.manager)
            };
        }
    }
    // Two releases that take over from each other would never end.
    let other = appliers.iter().find_map(|manager| Release::of_field_manager(manager));
    if kept.is_empty() || (resource.adopt && other.is_none()) {
        editors.extend(appliers);
        return Ok(editors.into_iter().collect());
    }
    let fields = kept.into_iter().cloned().collect::<Vec<_>>().join(", ");
    let who = if appliers.is_empty() { "another manager".to_owned() } else { Vec::from_iter(appliers).join(", ") };
    let fault = contested_by(&who, &fields, resource);
    if let Some(other) = other {
        return Err(fault.remedy(format!(
            "the release {} in namespace {} has taken it over: take the connection out of one of the two",
            other.name, other.namespace
        )));
    }
    Err(fault)
}

/// The fields of a Secret's intent that others apply as `stringData`, with their names.
pub(super) async fn texts(
    api: &Api,
    release: &Release,
    resource: &Resource,
) -> Result<BTreeMap<String, BTreeSet<String>>, Fault> {
    if resource.id.kind != Kind::Secret {
        return Ok(BTreeMap::new());
    }
    let metadata = observed::metadata(api, &resource.id).await?.unwrap_or_default();
    Ok(shared_as_text(&metadata, release, resource))
}

fn shared_as_text(metadata: &ObjectMeta, release: &Release, resource: &Resource) -> BTreeMap<String, BTreeSet<String>> {
    let keys = resource.data_keys();
    let texts = ownership::applied_as_text(metadata, release).into_iter().filter(|(key, _)| keys.contains(key));
    texts.map(|(key, managers)| (format!(".data.{key}"), managers)).collect()
}

/// A fault if others apply one of our keys as `stringData`, and with another value: the API server would let both win in
/// turn. False says: look again.
pub(super) async fn permits(api: &Api, release: &Release, resource: &Resource, keys: &[String]) -> Result<bool, Fault> {
    let ours = resource.data_keys();
    if !keys.iter().any(|key| ours.contains(key)) {
        return Ok(true);
    }
    let Some(differing) = forecast::other_values(api, resource).await? else { return Ok(false) };
    let metadata = observed::metadata(api, &resource.id).await?.unwrap_or_default();
    let held = ownership::applied(&metadata, release);
    let mut contested = shared_as_text(&metadata, release, resource);
    // Nobody is recorded with a key that is new to us, so that its value cannot be compared.
    contested.retain(|field, _| differing.contains(field) || held.iter().all(|path| path != field));
    if contested.is_empty() {
        return Ok(true);
    }
    let who: BTreeSet<String> = contested.values().flatten().cloned().collect();
    let fields: Vec<String> = contested.into_keys().collect();
    Err(contested_by(&Vec::from_iter(who).join(", "), &fields.join(", "), resource))
}

fn contested_by(who: &str, fields: &str, resource: &Resource) -> Fault {
    let cause = format!("{who} applies the same with another value: {fields}; the object was left untouched");
    Fault::of(Code::FieldConflict, &resource.id, cause).remedy(match resource.origin {
        Origin::Values => format!(
            "take the field out of what {who} applies, or out of the connection, then run the same helm upgrade again; \
             adopt: true on the connection takes it over"
        ),
        Origin::Operation => format!(
            "take the field out of what {who} applies, then run the same helm upgrade again; or, if it is a key of data, give \
             the operation again without it"
        ),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::object::ObjectId;

    fn judge(managed: &[Value], conflicts: &[&str], adopt: bool) -> Result<Vec<String>, String> {
        judge_of(Origin::Values, managed, conflicts, adopt)
    }

    fn judge_of(origin: Origin, managed: &[Value], conflicts: &[&str], adopt: bool) -> Result<Vec<String>, String> {
        let resource = Resource {
            id: ObjectId::new(Kind::Secret, "shop", "s"),
            connections: vec!["a".into()],
            body: json!({"data": {"A": "", "B": ""}, "metadata": {"labels": {"team": "x"}}}),
            secrets: Vec::new(),
            origin,
            adopt,
        };
        let metadata: ObjectMeta = serde_json::from_value(json!({"managedFields": managed})).unwrap();
        let conflicts: Vec<String> = conflicts.iter().map(|field| (*field).to_owned()).collect();
        editors(&metadata, &Release::default(), &resource, &conflicts).map_err(|fault| fault.to_string())
    }

    fn entry(manager: &str, operation: &str, key: &str) -> Value {
        json!({"manager": manager, "operation": operation, "fieldsV1": {"f:data": {format!("f:{key}"): {}}}})
    }

    #[test]
    fn what_was_only_edited_may_be_taken_back_and_each_editor_is_told_once() {
        let edits = [entry("kubectl-edit", "Update", "A"), entry("helm", "Update", "B"), entry("helm", "Update", "A")];
        let editors = judge(&edits, &[".data.A", ".data.B"], false);
        assert_eq!(editors, Ok(vec!["helm".to_owned(), "kubectl-edit".to_owned()]));
    }

    #[test]
    fn an_object_without_managed_fields_names_nobody() {
        assert_eq!(judge(&[], &[".data.A"], false), Ok(Vec::new()));
    }

    #[test]
    fn what_somebody_applies_is_not_taken_back_unless_the_connection_adopts() {
        let both = [entry("argocd", "Apply", "A"), entry("kubectl-edit", "Update", "A"), entry("helm", "Update", "B")];
        let refused = judge(&both, &[".data.A", ".data.B"], false);
        assert_eq!(
            refused.unwrap_err(),
            "SCJ2004 Secret shop/s: argocd applies the same with another value: .data.A; the object was left untouched. \
             Remedy: take the field out of what argocd applies, or out of the connection, then run the same helm upgrade \
             again; adopt: true on the connection takes it over"
        );
        let adopted = judge(&both, &[".data.A", ".data.B"], true);
        assert_eq!(adopted, Ok(vec!["argocd".to_owned(), "helm".to_owned(), "kubectl-edit".to_owned()]));
    }

    #[test]
    fn who_gives_an_operation_is_told_of_no_setting_that_it_has_not() {
        let refused = judge_of(Origin::Operation, &[entry("argocd", "Apply", "A")], &[".data.A"], false).unwrap_err();
        let (_, remedy) = refused.split_once(". Remedy: ").unwrap();
        assert_eq!(
            remedy,
            "take the field out of what argocd applies, then run the same helm upgrade again; or, if it is a key of data, give \
             the operation again without it"
        );
    }

    #[test]
    fn another_release_of_the_chart_keeps_its_fields_even_from_a_connection_that_adopts() {
        let other = [entry("sc-job:sys-b:b", "Apply", "A")];
        assert_eq!(
            judge(&other, &[".data.A"], true).unwrap_err(),
            "SCJ2004 Secret shop/s: sc-job:sys-b:b applies the same with another value: .data.A; the object was left \
             untouched. Remedy: the release b in namespace sys-b has taken it over: take the connection out of one of the two"
        );
    }

    #[test]
    fn a_field_of_which_nobody_is_found_is_not_taken_back() {
        let refused = judge(&[entry("helm", "Update", "B")], &[".data.A"], false);
        assert!(
            refused.is_err_and(|told| told.contains(": another manager applies the same with another value: .data.A;"))
        );
    }
}
