//! `sc-job explain`: what codes mean, for people and for programs, and that pages and program name the same codes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod common;

use common::{run, sc_job};
use serde_json::Value;

mod explain {
    mod json;
    mod pages;
    mod terminal;
    mod usage;
}

/// What `sc-job explain` prints with these words.
fn shown(words: &[&str]) -> String {
    let outcome = run(sc_job(&["explain"]).args(words), None).expect(0);
    assert_eq!(outcome.stderr, "");
    outcome.stdout
}

fn json(words: &[&str]) -> Value {
    serde_json::from_str(&shown(&[words, &["-o", "json"]].concat())).unwrap()
}
