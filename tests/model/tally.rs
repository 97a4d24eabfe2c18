//! What a test has been through, so that it can be told whether it was worth it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;

use super::run::Run;

/// Counts of everything.
#[derive(Default)]
pub struct Tally {
    steps: Cell<usize>,
    runs: Cell<usize>,
    words: RefCell<BTreeMap<String, usize>>,
}

impl Tally {
    pub fn steps(&self) -> usize {
        self.steps.get()
    }

    pub fn step(&self) {
        self.steps.set(self.steps.get() + 1);
    }

    pub fn run(&self, run: &Run) {
        self.runs.set(self.runs.get() + 1);
        let mut words = self.words.borrow_mut();
        let told = run.words.values().map(|word| format!("{word:?}"));
        let exit = format!("exit {}", run.exit);
        for word in told.chain(run.refused.values().cloned()).chain([exit]) {
            *words.entry(word).or_default() += 1;
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} steps, {} runs:", self.steps.get(), self.runs.get())?;
        self.words.borrow().iter().try_for_each(|(word, count)| write!(f, " {count} {word},"))
    }
}
