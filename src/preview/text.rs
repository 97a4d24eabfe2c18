//! A preview as a table for people, and its sum in one line.

use std::fmt::Write as _;
use std::io;

use super::{Action, Change, Found, Preview, View};
use crate::outcome::{Done, Kept};
use crate::{table, wording};

/// A line names this many connections.
const NAMED: usize = 10;

pub(super) fn of(preview: &Preview, view: View) -> io::Result<String> {
    let mut lines = String::new();
    for change in &preview.objects {
        if view == View::Plan && !change.is_one() && matches!(change.done, Done::Absent) {
            continue;
        }
        let word = match view {
            View::Plan => plan_word(change),
            View::Check => check_word(change),
        };
        let _ = writeln!(lines, "{word}\t{}\t{}", change.id, detail(change));
    }
    for held_back in &preview.held_back {
        let _ = writeln!(lines, "held back\t{held_back}\ttoo much would be removed");
    }
    for retained in &preview.retained {
        let connections: Vec<String> = retained.connections.iter().cloned().collect();
        let of = wording::first(&connections, NAMED);
        let _ = writeln!(lines, "left behind\t{}\tas last recorded; of {of}", retained.object);
    }
    let mut text = String::new();
    for line in table::align(&lines)?.lines() {
        let _ = writeln!(text, "{}", line.trim_end());
    }
    for refusal in &preview.refused {
        let whose = refusal.connection.as_ref().map_or_else(String::new, |name| format!("connection {name}: "));
        let _ = writeln!(text, "refused: {whose}{}", refusal.reason);
    }
    let _ = writeln!(text, "{}", sum(preview, view));
    Ok(text)
}

fn plan_word(change: &Change) -> &'static str {
    match change.done {
        Done::Unchanged => "unchanged",
        Done::Spared => "leave alone",
        Done::Retained(_) => "retain",
        Done::Leaving { .. } => "going",
        Done::Created
        | Done::Changed { .. }
        | Done::Repaired { .. }
        | Done::Adopted { .. }
        | Done::Withdrawn(_)
        | Done::Deleted
        | Done::Absent => change.action.into(),
    }
}

fn check_word(change: &Change) -> &'static str {
    match change.done {
        Done::Absent => "removed",
        Done::Leaving { .. } => "going",
        Done::Retained(_) => "left behind",
        Done::Deleted | Done::Withdrawn(_) => "to be removed",
        Done::Unchanged
        | Done::Changed { .. }
        | Done::Created
        | Done::Adopted { .. }
        | Done::Repaired { .. }
        | Done::Spared => change.state.as_str(),
    }
}

impl Found {
    fn as_str(self) -> &'static str {
        match self {
            Self::InSync => "in sync",
            Self::Missing => "missing",
            Self::Differs => "differs",
            Self::Edited => "changed",
            Self::Foreign => "foreign",
            Self::Leftover => "leftover",
        }
    }
}

fn detail(change: &Change) -> String {
    let (fields, managers) = (change.fields.join(", "), change.managers.join(", "));
    match &change.done {
        Done::Created if !change.keys.is_empty() => change.keys.join(", "),
        Done::Changed { .. } => fields,
        Done::Repaired { .. } if managers.is_empty() => format!("{fields}, managedFields were removed"),
        Done::Repaired { .. } => format!("{fields}, changed by {managers}"),
        Done::Adopted { .. } => {
            let from = if managers.is_empty() { String::new() } else { format!(" from {managers}") };
            let replaced = if fields.is_empty() { String::new() } else { format!(", replacing {fields}") };
            format!("taken over{from}{replaced}")
        }
        Done::Withdrawn(Kept::Adopted) => "only what is ours: others had made it before".to_owned(),
        Done::Withdrawn(Kept::Shared(_)) => format!("only what is ours: {managers} have their own in it"),
        Done::Spared => "it is not this release's".to_owned(),
        Done::Retained(reason) => reason.words().to_owned(),
        Done::Leaving { .. } => "a finalizer holds it back".to_owned(),
        Done::Created | Done::Unchanged | Done::Deleted | Done::Absent => String::new(),
    }
}

fn sum(preview: &Preview, view: View) -> String {
    let count = |action| preview.objects.iter().filter(|change| change.action == action).count();
    let words = match view {
        View::Plan => [
            (Action::Create, "to create"),
            (Action::Change, "to change"),
            (Action::Repair, "to repair"),
            (Action::Adopt, "to adopt"),
            (Action::Withdraw, "to withdraw from"),
            (Action::Delete, "to delete"),
        ],
        View::Check => [
            (Action::Create, "missing"),
            (Action::Change, "other than in the values"),
            (Action::Repair, "changed by others"),
            (Action::Adopt, "foreign"),
            (Action::Withdraw, "to withdraw from"),
            (Action::Delete, "to delete"),
        ],
    };
    let mut parts: Vec<String> = words
        .into_iter()
        .filter_map(|(action, word)| {
            Some(count(action)).filter(|count| *count > 0).map(|count| format!("{count} {word}"))
        })
        .collect();
    let unchanged = preview.objects.iter().filter(|change| matches!(change.done, Done::Unchanged)).count();
    if unchanged > 0 || parts.is_empty() {
        parts.push(format!("{unchanged} as declared"));
    }
    if !preview.held_back.is_empty() {
        parts.push(format!("{} held back", preview.held_back.len()));
    }
    if !preview.refused.is_empty() {
        parts.push(format!("{} refused", preview.refused.len()));
    }
    if !preview.retained.is_empty() {
        parts.push(format!("{} left behind", preview.retained.len()));
    }
    parts.join(", ")
}
