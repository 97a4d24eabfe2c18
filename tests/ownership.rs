//! Whose an object is, and what each operation does to it then: starting states × operations, each cell against a real
//! API server, and `sc-job plan` before it. `docs/ownership.md` shows the same table; `scripts/generate` writes it.
//!
//! `SC_JOB_TEST_CELLS=adopted/uninstall` does the cells whose name, `state/operation`, holds that.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod common;

mod ownership {
    pub mod cell;
    pub mod cluster;
    pub mod document;
    pub mod expected;
    pub mod object;
    pub mod operation;
    pub mod outcome;
    pub mod place;
    pub mod state;
    pub mod states;
}

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use ownership::cell::Cell;
use ownership::cluster::Cluster;
use ownership::document;
use ownership::operation::Operation;
use ownership::states::chapters;

/// Cells at a time: they mostly wait for processes.
const WIDTH: usize = 8;

#[test]
fn the_page_shows_the_table_of_these_tests() {
    document::check();
}

#[test]
fn each_operation_has_one_outcome_on_each_state() {
    for state in chapters().iter().flat_map(|chapter| &chapter.states) {
        for operation in Operation::ALL {
            state.outcome(operation);
        }
    }
}

#[test]
#[ignore = "needs an API server of its own: scripts/test"]
fn each_operation_does_to_each_state_what_the_table_says_and_plan_has_said() {
    let chapters = chapters();
    let wanted = std::env::var("SC_JOB_TEST_CELLS").unwrap_or_default();
    let mut cells = Vec::new();
    for (chapter, state) in chapters.iter().flat_map(|chapter| chapter.states.iter().map(move |state| (chapter, state)))
    {
        for cell in Operation::ALL.into_iter().filter_map(|operation| Cell::of(state, operation)) {
            let name = format!("{}/{}/{}", chapter.title, state.name, cell.operation.name());
            if name.contains(&wanted) {
                cells.push((name, cell));
            }
        }
    }
    assert!(!cells.is_empty(), "no cell is called {wanted}");
    let cluster = Cluster::start();
    let queue = Mutex::new(cells.iter().enumerate());
    let failed = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..WIDTH {
            scope.spawn(|| {
                loop {
                    let Some((number, (name, cell))) = queue.lock().unwrap().next() else { return };
                    let judged = catch_unwind(AssertUnwindSafe(|| cell.judge(&cluster, number)));
                    let complaints = judged.unwrap_or_else(|_| vec!["it panicked: see above".to_owned()]);
                    if !complaints.is_empty() {
                        failed.lock().unwrap().push(format!("== {name}\n{}", complaints.join("\n")));
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{} of {} cells failed:\n{}", failed.len(), cells.len(), failed.join("\n"));
}
