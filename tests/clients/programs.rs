//! The program of each language. scripts/lib/clients.bash installs its packages and sets the variables.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use super::connections::{Case, with_variables};
use crate::common::{assert_no_canary, file, run_unchecked};

pub fn python() -> Command {
    let mut command = program(setting("PYTHON"));
    // -B: nothing is written beside the sources
    command.arg("-B").arg(file("tests/clients/python/main.py"));
    command
}

pub fn node() -> Command {
    let mut command = program("node");
    command.env("NODE_PATH", setting("NODE_MODULES")).arg(file("tests/clients/node/main.js"));
    command
}

pub fn java() -> Command {
    java_class("JAVA_CLASSPATH", "Main")
}

/// Spring Boot 2, whose classes have the names of those of Spring Boot 3.
pub fn java_boot2() -> Command {
    java_class("JAVA_BOOT2_CLASSPATH", "Boot2")
}

pub fn go() -> Command {
    program(setting("GO_PROGRAM"))
}

/// Every case of the table is read as expected.
#[track_caller]
pub fn assert_read(mut program: Command, table: Vec<Vec<Case>>) {
    let cases: Vec<Case> = table.into_iter().flatten().collect();
    let input = Value::from(with_variables(&cases));
    let outcome = run_unchecked(&mut program, Some(&input.to_string())).expect(0);
    // What a library says of a string that it cannot read goes into the logs of its user.
    assert_no_canary("what the client library logged", &outcome.stderr);
    let understood: Vec<Value> = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(understood.len(), cases.len());
    for (case, understood) in cases.iter().zip(understood) {
        let Case { target, auth, client_type, expected } = case;
        assert_eq!(understood, *expected, "{target}, {auth}, {client_type}");
    }
}

fn setting(name: &str) -> PathBuf {
    let variable = format!("SC_JOB_TEST_{name}");
    std::env::var_os(&variable).unwrap_or_else(|| panic!("{variable} is not set; run scripts/test")).into()
}

fn java_class(classpath: &str, name: &str) -> Command {
    let mut command = program("java");
    // A short run is over before the second compiler has paid for itself.
    command.args(["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]);
    // Spring reads mounted files in Java's own encoding, which before Java 18 is that of the environment.
    command.args(["-Dfile.encoding=UTF-8", "-cp"]).arg(setting(classpath)).arg(name);
    command
}

/// Without an environment: client libraries read `PGHOST`, `AZURE_CLIENT_ID` and the like, and so would hide a mistake.
fn program(path: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(path);
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
}
