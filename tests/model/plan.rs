//! `sc-job plan` as a process, and what it foretells.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::identity::Id;
use super::place::Place;
use crate::common::{Outcome as Ended, run};

/// What plan tells of one object: its action, the fields and the managers.
pub type Told = (String, Vec<String>, Vec<String>);

/// A plan.
#[derive(Debug)]
pub struct Plan {
    pub exit: i32,
    pub objects: BTreeMap<Id, Told>,
    /// The connections that cannot be done, with the code; `None` is the run as a whole.
    pub refused: BTreeMap<Option<String>, String>,
    pub retained: BTreeMap<Id, BTreeSet<String>>,
}

impl Plan {
    /// A plan over the values of the place, for a run or for the Job that comes after an uninstallation.
    pub fn of(place: &Place, uninstall: bool) -> Self {
        let args = ["plan", "-o", "json", "-n", &place.system(), "-f", place.input().to_str().unwrap()];
        let Ended { code, stdout, .. } = run(place.command(&args).env("SC_JOB_UNINSTALL", uninstall.to_string()), None);
        if stdout.is_empty() {
            let (objects, refused, retained) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
            return Self { exit: code, objects, refused, retained };
        }
        let plan: Value = serde_json::from_str(&stdout.replace(&place.prefix, "")).unwrap();
        let each = |key: &str| plan[key].as_array().cloned().unwrap_or_default().into_iter();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let objects = each("objects").map(|object| {
            let told = (text(&object["action"]), texts(&object["fields"]), texts(&object["managers"]));
            (id(&object), told)
        });
        let refused =
            each("refused").map(|refusal| (refusal["connection"].as_str().map(str::to_owned), text(&refusal["code"])));
        let retained =
            each("retained").map(|retained| (id(&retained), texts(&retained["connections"]).into_iter().collect()));
        Self { exit: code, objects: objects.collect(), refused: refused.collect(), retained: retained.collect() }
    }
}

fn id(object: &Value) -> Id {
    let text = |key: &str| object[key].as_str().unwrap();
    Id::find(text("kind"), text("namespace"), text("name"))
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(|text| text.as_str().unwrap().to_owned()).collect()
}
