//! Faults between the job and a real API server. A proxy of the test's own does
//! to each request what a script says: for each fault the outcome, the exit code
//! and the words are certain, nothing is lost, and nothing is there twice.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod common;
mod proxy;

mod faults {
    mod answers;
    mod latency;
    mod link;
    mod overtaken;
    mod quoting;
    mod restart;
    mod rights;
    mod shop;
    mod signal;
    mod tls;
}
