//! Fields of a wrong type, and fields that do not exist, at every level of a connection.

use serde_yaml::Value;
use serde_yaml::value::{Tag, TaggedValue};

use super::judges::faults;
use crate::common::{CANARY, run, sc_job};

/// A connection with every field.
const CONNECTION: &str = "
target: keyvault
auth: csi
clientType: none
namespace: shop
secretName: own
enabled: true
keyInfix: false
parameters: {vault: vault1, tenantId: 0a0b0c0d-0000-4000-8000-00000000000f, clientId: 0a0b0c0d-0000-4000-8000-000000000001}
serviceAccount: {name: own, tokenExpirationSeconds: 3600}
csi: {workloadIdentity: true, secrets: [{name: s, type: secret, version: v, alias: a, key: k}]}
customizedKeys: {}
labels: {team: a}
annotations: {team: a}
data: {ENCODED: {base64: YQ==}, REFERRED: {valueFrom: {secretKeyRef: {name: n, key: k}}}, LITERAL: a}
";

/// What must stand where, and what else may.
const FIELDS: [(&str, &str, &[&str]); 38] = [
    ("target", "a string", &[]),
    ("auth", "a string", &[]),
    ("clientType", "a string", &[]),
    ("namespace", "a string", &[]),
    ("secretName", "a string", &[]),
    ("enabled", "true or false", &["a boolean"]),
    ("keyInfix", "true or false", &["a boolean"]),
    ("parameters", "a mapping", &[]),
    ("parameters.vault", "a string", &["a mapping"]),
    ("parameters.tenantId", "a string", &["a mapping"]),
    ("parameters.clientId", "a string", &["a mapping"]),
    ("serviceAccount", "a mapping", &[]),
    ("serviceAccount.name", "a string", &[]),
    ("serviceAccount.tokenExpirationSeconds", "a whole number", &["a number"]),
    ("csi", "a mapping", &[]),
    ("csi.workloadIdentity", "true or false", &["a boolean"]),
    ("csi.secrets", "a list", &[]),
    ("csi.secrets[0]", "a mapping", &[]),
    ("csi.secrets[0].name", "a string", &[]),
    ("csi.secrets[0].type", "a string", &[]),
    ("csi.secrets[0].version", "a string", &[]),
    ("csi.secrets[0].alias", "a string", &[]),
    ("csi.secrets[0].key", "a string", &[]),
    ("customizedKeys", "a mapping", &[]),
    ("customizedKeys.AZURE_X", "a string", &[]),
    ("labels", "a mapping", &[]),
    ("labels.team", "a string", &[]),
    ("annotations", "a mapping", &[]),
    ("annotations.team", "a string", &[]),
    ("data", "a mapping", &[]),
    ("data.LITERAL", "a string", &["a mapping"]),
    ("data.ENCODED", "a string", &["a mapping"]),
    ("data.ENCODED.base64", "a string", &[]),
    ("data.REFERRED.valueFrom", "a mapping", &[]),
    ("data.REFERRED.valueFrom.secretKeyRef", "a mapping", &[]),
    ("data.REFERRED.valueFrom.secretKeyRef.name", "a string", &[]),
    ("data.REFERRED.valueFrom.secretKeyRef.key", "a string", &[]),
    ("", "a mapping", &[]),
];

