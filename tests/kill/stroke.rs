//! The stroke that ends a run: at one of its requests, counted from its start.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use http::Method;
use tokio::sync::Notify;

use crate::proxy::fault::{Asked, Fault};

/// How far the request has come when the run is killed.
#[derive(Clone, Copy, Debug)]
pub enum Moment {
    /// The API server has not got it.
    Before,
    /// The API server has carried it out, and the run does not hear of it.
    After,
}

/// Counts the requests of a run, and lets nothing through from the chosen one on.
pub struct Stroke {
    moment: Moment,
    chosen: AtomicUsize,
    asked: AtomicUsize,
    holds_lease: AtomicBool,
    come: Notify,
}

impl Stroke {
    pub fn at(moment: Moment) -> Arc<Self> {
        let chosen = AtomicUsize::new(usize::MAX);
        Arc::new(Self {
            moment,
            chosen,
            asked: AtomicUsize::default(),
            holds_lease: AtomicBool::default(),
            come: Notify::new(),
        })
    }

    /// Chooses the request of the next run: 1 is its first one.
    pub fn arm(&self, chosen: usize) {
        self.chosen.store(chosen, Ordering::SeqCst);
        self.asked.store(0, Ordering::SeqCst);
        self.holds_lease.store(false, Ordering::SeqCst);
    }

    /// Waits until the chosen request has come.
    pub async fn has_come(&self) {
        self.come.notified().await;
    }

    /// How many requests have come.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// What becomes of the next request. A Lease that is renewed, by a run that takes long on a busy machine, does not count.
    pub fn fall(&self, asked: &Asked) -> Fault {
        let holds = asked.method == Method::PATCH
            && asked.path.contains("/leases/sc-job")
            && String::from_utf8_lossy(&asked.body).contains("holderIdentity");
        let renews = holds && self.holds_lease.swap(true, Ordering::SeqCst);
        let number = self.asked.fetch_add(usize::from(!renews), Ordering::SeqCst) + usize::from(!renews);
        let chosen = self.chosen.load(Ordering::SeqCst);
        if number == chosen && !renews {
            self.come.notify_one();
        }
        match self.moment {
            _ if number < chosen => Fault::None,
            Moment::After if number == chosen && !renews => Fault::Silence(Some(Duration::ZERO)),
            Moment::Before | Moment::After => Fault::Silence(None),
        }
    }
}
