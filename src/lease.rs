//! One writer at a time: the Lease `sc-job` of the release namespace. It is taken
//! and renewed only in the state that was seen: two applies of one field manager
//! would both succeed.

mod watch;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use k8s_openapi::api::coordination::v1;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::MicroTime;
use k8s_openapi::jiff::Timestamp;

use crate::client::Api;
use crate::error::{Code, Fault};
use crate::failure;
use crate::object::{Kind, ObjectId};
use crate::refusal;
use crate::release::Release;
use watch::{TERM, Watch};

/// The name of the Lease. The chart makes it.
pub const NAME: &str = "sc-job";

/// How often it is renewed.
const RENEWAL: Duration = Duration::from_secs(5);

/// How often a Lease that somebody else holds is looked at.
const POLL: Duration = Duration::from_secs(1);

/// A Lease that is held.
pub struct Lease {
    id: ObjectId,
    manager: String,
    holder: String,
    /// The state in which we have left it. `None`: there is none to hold.
    version: RefCell<Option<String>>,
    /// When the last renewal that succeeded was sent.
    renewed: Rc<Cell<Instant>>,
    transitions: i32,
}

impl Lease {
    /// Takes the Lease in the name of `holder`, and waits while somebody else holds it.
    ///
    /// # Errors
    /// A fault of the whole run: the Lease is held for as long as there is time, the right is missing, the API server
    /// cannot be reached.
    pub async fn take(api: &Api, release: &Release, holder: String) -> Result<Self, Fault> {
        let id = ObjectId::new(Kind::Lease, &release.namespace, NAME);
        let mut lease = Self {
            id,
            manager: release.field_manager(),
            holder,
            version: RefCell::default(),
            renewed: Rc::new(Cell::new(Instant::now())),
            transitions: 0,
        };
        let mut watch = Watch::default();
        let mut told = false;
        loop {
            let Some(found) = lease.read(api).await? else {
                tracing::warn!(
                    "{} is not there, so that another run could write at the same time; the next helm upgrade makes it anew",
                    lease.id
                );
                return Ok(lease);
            };
            let version = found.metadata.resource_version.clone().unwrap_or_default();
            let spec = found.spec.unwrap_or_default();
            let other = spec.holder_identity.clone().filter(|other| !other.is_empty() && *other != lease.holder);
            if let Some(other) = other
                && !watch.is_over(&other, &version, Instant::now())
            {
                if !std::mem::replace(&mut told, true) {
                    tracing::info!(
                        "another run is at work ({other}); waiting until it has ended, or has given no sign of life for {} s",
                        TERM.as_secs()
                    );
                }
                lease.wait(api, &other).await?;
                continue;
            }
            lease.transitions = spec.lease_transitions.unwrap_or_default().saturating_add(1);
            if lease.apply(api, &version, true).await? {
                api.fence(lease.renewed.clone());
                return Ok(lease);
            }
        }
    }

    async fn wait(&self, api: &Api, other: &str) -> Result<(), Fault> {
        if api.is_out_of_time() {
            return Err(Fault::of(
                Code::LeaseHeld,
                &self.id,
                format!("it is held by {other}, and was renewed until now"),
            ));
        }
        tokio::time::sleep(POLL).await;
        Ok(())
    }

    async fn read(&self, api: &Api) -> Result<Option<v1::Lease>, Fault> {
        match api.read::<v1::Lease>(&self.id).await {
            Ok(lease) => Ok(Some(lease)),
            Err(kube::Error::Api(status)) if status.is_not_found() => Ok(None),
            Err(error) => Err(failure::of(&error, &self.id, failure::READ, api).await),
        }
    }

    /// Writes the Lease, if it is still in the state that was seen; false if it is not.
    async fn apply(&self, api: &Api, seen: &str, held: bool) -> Result<bool, Fault> {
        let spec = v1::LeaseSpec {
            holder_identity: held.then(|| self.holder.clone()),
            lease_duration_seconds: held.then(|| i32::try_from(TERM.as_secs()).unwrap_or(i32::MAX)),
            renew_time: held.then(|| MicroTime(Timestamp::now())),
            lease_transitions: Some(self.transitions),
            ..v1::LeaseSpec::default()
        };
        let body = serde_json::json!({
            "apiVersion": self.id.kind.api_version(), "kind": self.id.kind.as_str(),
            "metadata": {"name": self.id.name, "namespace": self.id.namespace, "resourceVersion": seen},
            "spec": spec,
        });
        let sent = Instant::now();
        match api.apply(&self.id, &self.manager, true, &body).await {
            Ok(applied) => {
                self.renewed.set(sent);
                self.version.replace(applied.metadata.resource_version);
                Ok(true)
            }
            Err(error) if refusal::on_another_object(&error) => Ok(false),
            Err(error) => Err(failure::of(&error, &self.id, "patch", api).await),
        }
    }

    /// Renews the Lease until it is lost, and tells so.
    pub async fn keep(&self, api: &Api) -> Fault {
        loop {
            tokio::time::sleep(RENEWAL).await;
            if self.version.borrow().is_none() {
                continue;
            }
            if let Some(lost) = self.renew(api).await {
                return lost;
            }
        }
    }

    /// Renews the Lease, however often it takes; tells if it is somebody else's.
    async fn renew(&self, api: &Api) -> Option<Fault> {
        loop {
            let version = self.version.borrow().clone().unwrap_or_default();
            match self.apply(api, &version, true).await {
                Ok(true) => return None,
                Ok(false) => {
                    if let Some(holder) = self.find_holder(api).await {
                        let cause = format!("it is held by {holder} now; this run has stopped writing");
                        return Some(Fault::of(Code::LeaseLost, &self.id, cause));
                    }
                }
                Err(fault) => tracing::warn!("{} could not be renewed: {fault}", self.id),
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Somebody has changed the Lease; tells who holds it. It may have been an earlier try of ours, whose answer was lost.
    async fn find_holder(&self, api: &Api) -> Option<String> {
        let found = self.read(api).await.ok()?;
        let version = found.as_ref().and_then(|lease| lease.metadata.resource_version.clone());
        let holder = found.and_then(|lease| lease.spec?.holder_identity);
        if holder.as_ref() == Some(&self.holder) {
            self.version.replace(version);
            return None;
        }
        Some(holder.unwrap_or_else(|| "nobody".to_owned()))
    }

    /// Gives the Lease back. Failing to do so costs the next run up to 15 s.
    pub async fn release(&self, api: &Api) {
        // A renewal that was cut off may have been carried out.
        for _ in 0..2 {
            let Some(version) = self.version.borrow().clone() else { return };
            match self.apply(api, &version, false).await {
                Ok(false) if self.find_holder(api).await.is_none() => {}
                Ok(_) => break,
                Err(fault) => {
                    tracing::debug!("{} could not be given back: {fault}", self.id);
                    break;
                }
            }
        }
        self.version.take();
    }
}

/// Whether the release is installed, as far as that can be asked: its chart makes the Lease.
pub async fn exists(api: &Api, release: &Release) -> bool {
    api.uid(&ObjectId::new(Kind::Lease, &release.namespace, NAME)).await.is_some()
}
