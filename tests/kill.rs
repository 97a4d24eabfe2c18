//! Runs that are killed: at each request of a run in turn, before the API server
//! gets it, and after it has carried it out. The next run, undisturbed, leaves
//! everything as if nothing had happened, and what others have is never touched.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod common;
mod proxy;

mod kill {
    mod abandoned;
    mod chapter;
    mod life;
    mod operations;
    mod replay;
    mod scope_cluster;
    mod scope_objects;
    mod snapshot;
    mod stroke;
    mod tally;
}
