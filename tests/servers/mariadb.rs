//! `MariaDB` on its own port, for encrypted connections with a password only.

use std::os::unix::process::CommandExt as _;
use std::process::Command;

use super::directory::{Directory, NOBODY};
use super::server::{Server, listens};
use crate::common::run;

/// Who asks and in which database, as JSON.
pub const QUERY: &str = "select json_object('user', current_user(), 'database', database())";

/// A server with one user who may do everything, and one database. The statements run before it takes connections.
pub fn start(host: String, user: &str, password: &str, database: &str) -> Server {
    let directory = Directory::new(&[host], NOBODY);
    let option = |name: &str, file: &str| format!("--{name}={}", directory.path(file).display());

    let mut install = Command::new("mariadb-install-db");
    install.args(["--no-defaults", "--skip-test-db", &option("datadir", "data")]);
    run(install.uid(NOBODY).gid(NOBODY), None).expect(0);

    let (user, password, database) = (quoted(user, '\''), quoted(password, '\''), quoted(database, '`'));
    // In a grant on one database its name would be a pattern.
    let set_up = format!(
        "create database {database};\ncreate user {user}@'%' identified by {password};\ngrant all on *.* to {user}@'%';\n"
    );
    directory.write("init.sql", &set_up);
    let mut command = Command::new("mariadbd");
    command.uid(NOBODY).gid(NOBODY).args(["--no-defaults", "--bind-address=127.0.0.1", "--skip-name-resolve"]);
    command.args([
        "--require-secure-transport=ON",
        &option("ssl-cert", "server.crt"),
        &option("ssl-key", "server.key"),
    ]);
    for (name, file) in [("datadir", "data"), ("init-file", "init.sql"), ("socket", "socket"), ("pid-file", "pid")] {
        command.arg(option(name, file));
    }
    Server::start(directory, &mut command, "", || listens("127.0.0.1", 3306))
}

/// In a string a backslash is special too, in a name it is not.
fn quoted(text: &str, quote: char) -> String {
    let escaped = if quote == '\'' { text.replace('\\', r"\\") } else { text.to_owned() };
    format!("{quote}{}{quote}", escaped.replace(quote, &quote.to_string().repeat(2)))
}
