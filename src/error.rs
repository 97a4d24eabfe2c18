//! What can go wrong, told so that a person can act on it. Every fault has a
//! stable code; what is known of each stands in one table, `error/codes.rs`.

mod code;
mod codes;
mod faults;

use std::fmt;

use crate::object::ObjectId;

pub use code::{Code, UnknownCode};
pub use faults::Faults;

/// What a fault is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A place in the values, such as `connections.blobdemo.auth`.
    Path(String),
    /// An object in the cluster.
    Object(ObjectId),
    /// The run as a whole.
    Run,
}

/// One fault: the case at hand. It never contains a value from the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    code: Code,
    subject: Subject,
    cause: String,
    remedy: Option<String>,
}

impl Fault {
    /// A fault at a place in the values.
    pub fn at(code: Code, path: impl fmt::Display, cause: impl Into<String>) -> Self {
        Self::new(code, Subject::Path(path.to_string()), cause)
    }

    /// A fault with an object in the cluster.
    pub fn of(code: Code, object: &ObjectId, cause: impl Into<String>) -> Self {
        Self::new(code, Subject::Object(object.clone()), cause)
    }

    /// A fault of the whole run.
    pub fn run(code: Code, cause: impl Into<String>) -> Self {
        Self::new(code, Subject::Run, cause)
    }

    fn new(code: Code, subject: Subject, cause: impl Into<String>) -> Self {
        Self { code, subject, cause: cause.into(), remedy: None }
    }

    /// Replaces the code's general remedy by one for this case.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// Replaces it where nothing else has.
    #[must_use]
    pub fn or_remedy(self, remedy: &str) -> Self {
        if self.remedy.is_some() { self } else { self.remedy(remedy) }
    }

    /// Puts words before the cause.
    #[must_use]
    pub fn within(mut self, context: impl fmt::Display) -> Self {
        self.cause = format!("{context}{}", self.cause);
        self
    }

    /// Tells `other` with this fault, whose code stays. Both remedies are needed, and told once if they are one.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        self.cause = format!("{}; and {} {}{}", self.cause, other.code, other.subject, other.cause);
        if !self.advice().contains(other.advice()) {
            let place = other.object().map_or_else(|| other.code.to_string(), ToString::to_string);
            self.remedy = Some(format!("{}; and for {place}: {}", self.advice(), other.advice()));
        }
        self
    }

    fn advice(&self) -> &str {
        self.remedy.as_deref().unwrap_or(self.code.remedy())
    }

    /// The object that the fault is about, if it is about one.
    #[must_use]
    pub fn object(&self) -> Option<&ObjectId> {
        match &self.subject {
            Subject::Object(object) => Some(object),
            Subject::Path(_) | Subject::Run => None,
        }
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}{}. Remedy: {}", self.code, self.subject, self.cause, self.advice())
    }
}

/// With the colon that stands before a cause.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => write!(f, "{path}: "),
            Self::Object(object) => write!(f, "{object}: "),
            Self::Run => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_of_one_connection_are_told_together_under_the_code_of_the_first_with_each_remedy_once() {
        let first = Fault::at(Code::Missing, "a", "is missing").within("b refers to it, and ").remedy("add it");
        let second = Fault::at(Code::InvalidValue, "c", "is empty").remedy("fill it");
        let third = Fault::at(Code::InvalidValue, "d", "is empty").remedy("fill it");
        assert_eq!(
            first.and(&second).and(&third).to_string(),
            "SCJ1005 a: b refers to it, and is missing; and SCJ1008 c: is empty; and SCJ1008 d: is empty. Remedy: add it; and \
             for SCJ1008: fill it"
        );
    }

    #[test]
    fn a_fault_says_where_why_and_what_to_do() {
        let fault = Fault::at(Code::Missing, "connections.a.auth", "auth is required with a target");
        assert_eq!(
            fault.to_string(),
            "SCJ1005 connections.a.auth: auth is required with a target. Remedy: add it to the values; `sc-job targets \
             NAME` shows what a target needs"
        );
        assert_eq!(
            Fault::run(Code::Deadline, "180 s have passed").remedy("wait").to_string(),
            "SCJ4002 180 s have passed. Remedy: wait"
        );
    }
}
