//! kubeconform: the objects against the schemas of Kubernetes' own document, in which an unknown field is a fault.

use std::process::Command;

use serde_json::Value;

use super::exceptions::{Finding, judge};
use super::subjects::{BAD, Subjects};
use crate::common::run_unchecked;

/// Each object that its schema refuses, and each without a schema.
pub fn findings(subjects: &Subjects) -> Vec<Finding> {
    let linters = std::env::var("SC_JOB_TEST_LINTERS").expect("SC_JOB_TEST_LINTERS is not set; run scripts/test");
    let schemas = format!("{linters}/schemas/{{{{ .ResourceKind }}}}{{{{ .KindSuffix }}}}.json");
    let mut command = Command::new(format!("{linters}/kubeconform"));
    command.args(["-strict", "-verbose", "-output", "json", "-schema-location", &schemas]).arg(subjects.folder());
    let said = run_unchecked(&mut command, None).stdout;
    let report: Value = serde_json::from_str(&said).unwrap_or_else(|fault| panic!("{fault}: {said}"));
    let judged = report["resources"].as_array().unwrap();
    assert_eq!(judged.len(), subjects.objects().len(), "{said}");
    let invalid = judged.iter().filter(|object| object["status"] != "statusValid");
    invalid
        .map(|object| Finding {
            rule: object["status"].as_str().unwrap().to_owned(),
            object: format!("{}/{}", object["kind"].as_str().unwrap(), object["name"].as_str().unwrap()),
            said: object["msg"].as_str().unwrap().to_owned(),
        })
        .collect()
}

#[test]
#[ignore = "needs the linters: scripts/test"]
fn every_object_is_as_kubernetes_describes_it() {
    judge("kubeconform", &findings(&Subjects::render()));
}

#[test]
#[ignore = "needs the linters: scripts/test"]
fn a_field_that_no_job_has_is_found() {
    let found = findings(&Subjects::of(BAD));
    let [finding] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((finding.rule.as_str(), finding.object.as_str()), ("statusInvalid", "Job/bad"));
    assert!(finding.said.contains("'unknownField' not allowed"), "{}", finding.said);
}
