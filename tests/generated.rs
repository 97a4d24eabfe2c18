//! Files that are made from the catalogue, the table of errors or the values of the chart, and committed: each must be
//! what that gives.
//! `scripts/generate` writes them anew.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what a test calls is a test too")]

use std::path::Path;
use std::{env, fs};

#[path = "generated/chart_readme.rs"]
mod chart_readme;
#[path = "generated/errors_md.rs"]
mod errors_md;
#[path = "generated/linkers.rs"]
mod linkers;
#[path = "generated/targets_md.rs"]
mod targets_md;
#[path = "generated/values_schema.rs"]
mod values_schema;

/// Compares a file with its generated content, or writes it when `scripts/generate` asks for that.
fn check(file: &str, content: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if env::var_os("SC_JOB_WRITE_GENERATED").is_some() {
        fs::write(&path, content).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == content, "{file} is not what the source gives: run scripts/generate and commit the result");
}

#[test]
fn the_schema_of_the_values_is_the_catalogues() {
    check("chart/values.schema.json", &values_schema::text());
}

#[test]
fn the_charts_table_of_linkers_is_the_catalogues() {
    check("chart/files/linkers.json", &linkers::text());
}

#[test]
fn the_page_of_the_targets_is_the_catalogues() {
    check("docs/targets.md", &targets_md::text());
}

#[test]
fn the_page_of_the_errors_is_the_table_of_codes() {
    check("docs/errors.md", &errors_md::text());
}

#[test]
fn the_readme_of_the_chart_is_the_comments_of_its_values() {
    check("chart/README.md", &chart_readme::text());
}
