//! Two declarations for one object, or for one key: found before anything is made, and nothing else is held for one.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use super::connection::sample;
use super::declaring::{input, words};
use super::names;
use super::runner::check;
use super::text::of_regex;

const CASES: u32 = 256;

/// What can be wrong with values that are made of valid connections.
const COLLISION: &str = "SCJ1009 ";

/// The forms of a connection, each of which makes other objects.
#[derive(Clone, Copy, Debug)]
enum Form {
    Data,
    Linked,
    Mounted,
    Synced,
    Disabled,
}

/// Few names in few namespaces, so that many are one.
#[derive(Clone, Debug)]
struct Small {
    name: String,
    namespace: &'static str,
    secret_name: Option<&'static str>,
    form: Form,
}

impl Small {
    fn settings(&self) -> Value {
        let object = |key: Option<&str>| json!([{"name": "object", "key": key}]);
        let vault = |key| {
            json!({
                "target": "keyvault", "auth": "csi", "csi": {"secrets": object(key)},
                "parameters": {"vault": "vault1", "clientId": "0a0b0c0d-0000-4000-8000-000000000002", "tenantId": "0a0b0c0d-0000-4000-8000-00000000000f"},
            })
        };
        let mut settings = match self.form {
            Form::Data => json!({"data": {"KEY": "value"}}),
            Form::Linked => json!({
                "target": "confluent-cloud", "auth": "secret", "clientType": "python",
                "parameters": {
                    "bootstrapServer": "kafka:9092", "kafkaKey": "k", "kafkaSecret": "s",
                    "schemaRegistry": "https://registry", "schemaKey": "k", "schemaSecret": "s",
                },
            }),
            Form::Mounted => vault(None),
            Form::Synced => vault(Some("KEY")),
            Form::Disabled => json!({"enabled": false, "data": {"KEY": "value"}}),
        };
        settings["namespace"] = json!(self.namespace);
        settings["secretName"] = json!(self.secret_name);
        settings
    }

    /// The objects that no two connections may have in common, as README and design name them.
    fn objects(&self) -> Vec<(&'static str, &'static str, String)> {
        let letters: String = self.name.to_ascii_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
        let secret = |name: String| ("Secret", self.namespace, name);
        let first = secret(self.secret_name.map_or_else(|| format!("sc-{letters}-secret"), str::to_owned));
        let class = ("SecretProviderClass", self.namespace, format!("sc-{letters}-secretprovider"));
        match self.form {
            Form::Data => vec![first],
            Form::Linked => {
                let second = self
                    .secret_name
                    .map_or_else(|| format!("sc-{letters}schema-secret"), |own| format!("{own}-schema"));
                vec![first, secret(second)]
            }
            Form::Mounted => vec![first, class],
            Form::Synced => vec![first, class, secret(format!("sc-{letters}-csi-secret"))],
            Form::Disabled => Vec::new(),
        }
    }
}

fn small() -> impl Strategy<Value = Small> {
    const OWN: &[&str] = &["sc-a-secret", "sc-ab-secret", "sc-a-csi-secret", "own", "own-schema", "sc-aschema-secret"];
    let form = select(&[Form::Data, Form::Data, Form::Linked, Form::Mounted, Form::Synced, Form::Disabled][..]);
    let name = prop_oneof![6 => of_regex("[aAbB1]([._-]?[aAbB]){0,2}"), 1 => of_regex("[aA][._-]?[sS]chema")];
    let name = name.prop_filter("no linker's", |name| !name.ends_with("_schema"));
    (name, select(&["shop", "warehouse"][..]), proptest::option::weighted(0.3, select(OWN)), form)
        .prop_map(|(name, namespace, secret_name, form)| Small { name, namespace, secret_name, form })
}

/// Connections by name, as the values hold them.
fn document<'a>(connections: impl IntoIterator<Item = (&'a str, Value)>) -> String {
    let connections: serde_json::Map<_, _> =
        connections.into_iter().map(|(name, settings)| (name.to_owned(), settings)).collect();
    json!({"connections": connections}).to_string()
}

