//! How a run logs.

use serde::Deserialize;

use super::PREFIX;

/// How much is logged.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum LogLevel {
    Error,
    Warn,
    #[default]
    Info,
    Debug,
    Trace,
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, for machines.
    Json,
}

impl LogFormat {
    /// The format that is asked for, also where the other settings cannot be read.
    #[must_use]
    pub fn from_env() -> Self {
        match std::env::var(format!("{PREFIX}LOG_FORMAT")).as_deref() {
            Ok("json") => Self::Json,
            _ => Self::Text,
        }
    }
}
