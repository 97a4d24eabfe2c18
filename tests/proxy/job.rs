//! The job as a process that must not outlive its deadline.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

use super::Proxy;
use crate::common::{Outcome, assert_no_canary};

/// A process that ends this long after its deadline has hung: a machine under load is not that late.
const GRACE: Duration = Duration::from_secs(30);

/// The job, about to be run: told to say all that it can say.
pub struct Job {
    command: Command,
    deadline: u64,
    termination: PathBuf,
}

/// The job, running.
pub struct Running {
    child: Child,
    log: Arc<Mutex<String>>,
    reading: JoinHandle<()>,
    patience: Duration,
    termination: PathBuf,
}

impl Job {
    /// `folder` is for the termination message.
    pub fn of(command: std::process::Command, folder: &Path) -> Self {
        let termination = folder.join("termination");
        let mut command = Command::from(command);
        command
            .env("SC_JOB_TERMINATION_LOG", &termination)
            .env("SC_JOB_LOG_LEVEL", "trace")
            .env("RUST_LOG", "trace")
            .env("RUST_BACKTRACE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let job = Self { command, deadline: 0, termination };
        job.within(60).timing_out_after(5)
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Leads it to the API server through a proxy.
    pub fn through(self, proxy: &Proxy) -> Self {
        self.env("KUBECONFIG", proxy.kubeconfig().to_str().unwrap())
    }

    /// Sets the deadline.
    pub fn within(mut self, seconds: u64) -> Self {
        self.deadline = seconds;
        self.env("SC_JOB_DEADLINE_SECONDS", &seconds.to_string())
    }

    /// Sets the time that a request may take.
    pub fn timing_out_after(self, seconds: u64) -> Self {
        self.env("SC_JOB_REQUEST_TIMEOUT_SECONDS", &seconds.to_string())
    }

    pub fn start(mut self) -> Running {
        // of an earlier run
        let _ = std::fs::remove_file(&self.termination);
        let mut child = self.command.spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let kept = log.clone();
        let reading = tokio::spawn(async move {
            while let Some(line) = lines.next_line().await.unwrap() {
                kept.lock().unwrap().extend([&line, "\n"]);
            }
        });
        let patience = Duration::from_secs(self.deadline) + GRACE;
        Running { child, log, reading, patience, termination: self.termination }
    }

    pub async fn run(self) -> Outcome {
        self.start().end().await
    }
}

impl Running {
    /// Waits until the job has said something.
    pub async fn says(&self, words: &str) {
        let said = async {
            while !self.log.lock().unwrap().contains(words) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(self.patience, said).await.unwrap_or_else(|_| panic!("it has not said: {words}"));
    }

    /// Stops it as Kubernetes does. It has to end long before its deadline now.
    pub async fn terminate(&mut self) {
        self.signal("TERM").await;
        self.patience = GRACE;
    }

    /// Holds it up, as a node does that has no time for it.
    pub async fn pause(&self) {
        self.signal("STOP").await;
    }

    pub async fn resume(&self) {
        self.signal("CONT").await;
    }

    async fn signal(&self, name: &str) {
        let id = self.child.id().expect("it runs").to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().await.unwrap().success());
    }

    /// Kills it when `word` is given, in the middle of whatever it does; its outcome, if it has ended before.
    pub async fn end_unless(mut self, word: impl Future<Output = ()>) -> Option<Outcome> {
        tokio::select! {
            biased;
            () = word => {}
            _ = self.child.wait() => return Some(self.end().await),
        }
        self.child.kill().await.unwrap();
        self.reading.await.unwrap();
        assert_no_canary("stderr", &self.log.lock().unwrap());
        None
    }

    /// Waits for its end. What it said shows no value, and its last line is what Kubernetes will keep.
    pub async fn end(self) -> Outcome {
        let ended = tokio::time::timeout(self.patience, self.child.wait_with_output()).await;
        let output = ended.expect("the job has outlived its deadline by far").unwrap();
        self.reading.await.unwrap();
        let outcome = Outcome {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: self.log.lock().unwrap().clone(),
        };
        let message = std::fs::read_to_string(&self.termination).unwrap_or_default();
        for (place, text) in [("stdout", &outcome.stdout), ("stderr", &outcome.stderr), ("the message", &message)] {
            assert_no_canary(place, text);
        }
        assert!(message.len() <= 4096, "{message}");
        let (kept, told) = (message.lines().next().unwrap_or_default(), last_words(&outcome));
        assert!(!kept.is_empty() && told == kept, "{kept:?}: {told:?}");
        outcome
    }
}

/// The last line of the log, in text or JSON, without its level.
fn last_words(outcome: &Outcome) -> String {
    let line = outcome.last_line();
    let json: Option<serde_json::Value> = serde_json::from_str(line).ok();
    let text = json.as_ref().and_then(|line| line["message"].as_str());
    text.or_else(|| Some(line.split_once("INFO ").or_else(|| line.split_once("ERROR "))?.1))
        .unwrap_or_default()
        .to_owned()
}
