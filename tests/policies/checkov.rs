//! checkov: its rules for Kubernetes.

use std::process::Command;

use serde::Deserialize;

use super::exceptions::{Finding, judge};
use super::subjects::{BAD, Subjects};
use crate::common::run_unchecked;

#[derive(Deserialize)]
struct Report {
    results: Results,
    summary: Summary,
}

#[derive(Deserialize)]
struct Results {
    failed_checks: Vec<Failed>,
}

#[derive(Deserialize)]
struct Failed {
    check_id: String,
    check_name: String,
    /// `Kind.namespace.name`; a name may have dots too.
    resource: String,
}

#[derive(Deserialize)]
struct Summary {
    resource_count: usize,
    parsing_errors: usize,
}

fn findings(subjects: &Subjects) -> Vec<Finding> {
    let directory = std::env::var("SC_JOB_TEST_CHECKOV").expect("SC_JOB_TEST_CHECKOV is not set; run scripts/test");
    let mut command = Command::new(format!("{directory}/bin/python"));
    command.arg(format!("{directory}/bin/checkov"));
    // Not their folder: it is hidden, and checkov passes over those.
    command.arg("--file").args(subjects.files());
    // Without downloads it asks nobody.
    command.args(["--framework", "kubernetes", "--output", "json", "--compact", "--quiet", "--skip-download"]);
    let said = run_unchecked(command.arg("--soft-fail"), None).expect(0).stdout;
    let report: Report = serde_json::from_str(&said).unwrap_or_else(|fault| panic!("{fault}: {said}"));
    assert_eq!(report.summary.parsing_errors, 0, "{said}");
    assert!(report.summary.resource_count > 0, "{said}");
    report.results.failed_checks.into_iter().map(finding).collect()
}

fn finding(failed: Failed) -> Finding {
    let mut parts = failed.resource.splitn(3, '.');
    let (kind, name) = (parts.next().unwrap(), parts.nth(1).unwrap());
    // To the name of a Job's pod it adds all labels.
    let name = if kind == "Pod" { name.split('.').next().unwrap() } else { name };
    Finding { rule: failed.check_id, object: format!("{kind}/{name}"), said: failed.check_name }
}

#[test]
#[ignore = "needs the linters: scripts/test"]
fn no_object_breaks_a_rule() {
    judge("checkov", &findings(&Subjects::render()));
}

#[test]
#[ignore = "needs the linters: scripts/test"]
fn the_privileges_of_a_bad_job_are_found() {
    let found = findings(&Subjects::of(BAD));
    for rule in ["CKV_K8S_16", "CKV_K8S_19", "CKV_K8S_14"] {
        assert!(found.iter().any(|finding| finding.rule == rule && finding.object == "Job/bad"), "{rule}: {found:?}");
    }
}
