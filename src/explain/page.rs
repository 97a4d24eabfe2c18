//! One code for a terminal.

use std::fmt::Write as _;

use super::Explanation;
use crate::table::paragraph;

const INDENT: &str = "  ";

/// Title, cause, remedy, exit code.
pub fn text(explanation: &Explanation) -> String {
    let Explanation { code, title, cause, remedy, exit, ending } = explanation;
    let ending = format!("{exit}: {ending}");
    let mut text = format!("{code}: {title}\n");
    for (heading, words) in [("CAUSE", *cause), ("REMEDY", *remedy), ("EXIT CODE", ending.as_str())] {
        let _ = writeln!(text, "\n{heading}");
        paragraph(&mut text, INDENT, words);
    }
    text
}
