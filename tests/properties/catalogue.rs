//! What the data files of the catalogue say and its interface does not show: patterns and formats.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::select;
use sc_job::catalogue::{self, Set, Target};
use serde_json::Value;

use crate::common::text;

/// Target, set of variables and client type.
#[derive(Clone, Copy)]
pub struct Choice {
    pub target: &'static Target,
    pub set: &'static Set,
    pub client_type: &'static str,
}

/// A failing case would be a page of templates.
impl fmt::Debug for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} when {:?}", self.target.name, self.set.auth, self.client_type, self.set.when)
    }
}

/// Every choice that there is.
pub static CHOICES: LazyLock<Vec<Choice>> = LazyLock::new(|| {
    let targets = catalogue::names().map(|name| catalogue::target(name).unwrap().unwrap());
    let sets = targets.flat_map(|target| target.sets.iter().map(move |set| (target, set)));
    sets.flat_map(|(target, set)| set.client_types.iter().map(move |client_type| Choice { target, set, client_type }))
        .collect()
});

static FILES: LazyLock<BTreeMap<&str, Value>> = LazyLock::new(|| {
    let read = |path: String| serde_yaml::from_str::<Value>(&text(&path)).unwrap();
    let target = |name| (name, read(format!("src/catalogue/targets/{name}.yaml")));
    let shared = ("", serde_json::json!({"parameters": read("src/catalogue/parameters.yaml".to_owned())}));
    catalogue::names().map(target).chain([shared]).collect()
});

/// What stands for patterns that many parameters have: a part of what they take is enough here.
const NAMED: [(&str, &str); 3] = [
    ("guid", "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
    ("host", "[A-Za-z0-9.-]+"),
    ("port", "[1-9][0-9]{0,3}|[1-5][0-9]{4}|65[0-4][0-9]{2}"),
];

/// The pattern of a parameter, if it has one.
pub fn pattern(target: &str, parameter: &str) -> Option<&'static str> {
    let own = &FILES[target]["parameters"][parameter];
    let declared = if own.is_null() { &FILES[""]["parameters"][parameter] } else { own };
    assert!(declared.is_object(), "{target} has no parameter {parameter}");
    let pattern = declared["pattern"].as_str()?;
    Some(NAMED.iter().find(|(name, _)| *name == pattern).map_or(pattern, |(_, expression)| *expression))
}

/// The format of each variable of a set, in its order.
pub fn formats(choice: &Choice) -> Vec<&'static str> {
    let index = choice.target.sets.iter().position(|set| std::ptr::eq(set, choice.set)).unwrap();
    let variables = FILES[choice.target.name]["sets"][index]["variables"].as_array().unwrap();
    variables.iter().map(|variable| variable["format"].as_str().unwrap_or("plain")).collect()
}

/// Any choice, of each target as often as of another.
pub fn choice() -> impl Strategy<Value = Choice> {
    let targets: Vec<&str> = catalogue::names().collect();
    select(targets).prop_flat_map(|name| {
        select(CHOICES.iter().filter(|choice| choice.target.name == name).copied().collect::<Vec<_>>())
    })
}
