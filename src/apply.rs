//! Writing one object, so that nothing of anyone else's is lost: server-side
//! apply without force, with the UID that was seen. Force is used only to take
//! back a field that somebody edited, never one that another manager applies,
//! and to take over an object where the values say so.

mod conflict;

use crate::client::{Api, Applied};
use crate::connections::Origin;
use crate::error::{Code, Fault};
use crate::failure;
use crate::forecast;
use crate::object::Kind;
use crate::observed;
use crate::outcome::Done;
use crate::ownership::{self, Memory, Ours, State, Version};
use crate::refusal;
use crate::release::Release;
use crate::resources::Resource;
use crate::withdraw;

/// An object that keeps changing is looked at this often before the run gives up on it.
pub const LOOKS: usize = 4;

/// What became of an object that was applied.
pub struct Written {
    /// In short.
    pub done: Done,
    /// The object's UID: in a rehearsal it may not exist yet.
    pub uid: Option<String>,
    /// Whether it bears the mark of an object that was taken over.
    pub adopted: bool,
}

/// Applies one object, which was found in this state.
///
/// # Errors
/// The fault of the connections that need the object; the object is untouched.
pub async fn object(
    api: &Api,
    release: &Release,
    mut resource: Resource,
    mut state: State,
    memory: Option<&Memory>,
) -> Result<Written, Fault> {
    let id = resource.id.clone();
    for _ in 0..LOOKS {
        let adopted = match &state {
            State::Ours(ours) => ours.adopted,
            State::Foreign(..) => resource.adopt,
            State::Absent | State::Terminating => false,
        };
        resource.mark(adopted);
        let outcome = match &state {
            State::Absent => create(api, release, &mut resource).await?,
            State::Ours(ours) => update(api, release, &mut resource, ours).await?,
            State::Foreign(why, version) if resource.adopt => {
                adopt(api, release, &mut resource, version, why.managers()).await?
            }
            State::Foreign(why, _) => return Err(failure::foreign(&id, resource.origin, why, release)),
            State::Terminating => return Err(failure::terminating(&id)),
        };
        if let Some((done, uid)) = outcome {
            return Ok(Written { done, uid, adopted });
        }
        let metadata = observed::metadata(api, &id).await?;
        state = State::of(metadata.as_ref(), memory, release);
    }
    Err(Fault::of(
        Code::Unsettled,
        &id,
        format!("it was changed or re-created by somebody else {LOOKS} times while it was being applied"),
    ))
}

/// What was done, and to which object. `None` says: look again.
type Outcome = Result<Option<(Done, Option<String>)>, Fault>;

async fn create(api: &Api, release: &Release, resource: &mut Resource) -> Outcome {
    resource.pin(None, None);
    let applied = match api.apply(&resource.id, &release.field_manager(), false, &resource.body).await {
        Ok(applied) => applied,
        // Somebody created it a moment ago, with other values for our fields.
        Err(kube::Error::Api(status)) if status.is_conflict() => return Ok(None),
        Err(error) => return Err(refused(&error, resource, api).await),
    };
    // An earlier try of ours may have been carried out, and its answer lost.
    if applied.created || (applied.retried && ownership::created_by_us(&applied.metadata, release)) {
        return Ok(Some((Done::Created, applied.metadata.uid)));
    }
    // A namespace that somebody made a moment ago is as good as one of ours.
    if resource.id.kind == Kind::Namespace {
        return Ok(Some((Done::Unchanged, applied.metadata.uid)));
    }
    let mut others = ownership::managers(&applied.metadata);
    others.retain(|name| *name != release.field_manager());
    // Another run of ours: to take out our fields would be to take out its.
    if others.is_empty() {
        return Ok(None);
    }
    take_out(api, release, resource, applied).await?;
    // It is taken over as it is now, so that the mark, and what is told, are those of an adoption.
    if resource.adopt {
        return Ok(None);
    }
    Err(failure::overtaken(&resource.id, resource.origin, &others))
}

/// Somebody was faster: our fields are taken out again, of the object as it is by then.
async fn take_out(api: &Api, release: &Release, resource: &Resource, applied: Applied) -> Result<(), Fault> {
    let id = &resource.id;
    let mut seen = applied.metadata;
    for _ in 0..LOOKS {
        match withdraw::from(api, release, id, &seen).await {
            Ok(()) => return Ok(()),
            Err(error) if refusal::on_another_object(&error) => {}
            Err(error) => {
                return Err(failure::of_run(&error, &format!("taking out what this run had added to {id}"))
                    .unwrap_or_else(|| failure::not_withdrawn(id, &error)));
            }
        }
        match observed::metadata(api, id).await? {
            Some(now) if now.uid == seen.uid => seen = now,
            // What this run had added to is gone.
            _ => return Ok(()),
        }
    }
    Err(Fault::of(Code::Unsettled, id, "somebody else created it in this very moment and keeps changing it"))
}

