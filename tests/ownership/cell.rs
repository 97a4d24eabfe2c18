//! One cell: the state is prepared, the plan is asked for, the run is done; each must say and do what the table says.

use std::collections::{BTreeMap, BTreeSet};

use sc_job::object::ObjectId;
use serde_json::Value;

use super::cluster::Cluster;
use super::expected::Expected;
use super::object::Object;
use super::operation::Operation;
use super::outcome::{After, Did, Outcome, Refused};
use super::place::Place;
use super::state::State;
use crate::common;

pub struct Cell<'a> {
    pub state: &'a State,
    pub operation: Operation,
    refused: Option<Refused>,
    objects: &'a [(Object, Did, After)],
}

impl<'a> Cell<'a> {
    /// The cell, if it makes sense.
    pub fn of(state: &'a State, operation: Operation) -> Option<Self> {
        match state.outcome(operation) {
            Outcome::None(_) => None,
            Outcome::Some { refused, objects } => Some(Self { state, operation, refused: *refused, objects }),
        }
    }

    /// The exit codes of the plan and of the run.
    pub fn exits(refused: bool, differs: bool, operation: Operation) -> (i32, i32) {
        let plan = if refused { 79 } else { 2 * i32::from(differs) };
        (plan, if refused && operation != Operation::Rollback { 79 } else { 0 })
    }

    /// Everything that is not as the table says.
    pub fn judge(&self, cluster: &Cluster, number: usize) -> Vec<String> {
        let place = Place::new(cluster, number);
        (self.state.prepare)(&place, self.state);
        if self.operation.uninstalls() {
            place.forget();
        }
        let values = self.operation.values(self.state);
        let mut intents = place.intents(&values);
        let mut expected: Vec<_> =
            self.objects.iter().map(|object| Expected::of(&place, &mut intents, *object)).collect();
        expected.sort_by(|a, b| a.id.cmp(&b.id));
        let mut complaints = Vec::new();
        let mut equal = |what: &str, wanted: String, said: String| {
            if wanted != said {
                complaints.push(format!("{what} must be\n  {wanted}\n and is\n  {said}"));
            }
        };

        let differs = expected.iter().any(|expected| expected.did.is_one());
        let (plan_exit, run_exit) = Self::exits(self.refused.is_some(), differs, self.operation);
        let planned = place.plan(&values, self.operation.environment());
        let plan: Value = serde_json::from_str(&planned.stdout).unwrap_or_default();
        equal("the exit code of plan", plan_exit.to_string(), planned.code.to_string());
        for expected in &expected {
            let now = place.get(&expected.object);
            equal("what plan has left", format!("{:?}", expected.before), format!("{now:?}"));
        }

        let ended = place.job(&values, self.operation.environment());
        equal("the exit code", run_exit.to_string(), ended.code.to_string());
        equal("plan", self.plan(&expected, &place), lines(said_by_plan(&plan)));
        equal("the log", self.log(&expected, &place), lines(said_by_log(&ended)));
        equal("what is told as left behind", left_behind(&expected), told_as_left_behind(&ended));
        if self.operation != Operation::Uninstall {
            equal("what is listed as left behind", listing(&expected, &place), listed_as_left_behind(&place));
        }
        if let Some(Refused { why, .. }) = self.refused {
            let why = place.fill(why);
            let reason = plan["refused"][0]["reason"].as_str().unwrap_or_default();
            equal("what plan says of the refusal", why.clone(), part_of(reason, &why));
            let log = ended.stderr.replace("\\\"", "\"");
            equal("what the log says of the refusal", why.clone(), part_of(&log, &why));
        }

        let there = expected.iter().filter(|expected| expected.is_there()).map(|expected| expected.id.to_string());
        equal("what is there", lines(there.collect()), lines(place.objects()));
        let again = place.plan(&values, self.operation.environment());
        let (plan_again, _) = Self::exits(self.refused.is_some(), false, self.operation);
        equal("the exit code of plan after the run", plan_again.to_string(), again.code.to_string());
        complaints.extend(expected.iter().filter_map(|expected| expected.judge(self.state, &place)));
        if !complaints.is_empty() {
            complaints.push(format!("plan was\n{}{}log was\n{}", planned.stdout, planned.stderr, ended.stderr));
        }
        complaints
    }

    /// What plan is to say, a line for each object and refusal.
    fn plan(&self, expected: &[Expected], place: &Place) -> String {
        let objects = expected.iter().filter_map(|expected| {
            let (action, found) = expected.did.planned()?;
            let managers: Vec<_> = expected.did.managers().into_iter().map(|name| place.fill(name)).collect();
            let fields: Vec<_> = expected.fields(place).into_iter().collect();
            let (keys, of) = (expected.keys(), expected.object.connections.join(","));
            Some(format!("{action} {} ({found}) of {of}: {keys:?} {fields:?} {managers:?}", expected.id))
        });
        let retained = expected.iter().filter(|expected| matches!(expected.did, Did::Retained));
        let retained =
            retained.map(|expected| format!("retain {} of {}", expected.id, expected.object.connections.join(",")));
        let refused = self.refused.iter().map(|refused| format!("refuse a: {}", refused.code));
        lines(objects.chain(retained).chain(refused).collect())
    }