/// A value of each type, with what it is called.
fn values() -> [(&'static str, Value); 6] {
    let tagged = TaggedValue { tag: Tag::new("x"), value: CANARY.into() };
    [
        ("a boolean", true.into()),
        ("a number", 905_210_771.into()),
        ("a string", CANARY.into()),
        ("a list", vec![Value::from(CANARY)].into()),
        ("a mapping", serde_yaml::from_str(&format!("{{x: {CANARY}}}")).unwrap()),
        ("a value with a tag (!…)", Value::Tagged(Box::new(tagged))),
    ]
}

/// The connection with another value at a place.
fn with(place: &str, value: Value) -> Value {
    let mut connection: Value = serde_yaml::from_str(CONNECTION).unwrap();
    let mut at = &mut connection;
    for step in place.split(['.', '[']).filter(|step| !step.is_empty()) {
        at = match step.trim_end_matches(']').parse::<usize>() {
            Ok(index) => &mut at[index],
            Err(_) => &mut at[step],
        };
    }
    *at = value;
    connection
}

fn name(n: usize) -> String {
    format!("c{n:03}")
}

fn document(connections: impl Iterator<Item = Value>) -> String {
    let named = connections.enumerate().map(|(n, connection)| (Value::from(name(n)), connection));
    let connections: serde_yaml::Mapping = named.collect();
    serde_yaml::to_string(&serde_yaml::Mapping::from_iter([("connections".into(), connections.into())])).unwrap()
}

#[test]
fn a_value_of_a_wrong_type_is_told_at_every_level_with_what_it_must_be_and_what_it_is() {
    let mut wrong = Vec::new();
    for (place, wanted, taken) in FIELDS {
        for (found, value) in values() {
            if found != wanted && !taken.contains(&found) {
                wrong.push((place, wanted, found, value));
            }
        }
    }
    let told = faults(document(wrong.iter().map(|(place, .., value)| with(place, value.clone()))));
    for (n, (place, wanted, found, _)) in wrong.iter().enumerate() {
        let path = format!("connections.{}.{place}", name(n));
        let fault = format!("SCJ1004 {}: must be {wanted}, and is {found}. Remedy: ", path.trim_end_matches('.'));
        let own = |told: &&String| told.starts_with(&format!("SCJ1004 connections.{}", name(n)));
        let types: Vec<_> = told.iter().filter(own).filter(|told| told.contains(", and is ")).collect();
        assert!(types.len() == 1 && types[0].starts_with(&fault), "{fault}\n{types:?}");
    }
    assert!(!told.iter().any(|fault| fault.contains("905210771")), "{told:?}");
}

#[test]
fn a_value_of_a_wrong_type_at_the_top_is_told() {
    for (key, wanted) in [("connections", "a mapping"), ("cloud", "a string")] {
        for (found, value) in values() {
            if found != wanted && (key, found) != ("connections", "a mapping") {
                let top = serde_yaml::Mapping::from_iter([(key.into(), value)]);
                let told = faults(serde_yaml::to_string(&top).unwrap());
                let fault = format!("SCJ1004 {key}: must be {wanted}, and is {found}. Remedy: ");
                assert!(told.len() == 1 && told[0].starts_with(&fault), "{fault}\n{told:?}");
            }
        }
    }
}

#[test]
fn a_key_that_is_no_string_is_told() {
    for (key, which) in [
        ("true", "the key true"),
        ("1.5", "the key 1.5"),
        ("~", "the key null"),
        ("[a, b]", "a key"),
        ("{a: b}", "a key"),
        ("!x a", "a key"),
    ] {
        let told = faults(format!("connections: {{? {key} : {CANARY}}}"));
        let fault = format!("SCJ1004 connections: {which} is no string: put it in quotes. Remedy: ");
        assert!(told.len() == 1 && told[0].starts_with(&fault), "{key}: {told:?}");
    }
    let told = faults(format!("connections: {{a: {{? [a, b] : {CANARY}, data: {{A: {CANARY}}}}}}}"));
    assert!(
        told[0].starts_with("SCJ1003 connections.a[\"(not a string)\"]: there is no such field; allowed: "),
        "{told:?}"
    );
}

#[test]
fn an_unknown_field_is_told_at_every_level_with_the_nearest_one() {
    let unknown = [
        ("", "namspace", "namespace"),
        ("", "Target", "target"),
        ("", "secretname", "secretName"),
        ("parameters", "vualt", "vault"),
        ("parameters", "clientID", "clientId"),
        ("serviceAccount", "nmae", "name"),
        ("serviceAccount", "tokenExpirationSecond", "tokenExpirationSeconds"),
        ("csi", "secret", "secrets"),
        ("csi", "workloadidentity", "workloadIdentity"),
        ("csi.secrets[0]", "nam", "name"),
        ("csi.secrets[0]", "aliass", "alias"),
        ("data.ENCODED", "base46", "base64"),
        ("data.REFERRED.valueFrom", "secretKeyref", "secretKeyRef"),
        ("data.REFERRED.valueFrom.secretKeyRef", "nme", "name"),
    ];
    let connection = |place: &str, key: &str| {
        let place = if place.is_empty() { key.to_owned() } else { format!("{place}.{key}") };
        with(&place, CANARY.into())
    };
    let told = faults(document(unknown.iter().map(|(place, key, _)| connection(place, key))));
    for (n, (place, key, near)) in unknown.iter().enumerate() {
        let path = format!("connections.{}.{place}.{key}", name(n)).replace("..", ".");
        let fault = told.iter().find(|told| told.starts_with(&format!("SCJ1003 {path}: ")));
        assert!(
            fault.is_some_and(|told| told.contains(&format!("; did you mean {near}? Allowed: "))),
            "{path}: {fault:?}"
        );
    }
}

#[test]
fn an_unknown_field_at_the_top_is_told_with_those_that_this_reader_knows() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("values.yaml");
    std::fs::write(&file, format!("conections: {{a: {CANARY}}}")).unwrap();
    let render = run(sc_job(&["render", "-f"]).arg(&file), None);
    let job = run(sc_job(&[]).env("SC_JOB_INPUT", &file).env("KUBECONFIG", "none"), None);
    for (told, allowed) in [
        (
            render,
            "Azure, allowSystemNamespaces, cloud, connection, connections, correlationid, deletionPolicy, global, image, imagePullSecrets, job, log, missingNamespace, operation, prune, rbac, resources, resync, uninstall",
        ),
        (
            job,
            "allowSystemNamespaces, cloud, connection, connections, correlationid, deletionPolicy, missingNamespace, missingNamespaces, operation, prune, rbac, resources",
        ),
    ] {
        let told = told.expect(78);
        let fault = format!(
            "SCJ1003 conections: there is no such field; did you mean connections? Allowed: {allowed}. Remedy: "
        );
        assert!(told.last_line().contains(&fault), "{}", told.stderr);
    }
}
