//! `sc-job render`: the objects that a values file stands for.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod common;

use common::{run, run_unchecked, sc_job};
use serde_json::Value;

mod render {
    mod faults;
    mod fields;
    mod files;
    mod judges;
    mod limits;
    mod objects;
    mod operation;
    mod usage;
    mod values;
    mod variables;
    mod vault;
}

/// The objects that are rendered with `--show-secrets`.
fn objects(values: &str) -> Vec<Value> {
    let shown = run_unchecked(&mut sc_job(&["render", "-f", "-", "--show-secrets"]), Some(values)).expect(0);
    let documents = shown.stdout.split("---\n").filter(|text| !text.is_empty());
    documents.map(|text| serde_yaml::from_str(text).unwrap()).collect()
}

/// The faults with which values are refused, without their log level.
fn faults(values: &str) -> Vec<String> {
    let refused = run(&mut sc_job(&["render", "-f", "-"]), Some(values)).expect(78);
    assert_eq!(refused.stdout, "");
    refused.stderr.lines().map(|line| line.trim().trim_start_matches("ERROR").trim().to_owned()).collect()
}
