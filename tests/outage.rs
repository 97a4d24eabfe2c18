//! An API server that goes away in the middle of a run, and comes back. It is a
//! real one of this test's own, as the others must not suffer from it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod common;

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};

use common::{file, run, sc_job};

const CONNECTIONS: usize = 400;

/// An API server that ends with the test.
struct ApiServer {
    name: String,
    kubeconfig: String,
}

impl ApiServer {
    fn start(name: &str) -> Self {
        let name = format!("{name}-{}", std::process::id());
        let mut server = Self { name, kubeconfig: String::new() };
        server.script(&["up", "--api-only"]);
        let settings = server.script(&["env"]);
        let kubeconfig = settings.lines().find_map(|line| line.strip_prefix("KUBECONFIG=")).unwrap();
        kubeconfig.clone_into(&mut server.kubeconfig);
        server
    }

    fn script(&self, args: &[&str]) -> String {
        let mut command = Command::new(file("scripts/cluster"));
        command.arg("--name").arg(&self.name).args(args);
        run(&mut command, None).expect(0).stdout
    }

    fn job(&self, input: &std::path::Path) -> Command {
        let mut job = sc_job(&[]);
        job.env("KUBECONFIG", &self.kubeconfig)
            .env("SC_JOB_INPUT", input)
            .env("SC_JOB_NAMESPACE", "default")
            .env("SC_JOB_REQUEST_TIMEOUT_SECONDS", "1")
            .env("SC_JOB_DEADLINE_SECONDS", "6")
            .env("SC_JOB_CONCURRENCY", "1");
        job
    }
}

impl Drop for ApiServer {
    fn drop(&mut self) {
        let _ = Command::new(file("scripts/cluster")).args(["--name", &self.name, "down"]).output();
    }
}

/// Takes the API server away with `away` after the first write, and brings it back with `back`.
fn interrupted(name: &str, away: &str, back: &str, reason: &str) {
    let server = ApiServer::start(name);
    let input = tempfile::NamedTempFile::with_suffix(".json").unwrap();
    let connections: Vec<_> = (0..CONNECTIONS).map(|n| format!("  c{n}: {{data: {{A: b}}}}\n")).collect();
    std::fs::write(input.path(), format!("connections:\n{}", connections.concat())).unwrap();

    let mut job = server.job(input.path()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut log = BufReader::new(job.stderr.take().unwrap());
    let mut said = String::new();
    log.read_line(&mut said).unwrap();
    assert!(said.contains("created Secret default/sc-c"), "{said}");
    server.script(&["api", away]);
    log.read_to_string(&mut said).unwrap();
    let code = job.wait().unwrap().code();
    server.script(&["api", back]);

    let last = said.trim_end().lines().last().unwrap();
    assert_eq!(code, Some(69), "{last}");
    assert!(last.contains(reason) && last.contains(" not finished; "), "{last}");

    let again = run(server.job(input.path()).env("SC_JOB_DEADLINE_SECONDS", "60"), None).expect(0);
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
