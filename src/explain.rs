//! `sc-job explain`: what the codes of faults mean, for people and for programs. Both read the same struct.

mod explanation;
mod list;
mod page;
pub mod words;

use std::io;

use crate::error::{Code, Fault};

pub use explanation::Explanation;

/// The list of codes, or what is known of one, for a terminal.
///
/// # Errors
/// A fault when the text cannot be laid out.
pub fn text(code: Option<Code>) -> Result<String, Fault> {
    match code {
        None => list::text(&all()).map_err(|error: io::Error| defect(&error)),
        Some(code) => Ok(page::text(&code.into())),
    }
}

/// The same as JSON, whose keys are an interface.
///
/// # Errors
/// A fault when it cannot be written as JSON.
pub fn json(code: Option<Code>) -> Result<String, Fault> {
    let json = match code {
        None => serde_json::to_string_pretty(&all()),
        Some(code) => serde_json::to_string_pretty(&Explanation::from(code)),
    };
    json.map(|text| text + "\n").map_err(|error| defect(&error))
}

/// Every code, in the order of their numbers.
#[must_use]
pub fn all() -> Vec<Explanation> {
    Code::ALL.iter().copied().map(Explanation::from).collect()
}

/// The code as a word of the command line.
///
/// # Errors
/// What to write in place of a code that is none.
pub fn known(text: &str) -> Result<Code, String> {
    text.parse().map_err(|unknown| match nearest(text) {
        Some(code) => format!("{unknown}; did you mean {code}? All codes: {}", words::LIST),
        None => format!("{unknown}; all codes: {}", words::LIST),
    })
}

/// A code of which one sign was left out, added or mistaken, or two were exchanged.
fn nearest(text: &str) -> Option<Code> {
    let text = text.to_uppercase();
    let text = if text.starts_with(|c: char| c.is_ascii_digit()) { format!("SCJ{text}") } else { text };
    Code::ALL.iter().copied().find(|code| strsim::damerau_levenshtein(&text, &code.to_string()) == 1)
}

fn defect(cause: &impl ToString) -> Fault {
    Fault::run(Code::Internal, cause.to_string())
}
