//! Azurite, Microsoft's emulator of Azure Storage. All its services are on the port of HTTPS, each at an address of its own.

use std::process::Command;

use super::client::installed;
use super::directory::Directory;
use super::server::{Server, listens};

const SERVICES: [(&str, &str); 3] = [("blob", "127.0.0.1"), ("queue", "127.0.0.2"), ("table", "127.0.0.3")];

/// The host name of a service.
pub fn host(account: &str, service: &str) -> String {
    format!("{account}.{service}.core.windows.net")
}

/// A server with one account. Like the tests, it runs as root.
pub fn start(account: &str, key: &str) -> Server {
    let directory = Directory::new(&SERVICES.map(|(service, _)| host(account, service)), 0);
    let mut command = Command::new("node");
    command.arg(installed("node/node_modules/azurite/dist/src/azurite.js"));
    for (service, address) in SERVICES {
        command.arg(format!("--{service}Host={address}")).arg(format!("--{service}Port=443"));
    }
    command.args(["--cert", "server.crt", "--key", "server.key", "--location", ".", "--silent", "--disableTelemetry"]);
    command.env("AZURITE_ACCOUNTS", format!("{account}:{key}")).current_dir(directory.root());
    let ready = || SERVICES.iter().all(|(_, address)| listens(address, 443));
    Server::start(directory, &mut command, "", ready)
}
