//! One way to one code, and what must hold of it.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use sc_job::error::Code;
use serde_json::{Value, json};
use wiremock::matchers::{method, path_regex};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::common::fake_api::{in_background, job_over, willing};
use crate::common::{CANARY, Outcome, assert_no_canary};

/// What a log line looks like.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Text,
    Json,
}

/// A run that ends with one code.
#[derive(Clone)]
pub struct Case {
    pub code: Code,
    exit: i32,
    /// How the reason begins. FOLDER stands for the folder of the input.
    says: &'static str,
    connections: Value,
    /// The whole input, if it is none of connections.
    text: Option<String>,
    settings: Vec<(&'static str, &'static str)>,
    /// Method, place, and what the API server answers there in place of what a willing one does.
    answers: Vec<(&'static str, &'static str, ResponseTemplate)>,
    /// Method and place of what is done once before it is answered so.
    once: Vec<(&'static str, &'static str)>,
    /// What a shell does to itself before it becomes the program.
    shell: Option<&'static str>,
    is_stopped: bool,
    is_recorded: bool,
}

impl Case {
    /// A run over one connection with nothing wrong. Its only value is the canary.
    pub fn new(code: Code, exit: i32, says: &'static str) -> Self {
        Self {
            code,
            exit,
            says,
            connections: json!({"a": {"namespace": "shop", "data": {"A": CANARY}}}),
            text: None,
            settings: Vec::new(),
            answers: Vec::new(),
            once: Vec::new(),
            shell: None,
            is_stopped: false,
            is_recorded: true,
        }
    }

    pub fn over(self, connections: Value) -> Self {
        Self { connections, ..self }
    }

    pub fn over_text(self, text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), ..self }
    }

    pub fn set(mut self, name: &'static str, value: &'static str) -> Self {
        self.settings.push((name, value));
        self
    }

    pub fn answered(mut self, verb: &'static str, place: &'static str, answer: ResponseTemplate) -> Self {
        self.answers.push((verb, place, answer));
        self
    }

    /// The first time it is done, and from then on answered so.
    pub fn answered_then(mut self, verb: &'static str, place: &'static str, answer: ResponseTemplate) -> Self {
        self.once.push((verb, place));
        self.answered(verb, place, answer)
    }

    pub fn within(self, shell: &'static str) -> Self {
        Self { shell: Some(shell), ..self }
    }

    /// It gets a SIGTERM while it waits for its first answer.
    pub fn stopped(self) -> Self {
        Self { is_stopped: true, ..self }
    }

    /// It cannot, or does not wait to, write its outcome to the cluster.
    pub fn unrecorded(self) -> Self {
        Self { is_recorded: false, ..self }
    }

    /// Runs it, and tells all that is not as it must be.
    pub async fn hold(self, format: Format) -> Result<(), String> {
        let server = willing().await;
        for (verb, place, answer) in &self.answers {
            Mock::given(method(verb)).and(path_regex(*place)).respond_with(answer.clone()).mount(&server).await;
        }
        for (verb, place) in &self.once {
            let done = ResponseTemplate::new(200).set_body_json(json!({"metadata": {"resourceVersion": "2"}}));
            let first = Mock::given(method(verb)).and(path_regex(*place)).respond_with(done);
            first.up_to_n_times(1).with_priority(1).mount(&server).await;
        }
        let folder = tempfile::tempdir().unwrap();
        let job = self.job(&server, folder.path(), format);
        let ended = if self.is_stopped { stopped(job, &server).await } else { in_background(job).await };
        let message = std::fs::read_to_string(folder.path().join("termination")).unwrap_or_default();
        assert_no_canary("the termination message", &message);
        let recorded = recorded(&server).await;

        let reason = format!("{} {}", self.code, self.says.replace("FOLDER", &folder.path().display().to_string()));
        let told = match format {
            Format::Text => ended.last_line().trim().trim_start_matches("ERROR ").to_owned(),
            Format::Json => {
                let line: Value = serde_json::from_str(ended.last_line()).unwrap_or_default();
                if line["level"] != "ERROR" || line["code"] != self.code.to_string() || line["exit"] != self.exit {
                    return Err(self.wrong("the last line lacks level, code or exit", &ended, &message));
                }
                line["message"].as_str().unwrap_or_default().to_owned()
            }
        };
        let is_recorded = recorded.iter().any(|(reason, _)| *reason == self.code.to_string());
        let wrong = match () {
            () if ended.code != self.exit => "the exit code",
            () if told.find("SCJ").is_none() || told.find("SCJ") != told.find(&reason) => "the reason",
            () if !told.contains(". Remedy: ") => "there is no remedy",
            () if message.lines().next() != Some(&told) => "the termination message does not begin with the last line",
            () if message.len() > 4096 => "the termination message is too long",
            () if self.is_recorded != is_recorded => "the Event",
            () => return Ok(()),
        };
        Err(self.wrong(wrong, &ended, &message))
    }

    fn job(&self, server: &MockServer, folder: &Path, format: Format) -> Command {
        let mut job = job_over(&self.connections, &server.uri(), folder, 60);
        if let Some(text) = &self.text {
            std::fs::write(folder.join("in.json"), text).unwrap();
        }
        job.env("SC_JOB_TERMINATION_LOG", folder.join("termination"))
            .env("SC_JOB_LOG_FORMAT", if format == Format::Json { "json" } else { "text" })
            .env("SC_JOB_LOG_LEVEL", "trace")
            .env("RUST_LOG", "trace")
            .env("RUST_BACKTRACE", "1");
        for (name, value) in &self.settings {
            job.env(name, value.replace("FOLDER", &folder.display().to_string()));
        }
        self.shell.map(|shell| through(shell, &job)).unwrap_or(job)
    }

    fn wrong(&self, what: &str, ended: &Outcome, message: &str) -> String {
        format!(
            "{} ({what}): exit {}, wanted {} and {:?}\n{}termination message: {message}",
            self.code, ended.code, self.exit, self.says, ended.stderr
        )
    }
}

/// The same job, started by a shell.
fn through(shell: &str, job: &Command) -> Command {
    let mut started = Command::new("sh");
    started.args(["-c", &format!("{shell}; exec \"$0\"")]).arg(job.get_program());
    for (name, value) in job.get_envs() {
        match value {
            Some(value) => started.env(name, value),
            None => started.env_remove(name),
        };
    }
    started
}

async fn stopped(mut job: Command, server: &MockServer) -> Outcome {
    let child = job.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while server.received_requests().await.unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    let output = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap()).await.unwrap();
    let [stdout, stderr] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert_no_canary("the log of a run that was stopped", &stderr);
    Outcome { code: output.status.code().unwrap_or(-1), stdout, stderr }
}

/// Reason and message of the Events that the run wrote. Nothing that it wrote beside Secrets holds the canary.
async fn recorded(server: &MockServer) -> Vec<(String, String)> {
    let mut events = Vec::new();
    for request in server.received_requests().await.unwrap() {
        if request.url.path().contains("/secrets/") {
            continue;
        }
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        assert_no_canary(request.url.path(), &body.to_string());
        if request.url.path().ends_with("/events") {
            let [reason, message] = ["reason", "message"].map(|field| body[field].as_str().unwrap().to_owned());
            events.push((reason, message));
        }
    }
    events
}
