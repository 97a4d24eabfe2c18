//! The chart, its Job and the pod on a real cluster, with both majors of Helm.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

#[macro_use]
mod common;

mod cluster {
    mod consumers;
    mod demo;
    mod examples;
    mod failure;
    mod flags;
    mod gitops;
    mod granted;
    mod install;
    mod neighbours;
    mod operation;
    mod release;
    mod removal;
    mod resync;
    mod rollback;
    mod samples;
    mod stolen_token;
    mod upgrade;
    mod values;
}
