//! What must hold for every embedded file, and for a target as a whole.

use std::collections::{BTreeMap, BTreeSet};

use super::embedded::shared;
use super::*;
use crate::secret_value::SecretValue;

fn all() -> Vec<&'static Target> {
    names().map(|name| target(name).unwrap().unwrap()).collect()
}

fn given(values: &[(&str, &str)]) -> BTreeMap<String, SecretValue> {
    values.iter().map(|(name, value)| ((*name).to_owned(), SecretValue::from(*value))).collect()
}

fn public() -> Cloud {
    cloud("AzurePublic").unwrap().unwrap()
}

#[test]
fn names_are_sorted_and_every_target_parses() {
    let names: Vec<_> = names().collect();
    assert!(names.is_sorted() && !names.is_empty());
    for target in all() {
        assert!(!target.title.is_empty() && !target.sets.is_empty(), "{}", target.name);
    }
}

#[test]
fn unknown_names_are_none() {
    assert!(target("storage-blobs").unwrap().is_none());
    let blob = target("storage-blob").unwrap().unwrap();
    assert!(blob.set(Auth::Secret, "cobol", |_| false).is_none());
    assert!(target("keyvault").unwrap().unwrap().set(Auth::Secret, "none", |_| false).is_none());
}

#[test]
fn every_set_renders_in_every_cloud_with_legal_and_distinct_names() {
    for target in all() {
        let values = target.parameters.iter().map(|(name, known)| (name.as_str(), known.example.as_str()));
        let values = given(&values.collect::<Vec<_>>());
        for set in &target.sets {
            let mut names = BTreeSet::new();
            for variable in &set.variables {
                let legal = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
                assert!(variable.name.chars().all(legal), "{}: {}", target.name, variable.name);
                assert!(names.insert(&variable.name), "{}: {} stands twice", target.name, variable.name);
                for name in cloud_names() {
                    variable.render(&values, &cloud(name).unwrap().unwrap()).unwrap();
                }
            }
        }
    }
}

#[test]
fn examples_and_defaults_have_the_form_that_is_asked_for() {
    for target in all() {
        for (name, parameter) in &target.parameters {
            assert!(parameter.accepts(&parameter.example), "{}: example of {name}", target.name);
            let literal = parameter.default().filter(|default| !default.contains('{'));
            assert!(literal.is_none_or(|value| parameter.accepts(value)), "{}: default of {name}", target.name);
            let text = parameter.scalar == Scalar::Text;
            assert!(text || !parameter.sensitive, "{}: {name}: Helm prints numbers and booleans", target.name);
        }
    }
}

#[test]
fn every_shared_parameter_is_used() {
    let used: BTreeSet<&String> = all().iter().flat_map(|target| target.parameters.keys()).collect();
    for name in shared().unwrap().keys() {
        assert!(used.contains(name), "{name}");
    }
}

#[test]
fn a_parameter_must_be_declared_and_used() {
    let file = |parameters: &str, value: &str| {
        format!(
            "{{title: T, parameters: {parameters}, sets: [{{auth: secret, clientTypes: [none], variables: [{{name: N, value: '{value}'}}]}}]}}"
        )
    };
    let parse = |text: &str| Target::parse("t", text, &BTreeMap::new()).map_err(|error| error.to_string());
    let own = "{p: {description: d, example: e}}";
    assert!(parse(&file(own, "{p}")).is_ok());
    assert_eq!(
        parse(&file("{}", "{p}")).unwrap_err(),
        "the catalogue's entry t is defective: parameter p is used, and not declared"
    );
    assert!(parse(&file(own, "none")).unwrap_err().ends_with("parameter p is declared, and no set uses it"));
    assert!(parse(&file(own, "{p")).unwrap_err().contains("a single {"));
}

#[test]
fn a_set_with_a_condition_stands_in_for_the_plain_one() {
    let text = "{title: T, parameters: {extension: {description: d, example: 'true'}}, sets: [
        {auth: secret, clientTypes: [none], variables: [{name: PLAIN, value: a}]},
        {auth: secret, when: extension, clientTypes: [none], variables: [{name: OTHER, value: b}]}]}";
    let target = Target::parse("t", text, &BTreeMap::new()).unwrap();
    assert_eq!(target.set(Auth::Secret, "none", |_| false).unwrap().variables[0].name, "PLAIN");
    let other = target.set(Auth::Secret, "none", |name| name == "extension").unwrap();
    assert_eq!(other.variables[0].name, "OTHER");
}

#[test]
fn workload_identity_needs_a_client_id_and_takes_a_tenant() {
    let postgres = target("postgres-flexible").unwrap().unwrap();
    let spring = postgres.set(Auth::WorkloadIdentity, "python", |_| false).unwrap();
    assert_eq!(spring.required(postgres), BTreeSet::from(["clientId", "database", "server", "username"]));
    assert_eq!(spring.optional(postgres), BTreeSet::from(["port", "tenantId"]));
    let principal = target("storage-blob").unwrap().unwrap();
    let set = principal.set(Auth::ServicePrincipal, "none", |_| false).unwrap();
    assert_eq!(set.required(principal), BTreeSet::from(["account", "clientId", "clientSecret", "tenantId"]));
    assert!(set.optional(principal).is_empty());
}

