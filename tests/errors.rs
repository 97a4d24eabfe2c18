//! Every code of the catalogue, provoked from outside: by input, settings, the answers of an API server, a
//! signal, the limits of the process. A code without a case fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod common;

mod errors {
    pub mod case;
    pub mod cluster;
    pub mod input;
    pub mod operation;
    pub mod permission;
    pub mod program;
    pub mod server;
}

use std::collections::BTreeSet;

use errors::case::{Case, Format};
use errors::{cluster, input, operation, permission, program, server};
use sc_job::error::Code;
use tokio::task::JoinSet;

fn cases() -> Vec<Case> {
    [input::cases(), cluster::cases(), operation::cases(), permission::cases(), server::cases(), program::cases()]
        .concat()
}

#[test]
fn every_code_has_one_case() {
    let cases: Vec<Code> = cases().iter().map(|case| case.code).collect();
    let codes: BTreeSet<Code> = cases.iter().copied().collect();
    assert_eq!(codes, Code::ALL.iter().copied().collect());
    assert_eq!(cases.len(), codes.len());
}

/// At the same time: some take their time until what may pass has not passed.
#[tokio::test]
async fn every_code_is_told_with_its_reason_remedy_and_exit_code_wherever_the_run_tells_it() {
    let mut runs = JoinSet::new();
    for format in [Format::Text, Format::Json] {
        runs.extend(cases().into_iter().map(|case| case.hold(format)));
    }
    let wrong: Vec<String> = runs.join_all().await.into_iter().filter_map(Result::err).collect();
    assert!(wrong.is_empty(), "{} cases:\n\n{}", wrong.len(), wrong.join("\n\n"));
}
