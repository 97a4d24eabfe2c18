//! The operations that were begun and those that were executed, one line each in
//! the first ConfigMap, oldest first: a rollback, a resync or a second sync brings
//! the values of one back, and none is executed twice. What was begun and is not
//! said to be executed may be either: it failed, the run was killed, or it could
//! not write the end.

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
    /// It is to be executed, and an earlier run has begun to.
    Begun,
    /// It was executed.
    Executed,
    /// It cannot be executed.
    Refused(Fault),
}

impl Standing {
    /// Whether it is to be executed.
    #[must_use]
    pub fn is_due(&self) -> bool {
        matches!(self, Self::Due | Self::Begun)
    }
}

#[derive(Clone, Deserialize, Serialize)]
struct Line {
    #[serde(flatten)]
    reached: Reached,
    operation: String,
    connection: String,
}

/// How far an operation has come, with its correlation id.
#[derive(Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
enum Reached {
    Begun(String),
    Executed(String),
}

impl Line {
    fn of(operation: &Operation, reached: fn(String) -> Reached) -> Self {
        Self {
            reached: reached(operation.correlation_id.clone()),
            operation: operation.verb.as_str().to_owned(),
            connection: operation.connection.clone(),
        }
    }

    fn id(&self) -> &str {
        match &self.reached {
            Reached::Begun(id) | Reached::Executed(id) => id,
        }
    }

    fn is_executed(&self) -> bool {
        matches!(self.reached, Reached::Executed(_))
    }

    fn is_of(&self, operation: &Operation) -> bool {
        self.connection == operation.connection && self.operation == operation.verb.as_str()
    }

    /// In words. A person may have edited it.
    fn verb(&self) -> &'static str {
        let verb = Verb::ALL.map(Verb::as_str).into_iter().find(|verb| *verb == self.operation);
        verb.unwrap_or("an operation")
    }
}

/// The operations of earlier runs.
#[derive(Clone, Default)]
pub(super) struct Executions(Vec<Line>);

impl Executions {
    /// Takes a line, if it is one of an operation.
    pub(super) fn read(&mut self, line: &str) -> bool {
        let named = |line: &Line| [line.id(), &line.connection].into_iter().all(|name| CONNECTION.accepts(name));
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

    pub(super) fn begin(&mut self, operation: &Operation) {
        self.put(operation, Reached::Begun);
    }

    pub(super) fn end(&mut self, operation: &Operation) {
        self.put(operation, Reached::Executed);
    }

    fn put(&mut self, operation: &Operation, reached: fn(String) -> Reached) {
        if self.standing(operation).is_due() {
            self.0.retain(|line| line.id() != operation.correlation_id);
            self.0.push(Line::of(operation, reached));
        }
    }

    pub(super) fn standing(&self, operation: &Operation) -> Standing {
        let mut lines = self.0.iter().enumerate().filter(|(_, line)| line.id() == operation.correlation_id);
        let Some((place, line)) = lines.clone().find(|(_, line)| line.is_executed()).or_else(|| lines.next()) else {
            return Standing::Due;
        };
        match (line.is_executed(), line.is_of(operation)) {
            (true, true) => Standing::Executed,
            (true, false) => refused(format!(
                "is that of another operation, which was executed: {} of connection {}",
                line.verb(),
                line.connection
            )),
            (false, false) => Standing::Due,
            (false, true) => {
                let mut since = self.0.iter().skip(place);
                let of_same = |later: &&Line| later.is_executed() && later.connection == operation.connection;
                since.find(of_same).map_or(Standing::Begun, |later| {
                    refused(format!(
                        "is that of an operation which was begun before another one of connection {} was executed ({} with \
                         correlationid {}), and would undo that one",
                        operation.connection,
                        later.verb(),
                        later.id()
                    ))
                })
            }
        }
    }
}

fn refused(cause: String) -> Standing {
    let fault = Fault::at(Code::InvalidValue, "correlationid", cause);
    Standing::Refused(fault.remedy("give every operation one of its own"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operation(id: &str, verb: Verb) -> Operation {
        Operation { connection: "a".into(), correlation_id: id.into(), verb, asks_for_pod: false }
    }

    fn told(standing: Standing) -> String {
        let Standing::Refused(fault) = standing else { panic!("not refused") };
        fault.to_string()
    }

    #[test]
    fn an_operation_that_was_executed_is_known_again_and_another_one_of_its_id_is_refused() {
        let mut executed = Executions::default();
        executed.begin(&operation("1", Verb::Create));
        executed.end(&operation("1", Verb::Create));
        let mut read = Executions::default();
        assert!(executed.text().lines().all(|line| read.read(line)));
        assert_eq!(read.text(), "{\"executed\":\"1\",\"operation\":\"create\",\"connection\":\"a\"}\n");
        assert_eq!(read.standing(&operation("2", Verb::Create)), Standing::Due);
        assert_eq!(read.standing(&operation("1", Verb::Create)), Standing::Executed);
        assert!(told(read.standing(&operation("1", Verb::Delete))).starts_with(
            "SCJ1008 correlationid: is that of another operation, which was executed: create of connection a. "
        ));
    }

    #[test]
    fn an_operation_that_was_begun_is_due_as_long_as_no_later_one_of_its_connection_was_executed() {
        let mut executions = Executions::default();
        let first = operation("1", Verb::Create);
        executions.begin(&first);
        assert_eq!(executions.text(), "{\"begun\":\"1\",\"operation\":\"create\",\"connection\":\"a\"}\n");
        assert_eq!(executions.standing(&first), Standing::Begun);
        assert_eq!(executions.standing(&operation("1", Verb::Update)), Standing::Due, "it was not executed");
        let elsewhere = Operation { connection: "b".into(), ..operation("2", Verb::Create) };
        executions.end(&elsewhere);
        assert_eq!(executions.standing(&first), Standing::Begun);
        executions.end(&operation("3", Verb::Delete));
        assert_eq!(
            told(executions.standing(&first)),
            "SCJ1008 correlationid: is that of an operation which was begun before another one of connection a was executed \
             (delete with correlationid 3), and would undo that one. Remedy: give every operation one of its own"
        );
        let before = executions.text();
        executions.begin(&first);
        assert_eq!(executions.text(), before);
    }

    #[test]
    fn the_oldest_are_forgotten_and_what_is_none_is_not_read() {
        let mut executed = Executions::default();
        (0..=MOST).for_each(|id| executed.end(&operation(&id.to_string(), Verb::Update)));
        let text = executed.text();
        assert_eq!(text.lines().count(), MOST);
        assert!(text.starts_with("{\"executed\":\"1\","), "{}", &text[..40]);
        for line in [
            "",
            "{}",
            r#"{"executed":"a b","operation":"create","connection":"a"}"#,
            r#"{"begun":"a b","operation":"create","connection":"a"}"#,
            r#"{"ended":"1","operation":"create","connection":"a"}"#,
        ] {
            assert!(!executed.read(line), "{line}");
        }
    }
}
