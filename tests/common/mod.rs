//! What the tests share: the binary as a child process, and the canary that
//! must appear in nothing that is printed.
#![allow(dead_code, unused_macros, reason = "each test file is a crate of its own and uses a part of this")]

#[macro_use]
pub mod kubernetes;

pub mod account;
pub mod admin;
pub mod api_server;
pub mod fake_api;
pub mod keys;
pub mod operation;
pub mod package;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Part of every secret value that a test uses.
pub const CANARY: &str = "canary-5f2b9c";

/// How a process ended and what it said.
pub struct Outcome {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Outcome {
    /// The last line that the process logged.
    pub fn last_line(&self) -> &str {
        self.stderr.trim_end().lines().last().unwrap_or_default()
    }

    /// Panics with all that the process said unless it ended with `code`.
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }
}

/// Runs a command to its end. Nothing that it prints may hold the canary.
pub fn run(command: &mut Command, input: Option<&str>) -> Outcome {
    let outcome = run_unchecked(command, input);
    for (stream, text) in [("stdout", &outcome.stdout), ("stderr", &outcome.stderr)] {
        assert_no_canary(&format!("{stream} of {command:?}"), text);
    }
    outcome
}

/// Runs a command that is meant to show secrets.
pub fn run_unchecked(command: &mut Command, input: Option<&str>) -> Outcome {
    let stdin = if input.is_some() { Stdio::piped() } else { Stdio::null() };
    let mut child = command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    if let (Some(text), Some(mut pipe)) = (input, child.stdin.take()) {
        pipe.write_all(text.as_bytes()).unwrap();
    }
    let output = child.wait_with_output().unwrap();
    Outcome {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The canary in any form: plain or in base64 at any of the three alignments.
pub fn assert_no_canary(place: &str, text: &str) {
    use base64::Engine as _;
    let mut forms = vec![CANARY.to_owned()];
    for shift in 0..3 {
        let padded = format!("{}{CANARY}", "x".repeat(shift));
        let encoded = base64::engine::general_purpose::STANDARD_NO_PAD.encode(padded);
        // The first and last group also hold bits of the neighbours.
        forms.push(encoded[4 * shift.div_ceil(2)..encoded.len() - 4].to_owned());
    }
    for form in forms {
        assert!(!text.contains(&form), "{place} shows a secret value ({form}):\n{text}");
    }
}

/// The binary under test, the released one where there is one, with none of the environment that would change what it does.
pub fn sc_job(args: &[&str]) -> Command {
    let released = std::env::var_os("SC_JOB_TEST_PROGRAM");
    let mut command = Command::new(released.unwrap_or_else(|| env!("CARGO_BIN_EXE_sc-job").into()));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("SC_JOB_") {
            command.env_remove(name);
        }
    }
    command.args(args).env_remove("KUBERNETES_SERVICE_HOST");
    command
}

/// A file of the repository.
pub fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The text of a file of the repository.
pub fn text(path: &str) -> String {
    std::fs::read_to_string(file(path)).unwrap()
}
