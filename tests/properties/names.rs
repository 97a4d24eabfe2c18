//! Random names, long and short ones, as far as Kubernetes and the chart take them.

use proptest::prelude::*;

use super::kubernetes;
use super::text::of_regex;

fn text(regex: &'static str, good: fn(&str) -> bool) -> impl Strategy<Value = String> {
    of_regex(regex).prop_filter("a good name", move |name: &String| good(name))
}

/// Of a connection. Helm makes `true`, `false` and `null` of unquoted words, so none of them is a name.
pub fn connection() -> impl Strategy<Value = String> {
    text("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?", |name| {
        !matches!(name, "true" | "false" | "null") && !name.ends_with("_schema")
    })
}

pub fn label() -> impl Strategy<Value = String> {
    text("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", kubernetes::is_label)
}

pub fn subdomain() -> impl Strategy<Value = String> {
    let long = text("[a-z0-9][a-z0-9-]{240,251}[a-z0-9]", kubernetes::is_subdomain);
    prop_oneof![4 => text(r"[a-z0-9]([a-z0-9-]{0,9}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,9}[a-z0-9])?){0,2}", kubernetes::is_subdomain), 1 => long]
}

pub fn data_key() -> impl Strategy<Value = String> {
    let key = prop_oneof![4 => of_regex(r"\.?[A-Za-z0-9_-][A-Za-z0-9._-]{0,20}"), 1 => of_regex("[A-Za-z0-9_-][A-Za-z0-9._-]{240,252}")];
    key.prop_filter("a good key", |key| {
        kubernetes::is_data_key(key) && !matches!(key.as_str(), "true" | "false" | "null")
    })
}

pub fn qualified() -> impl Strategy<Value = String> {
    text(
        r"([a-z0-9]([a-z0-9-]{0,9}[a-z0-9])?(\.[a-z0-9]{1,9}){0,2}/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?",
        kubernetes::is_qualified,
    )
}

pub fn label_value() -> impl Strategy<Value = String> {
    text("([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?", kubernetes::is_label_value)
}

/// An object of a Key Vault.
pub fn vault_object() -> impl Strategy<Value = String> {
    of_regex("[A-Za-z0-9-]{1,127}")
}
