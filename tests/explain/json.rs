//! `-o json` is an interface: its keys and what stands in them.

use sc_job::error::Code;
use serde_json::json;

use crate::{json, shown};

#[test]
fn a_code_is_told_with_these_keys_in_this_order() {
    let code = Code::QuotaExceeded;
    assert_eq!(
        json(&["SCJ2012"]),
        json!({
            "code": "SCJ2012",
            "title": "a quota of the namespace is used up",
            "cause": code.cause(),
            "remedy": code.remedy(),
            "exit": 79,
        })
    );
    let text = shown(&["SCJ2012", "-o", "json"]);
    let keys = text.lines().filter_map(|line| line.strip_prefix("  \"")?.split('"').next());
    assert_eq!(keys.collect::<Vec<_>>(), ["code", "title", "cause", "remedy", "exit"]);
}

#[test]
fn the_list_has_every_code_in_the_order_of_numbers_as_it_is_told_alone() {
    let list = json(&[]);
    let list = list.as_array().unwrap();
    assert_eq!(list.len(), Code::ALL.len());
    for (entry, code) in list.iter().zip(Code::ALL) {
        assert_eq!(entry["code"], code.to_string());
        assert_eq!(*entry, json(&[&code.to_string()]));
    }
}

#[test]
fn exit_codes_follow_the_groups_of_codes() {
    let exits = json(&[]).as_array().unwrap().iter().map(|entry| entry["exit"].as_u64().unwrap()).collect::<Vec<_>>();
    for (code, exit) in Code::ALL.iter().zip(exits) {
        let expected = match code.number() {
            1000..=1999 => 78,
            2000..=2999 => 79,
            3000..=3999 => 77,
            4001 => 69,
            4002..=4999 => 75,
            _ => 70,
        };
        assert_eq!(exit, expected, "{code}");
    }
}
