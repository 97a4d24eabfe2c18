//! A client: a program of tests/servers that gives the Secret's variables to a library.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use super::secret::Secret;
use super::server::Server;
use crate::common::{file, run};

/// A program whose environment will be the Secret.
pub struct Client(Command);

/// Where `scripts/test` has put what the clients need.
pub fn installed(path: &str) -> PathBuf {
    let directory = std::env::var_os("SC_JOB_TEST_SERVERS").expect("SC_JOB_TEST_SERVERS is not set; run scripts/test");
    PathBuf::from(directory).join(path)
}

/// A program of tests/servers/python.
pub fn python(program: &str) -> Client {
    Client::new(installed("python/bin/python")).argument(file("tests/servers/python").join(program))
}

/// A program of tests/servers/node.
pub fn node(program: &str) -> Client {
    let mut client = Client::new("node").argument(file("tests/servers/node").join(program));
    client.0.env("NODE_PATH", installed("node/node_modules"));
    client
}

/// A program of tests/servers/go.
pub fn go(program: &str) -> Client {
    Client::new(installed("go").join(program))
}

/// A program of tests/servers/java.
pub fn java(program: &str) -> Client {
    let mut path = installed("java").into_os_string();
    path.push(":");
    path.push(installed("java/lib/*"));
    Client::new("java").argument("-cp").argument(path).argument(program)
}

/// A program of tests/servers/php.
pub fn php(program: &str) -> Client {
    Client::new("php").argument(file("tests/servers/php").join(program))
}

/// A program of tests/servers/ruby.
pub fn ruby(program: &str) -> Client {
    Client::new("ruby").argument(file("tests/servers/ruby").join(program))
}

impl Client {
    /// A client that knows nothing yet, not even this process's environment.
    fn new(program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap());
        Self(command)
    }

    pub fn argument(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.0.arg(argument);
        self
    }

    /// What the client has found out with the Secret, and with trust in the server's authority.
    pub fn answer(mut self, secret: &Secret, server: &Server) -> Value {
        // OpenSSL (Go and redis-py too), Node, and requests below the Azure SDK for Python
        for trust in ["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE"] {
            self.0.env(trust, server.authority());
        }
        let outcome = run(self.0.env("HOME", server.home()).envs(secret), None).expect(0);
        serde_json::from_str(&outcome.stdout).unwrap()
    }
}
