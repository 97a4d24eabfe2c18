//! An API server of a test's own, which may stop, hang or be given new kinds.

use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use super::{Outcome, file, run, sc_job};

/// An API server that ends with the test.
pub struct ApiServer {
    name: String,
    state: PathBuf,
}

impl ApiServer {
    pub fn start(name: &str) -> Self {
        let name = format!("{name}-{}", std::process::id());
        let mut server = Self { name, state: PathBuf::new() };
        server.script(&["up", "--api-only"]);
        let settings = server.script(&["env"]);
        server.state = settings.lines().find_map(|line| line.strip_prefix("CLUSTER_STATE=")).unwrap().into();
        server
    }

    /// The API server that tests share: it takes longer to start than most of them to run. It has the name that the first
    /// one of them gives it.
    pub fn shared(name: &str) -> &'static Self {
        static SERVER: OnceLock<(ApiServer, Child)> = OnceLock::new();
        let start = || {
            let server = Self::start(name);
            let guard = server.outlive();
            (server, guard)
        };
        &SERVER.get_or_init(start).0
    }

    /// A process that removes this server when the process of the test has ended: nothing drops a static.
    fn outlive(&self) -> Child {
        Command::new("sh")
            // it waits for the end of its input, which nobody writes to
            .args(["-c", r#"read -r _; exec "$0" --name "$1" down"#])
            .arg(file("scripts/cluster"))
            .arg(&self.name)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // a Ctrl-C for the test is none for this
            .process_group(0)
            .spawn()
            .unwrap()
    }

    /// A file of this server's state, such as `kubeconfig` or `pki/ca.crt`.
    pub fn file(&self, path: &str) -> PathBuf {
        self.state.join(path)
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
        job.env("KUBECONFIG", self.file("kubeconfig")).env("SC_JOB_INPUT", input).env("SC_JOB_NAMESPACE", "default");
        job
    }
}

impl Drop for ApiServer {
    fn drop(&mut self) {
        let _ = Command::new(file("scripts/cluster")).args(["--name", &self.name, "down"]).output();
    }
}
