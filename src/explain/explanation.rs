//! All that is known of a code.

use serde::Serialize;

use super::words;
use crate::error::Code;
use crate::exit::Exit;

/// A code and what it means. The keys are an interface.
#[derive(Debug, Serialize)]
pub struct Explanation {
    /// The code, as it is logged.
    pub code: String,
    /// The fault in a few words.
    pub title: &'static str,
    /// When it comes about, what was done and what was left untouched.
    pub cause: &'static str,
    /// What to do.
    pub remedy: &'static str,
    /// The code with which the process ends, unless another fault decides that.
    pub exit: u8,
    /// What `exit` says.
    #[serde(skip)]
    pub ending: &'static str,
}

impl From<Code> for Explanation {
    fn from(code: Code) -> Self {
        let exit = Exit::of(code);
        Self {
            code: code.to_string(),
            title: code.title(),
            cause: code.cause(),
            remedy: code.remedy(),
            exit: exit.code(),
            ending: words::meaning(exit),
        }
    }
}
