//! `sc-job targets`: the catalogue for people and for programs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod common;

use common::{run, sc_job};
use serde_json::Value;

mod targets {
    mod agreement;
    mod json;
    mod terminal;
    mod usage;
}

/// What `sc-job targets` prints with these words.
fn shown(words: &[&str]) -> String {
    let outcome = run(sc_job(&["targets"]).args(words), None).expect(0);
    assert_eq!(outcome.stderr, "");
    outcome.stdout
}

fn json(words: &[&str]) -> Value {
    serde_json::from_str(&shown(&[words, &["-o", "json"]].concat())).unwrap()
}

/// The names of all targets.
fn names() -> Vec<String> {
    let list = json(&[]);
    list.as_array().unwrap().iter().map(|entry| entry["name"].as_str().unwrap().to_owned()).collect()
}
