//! What the Roles allow of connections that are declared as removed.

use serde_json::{Value, json};

use super::rendering::render;
use super::roles::{DELETE, WRITE, cluster_rules, rule, rules_in};
use crate::common::kubernetes::Helm;

with_both_helms! {
    a_disabled_connection_has_rights_only_where_its_objects_are_to_be_deleted
    a_shared_service_account_is_deleted_when_all_that_name_it_want_that
    what_an_enabled_connection_writes_is_deleted_for_no_other
    a_disabled_connection_without_parameters_is_deleted_by_the_names_that_it_has
    both_secrets_of_a_connection_with_two_linkers_are_deleted
}

const CLIENT_ID: &str = "0a0b0c0d-0000-4000-8000-000000000002";

/// Settings of a connection in the three states that decide its rights.
const ENABLED: &str = "enabled: true";
const RETAINED: &str = "enabled: false, deletionPolicy: Retain";
const DELETED: &str = "enabled: false, deletionPolicy: Delete";

fn a_disabled_connection_has_rights_only_where_its_objects_are_to_be_deleted(helm: &Helm) {
    let objects = |verbs: &[&str]| {
        json!([
            rule("secrets", &["sc-a-secret"], verbs),
            rule("serviceaccounts", &[&format!("sc-account-{CLIENT_ID}")], verbs),
            rule("secretproviderclasses", &["sc-a-secretprovider"], verbs),
        ])
    };
    for (state, of_all, verbs) in [
        (ENABLED, "Retain", Some(WRITE)),
        (ENABLED, "Delete", Some(WRITE)),
        ("enabled: true, deletionPolicy: Delete", "Retain", Some(WRITE)),
        ("enabled: false", "Retain", None),
        ("enabled: false", "Delete", Some(DELETE)),
        (RETAINED, "Retain", None),
        (RETAINED, "Delete", None),
        (DELETED, "Retain", Some(DELETE)),
        (DELETED, "Delete", Some(DELETE)),
    ] {
        let values = format!(
            "
deletionPolicy: {of_all}
connections:
  a:
    {{{state}, namespace: shop, target: keyvault, auth: csi, csi: {{workloadIdentity: true, secrets: [{{name: b}}]}},
     parameters: {{vault: vault1, clientId: {CLIENT_ID}, tenantId: 0a0b0c0d-0000-4000-8000-00000000000f}}}}
"
        );
        let rendered = render(helm, &values, &[]);
        let expected = verbs.map(|verbs| objects(&verbs));
        assert_eq!(rules_in(&rendered, "shop"), expected.as_ref(), "{state}, {of_all}");
        assert_eq!(rendered.all("Role").count(), 1 + usize::from(verbs.is_some()), "{state}, {of_all}");
        let readable = cluster_rules(&rendered).map(|rules| &rules[0]);
        let namespace = verbs.map(|_| rule("namespaces", &["shop"], &["get"]));
        assert_eq!(readable, namespace.as_ref(), "{state}, {of_all}");
    }
}

fn a_shared_service_account_is_deleted_when_all_that_name_it_want_that(helm: &Helm) {
    let cases = [
        (ENABLED, ENABLED, Some(WRITE)),
        (ENABLED, RETAINED, Some(WRITE)),
        (ENABLED, DELETED, Some(WRITE)),
        (RETAINED, ENABLED, Some(WRITE)),
        (RETAINED, RETAINED, None),
        (RETAINED, DELETED, None),
        (DELETED, ENABLED, Some(WRITE)),
        (DELETED, RETAINED, None),
        (DELETED, DELETED, Some(DELETE)),
    ];
    let connection = |namespace: usize, which: &str, state: &str| {
        format!(
            "  {which}{namespace}: {{{state}, namespace: n{namespace}, target: keyvault, auth: workload-identity, parameters: {{vault: vault1, clientId: {CLIENT_ID}}}}}\n"
        )
    };
    let pair = |(number, (one, other, _)): (usize, &(&str, &str, _))| {
        connection(number, "a", one) + &connection(number, "b", other)
    };
    let values = format!("connections:\n{}", cases.iter().enumerate().map(pair).collect::<String>());
    let rendered = render(helm, &values, &[]);
    for (number, (one, other, verbs)) in cases.into_iter().enumerate() {
        let rules = rules_in(&rendered, &format!("n{number}")).and_then(Value::as_array).cloned().unwrap_or_default();
        let account: Vec<_> = rules.iter().filter(|rule| rule["resources"] == json!(["serviceaccounts"])).collect();
        let expected = verbs.map(|verbs| rule("serviceaccounts", &[&format!("sc-account-{CLIENT_ID}")], &verbs));
        assert_eq!(account, expected.iter().collect::<Vec<_>>(), "{one}; {other}");
    }
}

