//! Requests to the API server: one time-out for each, retries for what passes,
//! and answers as metadata only, so that no value of an existing object ever
//! travels to the job.

mod connect;
mod fence;
mod questions;
mod sending;

use std::cell::RefCell;
use std::time::Duration;

use http::{HeaderValue, StatusCode};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::api::{DeleteParams, GetParams, Patch, PatchParams, PostParams, Preconditions};
use kube::core::Request;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};

use crate::object::ObjectId;
use crate::ownership::Version;
use crate::refusal;
use crate::retry::Budget;
use fence::Fence;

pub use questions::{Namespace, Rights};

/// The API server, as a run uses it.
pub struct Api {
    client: kube::Client,
    timeout: Duration,
    budget: Budget,
    rbac_create: bool,
    rehearsal: bool,
    fence: Fence,
    last_failure: RefCell<Option<String>>,
}

/// The answer to an apply.
pub struct Applied {
    /// 201: the object did not exist before.
    pub created: bool,
    /// An earlier try went without an answer of its own, and may have been carried out.
    pub retried: bool,
    /// The object's metadata after the apply.
    pub metadata: ObjectMeta,
}

/// The form of an answer without what an object holds.
const METADATA: HeaderValue = HeaderValue::from_static("application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");

#[derive(Deserialize)]
struct Partial {
    metadata: ObjectMeta,
}

/// What became of a deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deleted {
    /// The object is gone.
    Now,
    /// It goes when the last finalizer does.
    Later,
    /// It was gone already.
    Before,
}

impl Api {
    /// The same API server, in which every write is a dry run: it is judged like a real one and not carried out.
    #[must_use]
    pub fn rehearsing(mut self) -> Self {
        self.rehearsal = true;
        self
    }

    /// Whether every write is a dry run.
    #[must_use]
    pub fn is_rehearsal(&self) -> bool {
        self.rehearsal
    }

