//! Removing one object that is not wanted any more, so that nothing of anyone
//! else's goes with it: deleted is what is ours alone, in the very state that was
//! judged; of everything else only our own fields are taken out.

mod fate;

use crate::apply::LOOKS;
use crate::client::{Api, Deleted};
use crate::error::{Code, Fault};
use crate::failure;
use crate::object::ObjectId;
use crate::observed;
use crate::outcome::Done;
use crate::ownership::{Memory, Version};
use crate::refusal;
use crate::release::Release;
use crate::withdraw;

pub use fate::{Doubt, Fate};

/// One object to remove.
pub struct Removal {
    /// The object.
    pub id: ObjectId,
    /// The connections that it was made for.
    pub connections: Vec<String>,
    /// What is to become of it.
    pub fate: Fate,
    /// What the inventory remembers of it.
    pub memory: Option<Memory>,
}

/// Carries out one removal.
///
/// # Errors
/// The fault of the connections that the object was made for.
pub async fn step(api: &Api, release: &Release, removal: Removal) -> Result<Done, Fault> {
    let Removal { id, mut fate, memory, .. } = removal;
    let planned = fate.uid().map(str::to_owned);
    for _ in 0..LOOKS {
        let refused = match fate {
            Fate::Gone => return Ok(Done::Absent),
            Fate::Leaving => return Ok(Done::Leaving { already: true }),
            Fate::Unproven(doubt) => return Err(failure::unproven(&id, doubt, release)),
            Fate::Spared => return Ok(Done::Spared),
            Fate::Retained(reason) => return Ok(Done::Retained(reason)),
            Fate::Deleted(version) => match api.delete(&id, &version).await {
                Ok(Deleted::Now) => return Ok(Done::Deleted),
                Ok(Deleted::Later) => return Ok(Done::Leaving { already: false }),
                Ok(Deleted::Before) => return Ok(Done::Absent),
                Err(error) if refusal::on_another_object(&error) => None,
                Err(error) => Some(failure::of_unseen(&error, &id, "delete", api).await),
            },
            Fate::Withdrawn(version, kept) => {
                let seen = observed::metadata(api, &id).await?.filter(|found| Version::of(found) == version);
                let taken_out = match &seen {
                    Some(seen) => withdraw::from(api, release, &id, seen).await.map(Some),
                    None => Ok(None),
                };
                match taken_out {
                    Ok(Some(())) => return Ok(Done::Withdrawn(kept)),
                    Ok(None) => None,
                    Err(error) if refusal::on_another_object(&error) => None,
                    // The refusal may quote what others have in the object.
                    Err(error) => Some(
                        failure::of_run(&error, &format!("taking our fields out of {id}"))
                            .unwrap_or_else(|| failure::fields_left(&id, &error)),
                    ),
                }
            }
        };
        if let Some(fault) = refused {
            return Err(fault);
        }
        let metadata = observed::metadata(api, &id).await?;
        fate = Fate::of(&id, metadata.as_ref(), memory.as_ref(), release);
        // Somebody has made another one since: it is none of what was to go.
        if fate.uid().is_some_and(|uid| planned.as_deref().is_some_and(|planned| planned != uid)) {
            return Ok(Done::Absent);
        }
    }
    Err(Fault::of(
        Code::Unsettled,
        &id,
        format!("it was changed or re-created by somebody else {LOOKS} times while it was being removed"),
    ))
}
