//! kube-score: how the objects would fare in a cluster.

use std::process::Command;

use serde::Deserialize;

use super::exceptions::{Finding, judge};
use super::subjects::{BAD, Subjects};
use crate::common::run_unchecked;

/// The grade of a check that has nothing to say.
const ALL_OK: u8 = 10;

#[derive(Deserialize)]
struct Scored {
    type_meta: TypeMeta,
    object_meta: ObjectMeta,
    checks: Vec<Score>,
}

#[derive(Deserialize)]
struct TypeMeta {
    kind: String,
}

#[derive(Deserialize)]
struct ObjectMeta {
    name: String,
}

#[derive(Deserialize)]
struct Score {
    check: Check,
    grade: u8,
    skipped: bool,
    comments: Option<Vec<Comment>>,
}

#[derive(Deserialize)]
struct Check {
    id: String,
}

#[derive(Deserialize)]
struct Comment {
    summary: String,
}

fn findings(subjects: &Subjects) -> Vec<Finding> {
    let linters = std::env::var("SC_JOB_TEST_LINTERS").expect("SC_JOB_TEST_LINTERS is not set; run scripts/test");
    let mut command = Command::new(format!("{linters}/kube-score"));
    // The oldest version that Chart.yaml admits.
    command.args(["score", "--output-format", "json", "--kubernetes-version", "v1.31"]);
    command.args(["--enable-optional-test", "container-seccomp-profile"]).args(subjects.files());
    let said = run_unchecked(&mut command, None).stdout;
    let objects: Vec<Scored> = serde_json::from_str(&said).unwrap_or_else(|fault| panic!("{fault}: {said}"));
    assert!(!objects.is_empty(), "{said}");
    let of = |object: &Scored| {
        let name = format!("{}/{}", object.type_meta.kind, object.object_meta.name);
        let scores = object.checks.iter().filter(|score| score.grade < ALL_OK && !score.skipped);
        scores.map(|score| finding(&name, score)).collect::<Vec<_>>()
    };
    objects.iter().flat_map(of).collect()
}

fn finding(object: &str, score: &Score) -> Finding {
    let comments = score.comments.iter().flatten().map(|comment| comment.summary.as_str());
    Finding { rule: score.check.id.clone(), object: object.to_owned(), said: comments.collect::<Vec<_>>().join("; ") }
}

#[test]
#[ignore = "needs the linters: scripts/test"]
fn every_object_scores_well() {
    judge("kube-score", &findings(&Subjects::render()));
}

#[test]
#[ignore = "needs the linters: scripts/test"]
fn the_image_and_the_privileges_of_a_bad_job_are_found() {
    let found = findings(&Subjects::of(BAD));
    for rule in ["container-image-tag", "container-resources", "container-security-context-privileged"] {
        assert!(found.iter().any(|finding| finding.rule == rule && finding.object == "Job/bad"), "{rule}: {found:?}");
    }
}
