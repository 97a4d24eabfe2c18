//! The binary as a process against a real API server: what it does with an
//! object depends on what it finds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

#[macro_use]
mod common;

mod api {
    mod input;
    mod leftovers;
    mod neighbours;
    mod operation;
    mod operation_marks;
    mod ownership;
    mod preflight;
    mod preview;
    mod record;
    mod recording;
    mod refusals;
    mod removal;
    mod report;
}

use common::kubernetes::Place;
use common::{Outcome, run, sc_job};

/// A run over `values` with a person's rights.
fn apply(place: &Place, values: &str) -> Outcome {
    let input = tempfile::NamedTempFile::with_suffix(".json").unwrap();
    std::fs::write(input.path(), place.fill(values)).unwrap();
    run(sc_job(&[]).env("SC_JOB_INPUT", input.path()).env("SC_JOB_NAMESPACE", &place.system), None)
}

const ONE: &str = "connections: {a: {namespace: SHOP, data: {A: b, C: d}}}";
