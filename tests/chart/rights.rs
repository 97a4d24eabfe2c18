//! What the rendered Roles allow, and that it is what the binary writes.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::rendering::render;
use super::roles::{NAME, Objects, WRITE, assert_bound, cluster_rules, objects_of, rule, webhook, writable};
use crate::common::kubernetes::Helm;

with_both_helms! {
    roles_allow_exactly_the_declared_objects
    the_release_namespace_may_be_a_target
    without_connections_no_namespace_but_the_releases_has_a_role
    every_rule_has_names_and_no_verb_that_reads_many
    the_cluster_role_reads_the_declared_namespaces_and_the_webhook_of_identities_only
    without_cluster_read_there_is_no_cluster_role
    without_rbac_nothing_is_granted
    names_that_kubernetes_would_refuse_get_no_rights
    two_releases_share_no_name_outside_their_namespaces
}

/// Connections of all kinds in two namespaces: disabled, null, with references, and two of one identity.
pub const MIXED: &str = r"
connections:
  settings: {namespace: shop, data: {A: {valueFrom: {configMapKeyRef: {name: settings, key: a}}}}}
  orders:
    namespace: shop
    target: postgres-flexible
    auth: secret
    parameters: {server: srv1, database: d, username: u, password: {valueFrom: {secretKeyRef: {name: orders-creds, key: p}}}}
    data: {AGAIN: {valueFrom: {secretKeyRef: {name: orders-creds, key: q}}}}
  pictures: {namespace: warehouse, target: storage-blob, auth: workload-identity, parameters: {account: store1, clientId: 0A0B0C0D-0000-4000-8000-000000000002}}
  films: {namespace: warehouse, target: storage-blob, auth: workload-identity, parameters: {account: store2, clientId: 0a0b0c0d-0000-4000-8000-000000000002}}
  own: {namespace: warehouse, secretName: own.secret, target: keyvault, auth: workload-identity, serviceAccount: {name: own-account}, parameters: {vault: vault1, clientId: 0a0b0c0d-0000-4000-8000-000000000003}}
  idle: {enabled: false, namespace: attic, target: keyvault, auth: workload-identity, parameters: {clientId: 0a0b0c0d-0000-4000-8000-000000000004}, data: {A: {valueFrom: {secretKeyRef: {name: unread, key: a}}}}}
  gone:
";

/// What every run may do in the release's own namespace. An Event has no name yet when it is created.
fn own_rules() -> [Value; 4] {
    let inventory: Vec<_> = (0..16).map(|number| format!("sc-connections-{number}")).collect();
    let inventory: Vec<_> = inventory.iter().map(String::as_str).collect();
    [
        rule("configmaps", &["sc-connections"], &["get", "patch"]),
        rule("configmaps", &inventory, &["get", "create", "patch"]),
        rule("leases", &["sc-job"], &["get", "patch"]),
        json!({"apiGroups": [""], "resources": ["events"], "verbs": ["create"]}),
    ]
}

fn roles_allow_exactly_the_declared_objects(helm: &Helm) {
    let rendered = render(helm, MIXED, &[]);
    let expected = [
        ("shop", NAME, vec![rule("secrets", &["sc-orders-secret", "sc-settings-secret"], &WRITE)]),
        (
            "warehouse",
            NAME,
            vec![
                rule("secrets", &["own.secret", "sc-films-secret", "sc-pictures-secret"], &WRITE),
                rule("serviceaccounts", &["own-account", "sc-account-0a0b0c0d-0000-4000-8000-000000000002"], &WRITE),
            ],
        ),
        (
            "sc-system",
            "sc-job",
            own_rules()
                .into_iter()
                .chain([rule("secrets", &["orders-creds"], &["get"]), rule("configmaps", &["settings"], &["get"])])
                .collect(),
        ),
    ];
    assert_eq!(rendered.all("Role").count(), expected.len());
    assert_eq!(rendered.all("RoleBinding").count(), expected.len());
    for (namespace, name, rules) in expected {
        let role = rendered.find("Role", Some(namespace), name).unwrap_or_else(|| panic!("no Role {namespace}/{name}"));
        assert_eq!(role["rules"], Value::Array(rules), "{namespace}");
        assert_bound(&rendered, "Role", Some(namespace), name);
    }
    assert_eq!(writable(&rendered), objects_of(MIXED));
}

fn the_release_namespace_may_be_a_target(helm: &Helm) {
    let values = "{allowSystemNamespaces: [sc-system], connections: {a: {namespace: sc-system, data: {K: v}}}}";
    let rendered = render(helm, values, &[]);
    let own = rendered.get("Role", "sc-job");
    assert_eq!(own["rules"], json!(own_rules()));
    let target = rendered.get("Role", NAME);
    assert_eq!(target["rules"], json!([rule("secrets", &["sc-a-secret"], &WRITE)]));
    assert_bound(&rendered, "Role", Some("sc-system"), NAME);
}

