//! An API server of a test's own, which may stop, hang or be given new kinds.

use std::path::Path;
use std::process::Command;

use super::{Outcome, file, run, sc_job};

/// An API server that ends with the test.
pub struct ApiServer {
    name: String,
    kubeconfig: String,
}

impl ApiServer {
    pub fn start(name: &str) -> Self {
        let name = format!("{name}-{}", std::process::id());
        let mut server = Self { name, kubeconfig: String::new() };
        server.script(&["up", "--api-only"]);
        let settings = server.script(&["env"]);
        let kubeconfig = settings.lines().find_map(|line| line.strip_prefix("KUBECONFIG=")).unwrap();
        kubeconfig.clone_into(&mut server.kubeconfig);
        server
    }

    /// Runs `scripts/cluster` for this server.
    pub fn script(&self, args: &[&str]) -> String {
        let mut command = Command::new(file("scripts/cluster"));
        command.arg("--name").arg(&self.name).args(args);
        run(&mut command, None).expect(0).stdout
    }

    /// Runs a program with a person's rights on this server.
    pub fn exec(&self, words: &[&str]) -> Outcome {
        let mut command = Command::new(file("scripts/cluster"));
        command.arg("--name").arg(&self.name).args(["exec", "--"]).args(words);
        run(&mut command, None)
    }

    /// The job over a file of connections, as release namespace `default`.
    pub fn job(&self, input: &Path) -> Command {
        let mut job = sc_job(&[]);
        job.env("KUBECONFIG", &self.kubeconfig).env("SC_JOB_INPUT", input).env("SC_JOB_NAMESPACE", "default");
        job
    }
}

impl Drop for ApiServer {
    fn drop(&mut self) {
        let _ = Command::new(file("scripts/cluster")).args(["--name", &self.name, "down"]).output();
    }
}
