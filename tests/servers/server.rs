//! A server as a process that ends with its test.

use std::fs::File;
use std::io::Write as _;
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::directory::Directory;

/// A server that answers.
pub struct Server {
    child: Child,
    directory: Directory,
}

impl Server {
    /// Starts `command` with `input`, and waits until it is `ready`, for a minute at most.
    pub fn start(directory: Directory, command: &mut Command, input: &str, ready: impl Fn() -> bool) -> Self {
        let log = File::create(directory.path("log")).unwrap();
        command.stdin(Stdio::piped()).stdout(log.try_clone().unwrap()).stderr(log);
        let mut server = Self { child: command.spawn().unwrap(), directory };
        server.child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let end = Instant::now() + Duration::from_secs(60);
        while !ready() {
            let ended = server.child.try_wait().unwrap();
            if ended.is_some() || Instant::now() > end {
                let log = std::fs::read_to_string(server.directory.path("log")).unwrap();
                panic!("{} does not answer (ended: {ended:?}):\n{log}", command.get_program().display());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        server
    }

    /// The certificate of the authority that the client is to trust.
    pub fn authority(&self) -> PathBuf {
        self.directory.path("ca.crt")
    }

    /// A home that is not there: whoever looks for settings of a user finds none.
    pub fn home(&self) -> PathBuf {
        self.directory.path("home")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether somebody listens on a port.
pub fn listens(address: &str, port: u16) -> bool {
    TcpStream::connect((address, port)).is_ok()
}
