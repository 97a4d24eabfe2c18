//! What holds for every text as a template.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngSeed};

use super::{Part, Template};

/// Braces, and what may or may not stand between them.
const TOKENS: &[&str] = &["{", "}", "{{", "}}", "{a}", "{cloud.a}", "{cloud.", ".", "a", "cloud", " ", "ü", "\n", "\0"];

fn soup() -> impl Strategy<Value = String> {
    let token = prop_oneof![9 => select(TOKENS).prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)];
    proptest::collection::vec(token, 0..24).prop_map(|tokens| tokens.concat())
}

fn part() -> impl Strategy<Value = Part> {
    prop_oneof![
        "(?s).{1,8}".prop_map(Part::Literal),
        "[A-Za-z0-9]{1,8}".prop_map(Part::Parameter),
        "[A-Za-z0-9]{1,8}".prop_map(Part::Cloud),
    ]
}

/// A template of these parts.
fn written(parts: &[Part]) -> String {
    let write = |part: &Part| match part {
        Part::Literal(text) => text.replace('{', "{{").replace('}', "}}"),
        Part::Parameter(name) => format!("{{{name}}}"),
        Part::Cloud(key) => format!("{{cloud.{key}}}"),
    };
    parts.iter().map(write).collect()
}

/// The parts as they are read: two literals in a row are one.
fn joined(parts: Vec<Part>) -> Vec<Part> {
    let mut joined: Vec<Part> = Vec::new();
    for part in parts {
        match (joined.last_mut(), part) {
            (Some(Part::Literal(text)), Part::Literal(more)) => text.push_str(&more),
            (_, part) => joined.push(part),
        }
    }
    joined
}

proptest! {
    #![proptest_config(Config { rng_seed: RngSeed::Fixed(5), cases: 4_000, failure_persistence: None, ..Config::default() })]

    #[test]
    fn every_text_is_refused_or_says_the_same_when_its_parts_are_written_again(text in soup()) {
        if let Ok(template) = Template::try_from(text.clone()) {
            prop_assert_eq!(template.as_str(), &text);
            prop_assert_eq!(written(template.parts()), text);
        }
    }

    #[test]
    fn whatever_parts_are_written_are_the_parts_that_are_read(parts in proptest::collection::vec(part(), 0..8)) {
        let template = Template::try_from(written(&parts)).map_err(TestCaseError::fail)?;
        prop_assert_eq!(template.parts(), joined(parts));
    }
}
