//! A value that may be a credential. It can be compared, moved and written into
//! a Secret, but no formatting of it, or of anything that contains it, shows it.

use std::fmt;

/// Text that must never be printed. `Debug` shows `***`; there is no `Display`
/// and no `Serialize`: whoever needs the text says [`SecretValue::expose`], so
/// that every such place can be found by that word.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct SecretValue(String);

impl SecretValue {
    /// The text itself, for the `data` of an object that is about to be written.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for SecretValue {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for SecretValue {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_of_a_value_and_of_what_holds_it_shows_stars() {
        let value = SecretValue::from("canary-7f3a");
        assert_eq!(format!("{value:?}"), "***");
        assert_eq!(format!("{:?}", Some(vec![value])), "Some([***])");
    }
}
