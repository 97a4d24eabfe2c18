//! Writing one object, so that nothing of anyone else's is lost: server-side
//! apply without force, with the UID that was seen. Force is used only to take
//! back a field that somebody edited, never one that another manager applies.

use std::collections::BTreeSet;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::Value;

use crate::client::{Api, Applied};
use crate::error::{Code, Fault};
use crate::failure;
use crate::object::ObjectId;
use crate::ownership::{self, State, Version};
use crate::plan::Step;
use crate::refusal;
use crate::release::Release;
use crate::resources::Resource;

/// What became of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// It was not there before.
    Created,
    /// It had other content.
    Changed,
    /// Somebody had edited fields of ours: which, and who.
    Repaired {
        /// The fields, as `.data.PORT`.
        fields: Vec<String>,
        /// Who had edited them.
        managers: Vec<String>,
    },
    /// It was as declared; not a byte was written.
    Unchanged,
}

/// An object that keeps changing is looked at this often before the run gives up on it.
const LOOKS: usize = 4;

/// Applies one step of the plan.
///
/// # Errors
/// The fault of the connections that need the object; the object is untouched.
pub async fn step(api: &Api, release: &Release, step: Step) -> Result<Done, Fault> {
    let Step { mut resource, mut state } = step;
    let id = resource.id.clone();
    for _ in 0..LOOKS {
        let outcome = match &state {
            State::Absent => create(api, release, &resource).await?,
            State::Ours(version) => update(api, release, &mut resource, version).await?,
            State::Foreign(why) => return Err(failure::foreign(&id, why, release)),
        };
        if let Some(done) = outcome {
            return Ok(done);
        }
        let metadata = match api.metadata(&id).await {
            Ok(metadata) => metadata,
            Err(error) => return Err(failure::of(&error, &id, "get", api).await),
        };
        state = State::of(metadata.as_ref(), release);
    }
    Err(Fault::of(
        Code::Unsettled,
        &id,
        format!("it was changed or re-created by somebody else {LOOKS} times while it was being applied"),
    ))
}

/// `None` says: look again.
type Outcome = Result<Option<Done>, Fault>;

async fn create(api: &Api, release: &Release, resource: &Resource) -> Outcome {
    let applied = match api.apply(&resource.id, &release.field_manager(), false, &resource.body).await {
        Ok(applied) => applied,
        // Somebody created it a moment ago, with other values for our fields.
        Err(kube::Error::Api(status)) if status.is_conflict() => return Ok(None),
        Err(error) => return Err(refused(&error, resource, api).await),
    };
    // An earlier try of ours may have been carried out, and its answer lost.
    if applied.created || (applied.retried && ownership::created_by_us(&applied.metadata, release)) {
        return Ok(Some(Done::Created));
    }
    withdraw(api, release, &resource.id, &applied).await?;
    let others = ownership::managers(&applied.metadata).into_iter().filter(|name| *name != release.field_manager());
    let cause = format!(
        "somebody else created it in this very moment ({}); what this run had added to it was taken out again",
        others.collect::<Vec<_>>().join(", ")
    );
    Err(Fault::of(Code::ForeignObject, &resource.id, cause))
}

/// Somebody was faster: an empty apply removes exactly our fields. Without the UID it could create an object.
async fn withdraw(api: &Api, release: &Release, id: &ObjectId, applied: &Applied) -> Result<(), Fault> {
    let empty = serde_json::json!({
        "apiVersion": id.kind.api_version(), "kind": id.kind.as_str(),
        "metadata": {"name": id.name, "namespace": id.namespace, "uid": applied.metadata.uid},
    });
    match api.apply(id, &release.field_manager(), false, &empty).await {
        Ok(_) => Ok(()),
        Err(error) => Err(failure::of_run(&error, &format!("taking out what this run had added to {id}"))
            .unwrap_or_else(|| not_withdrawn(id, &error))),
    }
}

/// A webhook that refuses this may quote the whole object, somebody else's values included: no word of it is told.
fn not_withdrawn(id: &ObjectId, error: &kube::Error) -> Fault {
    let cause = format!(
        "somebody else created it in this very moment, and what this run had added to it could not be taken out again ({})",
        refusal::in_short(error)
    );
    let (what, name, namespace) = (id.kind.plural(), &id.name, &id.namespace);
    Fault::of(Code::ForeignObject, id, cause).remedy(format!(
        "look at it with `kubectl get {what} {name} -n {namespace} -o yaml --show-managed-fields`; if nobody needs it, delete \
         it and run the same helm upgrade again"
    ))
}

