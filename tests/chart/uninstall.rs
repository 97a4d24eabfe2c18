//! What is left to do after `helm uninstall`: hooks, since by then nothing of
//! the release is there any more.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::rendering::{Rendering, render};
use super::rights::MIXED;
use super::roles::{DELETE, rule};
use crate::common::kubernetes::Helm;
use crate::common::{CANARY, run, sc_job};

with_both_helms! {
    without_delete_or_without_connections_there_are_no_hooks
    the_hooks_are_exactly_these_objects
    the_rights_and_the_input_are_those_of_all_connections
    the_input_has_no_value_but_names
    what_a_connection_with_retain_has_stays_also_where_others_have_it
    what_is_no_name_is_left_out
    a_thousand_connections_make_one_config_map
    without_rbac_no_right_is_granted
}

/// Name of the ClusterRole.
pub const NAME: &str = "sc-job-uninstall.sc-system.sc-extension";

/// With the policy Delete on uninstall.
fn deleting(helm: &Helm, values: &str) -> Rendering {
    render(helm, values, &["--set", "uninstall.deletionPolicy=Delete"])
}

/// All hooks of `helm uninstall`.
fn hooks(rendered: &Rendering) -> Vec<&Value> {
    let of_uninstall = |object: &&Value| object["metadata"]["annotations"]["helm.sh/hook"] == "post-delete";
    rendered.objects().iter().filter(of_uninstall).collect()
}

/// What it is to delete.
pub fn inputs(rendered: &Rendering) -> Vec<Value> {
    let maps = hooks(rendered).into_iter().filter(|object| object["kind"] == "ConfigMap");
    let input = |(index, map): (usize, &Value)| {
        assert_eq!(map["metadata"]["name"], format!("sc-job-uninstall-{index}"));
        assert_eq!(map["data"].as_object().unwrap().len(), 1);
        serde_json::from_str(map["data"]["connections.json"].as_str().unwrap()).unwrap()
    };
    maps.enumerate().map(input).collect()
}

/// Rules and input, the latter being one that the binary takes and finds nothing to write in.
fn rules_and_input(rendered: &Rendering) -> (Value, Value) {
    let inputs = inputs(rendered);
    assert_eq!(inputs.len(), 1);
    let shown = run(&mut sc_job(&["render", "--values", "-"]), Some(&inputs[0].to_string())).expect(0);
    assert_eq!(shown.stdout, "");
    let role = rendered.find("ClusterRole", None, NAME).unwrap();
    let mut rules = role["rules"].clone();
    let last = rules.as_array_mut().unwrap().pop();
    assert_eq!(last, Some(rule("leases", &["sc-job"], &["get"])), "whether the release is installed again");
    (rules, inputs[0].clone())
}

fn without_delete_or_without_connections_there_are_no_hooks(helm: &Helm) {
    assert_eq!(hooks(&render(helm, MIXED, &[])), Vec::<&Value>::new());
    for values in ["", "connections: {a: null}", "connections: {a: {deletionPolicy: Retain, data: {K: v}}}"] {
        assert_eq!(hooks(&deleting(helm, values)), Vec::<&Value>::new(), "{values}");
    }
}

fn the_hooks_are_exactly_these_objects(helm: &Helm) {
    let rendered = deleting(helm, "connections: {a: {namespace: shop, data: {K: v}}}");
    let mut names: Vec<_> = hooks(&rendered)
        .into_iter()
        .map(|object| {
            let annotations = object["metadata"]["annotations"].as_object().unwrap();
            assert_eq!(annotations["helm.sh/hook-delete-policy"], "before-hook-creation,hook-succeeded");
            let name = object["metadata"]["name"].as_str().unwrap();
            let namespace = object["metadata"]["namespace"].as_str().unwrap_or("-");
            let weight = annotations["helm.sh/hook-weight"].as_str().unwrap();
            format!("{weight} {} {namespace}/{name}", object["kind"].as_str().unwrap())
        })
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "-5 ClusterRole -/sc-job-uninstall.sc-system.sc-extension",
            "-5 ClusterRoleBinding -/sc-job-uninstall.sc-system.sc-extension",
            "-5 ConfigMap sc-system/sc-job-uninstall-0",
            "-5 ServiceAccount sc-system/sc-job-uninstall",
            "-5 ValidatingAdmissionPolicy -/sc-job-uninstall.sc-system.sc-extension",
            "-5 ValidatingAdmissionPolicyBinding -/sc-job-uninstall.sc-system.sc-extension",
            "0 Job sc-system/sc-job-uninstall",
        ]
    );
    let binding = rendered.find("ClusterRoleBinding", None, NAME).unwrap();
    let role = json!({"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": NAME});
    assert_eq!(binding["roleRef"], role);
    let account = json!({"kind": "ServiceAccount", "name": "sc-job-uninstall", "namespace": "sc-system"});
    assert_eq!(binding["subjects"], json!([account]));
    assert_eq!(rendered.get("ServiceAccount", "sc-job-uninstall")["automountServiceAccountToken"], false);
}

