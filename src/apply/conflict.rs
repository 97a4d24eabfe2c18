//! Who holds the fields that an apply conflicts over, and whether they may be
//! taken back.

use std::collections::BTreeSet;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use crate::error::{Code, Fault};
use crate::ownership;
use crate::release::Release;
use crate::resources::Resource;

/// Who has edited the fields in conflict, nobody if the object has lost its `managedFields`; a fault if one of them is applied by somebody else, or cannot be judged. A
/// connection that takes over what others made takes these too.
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
    let cause = format!("{who} applies the same with another value: {fields}; the object was left untouched");
    let fault = Fault::of(Code::FieldConflict, &resource.id, cause);
    if let Some(other) = other {
        return Err(fault.remedy(format!(
            "the release {} in namespace {} has taken it over: take the connection out of one of the two",
            other.name, other.namespace
        )));
    }
    Err(fault.remedy(format!(
        "take the field out of what {who} applies, or out of the connection, then run the same helm upgrade again; \
         adopt: true on the connection takes it over"
    )))
}
