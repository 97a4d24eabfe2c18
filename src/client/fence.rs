//! Writes wait while it is not certain that this run still holds the Lease: another
//! one may have taken it over.

use std::cell::{Cell, OnceCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use http::Method;

use super::Api;
use crate::retry::Budget;

/// Another run is at work at the earliest 15 s after the last renewal; a request that is under way by then has 3 s.
const CERTAIN: Duration = Duration::from_secs(12);

/// How often it is looked whether the Lease was renewed.
const POLL: Duration = Duration::from_millis(100);

/// When the Lease was last renewed. Not set: there is none to hold.
#[derive(Default)]
pub(super) struct Fence(OnceCell<Rc<Cell<Instant>>>);

#[derive(Debug, thiserror::Error)]
#[error("the Lease could not be renewed, so that nothing was written")]
struct NotRenewed;

impl Api {
    /// Lets writes pass only while the Lease was renewed a short time ago.
    pub fn fence(&self, renewed: Rc<Cell<Instant>>) {
        // One run takes the Lease once.
        let _ = self.fence.0.set(renewed);
    }
}

impl Fence {
    /// Waits until `request` may be sent, as long as there is time.
    pub(super) async fn pass(&self, request: &http::Request<Vec<u8>>, budget: &Budget) -> Result<(), kube::Error> {
        let Some(renewed) = self.0.get().filter(|_| writes(request)) else { return Ok(()) };
        while renewed.get().elapsed() >= CERTAIN {
            if budget.is_spent() {
                return Err(kube::Error::Service(Box::new(NotRenewed)));
            }
            tokio::time::sleep(POLL).await;
        }
        Ok(())
    }
}

/// The Lease itself and Events are of this run, whoever else is at work; a question is a POST too.
fn writes(request: &http::Request<Vec<u8>>) -> bool {
    [Method::PATCH, Method::DELETE].contains(request.method()) && !request.uri().path().contains("/leases/")
}
