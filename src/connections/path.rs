//! Where a value stands.

use std::fmt;

/// A place in the values, written as one would in a Helm template.
#[derive(Clone, Default)]
pub struct Path(String);

impl Path {
    /// The place of `key` below this one. A key that holds more than letters, digits, `-` and `_` is bracketed.
    pub fn child(&self, key: &str) -> Self {
        let plain = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        match (plain, self.0.is_empty()) {
            (true, true) => Self(key.to_owned()),
            (true, false) => Self(format!("{self}.{key}")),
            (false, _) => Self(format!("{self}[{key:?}]")),
        }
    }

    /// The place of an item of the list that stands at this place.
    pub fn item(&self, index: usize) -> Self {
        Self(format!("{self}[{index}]"))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_brackets_keys_that_hold_dots() {
        let path = Path::default().child("connections").child("a.b").child("auth");
        assert_eq!(path.to_string(), r#"connections["a.b"].auth"#);
        assert_eq!(path.item(1).to_string(), r#"connections["a.b"].auth[1]"#);
    }
}
