//! Any text whatsoever as values: it is refused or taken, in bounded time, and what is said of it quotes no value.

use std::io::Write as _;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use sc_job::connections::Declared;
use sc_job::input;
use sc_job::release::Release;
use sc_job::render;

use super::connection::sample;
use super::declaring::{self, words};
use super::runner::check;
use crate::common::CANARY;

const CASES: u32 = 800;

/// What YAML is made of, and words that the values know.
const TOKENS: &[&str] = &[
    "\n",
    "\n  ",
    "\n    ",
    " ",
    "\t",
    "\r\n",
    ": ",
    ":",
    "- ",
    "? ",
    ", ",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    "|\n",
    ">-\n  ",
    "|2+\n",
    "#",
    "&a ",
    "*a",
    "&b ",
    "*b",
    "<<: *a\n",
    "<<",
    "!",
    "!!binary ",
    "!!int ",
    "!x ",
    "!<tag:yaml.org,2002:str> ",
    "%YAML 1.1\n",
    "---\n",
    "...\n",
    "\\",
    "\\u0000",
    "\\x41",
    "~",
    "null",
    "true",
    "0123",
    "0x1F",
    "1e999",
    ".nan",
    "-.inf",
    "18446744073709551616",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "\0",
    "\u{7}",
    "ü",
    "connections: ",
    "connections",
    "a: ",
    "b: ",
    "namespace: ",
    "target: ",
    "redis",
    "auth: ",
    "secret",
    "parameters: ",
    "accessKey: ",
    "base64: ",
    "valueFrom: ",
    "secretKeyRef: ",
    "data: ",
    "KEY: ",
    "csi: ",
    "secrets: ",
    "enabled: ",
    "cloud: ",
    "missingNamespaces: ",
];

/// Judges a text as the program does, and renders what is declared.
fn judge(text: &str) -> Result<(), String> {
    for declare in [declaring::values, declaring::input] {
        let declared = declare(text).map_err(|faults| words(&faults).join("\n"));
        let shown = declared.map(|declared| render::objects(&declared, &Release::default(), true).map(|_| ()));
        shown?.map_err(|fault| fault.to_string())?;
    }
    Ok(())
}

fn soup() -> impl Strategy<Value = String> {
    vec(prop_oneof![9 => select(TOKENS).prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)], 0..60)
        .prop_map(|tokens| tokens.concat())
}

#[test]
fn any_soup_of_yaml_is_judged_and_no_defect_of_the_program_is_found() {
    check(4 * CASES, soup(), |text| {
        let said = judge(&text).err().unwrap_or_default();
        prop_assert!(!said.contains("SCJ5002"), "{said}");
        Ok(())
    });
}

#[test]
fn any_bytes_may_stand_in_a_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("values.yaml");
    check(CASES, vec(any::<u8>(), 0..64), |bytes| {
        std::fs::File::create(&path).unwrap().write_all(&bytes).unwrap();
        let judged = input::values(Path::new(&path))
            .map_err(|fault| vec![fault])
            .and_then(|documents| Declared::check(documents, &Release::default()));
        let text = std::str::from_utf8(&bytes);
        let said = judged.err().map(|faults| words(&faults).join("\n")).unwrap_or_default();
        prop_assert_eq!(said.contains("save the file as UTF-8"), text.is_err(), "{}", said);
        Ok(())
    });
}

/// Values in which a piece is taken out, doubled, or replaced by something that means much in YAML or JSON.
#[test]
fn what_is_said_of_broken_values_quotes_no_credential() {
    let edits = vec((any::<Index>(), 0_usize..4, select(TOKENS)), 1..4);
    check(CASES, (sample(), edits, any::<bool>()), |(sample, edits, json)| {
        let values = sample.values();
        let mut text = if json { values.to_string() } else { serde_yaml::to_string(&values).unwrap() };
        for (place, length, token) in edits {
            let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
            let Some(at) = places.get(place.index(places.len().max(1))).copied() else { continue };
            let end = text[at..].char_indices().nth(length).map_or(text.len(), |(end, _)| at + end);
            text.replace_range(at..end, token);
        }
        let said = judge(&text).err().unwrap_or_default();
        // A key is named; the edits make one of what was a value where they end a line or a string before it.
        let canary_is_a_key =
            serde_yaml::from_str::<serde_yaml::Value>(&text).is_ok_and(|tree| has_key_with_canary(&tree));
        prop_assert!(canary_is_a_key || !said.contains(CANARY), "{said}");
        Ok(())
    });
}

fn has_key_with_canary(tree: &serde_yaml::Value) -> bool {
    match tree {
        serde_yaml::Value::Mapping(entries) => entries.iter().any(|(key, value)| {
            key.as_str().is_some_and(|key| key.contains(CANARY))
                || has_key_with_canary(key)
                || has_key_with_canary(value)
        }),
        serde_yaml::Value::Sequence(items) => items.iter().any(has_key_with_canary),
        serde_yaml::Value::Tagged(tagged) => has_key_with_canary(&tagged.value),
        _ => false,
    }
}
