//! The files of one server, with a certificate for its host names by an authority of its own.

use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::common::run;

/// Who root is not, as `PostgreSQL` refuses to run as root: the overflow uid of Linux.
pub const NOBODY: u32 = 65534;

const ELLIPTIC: &[&str] = &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/// A directory that goes with this value.
pub struct Directory {
    root: TempDir,
    owner: u32,
}

impl Directory {
    /// A directory that belongs to `owner`, with `ca.crt`, `server.crt` and `server.key` in it.
    pub fn new(hosts: &[String], owner: u32) -> Self {
        let directory = Self { root: tempfile::tempdir().unwrap(), owner };
        let authority = ["req", "-x509", "-subj", "/CN=authority", "-keyout", "ca.key", "-out", "ca.crt"];
        directory.openssl(&[&authority[..], ELLIPTIC].concat());
        let names = format!("subjectAltName=DNS:{}", hosts.join(",DNS:"));
        let issue = ["req", "-x509", "-CA", "ca.crt", "-CAkey", "ca.key", "-subj", "/CN=server", "-addext", &names];
        let restrict = ["-addext", "basicConstraints=critical,CA:FALSE", "-keyout", "server.key", "-out", "server.crt"];
        directory.openssl(&[&issue[..], &restrict, ELLIPTIC].concat());
        directory.hand_over(directory.root());
        directory.hand_over(&directory.path("server.key"));
        directory
    }

    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// The path of a file in this directory.
    pub fn path(&self, file: &str) -> PathBuf {
        self.root().join(file)
    }

    /// Writes a file that the owner alone can read.
    pub fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
        self.hand_over(&path);
    }

    fn hand_over(&self, path: &Path) {
        chown(path, Some(self.owner), Some(self.owner)).unwrap();
    }

    fn openssl(&self, args: &[&str]) {
        run(Command::new("openssl").args(args).current_dir(self.root()), None).expect(0);
    }
}
