//! Names and values at and beyond their limits.

use serde_json::{Value, json};

use super::judges::{faults, faults_of_each};
use crate::common::CANARY;
use crate::objects;

const GUID: &str = "0a0b0c0d-0000-4000-8000-00000000000f";

/// A name of that many characters, with the canary in it.
fn long(length: usize) -> String {
    format!("{CANARY}{}", "a".repeat(length - CANARY.len()))
}

/// A connection with an identity, and another value for a field of it.
fn with(pointer: &str, key: &str, value: impl Into<Value>) -> Value {
    let mut connection = json!({
        "namespace": "shop", "target": "keyvault", "auth": "csi", "serviceAccount": {}, "labels": {}, "annotations": {}, "data": {},
        "customizedKeys": {}, "parameters": {"vault": "vault1", "clientId": GUID, "tenantId": GUID},
        "csi": {"workloadIdentity": true, "secrets": [{"name": "s"}]},
    });
    connection.pointer_mut(pointer).unwrap()[key] = value.into();
    connection
}

/// Panics unless each connection has the fault that is said of it, and no other.
fn assert_faults(cases: Vec<(Value, &str, String)>) {
    let wanted: Vec<String> =
        cases.iter().enumerate().map(|(n, (_, code, rest))| format!("{code} connections.c{n:03}{rest}")).collect();
    let found = faults_of_each(cases.into_iter().map(|(connection, ..)| connection).collect());
    for wanted in &wanted {
        assert!(found.iter().any(|fault| fault.starts_with(wanted)), "{wanted}\nis not in\n{}", found.join("\n"));
    }
    assert_eq!(found.len(), wanted.len(), "{}", found.join("\n"));
}

#[test]
fn a_name_that_is_too_long_is_refused_with_the_length_that_it_may_have_and_one_of_that_length_is_taken() {
    let places = [
        ("", "namespace", 63, "letters, digits and `-`, at most 63"),
        ("", "secretName", 253, "letters, digits, `-` and `.`, at most 253"),
        ("/serviceAccount", "name", 253, "letters, digits, `-` and `.`, at most 253"),
        ("/csi/secrets/0", "name", 127, "letters, digits and `-`, at most 127"),
        ("/csi/secrets/0", "version", 127, "letters, digits and `-`, at most 127"),
        ("/csi/secrets/0", "alias", 253, "letters, digits, `.`, `_` and `-`, at most 253"),
        ("/csi/secrets/0", "key", 253, "letters, digits, `.`, `_` and `-`, at most 253"),
        ("/labels", "team", 63, "letters, digits, `.`, `_` and `-`, at most 63"),
    ];
    let path = |pointer: &str, key: &str| {
        format!("{pointer}/{key}").replace("/0", "[0]").replace('/', ".").trim_start_matches('.').to_owned()
    };
    let case = |&(pointer, key, most, words): &(&str, &str, usize, &str)| {
        let fault = format!(".{}: must consist of ", path(pointer, key));
        let told = faults_of_each(vec![with(pointer, key, long(most + 1))]);
        assert!(told[0].contains(words), "{told:?}");
        (with(pointer, key, long(most + 1)), "SCJ1006", fault)
    };
    assert_faults(places.iter().map(case).collect());
    for (pointer, key, most, _) in places {
        objects(&json!({"connections": {"a": with(pointer, key, long(most))}}).to_string());
    }
}

#[test]
fn a_key_that_is_too_long_is_refused_and_one_of_the_greatest_length_is_taken() {
    let connections = |name: &str| json!({"connections": {name: {"data": {"A": CANARY}}}}).to_string();
    let (longest, longer) = ("n".repeat(63), "n".repeat(64));
    objects(&connections(&longest));
    let told = faults(connections(&longer));
    let fault =
        format!("SCJ1006 connections.{longer}: must consist of letters, digits, `.`, `_` and `-`, at most 63, ");
    assert!(told.len() == 1 && told[0].starts_with(&fault), "{told:?}");

    let prefixed = |length: usize| format!("{}/team", "p".repeat(length));
    for (pointer, good, bad, words) in [
        ("/data", "K".repeat(253), "K".repeat(254), "letters, digits, `.`, `_` and `-`, at most 253, "),
        ("/labels", "k".repeat(63), "k".repeat(64), "an optional DNS prefix and `/`, then letters, "),
        ("/annotations", prefixed(253), prefixed(254), "an optional DNS prefix and `/`, then letters, "),
    ] {
        objects(&json!({"connections": {"a": with(pointer, &good, "v")}}).to_string());
        let told = faults(json!({"connections": {"a": with(pointer, &bad, "v")}}).to_string());
        assert!(told.len() == 1 && told[0].starts_with("SCJ1006 ") && told[0].contains(words), "{told:?}");
    }
}

#[test]
fn a_name_that_no_variable_can_have_is_refused() {
    let names = ["", ".", "..", "..a", "A B", "A=B", "A/B", "A\tB", "ä", "A\u{0}"];
    let case = |name: &&str| {
        let path = format!(".data[{name:?}]: must consist of letters, digits, `.`, `_` and `-`, at most 253, ");
        (with("/data", name, CANARY), "SCJ1006", path)
    };
    assert_faults(names.iter().map(case).collect());
}

#[test]
fn what_is_no_guid_is_refused_with_an_example_of_one() {
    let wrong = [CANARY, "0a0b0c0d", "{0a0b0c0d-0000-4000-8000-00000000000f}", "0a0b0c0d00004000800000000000000f"];
    let wrong =
        wrong.into_iter().chain(["0a0b0c0d-0000-4000-8000-00000000000g", "0a0b0c0d-0000-4000-8000-00000000000f "]);
    let case = |(parameter, text): (&'static str, &'static str)| {
        (
            with("/parameters", parameter, text),
            "SCJ1008",
            format!(".parameters.{parameter}: is not of the right form: "),
        )
    };
    assert_faults(wrong.flat_map(|text| [("clientId", text), ("tenantId", text)]).map(case).collect());
    assert_faults(vec![(
        with("/parameters", "clientId", ""),
        "SCJ1008",
        ".parameters.clientId: is empty. ".to_owned(),
    )]);
}

#[test]
fn the_life_of_a_token_is_from_an_hour_to_a_day() {
    let case = |seconds: Value, code, cause: &str| {
        let path = format!(".serviceAccount.tokenExpirationSeconds: {cause}. ");
        (with("/serviceAccount", "tokenExpirationSeconds", seconds), code, path)
    };
    let (range, number) = ("must be from 3600 to 86400 seconds", "must be a whole number, and is a number");
    let outside = [0, -1, 3_599, 86_401, i64::MIN, i64::MAX].map(|seconds| case(seconds.into(), "SCJ1008", range));
    let unfit = [json!(3600.5), json!(1e30), json!(u64::MAX)].map(|seconds| case(seconds, "SCJ1004", number));
    assert_faults(outside.into_iter().chain(unfit).collect());
    for seconds in ["3600", "86400"] {
        let connection = with("/serviceAccount", "tokenExpirationSeconds", seconds.parse::<u32>().unwrap());
        let shown = objects(&json!({"connections": {"a": connection}}).to_string());
        let annotation = "azure.workload.identity/service-account-token-expiration";
        assert!(shown.iter().any(|object| object["metadata"]["annotations"][annotation] == *seconds), "{shown:?}");
    }
}
