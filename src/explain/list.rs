//! The list of codes for a terminal.

use std::fmt::Write as _;
use std::io;

use super::{Explanation, words};
use crate::table::align;

/// One line for each code.
pub fn text(explanations: &[Explanation]) -> io::Result<String> {
    let mut lines = "CODE\tEXIT\tTITLE\n".to_owned();
    for Explanation { code, exit, title, .. } in explanations {
        let _ = writeln!(lines, "{code}\t{exit}\t{title}");
    }
    Ok(format!("{}\nCause and remedy of one: {} CODE\n", align(&lines)?, words::LIST))
}
