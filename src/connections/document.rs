//! A document of connections: YAML, of which the chart's JSON is a subset, read into a tree.

use super::fields::{Fields, Path};
use crate::error::{Code, Fault};
use crate::yaml::{self, Value};

/// A parsed document. It holds credentials, so it has no `Debug`.
pub struct Document(Value);

impl Document {
    /// Parses `text`; `origin` is named in faults.
    ///
    /// # Errors
    /// A fault with line and column, when the text is not YAML.
    pub fn parse(origin: &str, text: &str) -> Result<Self, Fault> {
        yaml::parse(text).map(Self).map_err(|cause| Fault::at(Code::InputNotYaml, origin, cause))
    }

    pub(super) fn open(self, faults: &mut Vec<Fault>) -> Option<Fields> {
        Fields::open(Path::default(), self.0, faults)
    }
}