fn the_rights_and_the_input_are_those_of_all_connections(helm: &Helm) {
    let values = "
cloud: AzureChina
allowSystemNamespaces: [sc-system]
connections:
  blob:
    {namespace: shop, target: storage-blob, auth: workload-identity, clientType: python, labels: {a: b}, adopt: true,
     parameters: {account: store1, clientId: {base64: MEEwQjBDMEQtMDAwMC00MDAwLTgwMDAtMDAwMDAwMDAwMDAy}}}
  kafka: {enabled: false, secretName: own, target: confluent-cloud, clientType: java, auth: secret}
  vault:
    {namespace: sc-system, target: keyvault, auth: csi, csi: {workloadIdentity: true, secrets: [{name: a, key: A}]},
     serviceAccount: {name: own-account}, deletionPolicy: Delete,
     parameters: {vault: vault1, clientId: 0a0b0c0d-0000-4000-8000-000000000003, tenantId: 0a0b0c0d-0000-4000-8000-00000000000f}}
  nodes:
    {target: keyvault, auth: csi, csi: {secrets: [{name: a}]},
     parameters: {vault: vault1, clientId: 0a0b0c0d-0000-4000-8000-000000000003, tenantId: 0a0b0c0d-0000-4000-8000-00000000000f}}
  kept: {deletionPolicy: Retain, data: {K: v}}
  gone:
";
    let (rules, input) = rules_and_input(&deleting(helm, values));
    assert_eq!(
        rules,
        json!([
            rule("secrets", &["own", "own-schema", "sc-blob-secret", "sc-nodes-secret", "sc-vault-secret"], &DELETE),
            rule("serviceaccounts", &["own-account", "sc-account-0a0b0c0d-0000-4000-8000-000000000002"], &DELETE),
            rule("secretproviderclasses", &["sc-nodes-secretprovider", "sc-vault-secretprovider"], &DELETE),
        ])
    );
    assert_eq!(
        input,
        json!({
            "allowSystemNamespaces": ["sc-system"],
            "cloud": "AzureChina",
            "deletionPolicy": "Delete",
            "connections": {
                "blob": {
                    "enabled": false, "deletionPolicy": "Delete", "namespace": "shop",
                    "target": "storage-blob", "auth": "workload-identity", "clientType": "python",
                    "serviceAccount": {"name": "sc-account-0a0b0c0d-0000-4000-8000-000000000002"},
                },
                "kafka": {
                    "enabled": false, "deletionPolicy": "Delete", "namespace": "default",
                    "target": "confluent-cloud", "auth": "secret", "clientType": "java", "secretName": "own",
                },
                "nodes": {
                    "enabled": false, "deletionPolicy": "Delete", "namespace": "default", "target": "keyvault", "auth": "csi",
                },
                "vault": {
                    "enabled": false, "deletionPolicy": "Delete", "namespace": "sc-system", "target": "keyvault", "auth": "csi",
                    "serviceAccount": {"name": "own-account"}, "csi": {"workloadIdentity": true},
                },
            },
        })
    );
}

/// The ConfigMap stays behind with a Job that fails.
fn the_input_has_no_value_but_names(helm: &Helm) {
    let values = format!(
        "
connections:
  a:
    target: postgres-flexible
    auth: secret
    parameters: {{server: {CANARY}, database: d, username: u, password: {CANARY}}}
    data: {{K: {CANARY}}}
    customizedKeys: {{AZURE_POSTGRESQL_CONNECTIONSTRING: OWN}}
    annotations: {{example.com/note: {CANARY}}}
"
    );
    let rendered = deleting(helm, &values);
    for hook in hooks(&rendered) {
        assert!(!hook.to_string().contains(CANARY), "{hook}");
    }
    assert_eq!(
        inputs(&rendered)[0]["connections"]["a"],
        json!({"enabled": false, "deletionPolicy": "Delete", "namespace": "default", "target": "postgres-flexible", "auth": "secret"})
    );
}

