//! What a linter found, held against the list of what is let pass. An entry of the list that nothing needs any more
//! is a fault too.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::common::text;

/// A rule of a linter that an object breaks.
#[derive(Debug)]
pub struct Finding {
    pub rule: String,
    /// Kind/name.
    pub object: String,
    pub said: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    rule: String,
    objects: BTreeSet<String>,
    reason: String,
}

/// Panics with each finding that is not excepted, and each exception that found nothing.
pub fn judge(linter: &str, findings: &[Finding]) {
    let mut lists: BTreeMap<String, Vec<Exception>> =
        serde_yaml::from_str(&text("tests/policies/exceptions.yaml")).unwrap();
    let exceptions = lists.remove(linter).unwrap_or_default();
    let excepted: BTreeSet<(&str, &str)> = exceptions
        .iter()
        .inspect(|exception| assert!(exception.reason.ends_with('.'), "{}: the reason is a sentence", exception.rule))
        .flat_map(|exception| exception.objects.iter().map(|object| (exception.rule.as_str(), object.as_str())))
        .collect();
    let found: BTreeSet<(&str, &str)> =
        findings.iter().map(|finding| (finding.rule.as_str(), finding.object.as_str())).collect();
    let new = findings.iter().filter(|finding| !excepted.contains(&(finding.rule.as_str(), finding.object.as_str())));
    let new: BTreeSet<_> =
        new.map(|Finding { rule, object, said }| format!("{linter}: {object}: {rule}: {said}")).collect();
    assert!(new.is_empty(), "{}", new.into_iter().collect::<Vec<_>>().join("\n"));
    let idle: Vec<_> = excepted.difference(&found).collect();
    assert!(idle.is_empty(), "{linter}: these exceptions are not needed any more, remove them: {idle:?}");
}

#[test]
#[should_panic(expected = "not needed any more, remove them")]
fn an_exception_that_nothing_needs_is_a_fault() {
    judge("kube-score", &[]);
}

#[test]
#[should_panic(expected = "kube-score: Job/a: made-up: bad")]
fn a_finding_without_an_exception_is_a_fault() {
    let finding = Finding { rule: "made-up".to_owned(), object: "Job/a".to_owned(), said: "bad".to_owned() };
    judge("kube-score", &[finding]);
}
