//! All starting states, in the order of the page.

mod accounts;
mod classes;
mod foreign;
mod going;
mod marks;
mod ours;

use super::operation::Operation;
use super::outcome::Outcome;
use super::state::State;

pub struct Chapter {
    pub title: &'static str,
    pub states: Vec<State>,
}

pub fn chapters() -> Vec<Chapter> {
    let chapter = |title, states| Chapter { title, states };
    vec![
        chapter("Secrets of ours", ours::states()),
        chapter("Secrets of others under our name", foreign::states()),
        chapter("Secrets that have lost a mark", marks::states()),
        chapter("Secrets and namespaces on their way out", going::states()),
        chapter("ServiceAccounts", accounts::states()),
        chapter("SecretProviderClasses", classes::states()),
    ]
}

impl State {
    /// The outcome of an operation. Each has exactly one.
    pub fn outcome(&self, operation: Operation) -> &Outcome {
        let mut lines = self.lines.iter().filter(|line| line.operations.contains(&operation));
        match (lines.next(), lines.next()) {
            (Some(line), None) => &line.outcome,
            (found, _) => {
                let count = if found.is_some() { "two outcomes" } else { "no outcome" };
                panic!("{}: {} has {count}", self.name, operation.name())
            }
        }
    }
}
