//! One step of a sequence, in words.

use std::fmt;

use super::act::Act;
use super::connection::{Change, Connection};
use super::identity::Id;
use super::values::{Policy, Values};

/// Something that happens. Whatever changes the values is followed by a run.
#[derive(Clone)]
pub enum Step {
    Declare {
        name: &'static str,
        connection: Connection,
    },
    Change {
        name: &'static str,
        change: Change,
    },
    LeaveOut {
        name: &'static str,
    },
    Policy(Policy),
    /// The same values again.
    Again,
    /// The release goes, and all that it has in its namespace; the values are kept for the next installation.
    Uninstall {
        deleting: bool,
    },
    Act {
        id: Id,
        act: Act,
    },
    Tamper(Tampering),
}

/// What others do to the inventory.
#[derive(Clone, Debug)]
pub enum Tampering {
    Delete,
    /// Lines that are no records.
    Garbage,
    /// A record of an object as it is now, whosever it is.
    Record {
        id: Id,
        connection: &'static str,
        adopted: bool,
    },
}

impl Step {
    /// Changes the values, and tells whether a run follows.
    pub fn values(&self, values: &mut Values) -> bool {
        match self {
            Self::Declare { name, connection } => drop(values.connections.insert(name, connection.clone())),
            Self::Change { name, change } => {
                if let Some(connection) = values.connections.get_mut(name) {
                    connection.change(change);
                }
            }
            Self::LeaveOut { name } => drop(values.connections.remove(name)),
            Self::Policy(policy) => values.policy = *policy,
            Self::Again => {}
            Self::Uninstall { .. } | Self::Act { .. } | Self::Tamper(_) => return false,
        }
        true
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Declare { name, connection } => write!(f, "run with {name}: {connection}"),
            Self::Change { name, change } => write!(f, "run with {name} changed: {change:?}"),
            Self::LeaveOut { name } => write!(f, "run without {name}"),
            Self::Policy(policy) => write!(f, "run with {policy}"),
            Self::Again => write!(f, "run again"),
            Self::Uninstall { deleting: true } => write!(f, "uninstall, deleting"),
            Self::Uninstall { deleting: false } => write!(f, "uninstall, retaining"),
            Self::Act { id, act } => write!(f, "{act} {id}"),
            Self::Tamper(Tampering::Delete) => write!(f, "somebody deletes the inventory"),
            Self::Tamper(Tampering::Garbage) => write!(f, "somebody writes garbage into the inventory"),
            Self::Tamper(Tampering::Record { id, connection, adopted }) => {
                write!(f, "somebody records {id} for {connection}{}", if *adopted { " as adopted" } else { "" })
            }
        }
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
