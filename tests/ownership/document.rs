//! The table of `docs/ownership.md`, between two marks of the page; the rest of the page is written by hand.

use std::fmt::Write as _;

use super::cell::Cell;
use super::object::Object;
use super::operation::Operation;
use super::outcome::{After, Did, Line, Outcome};
use super::state::State;
use super::states::{Chapter, chapters};
use crate::common::{file, text};

const PAGE: &str = "docs/ownership.md";
const BEGIN: &str = "<!-- Generated from tests/ownership/states, do not edit; scripts/generate writes it anew. -->\n";
const END: &str = "<!-- End of what is generated. -->\n";

/// Compares the page with the table, or writes it when `scripts/generate` asks for that.
pub fn check() {
    let page = text(PAGE);
    let (before, rest) = page.split_once(BEGIN).unwrap_or_else(|| panic!("{PAGE} has lost the line {BEGIN}"));
    let (_, after) = rest.split_once(END).unwrap_or_else(|| panic!("{PAGE} has lost the line {END}"));
    let wanted = format!("{before}{BEGIN}{}{END}{after}", table());
    if std::env::var_os("SC_JOB_WRITE_GENERATED").is_some() {
        std::fs::write(file(PAGE), &wanted).unwrap();
    }
    let committed = text(PAGE);
    assert!(committed == wanted, "{PAGE} is not what the table gives: run scripts/generate and commit the result");
}

fn table() -> String {
    let mut page = String::from("\n");
    row(&mut page, &["Operation", "What is done"]);
    row(&mut page, &["---"; 2]);
    for operation in Operation::ALL {
        row(&mut page, &[operation.name(), operation.about()]);
    }
    for Chapter { title, states } in chapters() {
        let _ = write!(page, "\n### {title}\n\n");
        let tables: Vec<String> = states.iter().map(outcomes).collect();
        for (place, (state, table)) in states.iter().zip(&tables).enumerate() {
            let _ = writeln!(page, "- **{}**: {}", state.name, state.about);
            // States with the same outcome share a table, below the last of them.
            match tables.get(place + 1) {
                Some(next) if next == table => {}
                Some(_) => _ = write!(page, "\n{table}\n"),
                None => _ = write!(page, "\n{table}"),
            }
        }
    }
    page.push('\n');
    page
}

fn outcomes(state: &State) -> String {
    let mut table = String::new();
    row(&mut table, &["Operation", "plan", "run", "The log says", "Afterwards"]);
    row(&mut table, &["---"; 5]);
    let mut lines: Vec<&Line> = state.lines.iter().collect();
    let place = |operation: &Operation| Operation::ALL.iter().position(|other| other == operation);
    lines.sort_by_key(|line| line.operations.iter().filter_map(place).min());
    for Line { operations, outcome } in lines {
        let names: Vec<_> = operations.iter().map(|operation| operation.name()).collect();
        let names = names.join("; ");
        match outcome {
            Outcome::None(why) => row(&mut table, &[&names, "–", "–", &format!("left out here: {why}"), ""]),
            Outcome::Some { refused, objects } => {
                let differs = objects.iter().any(|(_, did, _)| did.is_one());
                let exit = |operation| Cell::exits(refused.is_some(), differs, operation);
                let (plan, run) = exit(Operation::Apply);
                let (_, rollback) = exit(Operation::Rollback);
                let run = if run == rollback || !operations.contains(&Operation::Rollback) {
                    run.to_string()
                } else if operations.len() == 1 {
                    rollback.to_string()
                } else {
                    format!("{run}; rollback {rollback}")
                };
                let code = refused
                    .iter()
                    .map(|refused| format!("[{}](errors.md#{})", refused.code, refused.code.to_lowercase()));
                let told = objects.iter().filter(|(_, did, _)| !matches!(did, Did::Untold));
                let told = told.map(|(object, did, _)| named(*object, objects, did.title()));
                let said = code.chain(told).collect::<Vec<_>>().join("; ");
                let said = if said.is_empty() { "nothing" } else { &said };
                let after: Vec<_> = objects
                    .iter()
                    .map(|(object, _, after)| {
                        named(*object, objects, after.title(object.kind, is_shared(state, *object)))
                    })
                    .collect();
                row(&mut table, &[&names, &plan.to_string(), &run, said, &after.join("; ")]);
            }
        }
    }
    table
}

/// Whether others have something in the object.
fn is_shared(state: &State, object: Object) -> bool {
    state.is_shared() && object.kind == state.declares.kind()
}

/// What is said of an object, with its name where there are several.
fn named(object: Object, all: &[(Object, Did, After)], words: &str) -> String {
    if all.len() == 1 { words.to_owned() } else { format!("{}: {words}", object.title()) }
}

fn row(page: &mut String, cells: &[&str]) {
    let _ = writeln!(page, "| {} |", cells.join(" | "));
}