async fn update(api: &Api, release: &Release, resource: &mut Resource, seen: &Version) -> Outcome {
    pin(&mut resource.body, "uid", Some(&seen.uid));
    pin(&mut resource.body, "resourceVersion", None);
    match api.apply(&resource.id, &release.field_manager(), false, &resource.body).await {
        Ok(applied) if Version::of(&applied.metadata) == *seen => Ok(Some(Done::Unchanged)),
        Ok(_) => Ok(Some(Done::Changed)),
        Err(error) if !refusal::conflicting_fields(&error).is_empty() => take_back(api, release, resource).await,
        Err(error) if refusal::on_another_object(&error) => {
            pin(&mut resource.body, "uid", None);
            Ok(None)
        }
        Err(error) => Err(refused(&error, resource, api).await),
    }
}

/// Fields of ours were changed. An edit is undone; a manager that applies them would write them again. All is
/// judged on one version of the object: any change in between makes the run look again.
async fn take_back(api: &Api, release: &Release, resource: &mut Resource) -> Outcome {
    let metadata = match api.metadata(&resource.id).await {
        Ok(Some(metadata)) => metadata,
        Ok(None) => return Ok(None),
        Err(error) => return Err(failure::of(&error, &resource.id, "get", api).await),
    };
    let seen = Version::of(&metadata);
    pin(&mut resource.body, "uid", Some(&seen.uid));
    pin(&mut resource.body, "resourceVersion", Some(&seen.resource_version));
    let conflicts = match api.apply(&resource.id, &release.field_manager(), false, &resource.body).await {
        Ok(_) => return Ok(Some(Done::Changed)),
        Err(error) => {
            let fields = refusal::conflicting_fields(&error);
            match fields.is_empty() {
                false => fields,
                true if refusal::on_another_object(&error) => return Ok(None),
                true => return Err(refused(&error, resource, api).await),
            }
        }
    };
    let managers = edited_by(&metadata, release, resource, &conflicts)?;
    match api.apply(&resource.id, &release.field_manager(), true, &resource.body).await {
        Ok(_) => Ok(Some(Done::Repaired { fields: conflicts, managers })),
        Err(error) if refusal::on_another_object(&error) => Ok(None),
        Err(error) => Err(refused(&error, resource, api).await),
    }
}

/// Who has edited the fields in conflict; a fault if one of them is applied by somebody else, or cannot be judged.
fn edited_by(
    metadata: &ObjectMeta,
    release: &Release,
    resource: &Resource,
    conflicts: &[String],
) -> Result<Vec<String>, Fault> {
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
    if kept.is_empty() {
        return Ok(editors.into_iter().collect());
    }
    let fields = kept.into_iter().cloned().collect::<Vec<_>>().join(", ");
    let who = if appliers.is_empty() { "another manager".to_owned() } else { Vec::from_iter(appliers).join(", ") };
    let cause = format!("{who} applies the same with another value: {fields}; the object was left untouched");
    Err(Fault::of(Code::FieldConflict, &resource.id, cause).remedy(format!(
        "take the field out of what {who} applies, or out of the connection, then run the same helm upgrade again"
    )))
}

fn pin(body: &mut Value, key: &str, value: Option<&str>) {
    if let Some(Value::Object(metadata)) = body.get_mut("metadata") {
        match value {
            Some(value) => drop(metadata.insert(key.to_owned(), value.into())),
            None => drop(metadata.remove(key)),
        }
    }
}

/// A refusal in the API server's words. An admission webhook may quote what it was shown, so the values of
/// the object are taken out of them.
async fn refused(error: &kube::Error, resource: &Resource, api: &Api) -> Fault {
    let kube::Error::Api(status) = error else { return failure::of(error, &resource.id, "patch", api).await };
    let mut status = status.clone();
    status.message = resource.without_values(&refusal::in_words(error));
    failure::of(&kube::Error::Api(status), &resource.id, "patch", api).await
}
