//! Phrases that stand both on a terminal and in docs/errors.md.

use crate::exit::Exit;

/// The command that lists every code.
pub const LIST: &str = "sc-job explain";

/// What an exit code says.
#[must_use]
pub fn meaning(exit: Exit) -> &'static str {
    match exit {
        Exit::Differences => "the cluster is not as the values say (plan and check only)",
        Exit::Done => "done",
        Exit::Usage => "wrong usage of the command line",
        Exit::Unavailable => "the API server cannot be reached",
        Exit::Internal => "sc-job itself failed",
        Exit::Deadline => "the deadline passed, or the run was stopped",
        Exit::NotPermitted => {
            "nothing could be done for want of rights, or a right in the release namespace is missing"
        }
        Exit::Config => "bad input or configuration; nothing was written",
        Exit::Partly => "some connections failed; the others are done",
    }
}