    /// What the log is to say, a line for each connection.
    fn log(&self, expected: &[Expected], place: &Place) -> String {
        let mut told: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for expected in expected {
            let fields = Vec::from_iter(expected.fields(place));
            let Some(words) = expected.did.told(&expected.id, &expected.keys(), &fields) else { continue };
            for connection in expected.object.connections {
                told.entry(connection).or_default().push(place.fill(&words));
            }
        }
        if self.refused.is_some() {
            told.entry("a").or_default();
        }
        let code = |connection: &str| self.refused.filter(|_| connection == "a").map_or("", |refused| refused.code);
        lines(told.iter().map(|(name, words)| format!("{name} {}: {}", code(name), words.join(", "))).collect())
    }
}

fn lines(mut lines: Vec<String>) -> String {
    lines.sort();
    lines.join("\n  ")
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

fn said_by_plan(plan: &Value) -> Vec<String> {
    let list = |key: &str| plan[key].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let id = |value: &Value| {
        let namespace = value["namespace"].as_str().map_or_else(String::new, |namespace| format!("{namespace}/"));
        format!("{} {namespace}{}", text(&value["kind"]), text(&value["name"]))
    };
    let objects = list("objects").into_iter().map(|change| {
        let fields: BTreeSet<_> = names(&change["fields"]).into_iter().collect();
        format!(
            "{} {} ({}) of {}: {:?} {:?} {:?}",
            text(&change["action"]),
            id(&change),
            text(&change["state"]),
            names(&change["connections"]).join(","),
            names(&change["keys"]),
            Vec::from_iter(fields),
            names(&change["managers"]),
        )
    });
    let retained = list("retained").into_iter();
    let retained = retained.map(|left| format!("retain {} of {}", id(&left), names(&left["connections"]).join(",")));
    let refused = list("refused").into_iter();
    let refused = refused.map(|refused| format!("refuse {}: {}", text(&refused["connection"]), text(&refused["code"])));
    objects.chain(retained).chain(refused).collect()
}

fn entries(log: &common::Outcome) -> impl Iterator<Item = Value> {
    log.stderr.lines().map(|line| serde_json::from_str(line).unwrap())
}

fn said_by_log(log: &common::Outcome) -> Vec<String> {
    entries(log)
        .filter_map(|line| {
            let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
            Some(format!("{} {}: {}", line["connection"].as_str()?, text("code"), text("objects")))
        })
        .collect()
}

const LEFT_BEHIND: &str = "left behind, as last recorded: ";

fn left_behind(expected: &[Expected]) -> String {
    let retained = expected.iter().filter(|expected| matches!(expected.did, Did::Retained));
    let retained = retained.map(|expected| format!("{} ({})", expected.id, expected.object.connections.join(", ")));
    retained.collect::<Vec<_>>().join(", ")
}

fn told_as_left_behind(log: &common::Outcome) -> String {
    let told = entries(log).find_map(|line| {
        let rest = line["message"].as_str()?.strip_prefix(LEFT_BEHIND)?;
        Some(rest.split_once(". Entry _retained")?.0.to_owned())
    });
    told.unwrap_or_default()
}

/// What a person is advised to do: nothing with what others had made before.
fn command(expected: &Expected, place: &Place) -> String {
    let ObjectId { kind, namespace, name } = &expected.id;
    if expected.is_adopted() {
        return "others had made it before, so that it is not deleted; to take out of it what is this release's, declare a \
                connection that names it with enabled: false and deletionPolicy: Delete"
            .to_owned();
    }
    let release = place.release();
    format!(
        "kubectl delete {} -n {namespace} --field-selector metadata.name={name} -l \
         sc-extension/release={},sc-extension/release-namespace={}",
        kind.plural(),
        release.name,
        release.namespace
    )
}

fn listing(expected: &[Expected], place: &Place) -> String {
    let retained = expected.iter().filter(|expected| matches!(expected.did, Did::Retained));
    lines(retained.map(|expected| format!("{}: {}", expected.id, command(expected, place))).collect())
}

fn listed_as_left_behind(place: &Place) -> String {
    let summary = place.summary().unwrap_or_default();
    let listed = summary["data"]["_retained"].as_str().unwrap_or("[]");
    let listed: Vec<Value> = serde_yaml::from_str(listed).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let way_out = |entry: &Value| text(&entry["delete"]) + &text(&entry["withdraw"]);
    lines(listed.iter().map(|entry| format!("{}: {}", text(&entry["object"]), way_out(entry))).collect())
}

/// `part`, if it stands in `text`; else the whole of it.
fn part_of(text: &str, part: &str) -> String {
    if text.contains(part) { part.to_owned() } else { text.to_owned() }
}
