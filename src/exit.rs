//! How the process ends. The codes are an interface: the Job's podFailurePolicy
//! and scripts key on them. They follow sysexits(3) where it has a word.

use crate::error::Code;

/// The exit code of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All that was asked for is done.
    Done = 0,
    /// `plan` and `check` found differences.
    Differences = 2,
    /// Wrong usage of the command line (`EX_USAGE`).
    Usage = 64,
    /// The API server cannot be reached (`EX_UNAVAILABLE`).
    Unavailable = 69,
    /// The program itself failed (`EX_SOFTWARE`).
    Internal = 70,
    /// The deadline passed, or the run was stopped (`EX_TEMPFAIL`).
    Deadline = 75,
    /// Nothing could be done for want of rights (`EX_NOPERM`).
    NotPermitted = 77,
    /// Bad input or configuration; nothing was written (`EX_CONFIG`).
    Config = 78,
    /// Some connections failed, the others are done.
    Partly = 79,
}

impl Exit {
    /// Every exit code, in the order of their numbers.
    pub const ALL: [Exit; 9] = [
        Exit::Done,
        Exit::Differences,
        Exit::Usage,
        Exit::Unavailable,
        Exit::Internal,
        Exit::Deadline,
        Exit::NotPermitted,
        Exit::Config,
        Exit::Partly,
    ];

    /// The code for a fault that ends the whole run.
    #[must_use]
    pub fn of(code: Code) -> Self {
        match code {
            Code::ApiUnavailable => Self::Unavailable,
            Code::Deadline | Code::Interrupted | Code::StaleInput | Code::LeaseHeld | Code::LeaseLost => Self::Deadline,
            other => match other.number() {
                1000..=1999 => Self::Config,
                2000..=2999 => Self::Partly,
                3000..=3999 => Self::NotPermitted,
                _ => Self::Internal,
            },
        }
    }

    /// The number that the operating system is told.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }
}
