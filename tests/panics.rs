//! A panic is told like any other fault: a last line with its code, the termination message, exit code 70.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod common;

use std::process::Command;

use common::{CANARY, run, sc_job};
use sc_job::error::Code;

/// How many files the process may have open. Somewhere in this range tokio has enough of them for its event loop, and
/// not for its signals, and panics.
const FILES: std::ops::Range<u32> = 5..16;

#[test]
fn a_panic_of_a_library_leaves_a_last_line_a_termination_message_and_exit_code_70() {
    let place = tempfile::tempdir().unwrap();
    let (input, message) = (place.path().join("connections.json"), place.path().join("message"));
    std::fs::write(&input, format!(r#"{{"connections": {{"a": {{"data": {{"A": "{CANARY}"}}}}}}}}"#)).unwrap();
    let mut told = 0;
    for files in FILES {
        let _ = std::fs::remove_file(&message);
        let program = sc_job(&[]);
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("ulimit -n {files}; exec \"$0\"")]).arg(program.get_program());
        shell.env("RUST_BACKTRACE", "full").env("RUST_LOG", "trace").env("KUBECONFIG", place.path().join("none"));
        shell.env("SC_JOB_INPUT", &input).env("SC_JOB_TERMINATION_LOG", &message).env_remove("KUBERNETES_SERVICE_HOST");
        let outcome = run(&mut shell, None);
        if !outcome.stderr.contains("panic") {
            continue;
        }
        let outcome = outcome.expect(70);
        let fault = outcome.last_line().strip_prefix("ERROR ").unwrap_or_else(|| panic!("{}", outcome.stderr));
        assert!(fault.starts_with("SCJ5002 panic at "), "{fault}");
        assert!(fault.ends_with(&format!(". Remedy: {}", Code::Internal.remedy())), "{fault}");
        // With one file less there is none left for the message.
        if let Ok(message) = std::fs::read_to_string(&message) {
            assert_eq!(message, fault);
            told += 1;
        }
    }
    assert!(told > 0, "no number of open files made it panic");
}
