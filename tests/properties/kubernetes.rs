//! What Kubernetes takes, as its documentation says it:
//! <https://kubernetes.io/docs/concepts/overview/working-with-objects/names/>,
//! <https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set>,
//! <https://kubernetes.io/docs/concepts/configuration/secret/#restriction-names-data>.
//! Written a second time on purpose: sc-job's own rules are what is tested.

fn lower(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit()
}

fn both_ends(text: &str, good: impl Fn(char) -> bool) -> bool {
    text.chars().next().is_some_and(&good) && text.chars().next_back().is_some_and(&good)
}

/// RFC 1123 label: namespaces.
pub fn is_label(name: &str) -> bool {
    name.len() <= 63 && both_ends(name, lower) && name.chars().all(|c| lower(c) || c == '-')
}

/// RFC 1123 subdomain: Secrets, ServiceAccounts, custom resources.
pub fn is_subdomain(name: &str) -> bool {
    let part = |part: &str| both_ends(part, lower) && part.chars().all(|c| lower(c) || c == '-');
    name.len() <= 253 && name.split('.').all(part)
}

/// A key of a Secret's data. A volume cannot make a file of `.` or `..`, and keeps names that begin with `..` for itself.
pub fn is_data_key(key: &str) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    (1..=253).contains(&key.len()) && key != "." && !key.starts_with("..") && key.chars().all(good)
}

/// The part of a label's key after the prefix.
fn is_name(name: &str) -> bool {
    !name.is_empty() && is_label_value(name)
}

/// The key of a label or annotation.
pub fn is_qualified(key: &str) -> bool {
    match key.split_once('/') {
        Some((prefix, name)) => is_subdomain(prefix) && is_name(name),
        None => is_name(key),
    }
}

/// The value of a label.
pub fn is_label_value(value: &str) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let end = |c: char| c.is_ascii_alphanumeric();
    value.is_empty() || (value.len() <= 63 && both_ends(value, end) && value.chars().all(good))
}
