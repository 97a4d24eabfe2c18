//! The operations that were executed, one line each in the first ConfigMap, oldest
//! first: a rollback, a resync or a second sync brings the values of one back, and
//! none is executed twice.

use serde::{Deserialize, Serialize};

use crate::connections::names::CONNECTION;
use crate::connections::{Operation, Verb};
use crate::error::{Code, Fault};

/// So many are remembered: with names of usual length they take a quarter of a ConfigMap.
const MOST: usize = 2_000;

/// How an operation stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is to be executed.
    Due,
    /// It was executed.
    Executed,
    /// It cannot be executed.
    Refused(Fault),
}

#[derive(Deserialize, Serialize)]
struct Line {
    executed: String,
    operation: String,
    connection: String,
}

/// The executed operations.
#[derive(Default)]
pub(super) struct Executed(Vec<Line>);

impl Executed {
    /// Takes a line, if it is one of an operation.
    pub(super) fn read(&mut self, line: &str) -> bool {
        let named = |line: &Line| [&line.executed, &line.connection].into_iter().all(|name| CONNECTION.accepts(name));
        let line = serde_json::from_str(line).ok().filter(named);
        let is_one = line.is_some();
        self.0.extend(line);
        is_one
    }

    /// All lines, each with its end.
    pub(super) fn text(&self) -> String {
        let forgotten = self.0.len().saturating_sub(MOST);
        let lines = self.0.iter().skip(forgotten).filter_map(|line| serde_json::to_string(line).ok());
        lines.map(|line| line + "\n").collect()
    }

    pub(super) fn add(&mut self, operation: &Operation) {
        if self.standing(operation) == Standing::Due {
            self.0.push(Line {
                executed: operation.correlation_id.clone(),
                operation: operation.verb.as_str().to_owned(),
                connection: operation.connection.clone(),
            });
        }
    }

    pub(super) fn standing(&self, operation: &Operation) -> Standing {
        let Some(line) = self.0.iter().find(|line| line.executed == operation.correlation_id) else {
            return Standing::Due;
        };
        if line.connection == operation.connection && line.operation == operation.verb.as_str() {
            return Standing::Executed;
        }
        let verb = [Verb::Create, Verb::Update, Verb::Delete].map(Verb::as_str);
        let verb = verb.into_iter().find(|verb| *verb == line.operation).unwrap_or("an operation");
        let cause =
            format!("is that of another operation, which was executed: {verb} of connection {}", line.connection);
        Standing::Refused(
            Fault::at(Code::InvalidValue, "correlationid", cause).remedy("give every operation one of its own"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operation(id: &str, verb: Verb) -> Operation {
        Operation { connection: "a".into(), correlation_id: id.into(), verb, asks_for_pod: false }
    }

    #[test]
    fn an_operation_that_was_executed_is_known_again_and_another_one_of_its_id_is_refused() {
        let mut executed = Executed::default();
        executed.add(&operation("1", Verb::Create));
        let mut read = Executed::default();
        assert!(executed.text().lines().all(|line| read.read(line)));
        assert_eq!(read.text(), "{\"executed\":\"1\",\"operation\":\"create\",\"connection\":\"a\"}\n");
        assert_eq!(read.standing(&operation("2", Verb::Create)), Standing::Due);
        assert_eq!(read.standing(&operation("1", Verb::Create)), Standing::Executed);
        let Standing::Refused(fault) = read.standing(&operation("1", Verb::Delete)) else { panic!("not refused") };
        assert!(fault.to_string().starts_with(
            "SCJ1008 correlationid: is that of another operation, which was executed: create of connection a. "
        ));
    }

    #[test]
    fn the_oldest_are_forgotten_and_what_is_none_is_not_read() {
        let mut executed = Executed::default();
        (0..=MOST).for_each(|id| executed.add(&operation(&id.to_string(), Verb::Update)));
        let text = executed.text();
        assert_eq!(text.lines().count(), MOST);
        assert!(text.starts_with("{\"executed\":\"1\","), "{}", &text[..40]);
        for line in ["", "{}", r#"{"executed":"a b","operation":"create","connection":"a"}"#] {
            assert!(!executed.read(line), "{line}");
        }
    }
}
