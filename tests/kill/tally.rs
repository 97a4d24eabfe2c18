//! What is changed: how many objects are created, deleted and so on, as a plan
//! foretells it, and as the run that follows tells it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::common::Outcome;

/// The word of a plan for a change, and that of a run.
const CHANGES: [(&str, &str); 6] = [
    ("create", "created"),
    ("change", "changed"),
    ("repair", "repaired"),
    ("adopt", "adopted"),
    ("delete", "deleted"),
    ("withdraw", "withdrawn"),
];

/// How many objects of each change, by the word of a plan.
#[derive(Debug, PartialEq)]
pub struct Tally(BTreeMap<&'static str, usize>);

impl Tally {
    /// Of `sc-job plan -o json`.
    pub fn of_plan(planned: &Outcome) -> Self {
        let plan: Value = serde_json::from_str(&planned.stdout).unwrap();
        assert_eq!(plan["refused"], Value::Array(Vec::new()));
        let objects = plan["objects"].as_array().unwrap();
        let count = |action| objects.iter().filter(|object| object["action"] == action).count();
        Self::of(|(action, _)| count(action))
    }

    /// Of a run's last line, such as `… objects: 1 deleted, 3 unchanged; …`.
    pub fn of_run(done: &Outcome) -> Self {
        let told: BTreeMap<&str, usize> = done
            .last_line()
            .split(": ")
            .flat_map(|part| part.split(';').next().unwrap().split(", "))
            .filter_map(|count| count.split_once(' '))
            .filter_map(|(count, word)| Some((word, count.parse().ok()?)))
            .collect();
        Self::of(|(_, word)| told.get(word).copied().unwrap_or_default())
    }

    fn of(count: impl Fn((&'static str, &'static str)) -> usize) -> Self {
        Self(CHANGES.map(|change| (change.0, count(change))).into_iter().filter(|(_, count)| *count > 0).collect())
    }
}