fn what_a_connection_with_retain_has_stays_also_where_others_have_it(helm: &Helm) {
    let identity = "target: keyvault, auth: workload-identity, parameters: {vault: vault1, clientId: 0a0b0c0d-0000-4000-8000-000000000002}";
    let values = format!(
        "
connections:
  kept: {{deletionPolicy: Retain, namespace: shop, secretName: own, {identity}}}
  of-its-account: {{namespace: shop, {identity}}}
  of-its-secret: {{enabled: false, namespace: shop, secretName: own}}
  elsewhere: {{namespace: warehouse, secretName: own, {identity}}}
"
    );
    let (rules, input) = rules_and_input(&deleting(helm, &values));
    // A ClusterRole knows no namespaces: what the Job deletes where, its input says.
    assert_eq!(
        rules,
        json!([
            rule("secrets", &["own", "sc-ofitsaccount-secret"], &DELETE),
            rule("serviceaccounts", &["sc-account-0a0b0c0d-0000-4000-8000-000000000002"], &DELETE),
        ])
    );
    assert_eq!(
        input["connections"],
        json!({
            "of-its-account": {
                "enabled": false, "deletionPolicy": "Delete", "namespace": "shop", "target": "keyvault", "auth": "workload-identity",
            },
            "elsewhere": {
                "enabled": false, "deletionPolicy": "Delete", "namespace": "warehouse", "target": "keyvault", "auth": "workload-identity",
                "secretName": "own", "serviceAccount": {"name": "sc-account-0a0b0c0d-0000-4000-8000-000000000002"},
            },
        })
    );
}

/// The job never wrote it; and it would refuse an input that holds it, and delete nothing at all.
fn what_is_no_name_is_left_out(helm: &Helm) {
    let values = r#"
connections:
  "...": {namespace: shop, data: {K: v}}
  upper: {namespace: Shop, data: {K: v}}
  own: {namespace: shop, secretName: own_secret, data: {K: v}}
  good: {namespace: shop, data: {K: v}}
"#;
    let (rules, input) = rules_and_input(&deleting(helm, values));
    assert_eq!(rules, json!([rule("secrets", &["sc-good-secret"], &DELETE)]));
    let good = json!({"enabled": false, "deletionPolicy": "Delete", "namespace": "shop"});
    assert_eq!(input["connections"], json!({"good": good}));
}

fn a_thousand_connections_make_one_config_map(helm: &Helm) {
    let mut values = "connections:\n".to_owned();
    for number in 0..1001 {
        writeln!(values, "  c{number:04}: {{data: {{K: v}}}}").unwrap();
    }
    let rendered = deleting(helm, &values);
    let inputs = inputs(&rendered);
    assert_eq!(inputs.len(), 2);
    assert_eq!(inputs[0]["connections"].as_object().unwrap().len(), 1000);
    let last = json!({"enabled": false, "deletionPolicy": "Delete", "namespace": "default"});
    assert_eq!(inputs[1], json!({"connections": {"c1000": last}}));
    let volume = &rendered.get("Job", "sc-job-uninstall")["spec"]["template"]["spec"]["volumes"][0];
    let source = |index: usize| json!({"configMap": {"name": format!("sc-job-uninstall-{index}"), "items": [{"key": "connections.json", "path": format!("{index:03}.json")}]}});
    assert_eq!(volume["projected"]["sources"], json!([source(0), source(1)]));
}

fn without_rbac_no_right_is_granted(helm: &Helm) {
    let args = ["--set", "uninstall.deletionPolicy=Delete,rbac.create=false"];
    let rendered = render(helm, "connections: {a: {data: {K: v}}}", &args);
    let mut kinds: Vec<_> = hooks(&rendered).into_iter().map(|object| object["kind"].as_str().unwrap()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["ConfigMap", "Job", "ServiceAccount"]);
}