async fn update(api: &Api, release: &Release, resource: &mut Resource, seen: &Ours) -> Outcome {
    resource.pin(Some(&seen.version.uid), None);
    if !seen.texts.is_empty() && !resource.adopt && !conflict::permits(api, release, resource, &seen.texts).await? {
        return Ok(None);
    }
    match api.apply(&resource.id, &release.field_manager(), false, &resource.body).await {
        Ok(applied) => {
            Ok(Some((changed(api, release, resource, &applied, &seen.version).await?, applied.metadata.uid)))
        }
        Err(error) if !refusal::conflicting_fields(&error).is_empty() => take_back(api, release, resource, seen).await,
        Err(error) if refusal::on_another_object(&error) => Ok(None),
        Err(error) => Err(refused(&error, resource, api).await),
    }
}

/// Whether an apply without a conflict has changed anything. After a dry run the version is what it was, and the fields
/// tell.
async fn changed(
    api: &Api,
    release: &Release,
    resource: &Resource,
    applied: &Applied,
    seen: &Version,
) -> Result<Done, Fault> {
    if api.is_rehearsal() {
        let fields = Vec::from_iter(forecast::differences(api, release, resource).await?);
        return Ok(if fields.is_empty() { Done::Unchanged } else { Done::Changed { fields } });
    }
    let unchanged = Version::of(&applied.metadata) == *seen;
    Ok(if unchanged { Done::Unchanged } else { Done::Changed { fields: Vec::new() } })
}

/// Fields of ours were changed. An edit is undone; a manager that applies them would write them again. All is
/// judged on one version of the object: any change in between makes the run look again.
async fn take_back(api: &Api, release: &Release, resource: &mut Resource, ours: &Ours) -> Outcome {
    let Some(metadata) = observed::metadata(api, &resource.id).await? else { return Ok(None) };
    let seen = Version::of(&metadata);
    // Under its name there may be somebody else's by now.
    if seen.uid != ours.version.uid {
        return Ok(None);
    }
    resource.pin(Some(&seen.uid), Some(&seen.resource_version));
    let fields = match api.apply(&resource.id, &release.field_manager(), false, &resource.body).await {
        Ok(applied) => {
            let done = changed(api, release, resource, &applied, &seen).await?;
            return Ok(Some((done, applied.metadata.uid)));
        }
        Err(error) => {
            let fields = refusal::conflicting_fields(&error);
            match fields.is_empty() {
                false => fields,
                true if refusal::on_another_object(&error) => return Ok(None),
                true => return Err(refused(&error, resource, api).await),
            }
        }
    };
    let managers = conflict::editors(&metadata, release, resource, &fields)?;
    forced(api, release, resource, Done::Repaired { fields, managers }).await
}

/// Without force first: the conflicts tell what is going to be replaced.
async fn adopt(api: &Api, release: &Release, resource: &mut Resource, seen: &Version, managers: &[String]) -> Outcome {
    resource.pin(Some(&seen.uid), Some(&seen.resource_version));
    let texts = conflict::texts(api, release, resource).await?;
    let adopted = |fields: Vec<String>| Done::Adopted {
        fields: texts.into_keys().chain(fields).collect(),
        managers: managers.to_vec(),
    };
    match api.apply(&resource.id, &release.field_manager(), false, &resource.body).await {
        Ok(applied) => Ok(Some((adopted(Vec::new()), applied.metadata.uid))),
        Err(error) => match refusal::conflicting_fields(&error) {
            fields if !fields.is_empty() => forced(api, release, resource, adopted(fields)).await,
            _ if refusal::on_another_object(&error) => Ok(None),
            _ => Err(refused(&error, resource, api).await),
        },
    }
}

async fn forced(api: &Api, release: &Release, resource: &Resource, done: Done) -> Outcome {
    match api.apply(&resource.id, &release.field_manager(), true, &resource.body).await {
        Ok(applied) => Ok(Some((done, applied.metadata.uid))),
        Err(error) if refusal::on_another_object(&error) => Ok(None),
        Err(error) => Err(refused(&error, resource, api).await),
    }
}

/// A refusal in the API server's words. An admission webhook may quote what it was shown, so the values of
/// the object are taken out of them, where all are known.
pub async fn refused(error: &kube::Error, resource: &Resource, api: &Api) -> Fault {
    // Its entries come as they are to be written: which part of a connection string is the password is not said.
    if resource.origin == Origin::Operation {
        return failure::of_unseen(error, &resource.id, "patch", api).await;
    }
    let kube::Error::Api(status) = error else { return failure::of(error, &resource.id, "patch", api).await };
    let mut status = status.clone();
    status.message = resource.without_values(&refusal::in_words(error));
    failure::of(&kube::Error::Api(status), &resource.id, "patch", api).await
}
