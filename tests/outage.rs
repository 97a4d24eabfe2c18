//! An API server that goes away in the middle of a run, and comes back. It is a
//! real one of this test's own, as the others must not suffer from it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod common;

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Command, Stdio};

use common::api_server::ApiServer;
use common::run;

const CONNECTIONS: usize = 400;

/// The job with times that an outage of seconds exhausts.
fn job(server: &ApiServer, input: &Path) -> Command {
    let mut job = server.job(input);
    job.env("SC_JOB_REQUEST_TIMEOUT_SECONDS", "1").env("SC_JOB_DEADLINE_SECONDS", "6").env("SC_JOB_CONCURRENCY", "1");
    job
}

/// Takes the API server away with `away` after the first write, and brings it back with `back`.
fn interrupted(name: &str, away: &str, back: &str, reason: &str) {
    let server = ApiServer::start(name);
    let input = tempfile::NamedTempFile::with_suffix(".json").unwrap();
    let connections: Vec<_> = (0..CONNECTIONS).map(|n| format!("  c{n}: {{data: {{A: b}}}}\n")).collect();
    std::fs::write(input.path(), format!("allowSystemNamespaces: [default]\nconnections:\n{}", connections.concat()))
        .unwrap();

    let mut running = job(&server, input.path()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut log = BufReader::new(running.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains("created Secret default/sc-c") {
        assert_ne!(log.read_line(&mut said).unwrap(), 0, "{said}");
    }
    server.script(&["api", away]);
    log.read_to_string(&mut said).unwrap();
    let code = running.wait().unwrap().code();
    server.script(&["api", back]);

    let last = said.trim_end().lines().last().unwrap();
    assert_eq!(code, Some(69), "{last}");
    assert!(last.contains(reason) && last.contains(" not finished; "), "{last}");

    let again = run(job(&server, input.path()).env("SC_JOB_DEADLINE_SECONDS", "60"), None).expect(0);
    assert!(
        again.last_line().contains(&format!("{CONNECTIONS} of {CONNECTIONS} connections ready")),
        "{}",
        again.last_line()
    );
}

#[test]
#[ignore = "needs an API server of its own: scripts/test"]
fn a_stopped_api_server_ends_the_run_with_the_true_reason_and_the_next_run_finishes() {
    interrupted("stop", "stop", "start", "Connection refused");
}

#[test]
#[ignore = "needs an API server of its own: scripts/test"]
fn a_hung_api_server_ends_the_run_with_the_true_reason_and_the_next_run_finishes() {
    interrupted("pause", "pause", "resume", "no answer within 1 s");
}
