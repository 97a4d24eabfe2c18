//! How the Job itself is set up: the environment variables `SC_JOB_*` that the
//! chart writes. What is to be applied stands in the mounted connections.

mod log;

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use crate::error::{Code, Fault};
use crate::release::Release;

pub use log::{LogFormat, LogLevel};

const PREFIX: &str = "SC_JOB_";

/// A day, in seconds: no Job is waited for longer.
const LONGEST_RUN: u64 = 86_400;

/// More requests in flight than one connection to an API server carries (250 streams of HTTP/2) only wait in our memory.
const WIDEST: u64 = 1_000;

/// The settings of a run.
#[derive(Clone, Debug, Deserialize)]
pub struct Settings {
    /// `SC_JOB_INPUT`: a file of connections, or a directory of such files (`*.json`), read in the order of their names.
    pub input: PathBuf,
    /// `SC_JOB_INPUT_SHA256`: SHA-256 of the files' bytes, one after the other, in hexadecimal digits.
    /// The run waits for a mount that still has older content.
    pub input_sha256: Option<String>,
    /// `SC_JOB_RELEASE`: the Helm release.
    #[serde(default = "default_release")]
    pub release: String,
    /// `SC_JOB_NAMESPACE`: the release's namespace; references are read in it.
    #[serde(default = "default_namespace")]
    pub namespace: String,
    /// `SC_JOB_LOG_LEVEL`: error, warn, info, debug or trace.
    #[serde(default)]
    pub log_level: LogLevel,
    /// `SC_JOB_LOG_FORMAT`: text or json.
    #[serde(default)]
    pub log_format: LogFormat,
    /// `SC_JOB_DEADLINE_SECONDS`: the whole run, from its start.
    #[serde(default = "default_deadline")]
    pub deadline_seconds: u64,
    /// `SC_JOB_REQUEST_TIMEOUT_SECONDS`: one request, before it is tried again.
    #[serde(default = "default_request_timeout")]
    pub request_timeout_seconds: u64,
    /// `SC_JOB_CONCURRENCY`: requests in flight at a time.
    #[serde(default = "default_concurrency")]
    pub concurrency: u64,
    /// `SC_JOB_RBAC_CREATE`: whether the chart grants the job its rights. It decides what is advised when one is missing.
    #[serde(default = "default_rbac_create")]
    pub rbac_create: bool,
    /// `SC_JOB_JOB_NAME`: the Job that the pod belongs to. With its UID, `SC_JOB_JOB_UID`, a failure is told there too.
    pub job_name: Option<String>,
    /// `SC_JOB_JOB_UID`: see `SC_JOB_JOB_NAME`.
    pub job_uid: Option<String>,
    /// `SC_JOB_UNINSTALL`: the release is gone, and with it the Lease, the inventory and the summary: nothing of these is asked
    /// for or written, and everything that is declared may be deleted.
    #[serde(default)]
    pub uninstall: bool,
    /// `SC_JOB_EXIT_ZERO`: report faults, but exit 0. A failing post-rollback hook would leave the
    /// release in `pending-rollback`, where Helm refuses every later upgrade.
    #[serde(default)]
    pub exit_zero: bool,
}

fn default_release() -> String {
    Release::default().name
}

fn default_namespace() -> String {
    Release::default().namespace
}

fn default_deadline() -> u64 {
    180
}

fn default_request_timeout() -> u64 {
    10
}

fn default_concurrency() -> u64 {
    32
}

fn default_rbac_create() -> bool {
    true
}

impl Settings {
    /// Reads the settings from the environment of the process.
    ///
    /// # Errors
    /// A fault that names the variable, when one is missing or cannot be read.
    pub fn from_env() -> Result<Self, Fault> {
        Self::from_vars(
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))),
        )
    }

    /// The settings of whoever looks at `input` for `release`: a person, or a pod with variables of its own.
    ///
    /// # Errors
    /// A fault when a variable of the environment cannot be read.
    pub fn of_viewer(input: &Path, release: &Release) -> Result<Self, Fault> {
        let own = [
            ("SC_JOB_INPUT", input.display().to_string()),
            ("SC_JOB_RELEASE", release.name.clone()),
            ("SC_JOB_NAMESPACE", release.namespace.clone()),
        ]
        .map(|(name, value)| (name.to_owned(), value));
        let is_own = |name: &String| own.iter().any(|(own, _)| own == name);
        let others = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .filter(|(name, _)| !is_own(name))
            .collect::<Vec<_>>();
        Self::from_vars(others.into_iter().chain(own.clone()))
    }

    fn from_vars(vars: impl Iterator<Item = (String, String)>) -> Result<Self, Fault> {
        // envy reads "" as a value, which no number is; a chart may leave a variable empty.
        let vars = vars.filter(|(name, value)| name.starts_with(PREFIX) && !value.is_empty());
        let settings: Self = envy::prefixed(PREFIX).from_iter(vars).map_err(|error| unreadable(&error))?;
        let within = [
            ("DEADLINE_SECONDS", settings.deadline_seconds, LONGEST_RUN),
            ("REQUEST_TIMEOUT_SECONDS", settings.request_timeout_seconds, settings.deadline_seconds.saturating_sub(1)),
            ("CONCURRENCY", settings.concurrency, WIDEST),
        ];
        match within.iter().find(|(_, value, most)| !(1..=*most).contains(value)) {
            Some((name, _, most)) => {
                Err(Fault::at(Code::Settings, format!("{PREFIX}{name}"), format!("must be from 1 to {most}")))
            }
            None => Ok(settings),
        }
    }

    /// The release that this run belongs to.
    #[must_use]
    pub fn release(&self) -> Release {
        Release { name: self.release.clone(), namespace: self.namespace.clone() }
    }

    /// The whole run's time.
    #[must_use]
    pub fn deadline(&self) -> Duration {
        Duration::from_secs(self.deadline_seconds)
    }

    /// Name and UID of the Job, as far as the pod was told.
    #[must_use]
    pub fn job(&self) -> Option<(&str, &str)> {
        self.job_name.as_deref().zip(self.job_uid.as_deref())
    }

    /// Requests in flight at a time.
    #[must_use]
    pub fn width(&self) -> usize {
        usize::try_from(self.concurrency).unwrap_or(usize::MAX)
    }

    /// One request's time.
    #[must_use]
    pub fn request_timeout(&self) -> Duration {
        Duration::from_secs(self.request_timeout_seconds)
    }
}