/// The faults of values, of which there must be some, and all collisions.
fn collisions(text: &str) -> Result<Vec<String>, TestCaseError> {
    let Err(faults) = input(text) else { return Err(TestCaseError::fail("taken")) };
    let words = words(&faults);
    prop_assert!(!words.is_empty() && words.iter().all(|fault| fault.starts_with(COLLISION)), "{words:?}");
    Ok(words)
}

#[test]
fn values_are_refused_exactly_when_two_connections_make_one_object() {
    check(4 * CASES, proptest::collection::btree_map(any::<u8>(), small(), 1..6), |connections| {
        let mut names = BTreeSet::new();
        let connections: Vec<_> = connections.into_values().filter(|small| names.insert(small.name.clone())).collect();
        let text = document(connections.iter().map(|small| (small.name.as_str(), small.settings())));
        let objects: Vec<_> = connections.iter().flat_map(Small::objects).collect();
        if objects.iter().collect::<BTreeSet<_>>().len() < objects.len() {
            collisions(&text)?;
        } else if let Err(faults) = input(&text) {
            prop_assert!(false, "refused: {:?}", words(&faults));
        }
        Ok(())
    });
}

/// `letters` in another case, with other separators in between.
fn disguised(letters: &str, ways: &[(bool, Option<char>)]) -> String {
    let mut name = String::new();
    for (index, (letter, (upper, separator))) in letters.chars().zip(ways).enumerate() {
        name.extend(separator.filter(|_| index > 0));
        name.push(if *upper { letter.to_ascii_uppercase() } else { letter });
    }
    name
}

#[test]
fn two_names_of_the_same_letters_and_digits_are_one_secret() {
    let ways = || {
        proptest::collection::vec((any::<bool>(), proptest::option::weighted(0.4, select(&['.', '-', '_'][..]))), 31)
    };
    check(CASES, (of_regex("[a-z0-9]{2,31}"), ways(), ways()), |(letters, one, other)| {
        let names = [disguised(&letters, &one), disguised(&letters, &other)];
        prop_assume!(names[0] != names[1]);
        let settings = || json!({"namespace": "shop", "data": {"KEY": "value"}});
        let found = collisions(&document(names.iter().map(|name| (name.as_str(), settings()))))?;
        prop_assert_eq!(found.len(), 1);
        let (first, second) = if names[0] < names[1] { (&names[0], &names[1]) } else { (&names[1], &names[0]) };
        let cause = format!("its Secret shop/sc-{letters}-secret is that of connection {first} too");
        prop_assert!(found[0].contains(&cause) && found[0].contains(second.as_str()), "{found:?}");
        Ok(())
    });
}

#[test]
fn one_name_in_two_parts_of_the_input_is_declared_twice() {
    check(CASES, names::connection(), |name| {
        let part =
            |namespace: &str| document([(name.as_str(), json!({"namespace": namespace, "data": {"KEY": "value"}}))]);
        let parts = [part("shop"), part("warehouse")]
            .map(|text| sc_job::connections::Document::of_chart("0.json".into(), text));
        let Err(faults) = sc_job::connections::Declared::check(parts.into(), &sc_job::release::Release::default())
        else {
            return Err(TestCaseError::fail("taken"));
        };
        prop_assert!(words(&faults)[0].contains("the connection is declared twice"), "{:?}", words(&faults));
        Ok(())
    });
}

#[test]
fn two_entries_under_one_key_are_found() {
    check(CASES, (sample(), any::<Index>(), any::<Index>(), any::<Index>()), |(mut sample, way, one, other)| {
        let variables: Vec<String> = sample.choice.set.variables.iter().map(|variable| variable.name.clone()).collect();
        sample.settings["keyInfix"] = json!(false);
        sample.settings["customizedKeys"] = json!({});
        sample.settings["data"] = json!({});
        let one = one.get(&variables);
        match way.index(3) {
            0 => sample.settings["data"] = json!({one.as_str(): "value"}),
            1 => {
                sample.settings["customizedKeys"] = json!({one.as_str(): "own.key"});
                sample.settings["data"] = json!({"own.key": "value"});
            }
            _ => {
                let other = other.get(&variables);
                prop_assume!(one != other);
                sample.settings["customizedKeys"] = json!({one.as_str(): other});
            }
        }
        prop_assert_eq!(collisions(&sample.values().to_string())?.len(), 1);
        Ok(())
    });
}
