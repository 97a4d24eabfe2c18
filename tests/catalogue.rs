//! The catalogue against the variables that Service Connector itself writes:
//! `tests/catalogue/<target>.tsv` has one row per variable (auth, mode, client types,
//! name, value as documented or as seen), with the placeholders of the source.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what a test calls is a test too")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use sc_job::catalogue::{self, Set, Target};
use sc_job::secret_value::SecretValue;

/// Where the catalogue is meant to differ from a row: target, variable, the row's value, what is meant, and why.
const DIFFERENCES: [(&str, &str, &str, &str, &str); 3] = [
    (
        "cosmos-table",
        "AZURE_COSMOS_CONNECTIONSTRING",
        "DefaultEndpointsProtocol=https;AccountName=<account-name>;AccountKey=<account-key>;TableEndpoint=https://<table-name>.table.cosmos.azure.com:443/; ",
        "DefaultEndpointsProtocol=https;AccountName=<account-name>;AccountKey=<account-key>;TableEndpoint=https://<table-name>.table.cosmos.azure.com:443/;",
        "the blank at the end is the page's: no other connection string has one",
    ),
    (
        "postgres",
        "spring.datasource.username",
        "username",
        "<username>",
        "the source forgot the brackets: it prints them for the other client types and with auth secret",
    ),
    (
        "postgres-flexible",
        "spring.datasource.username",
        "username",
        "<username>",
        "the source forgot the brackets: it prints them for the other client types and with auth secret",
    ),
];

/// Auth, mode (`-` for none), client type.
type Key = (String, String, String);

fn rows(file: &str) -> Vec<Vec<String>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/catalogue").join(file);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!(
            "tests/catalogue/{file}: {error}. A target needs this file: a row for each variable that Service Connector \
             writes for it, with the five tab-separated columns of tests/catalogue/keyvault.tsv (auth, mode or -, client \
             types, name, value as documented); placeholders that are new go into tests/catalogue/placeholders.tsv"
        )
    });
    text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

fn meant(target: &Target, name: &str, value: &str, placeholders: &[Vec<String>]) -> String {
    let different = DIFFERENCES.iter().find(|row| (row.0, row.1, row.2) == (target.name, name, value));
    let mut value = different.map_or(value, |row| row.3).to_owned();
    for row in placeholders.iter().filter(|row| row[0] == "*" || row[0] == target.name) {
        let examples = target.parameters.iter().map(|(name, parameter)| (format!("{{{name}}}"), &parameter.example));
        let example = examples.fold(row[2].clone(), |text, (place, example)| text.replace(&place, example));
        if !example.contains('{') {
            value = value.replace(&row[1], &example);
        }
    }
    value
}

fn expected(target: &Target) -> BTreeMap<Key, Vec<(String, String)>> {
    let placeholders = rows("placeholders.tsv");
    let mut sets = BTreeMap::<_, Vec<_>>::new();
    for row in rows(&format!("{}.tsv", target.name)) {
        let [auth, mode, client_types, name, value] = row.as_slice() else { panic!("not five columns: {row:?}") };
        for client_type in client_types.split(',') {
            let key = (auth.clone(), mode.clone(), client_type.to_owned());
            sets.entry(key).or_default().push((name.clone(), meant(target, name, value, &placeholders)));
        }
    }
    sets
}

fn rendered(target: &Target, set: &Set) -> Vec<(String, String)> {
    let cloud = catalogue::cloud("AzurePublic").unwrap().unwrap();
    let example = |name: &str| (name.to_owned(), SecretValue::from(target.parameters[name].example.as_str()));
    // Only what is required: a default must give what the service writes.
    let values: BTreeMap<_, _> = set.required(target).into_iter().map(example).collect();
    let value = |variable: &catalogue::Variable| variable.render(&values, &cloud).unwrap().expose().to_owned();
    set.variables.iter().map(|variable| (variable.name.clone(), value(variable))).collect()
}

#[test]
fn every_set_is_what_the_service_writes_and_there_are_no_others() {
    for name in catalogue::names() {
        let target = catalogue::target(name).unwrap().unwrap();
        let mut actual = BTreeMap::new();
        for set in &target.sets {
            for client_type in &set.client_types {
                let mode = set.when.clone().unwrap_or_else(|| "-".to_owned());
                let key = (set.auth.to_string(), mode, client_type.clone());
                assert!(actual.insert(key.clone(), rendered(target, set)).is_none(), "{name}: {key:?} stands twice");
            }
        }
        let expected = expected(target);
        for (key, variables) in &expected {
            assert_eq!(actual.get(key), Some(variables), "{name}: {key:?}");
        }
        assert_eq!(actual.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn every_table_of_the_service_is_a_target() {
    let tables = fs::read_dir(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/catalogue")).unwrap();
    let tables = tables.map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned());
    let tables: BTreeSet<String> = tables.filter(|name| name != "placeholders").collect();
    assert_eq!(tables, catalogue::names().map(str::to_owned).collect());
}

#[test]
fn every_declared_difference_is_one() {
    for (target, variable, value, meant, reason) in DIFFERENCES {
        let found = rows(&format!("{target}.tsv")).iter().any(|row| row[3] == variable && row[4] == value);
        assert!(found && meant != value && !reason.is_empty(), "{target} {variable} {value}");
    }
}

#[test]
fn the_client_types_are_those_of_all_targets() {
    let tables = catalogue::names().flat_map(|name| rows(&format!("{name}.tsv")));
    let each: BTreeSet<String> =
        tables.flat_map(|row| row[2].split(',').map(str::to_owned).collect::<Vec<_>>()).collect();
    let all: BTreeSet<String> = catalogue::client_types().unwrap().into_iter().map(str::to_owned).collect();
    assert_eq!(all, each);
}
