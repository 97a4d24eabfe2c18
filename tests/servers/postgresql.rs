//! `PostgreSQL` on its own port, for encrypted connections with a password only.

use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::Command;

use super::directory::{Directory, NOBODY};
use super::server::Server;
use crate::common::{run, run_unchecked};

/// Who asks and in which database, as JSON.
pub const QUERY: &str = "select json_build_object('user', current_user, 'database', current_database())";

/// The programs, which Debian keeps out of PATH.
fn program(name: &str) -> PathBuf {
    let directory = std::env::var_os("SC_JOB_TEST_POSTGRESQL");
    PathBuf::from(directory.expect("SC_JOB_TEST_POSTGRESQL is not set; run scripts/test")).join(name)
}

fn as_nobody(name: &str) -> Command {
    let mut command = Command::new(program(name));
    command.uid(NOBODY).gid(NOBODY);
    command
}

/// A server with one user, and one database that is the user's.
pub fn start(host: String, user: &str, password: &str, database: &str) -> Server {
    let directory = Directory::new(&[host], NOBODY);
    let data = directory.path("data");
    let initdb = ["--no-sync", "--auth=reject", "--encoding=UTF8", "--locale=C.UTF-8", "--pgdata"];
    run(as_nobody("initdb").args(initdb).arg(&data), None).expect(0);
    directory.write("data/pg_hba.conf", "hostssl all all 127.0.0.1/32 scram-sha-256\n");

    let (user, database) = (quoted(user, '"'), quoted(database, '"'));
    let set_up = format!(
        "create role {user} login password {}\ncreate database {database} owner {user}\n",
        quoted(password, '\'')
    );
    run_unchecked(as_nobody("postgres").arg("--single").arg("-D").arg(&data).arg("postgres"), Some(&set_up)).expect(0);

    let mut command = as_nobody("postgres");
    command.arg("-D").arg(&data);
    for (setting, value) in [("ssl_cert_file", "server.crt"), ("ssl_key_file", "server.key")] {
        command.arg("-c").arg(format!("{setting}={}", directory.path(value).display()));
    }
    // Shared memory in files of the data directory: what is elsewhere would outlive a server that is killed.
    for setting in ["ssl=on", "fsync=off", "unix_socket_directories=", "dynamic_shared_memory_type=mmap"] {
        command.args(["-c", setting]);
    }
    let ready = || {
        let asked = Command::new(program("pg_isready")).args(["--host=127.0.0.1", "--quiet"]).status();
        asked.unwrap().success()
    };
    Server::start(directory, &mut command, "", ready)
}

fn quoted(text: &str, quote: char) -> String {
    format!("{quote}{}{quote}", text.replace(quote, &quote.to_string().repeat(2)))
}