fn what_an_enabled_connection_writes_is_deleted_for_no_other(helm: &Helm) {
    let secret = |names: &[&str], verbs| rule("secrets", names, verbs);
    for (one, other, expected) in [
        (ENABLED, DELETED, json!([secret(&["own"], &WRITE)])),
        (DELETED, ENABLED, json!([secret(&["own"], &WRITE)])),
        (ENABLED, RETAINED, json!([secret(&["own"], &WRITE)])),
        (DELETED, DELETED, json!([secret(&["own"], &DELETE)])),
    ] {
        let values = format!(
            "
connections:
  a: {{{one}, namespace: shop, secretName: own, data: {{K: v}}}}
  b: {{{other}, namespace: shop, secretName: own, data: {{K: v}}}}
"
        );
        assert_eq!(rules_in(&render(helm, &values, &[]), "shop"), Some(&expected), "{one}; {other}");
    }
    let apart = render(
        helm,
        &format!(
            "
connections:
  a: {{namespace: shop, secretName: own, data: {{K: v}}}}
  b: {{{DELETED}, namespace: warehouse, secretName: own}}
  c: {{{DELETED}, namespace: shop}}
"
        ),
        &[],
    );
    assert_eq!(
        rules_in(&apart, "shop"),
        Some(&json!([secret(&["own"], &WRITE), secret(&["sc-c-secret"], &DELETE)])),
        "the same name in another namespace is another object"
    );
    assert_eq!(rules_in(&apart, "warehouse"), Some(&json!([secret(&["own"], &DELETE)])));
}

fn a_disabled_connection_without_parameters_is_deleted_by_the_names_that_it_has(helm: &Helm) {
    let values = format!(
        "
connections:
  a: {{{DELETED}, namespace: shop, target: keyvault, auth: workload-identity}}
  b: {{{DELETED}, namespace: shop, target: keyvault, auth: workload-identity, serviceAccount: {{name: own-account}}}}
  c: {{{DELETED}, namespace: shop, target: keyvault, auth: csi}}
  d: {{{DELETED}}}
"
    );
    let rendered = render(helm, &values, &[]);
    assert_eq!(
        rules_in(&rendered, "shop"),
        Some(&json!([
            rule("secrets", &["sc-a-secret", "sc-b-secret", "sc-c-secret"], &DELETE),
            rule("serviceaccounts", &["own-account"], &DELETE),
            rule("secretproviderclasses", &["sc-c-secretprovider"], &DELETE),
        ]))
    );
    assert_eq!(rules_in(&rendered, "default"), Some(&json!([rule("secrets", &["sc-d-secret"], &DELETE)])));
}

fn both_secrets_of_a_connection_with_two_linkers_are_deleted(helm: &Helm) {
    let values = format!("connections: {{a: {{{DELETED}, target: confluent-cloud, auth: secret, clientType: java}}}}");
    let secrets = rule("secrets", &["sc-a-secret", "sc-aschema-secret"], &DELETE);
    assert_eq!(rules_in(&render(helm, &values, &[]), "default"), Some(&json!([secrets])));
}