#[test]
fn a_default_gives_way_to_what_is_given() {
    let postgres = target("postgres-flexible").unwrap().unwrap();
    let set = postgres.set(Auth::Secret, "none", |_| false).unwrap();
    let port = set.variables.iter().find(|variable| variable.name == "AZURE_POSTGRESQL_PORT").unwrap();
    assert_eq!(port.render(&given(&[]), &public()).unwrap().expose(), "5432");
    assert_eq!(port.render(&given(&[("port", "6432")]), &public()).unwrap().expose(), "6432");
}

#[test]
fn a_value_is_escaped_for_where_it_stands() {
    let postgres = target("postgres-flexible").unwrap().unwrap();
    let values = given(&[("server", "s"), ("database", "d"), ("username", "u"), ("password", r#"p@s;s w'"%&=/\ord"#)]);
    let render = |client_type: &str| {
        let variable = &postgres.set(Auth::Secret, client_type, |_| false).unwrap().variables[0];
        variable.render(&values, &public()).unwrap().expose().to_owned()
    };
    assert!(render("dotnet").ends_with(r#";User Id=u;Password="p@s;s w'""%&=/\ord";"#));
    assert!(render("python").ends_with(r#" user=u password='p@s;s w\'"%&=/\\ord'"#));
    assert!(render("java").ends_with("&user=u&password=p%40s%3Bs%20w%27%22%25%26%3D%2F%5Cord"));
}

#[test]
fn what_holds_a_credential_is_known_and_a_missing_value_names_the_parameter_alone() {
    let blob = target("storage-blob").unwrap().unwrap();
    let variable = &blob.set(Auth::Secret, "python", |_| false).unwrap().variables[0];
    assert!(variable.sensitive(blob));
    assert!(!blob.set(Auth::WorkloadIdentity, "python", |_| false).unwrap().variables[0].sensitive(blob));
    let error = variable.render(&given(&[("account", "canary")]), &public()).unwrap_err().to_string();
    assert!(error.ends_with("AZURE_STORAGEBLOB_CONNECTIONSTRING is defective: parameter accountKey is not given"));
}

#[test]
fn another_cloud_has_other_hosts() {
    let vault = target("keyvault").unwrap().unwrap();
    let china = cloud("AzureChina").unwrap().unwrap();
    let set = vault.set(Auth::WorkloadIdentity, "none", |_| false).unwrap();
    let values = given(&[("vault", "myvault"), ("clientId", "c")]);
    let rendered: Vec<_> =
        set.variables.iter().map(|variable| variable.render(&values, &china).unwrap().expose().to_owned()).collect();
    assert_eq!(rendered, ["https://vault.azure.cn/.default", "https://myvault.vault.azure.cn/", "c"]);
}

#[test]
fn a_spring_property_holds_no_placeholder_but_the_one_for_nothing() {
    let rendered = |client_type: &str| {
        let mysql = target("mysql-flexible").unwrap().unwrap();
        let set = mysql.set(Auth::Secret, client_type, |_| false).unwrap();
        let variable =
            set.variables.iter().find(|variable| variable.name.to_lowercase().ends_with("password")).unwrap();
        variable.render(&given(&[("password", "a${HOME}$${b")]), &public()).unwrap().expose().to_owned()
    };
    assert_eq!(rendered("springBoot"), "a$${:}{HOME}$$${:}{b");
    assert_eq!(rendered("nodejs"), "a${HOME}$${b");
}

/// Parameters in a format without any quoting that may hold anything all the same: target, variable, parameter, why.
const UNGUARDED: [(&str, &str, &str, &str); 4] = [
    ("confluent-cloud", "CONFLUENTCLOUD_SCHEMAREGISTRY_USERINFO", "schemaSecret", "all behind the first colon"),
    (
        "confluent-cloud",
        "spring.kafka.properties.schema.registry.basic.auth.user.info",
        "schemaSecret",
        "all behind the first colon",
    ),
    (
        "mysql",
        "AZURE_MYSQL_CONNECTIONSTRING",
        "password",
        "all from the first colon to the last @ before the last slash",
    ),
    (
        "mysql-flexible",
        "AZURE_MYSQL_CONNECTIONSTRING",
        "password",
        "all from the first colon to the last @ before the last slash",
    ),
];

#[test]
fn a_format_without_quoting_takes_only_what_has_a_pattern() {
    let mut unguarded = Vec::new();
    for target in all() {
        for variable in target.sets.iter().flat_map(|set| &set.variables) {
            for parameter in variable.unquoted() {
                if target.parameters[parameter].pattern.is_none() {
                    unguarded.push((target.name, variable.name.as_str(), parameter));
                }
            }
        }
    }
    unguarded.sort_unstable();
    unguarded.dedup();
    assert_eq!(unguarded, UNGUARDED.map(|(target, variable, parameter, _)| (target, variable, parameter)));
}
