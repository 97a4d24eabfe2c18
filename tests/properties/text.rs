//! Random text: values of parameters and data.

use std::collections::BTreeMap;
use std::sync::Mutex;

use proptest::prelude::*;
use proptest::string::string_regex;
use sc_job::catalogue::{Parameter, Target};

use super::catalogue::pattern;
use crate::common::CANARY;

/// Characters that end, quote, escape or open something in one of the formats, or that programs trim or normalise.
const AWKWARD: [char; 26] = [
    '\'', '"', '\\', '/', '%', '&', '=', ';', ',', ':', '@', '#', '?', '+', '$', '{', '}', '[', ']', ' ', '\n', '\r',
    '\t', '\u{7f}', '\u{85}', '\u{feff}',
];

/// No NUL, which no environment variable can hold, and no U+FFFD, which stands for bytes that are no text.
fn fit(character: char) -> bool {
    !matches!(character, '\0' | '\u{fffd}')
}

/// Any text that the expression describes. Expressions are parsed once: that takes longer than all else.
pub fn of_regex(expression: &str) -> SBoxedStrategy<String> {
    static PARSED: Mutex<BTreeMap<String, SBoxedStrategy<String>>> = Mutex::new(BTreeMap::new());
    let mut parsed = PARSED.lock().unwrap();
    parsed.entry(expression.to_owned()).or_insert_with(|| string_regex(expression).unwrap().sboxed()).clone()
}

/// Any text that a value may be.
pub fn any_text() -> impl Strategy<Value = String> {
    let character = prop_oneof![2 => any::<char>(), 2 => proptest::sample::select(&AWKWARD[..]), 1 => proptest::char::range('a', 'z')];
    proptest::collection::vec(character, 0..16).prop_map(|text| text.into_iter().filter(|c| fit(*c)).collect())
}

/// Any text with the canary in it.
pub fn credential() -> impl Strategy<Value = String> {
    (any_text(), any_text()).prop_map(|(before, after)| format!("{before}{CANARY}{after}"))
}

/// Whether random values of the parameter hold the canary: it is a credential, and no GUID.
pub fn holds_canary(parameter: &Parameter) -> bool {
    parameter.sensitive && parameter.accepts(CANARY)
}

/// Any value that the parameter takes.
pub fn parameter(target: &'static Target, name: &'static str) -> BoxedStrategy<String> {
    let known = &target.parameters[name];
    // The program's `\w` knows ASCII alone.
    let pattern = pattern(target.name, name).map(|pattern| of_regex(&pattern.replace(r"\w", "A-Za-z0-9_")));
    let value = match (pattern, holds_canary(known)) {
        (Some(text), false) => text.boxed(),
        (Some(text), true) => text.prop_map(|text| format!("{text}{CANARY}")).boxed(),
        (None, false) => any_text().prop_filter("not empty", |text| !text.is_empty()).boxed(),
        (None, true) => credential().boxed(),
    };
    value.prop_filter("what the parameter takes", move |text| text.chars().all(fit) && known.accepts(text)).boxed()
}
