//! Writing one object, so that nothing of anyone else's is lost: server-side
//! apply without force, with the UID that was seen. Force is used only to take
//! back a field that somebody edited, never one that another manager applies.

use serde_json::Value;

use crate::client::{Api, Applied, describe};
use crate::error::{Code, Fault};
use crate::failure;
use crate::object::ObjectId;
use crate::ownership::{self, State, Version};
use crate::plan::{Step, foreign};
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
            State::Foreign(managers) => return Err(foreign(&id, managers)),
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
    // 200 with nobody but us in it is the answer to a retry of our own request.
    if applied.created || ownership::only_ours(&applied.metadata, release) {
        return Ok(Some(Done::Created));
    }
    withdraw(api, release, &resource.id, &applied).await?;
    let others = ownership::managers(&applied.metadata).into_iter().filter(|name| *name != release.field_manager());
    Err(foreign(&resource.id, &others.collect::<Vec<_>>()))
}

/// Somebody was faster: an empty apply removes exactly our fields. Without the UID it could create an object.
async fn withdraw(api: &Api, release: &Release, id: &ObjectId, applied: &Applied) -> Result<(), Fault> {
    let empty = serde_json::json!({
        "apiVersion": "v1", "kind": id.kind.as_str(),
        "metadata": {"name": id.name, "namespace": id.namespace, "uid": applied.metadata.uid},
    });
    match api.apply(id, &release.field_manager(), false, &empty).await {
        Ok(_) => Ok(()),
        Err(error) => Err(failure::of(&error, id, "patch", api).await),
    }
}

async fn update(api: &Api, release: &Release, resource: &mut Resource, seen: &Version) -> Outcome {
    pin(&mut resource.body, "uid", Some(&seen.uid));
    pin(&mut resource.body, "resourceVersion", None);
    match api.apply(&resource.id, &release.field_manager(), false, &resource.body).await {
        Ok(applied) if Version::of(&applied.metadata) == *seen => Ok(Some(Done::Unchanged)),
        Ok(_) => Ok(Some(Done::Changed)),
        Err(error) => {
            let fields = conflicts(&error);
            if !fields.is_empty() {
                return take_back(api, release, resource, &fields).await;
            }
            if replaced(&error) {
                pin(&mut resource.body, "uid", None);
                return Ok(None);
            }
            Err(refused(&error, resource, api).await)
        }
    }
}

/// Fields of ours were changed. An edit is undone; a manager that applies them would write them again.
async fn take_back(api: &Api, release: &Release, resource: &mut Resource, conflicts: &[String]) -> Outcome {
    let metadata = match api.metadata(&resource.id).await {
        Ok(Some(metadata)) => metadata,
        Ok(None) => return Ok(None),
        Err(error) => return Err(failure::of(&error, &resource.id, "get", api).await),
    };
    let mut fields = Vec::new();
    let mut holders = Vec::new();
    for (field, steps) in resource.fields().filter(|(field, _)| conflicts.contains(field)) {
        holders.extend(ownership::holders(&metadata, &steps, release));
        fields.push(field);
    }
    holders.sort();
    holders.dedup();
    if fields.len() != conflicts.len() || holders.is_empty() || holders.iter().any(|holder| holder.applies) {
        let names: Vec<_> =
            holders.iter().filter(|holder| holder.applies).map(|holder| holder.manager.as_str()).collect();
        let who = if names.is_empty() { "another manager".to_owned() } else { names.join(", ") };
        let cause = format!(
            "{} is also applied by {who}, with another value; the object was left untouched",
            conflicts.join(", ")
        );
        return Err(Fault::of(Code::FieldConflict, &resource.id, cause).remedy(format!(
            "take the field out of what {who} applies, or out of the connection, then run the same helm upgrade again"
        )));
    }
    let seen = Version::of(&metadata);
    pin(&mut resource.body, "uid", Some(&seen.uid));
    pin(&mut resource.body, "resourceVersion", Some(&seen.resource_version));
    match api.apply(&resource.id, &release.field_manager(), true, &resource.body).await {
        Ok(_) => {
            Ok(Some(Done::Repaired { fields, managers: holders.into_iter().map(|holder| holder.manager).collect() }))
        }
        Err(error) if replaced(&error) => Ok(None),
        Err(error) => Err(refused(&error, resource, api).await),
    }
}

fn pin(body: &mut Value, key: &str, value: Option<&str>) {
    if let Some(Value::Object(metadata)) = body.get_mut("metadata") {
        match value {
            Some(value) => drop(metadata.insert(key.to_owned(), value.into())),
            None => drop(metadata.remove(key)),
        }
    }
}

/// The fields that another manager holds, as the API server names them.
fn conflicts(error: &kube::Error) -> Vec<String> {
    let kube::Error::Api(status) = error else { return Vec::new() };
    let causes = status.details.iter().flat_map(|details| &details.causes);
    let mut fields: Vec<String> =
        causes.filter(|cause| cause.reason == "FieldManagerConflict").map(|cause| cause.field.clone()).collect();
    fields.sort();
    fields.dedup();
    fields
}

/// The object is another one than was seen: 409 when it has vanished or changed, 422 on `metadata.uid` when it was re-created.
fn replaced(error: &kube::Error) -> bool {
    let kube::Error::Api(status) = error else { return false };
    let on_uid = status.details.iter().flat_map(|details| &details.causes).any(|cause| cause.field == "metadata.uid");
    status.code == 409 || (status.code == 422 && on_uid)
}

/// A refusal in the API server's words. An admission webhook may quote what it was shown, so the values of
/// the object are taken out of them.
async fn refused(error: &kube::Error, resource: &Resource, api: &Api) -> Fault {
    let kube::Error::Api(status) = error else { return failure::of(error, &resource.id, "patch", api).await };
    let mut status = status.clone();
    status.message = resource.without_values(&describe(error));
    failure::of(&kube::Error::Api(status), &resource.id, "patch", api).await
}
