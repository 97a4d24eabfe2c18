//! The stroke that ends a run: at one of its requests, counted from its start.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

use crate::proxy::fault::Fault;

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
    come: Notify,
}

impl Stroke {
    pub fn at(moment: Moment) -> Arc<Self> {
        let chosen = AtomicUsize::new(usize::MAX);
        Arc::new(Self { moment, chosen, asked: AtomicUsize::default(), come: Notify::new() })
    }

    /// Chooses the request of the next run: 1 is its first one.
    pub fn arm(&self, chosen: usize) {
        self.chosen.store(chosen, Ordering::SeqCst);
        self.asked.store(0, Ordering::SeqCst);
    }

    /// Waits until the chosen request has come.
    pub async fn has_come(&self) {
        self.come.notified().await;
    }

    /// How many requests have come.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// What becomes of the next request.
    pub fn fall(&self) -> Fault {
        let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        let chosen = self.chosen.load(Ordering::SeqCst);
        if number == chosen {
            self.come.notify_one();
        }
        match self.moment {
            _ if number < chosen => Fault::None,
            Moment::After if number == chosen => Fault::Silence(Some(Duration::ZERO)),
            Moment::Before | Moment::After => Fault::Silence(None),
        }
    }
}
