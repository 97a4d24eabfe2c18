//! Redis on the port that the cache of Azure has, encrypted and with a password only.

use std::os::unix::process::CommandExt as _;
use std::process::Command;

use super::directory::{Directory, NOBODY};
use super::server::{Server, listens};

/// A server that keeps nothing on disk.
pub fn start(host: String, key: &str) -> Server {
    let directory = Directory::new(&[host], NOBODY);
    // Read from stdin, as a command line can be seen by everybody.
    let settings = format!(
        "bind 127.0.0.1\nport 0\ntls-port 6380\ntls-auth-clients no\ntls-cert-file server.crt\ntls-key-file server.key\n\
         tls-ca-cert-file ca.crt\nsave \"\"\nrequirepass {key}\n"
    );
    let mut command = Command::new("redis-server");
    command.arg("-").uid(NOBODY).gid(NOBODY).current_dir(directory.root());
    Server::start(directory, &mut command, &settings, || listens("127.0.0.1", 6380))
}