/// envy names the field, lower-case and without its prefix; a person knows the variable.
fn unreadable(error: &envy::Error) -> Fault {
    match error {
        envy::Error::MissingValue(field) => {
            let variable = format!("{PREFIX}{}", field.to_uppercase());
            Fault::at(Code::Settings, variable, "is required and not set")
                .remedy("in a pod, reinstall the chart; on a laptop, say what to do: `sc-job --help`")
        }
        // The words of an enum come without the variable; there are two of them.
        envy::Error::Custom(text) if text.starts_with("unknown variant") => {
            let variable = if text.contains("`json`") { "LOG_FORMAT" } else { "LOG_LEVEL" };
            let allowed = text.split_once(", ").map_or("", |(_, allowed)| allowed);
            Fault::at(Code::Settings, format!("{PREFIX}{variable}"), format!("must be another word: {allowed}"))
        }
        envy::Error::Custom(text) => match text.rsplit_once("provided by ") {
            Some((cause, variable)) => {
                let variable = format!("{PREFIX}{}", variable.trim_start_matches(PREFIX).to_uppercase());
                let wanted = if cause.contains("`true`") { "true or false" } else { "a whole number" };
                Fault::at(Code::Settings, variable, format!("must be {wanted}"))
            }
            None => Fault::run(Code::Settings, format!("the environment variables {PREFIX}… cannot be read: {text}")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(vars: &[(&str, &str)]) -> Result<Settings, String> {
        let vars = vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Settings::from_vars(vars).map_err(|fault| fault.to_string())
    }

    #[test]
    fn defaults_nest_request_within_run() {
        let settings = read(&[("SC_JOB_INPUT", "/in")]).unwrap();
        assert_eq!(settings.release(), Release { name: "sc-extension".into(), namespace: "sc-system".into() });
        assert!(settings.request_timeout() < settings.deadline());
        assert_eq!((settings.concurrency, settings.exit_zero), (32, false));
    }

    #[test]
    fn a_missing_variable_is_named_in_full() {
        assert!(read(&[]).unwrap_err().starts_with("SCJ1011 SC_JOB_INPUT: is required and not set. "));
    }

    #[test]
    fn a_variable_that_is_no_number_is_named_in_full() {
        let fault = read(&[("SC_JOB_INPUT", "/in"), ("SC_JOB_CONCURRENCY", "many")]).unwrap_err();
        assert!(fault.starts_with("SCJ1011 SC_JOB_CONCURRENCY: must be a whole number. "), "{fault}");
        let fault = read(&[("SC_JOB_INPUT", "/in"), ("SC_JOB_EXIT_ZERO", "maybe")]).unwrap_err();
        assert!(fault.starts_with("SCJ1011 SC_JOB_EXIT_ZERO: must be true or false. "), "{fault}");
        let fault = read(&[("SC_JOB_INPUT", "/in"), ("SC_JOB_CONCURRENCY", "0")]).unwrap_err();
        assert!(fault.starts_with("SCJ1011 SC_JOB_CONCURRENCY: must be from 1 to 1000"), "{fault}");
    }

    #[test]
    fn a_word_that_is_none_of_the_allowed_ones_is_told_with_its_variable() {
        let fault = read(&[("SC_JOB_INPUT", "/in"), ("SC_JOB_LOG_LEVEL", "loud")]).unwrap_err();
        assert!(
            fault.starts_with("SCJ1011 SC_JOB_LOG_LEVEL: must be another word: expected one of `error`"),
            "{fault}"
        );
        let fault = read(&[("SC_JOB_INPUT", "/in"), ("SC_JOB_LOG_FORMAT", "xml")]).unwrap_err();
        assert!(
            fault.starts_with("SCJ1011 SC_JOB_LOG_FORMAT: must be another word: expected `text` or `json`"),
            "{fault}"
        );
    }

    #[test]
    fn a_request_that_may_outlast_the_run_is_refused() {
        let fault = read(&[("SC_JOB_INPUT", "/in"), ("SC_JOB_DEADLINE_SECONDS", "10")]).unwrap_err();
        assert!(fault.starts_with("SCJ1011 SC_JOB_REQUEST_TIMEOUT_SECONDS: must be from 1 to 9"), "{fault}");
        let fault = read(&[("SC_JOB_INPUT", "/in"), ("SC_JOB_DEADLINE_SECONDS", "18446744073709551615")]).unwrap_err();
        assert!(fault.starts_with("SCJ1011 SC_JOB_DEADLINE_SECONDS: must be from 1 to 86400"), "{fault}");
    }

    #[test]
    fn an_empty_variable_counts_as_not_set() {
        assert_eq!(read(&[("SC_JOB_INPUT", "/in"), ("SC_JOB_INPUT_SHA256", "")]).unwrap().input_sha256, None);
    }
}