fn without_connections_no_namespace_but_the_releases_has_a_role(helm: &Helm) {
    for values in ["connections: {}", "connections: {a: {enabled: false, namespace: shop, data: {K: v}}, b: null}"] {
        let rendered = render(helm, values, &[]);
        assert_eq!(rendered.all("Role").count(), 1);
        assert_eq!(rendered.get("Role", "sc-job")["rules"], json!(own_rules()));
        assert_eq!(rendered.all("ClusterRole").count() + rendered.all("ClusterRoleBinding").count(), 0);
    }
}

/// A rule without names would allow every name, and `list` or `watch` would read every value.
fn every_rule_has_names_and_no_verb_that_reads_many(helm: &Helm) {
    let odd = "connections: {'...': {data: {K: v}}, a: {namespace: Shop, data: {K: v}}}";
    for values in ["connections: {}", MIXED, odd] {
        for settings in ["deletionPolicy=Delete,uninstall.deletionPolicy=Delete", "rbac.scope=cluster"] {
            let rendered = render(helm, values, &["--set", settings]);
            for role in rendered.all("Role").chain(rendered.all("ClusterRole")) {
                for rule in role["rules"].as_array().unwrap().iter().filter(|rule| **rule != own_rules()[3]) {
                    assert!(!rule["resourceNames"].as_array().unwrap().is_empty(), "{rule}");
                    let verbs = rule["verbs"].as_array().unwrap();
                    let known = ["get", "create", "patch", "delete"];
                    assert!(verbs.iter().all(|verb| known.contains(&verb.as_str().unwrap())), "{rule}");
                }
            }
        }
    }
}

fn the_cluster_role_reads_the_declared_namespaces_and_the_webhook_of_identities_only(helm: &Helm) {
    let rendered = render(helm, MIXED, &[]);
    assert_eq!(rendered.all("ClusterRole").count(), 1);
    let namespaces = rule("namespaces", &["shop", "warehouse"], &["get"]);
    assert_eq!(cluster_rules(&rendered), Some(&json!([namespaces, webhook()])));
    let plain = render(helm, "connections: {a: {namespace: shop, data: {K: v}}}", &[]);
    let namespaces = rule("namespaces", &["shop"], &["get"]);
    assert_eq!(cluster_rules(&plain), Some(&json!([namespaces])), "no identity, no webhook");
}

fn without_cluster_read_there_is_no_cluster_role(helm: &Helm) {
    let rendered = render(helm, MIXED, &["--set", "rbac.clusterRead=false"]);
    assert_eq!(rendered.all("ClusterRole").count() + rendered.all("ClusterRoleBinding").count(), 0);
    assert_eq!(rendered.all("Role").count(), 3);
}

fn without_rbac_nothing_is_granted(helm: &Helm) {
    let rendered = render(helm, MIXED, &["--set", "rbac.create=false"]);
    let granted = |object: &&Value| object["metadata"]["labels"]["app.kubernetes.io/component"] == "rights";
    assert_eq!(rendered.objects().iter().find(granted), None);
    for kind in ["Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"] {
        assert_eq!(rendered.all(kind).count(), 0, "{kind}");
    }
    assert_eq!(rendered.get("ServiceAccount", "sc-job")["automountServiceAccountToken"], false);
}

/// The Job says what is wrong with such a name; a Role that held it might fail the whole release.
fn names_that_kubernetes_would_refuse_get_no_rights(helm: &Helm) {
    let values = r#"
connections:
  "...": {namespace: shop, data: {K: v}}
  upper: {namespace: Shop, data: {K: v}}
  long: {namespace: nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn, data: {K: v}}
  own: {namespace: shop, secretName: own_secret, data: {K: v}}
  guid: {namespace: shop, target: keyvault, auth: workload-identity, parameters: {vault: vault1, clientId: not a guid}}
"#;
    let rendered = render(helm, values, &[]);
    let secret = ("shop".to_owned(), "secrets".to_owned(), "sc-guid-secret".to_owned());
    assert_eq!(writable(&rendered), Objects::from([secret]));
    assert_eq!(rendered.all("Role").count(), 2);
    assert_eq!(cluster_rules(&rendered).unwrap()[0]["resourceNames"], json!(["shop"]));
}

fn two_releases_share_no_name_outside_their_namespaces(helm: &Helm) {
    let values = "{uninstall: {deletionPolicy: Delete}, connections: {a: {namespace: shop, data: {K: v}}}}";
    let shared = |namespace: &str| {
        let rendered = render(helm, values, &["--namespace", namespace]);
        let outside = |object: &&Value| object["metadata"]["namespace"] != namespace;
        let name = |object: &Value| format!("{} {}", object["kind"], object["metadata"]["name"]);
        rendered.objects().iter().filter(outside).map(name).collect::<BTreeSet<_>>()
    };
    let (one, other) = (shared("sc-system"), shared("sc-other"));
    assert_eq!((one.len(), other.len()), (10, 10), "Role, two ClusterRoles, two policies, their bindings");
    assert!(one.is_disjoint(&other), "{one:?} {other:?}");
}
