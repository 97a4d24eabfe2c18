//! Flags and whole numbers. Some installers have nothing but texts, so that these
//! may be texts too.

use crate::yaml::Value;

/// The words are those of the chart's schema, which takes no others.
pub(super) fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) if text == "true" => Some(true),
        Value::String(text) if text == "false" => Some(false),
        _ => None,
    }
}

/// Digits that mean a whole number to everyone: a leading zero is a sign of an octal one to some.
pub(super) fn integer(value: &Value) -> Option<i64> {
    let Value::String(text) = value else { return value.as_i64() };
    let is_plain =
        text.bytes().all(|c| c.is_ascii_digit()) && text.len() < 10 && (text == "0" || !text.starts_with('0'));
    is_plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_may_be_a_text_of_plain_digits() {
        let read = |text: &str| integer(&Value::from(text));
        assert_eq!(["0", "10", "86400", "999999999"].map(read), [Some(0), Some(10), Some(86_400), Some(999_999_999)]);
        assert_eq!(["", "010", "-1", "+1", "1.0", "1e3", " 1", "1000000000"].map(read), [None; 8]);
    }
}
