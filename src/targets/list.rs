//! The list of targets for a terminal.

use std::fmt::Write as _;
use std::io;

use super::Entry;
use crate::catalogue::Auth;
use crate::table::{WIDTH, align};

const HEAD: &str = "\t\t\tservice-\tworkload-\t\nNAME\tcsi\tsecret\tprincipal\tidentity\tTITLE\n";
const FOOT: &str = "\nnot in az: az aks connection does not offer it. Parameters and variables: sc-job targets NAME\n";

/// One line for each target. A title that is too long is cut: the target's own page has it whole.
pub fn text(entries: &[Entry]) -> io::Result<String> {
    let mut lines = HEAD.to_owned();
    for entry in entries {
        lines.push_str(entry.name);
        for auth in Auth::ALL {
            let cell = match (entry.auths.contains(&auth), entry.in_azure_cli(auth)) {
                (false, _) => "-",
                (true, false) => "not in az",
                (true, true) => "yes",
            };
            let _ = write!(lines, "\t{cell}");
        }
        let _ = writeln!(lines, "\t{}", entry.title);
    }
    let mut text: String = align(&lines)?.lines().map(|line| cut(line.trim_end())).collect();
    text.push_str(FOOT);
    Ok(text)
}

fn cut(line: &str) -> String {
    match line.char_indices().nth(WIDTH) {
        None => format!("{line}\n"),
        Some(_) => line.chars().take(WIDTH - 1).chain("…\n".chars()).collect(),
    }
}
