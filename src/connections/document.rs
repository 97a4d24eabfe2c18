//! A document of connections: YAML, of which the chart's JSON is a subset, read into a tree.

use super::fields::Fields;
use super::path::Path;
use crate::error::{Code, Fault};
use crate::yaml::{self, Value};

/// A parsed document. It holds credentials, so it has no `Debug`.
pub struct Document {
    value: Value,
    /// Written by the chart for its Job, not by a person.
    pub(super) of_chart: bool,
}

impl Document {
    /// Parses what the chart has written for its Job; `origin` is named in faults.
    ///
    /// # Errors
    /// A fault with line and column, when the text is not YAML.
    pub fn of_chart(origin: &str, text: &str) -> Result<Self, Fault> {
        Self::parse(origin, text, true)
    }

    /// Parses a values file of the chart; `origin` is named in faults.
    ///
    /// # Errors
    /// A fault with line and column, when the text is not YAML.
    pub fn of_values(origin: &str, text: &str) -> Result<Self, Fault> {
        Self::parse(origin, text, false)
    }

    fn parse(origin: &str, text: &str, of_chart: bool) -> Result<Self, Fault> {
        let value = yaml::parse(text).map_err(|cause| Fault::at(Code::InputNotYaml, origin, cause))?;
        if value.is_mapping() || value.is_null() {
            Ok(Self { value, of_chart })
        } else {
            Err(Fault::at(Code::WrongType, origin, "the document must be a mapping"))
        }
    }

    pub(super) fn open(self, faults: &mut Vec<Fault>) -> Option<Fields> {
        Fields::open(Path::default(), self.value, faults)
    }
}