    /// The metadata of an object, or `None` if there is no such object.
    ///
    /// # Errors
    /// What the last try answered.
    pub async fn metadata(&self, id: &ObjectId) -> Result<Option<ObjectMeta>, kube::Error> {
        let request = Request::new(id.collection()).get_metadata(&id.name, &GetParams::default());
        match self.send::<Partial>(request.map_err(kube::Error::BuildRequest)?).await {
            Ok(answer) => Ok(Some(answer.body.metadata)),
            Err(kube::Error::Api(status)) if status.is_not_found() && !refusal::by_unknown_kind(&status, id) => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Applies `body`, server-side. The answer is metadata only.
    ///
    /// # Errors
    /// What the last try answered.
    pub async fn apply(
        &self,
        id: &ObjectId,
        manager: &str,
        force: bool,
        body: &serde_json::Value,
    ) -> Result<Applied, kube::Error> {
        let answer = self.send::<Partial>(Self::patch(id, manager, force, self.rehearsal, body)?).await?;
        Ok(Applied {
            created: answer.code == StatusCode::CREATED,
            retried: answer.retried,
            metadata: answer.body.metadata,
        })
    }

    /// Applies what the run can do without, with force: a right that is missing is not waited for.
    ///
    /// # Errors
    /// What the last try answered.
    pub async fn note(
        &self,
        id: &ObjectId,
        manager: &str,
        body: &serde_json::Value,
    ) -> Result<ObjectMeta, kube::Error> {
        Ok(self.ask::<Partial>(Self::patch(id, manager, true, self.rehearsal, body)?).await?.metadata)
    }

    /// Reads a whole object of the release namespace that a connection refers to.
    ///
    /// # Errors
    /// What the last try answered.
    pub async fn read<T: DeserializeOwned>(&self, id: &ObjectId) -> Result<T, kube::Error> {
        let request = Request::new(id.collection()).get(&id.name, &GetParams::default());
        Ok(self.send(request.map_err(kube::Error::BuildRequest)?).await?.body)
    }

    /// Creates an object under the name that it bears. One that is there already is an earlier try of ours.
    ///
    /// # Errors
    /// What the last try answered.
    pub async fn create(&self, collection: &str, body: &impl Serialize) -> Result<(), kube::Error> {
        let body = serde_json::to_vec(body).map_err(kube::Error::SerdeError)?;
        let request = Request::new(collection).create(&PostParams::default(), body);
        match self.ask::<IgnoredAny>(request.map_err(kube::Error::BuildRequest)?).await {
            Ok(_) => Ok(()),
            Err(kube::Error::Api(status)) if status.is_already_exists() => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Deletes the object that was seen, in the state that was seen.
    ///
    /// # Errors
    /// What the last try answered; 409 if it is another object or in another state by now.
    pub async fn delete(&self, id: &ObjectId, seen: &Version) -> Result<Deleted, kube::Error> {
        let preconditions =
            Preconditions { uid: Some(seen.uid.clone()), resource_version: Some(seen.resource_version.clone()) };
        let params =
            DeleteParams { dry_run: self.rehearsal, preconditions: Some(preconditions), ..DeleteParams::default() };
        let mut request = Request::new(id.collection()).delete(&id.name, &params).map_err(kube::Error::BuildRequest)?;
        // What a finalizer holds back is answered with all that is in it.
        request.headers_mut().insert(http::header::ACCEPT, METADATA);
        match self.send_telling::<Partial>(request).await {
            (Ok((_, Partial { metadata })), _) if metadata.deletion_timestamp.is_some() && !self.rehearsal => {
                Ok(Deleted::Later)
            }
            (Ok(_), _) => Ok(Deleted::Now),
            // An earlier try may have been carried out, and its answer lost.
            (Err(kube::Error::Api(status)), true) if status.is_not_found() => Ok(Deleted::Now),
            (Err(kube::Error::Api(status)), false) if status.is_not_found() => Ok(Deleted::Before),
            (Err(error), _) => Err(error),
        }
    }

    /// Applies `body` without force and without carrying it out.
    ///
    /// # Errors
    /// What the last try answered.
    pub async fn try_apply(&self, id: &ObjectId, manager: &str, body: &serde_json::Value) -> Result<(), kube::Error> {
        self.send::<IgnoredAny>(Self::patch(id, manager, false, true, body)?).await.map(|_| ())
    }

    /// Changes what `body` names, and takes out what is `null` there.
    ///
    /// # Errors
    /// What the last try answered.
    pub async fn merge(&self, id: &ObjectId, manager: &str, body: &serde_json::Value) -> Result<(), kube::Error> {
        let mut params = PatchParams { field_manager: Some(manager.to_owned()), ..PatchParams::default() };
        params.dry_run = self.rehearsal;
        let request = Request::new(id.collection()).patch_metadata(&id.name, &params, &Patch::Merge(body));
        self.send::<IgnoredAny>(request.map_err(kube::Error::BuildRequest)?).await.map(|_| ())
    }

    fn patch(
        id: &ObjectId,
        manager: &str,
        force: bool,
        dry_run: bool,
        body: &serde_json::Value,
    ) -> Result<http::Request<Vec<u8>>, kube::Error> {
        let mut params = PatchParams::apply(manager).validation_strict();
        params.force = force;
        params.dry_run = dry_run;
        let request = Request::new(id.collection()).patch_metadata(&id.name, &params, &Patch::Apply(body));
        request.map_err(kube::Error::BuildRequest)
    }

    /// Whether there is no time left for another request.
    #[must_use]
    pub fn is_out_of_time(&self) -> bool {
        self.budget.is_spent()
    }

    /// Whether the chart grants our rights; else a person does.
    #[must_use]
    pub fn rbac_create(&self) -> bool {
        self.rbac_create
    }

    /// The last failure that was tried again, in words.
    #[must_use]
    pub fn last_failure(&self) -> Option<String> {
        self.last_failure.borrow().clone()
    }
}
