//! The four settings of Service Connector's own extension: what the chart grants for them, and what it hands on.

use serde_json::{Value, json};

use super::rendering::{Rendering, render};
use super::roles::{DELETE, WRITE, objects_of, rule, rules_in, writable};
use crate::common::kubernetes::Helm;
use crate::common::operation::{secret, settings};
use crate::common::{CANARY, assert_no_canary};

with_both_helms! {
    an_operation_gets_the_rights_of_its_objects_and_its_text_reaches_the_job
    a_deletion_gets_the_rights_that_the_policy_gives
    uninstall_deletes_by_the_names_alone
}

pub const ID: &str = "0a0b0c0d-0000-4000-8000-0000000000a1";
const GUID: &str = "0a0b0c0d-0000-4000-8000-00000000000f";

/// What creates connection `Orders_db.1`.
pub fn create(resources: &Value) -> Value {
    settings("Orders_db.1", ID, "create", resources)
}

/// All that `resources` can hold.
pub fn whole() -> Value {
    let name = |end: &str| format!("sc-ordersdb1-{end}");
    json!({
        "namespace": {"name": "shop"},
        "secret": {"name": name("secret"), "namespace": "shop", "data": {"PASSWORD": CANARY, "spring.port": "6432"}},
        "secretProviderClass": {
            "name": name("secretprovider"), "namespace": "shop", "k8sSecretName": name("csi-secret"), "userMIClientId": GUID,
            "keyvaultName": "vault1", "keyvaultTenantId": GUID, "keyvaultSecrets": {"KEY": "object1"},
        },
        "pod": {"name": name("pod"), "namespace": "shop", "k8sSecretName": name("secret"), "secretProviderName": name("secretprovider")},
    })
}

fn input(rendered: &Rendering) -> Value {
    let text = rendered.get("Secret", "sc-job-input-0")["stringData"]["connections.json"].as_str().unwrap();
    serde_json::from_str(text).unwrap()
}

fn an_operation_gets_the_rights_of_its_objects_and_its_text_reaches_the_job(helm: &Helm) {
    let mut values = create(&whole());
    values["connections"] = json!({"other": {"data": {"A": "b"}}});
    // As `base64` without -w0 writes it.
    let broken =
        values["resources"].as_str().unwrap().as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap());
    values["resources"] = broken.collect::<Vec<_>>().join("\n").into();
    let rendered = render(helm, &values.to_string(), &[]);
    assert_eq!(writable(&rendered), objects_of(&values.to_string()));
    assert_eq!(
        rules_in(&rendered, "shop").unwrap(),
        &json!([
            rule("secrets", &["sc-ordersdb1-secret"], &WRITE),
            rule("secretproviderclasses", &["sc-ordersdb1-secretprovider"], &WRITE),
        ])
    );
    let input = input(&rendered);
    for setting in ["connection", "correlationid", "operation", "resources", "connections"] {
        assert_eq!(input[setting], values[setting], "{setting}");
    }
    for object in rendered.objects().iter().filter(|object| object["kind"] != "Secret") {
        assert_no_canary("an object that is no Secret", &object.to_string());
    }
}

fn a_deletion_gets_the_rights_that_the_policy_gives(helm: &Helm) {
    let values = settings("Orders_db.1", ID, "delete", &secret("ordersdb1", "shop", &Value::Null)).to_string();
    assert_eq!(rules_in(&render(helm, &values, &[]), "shop"), None);
    let deleting = render(helm, &values, &["--set", "deletionPolicy=Delete"]);
    assert_eq!(rules_in(&deleting, "shop"), Some(&json!([rule("secrets", &["sc-ordersdb1-secret"], &DELETE)])));
    // parts without content are still parts
    let secret = rule("secrets", &["sc-ordersdb1-secret"], &DELETE);
    let class = rule("secretproviderclasses", &["sc-ordersdb1-secretprovider"], &DELETE);
    for (parts, rules) in [
        (json!({"secret": {}, "secretProviderClass": {}}), json!([secret, class])),
        (json!({"secretProviderClass": {}}), json!([class])),
        (json!({"secret": {}}), json!([secret])),
    ] {
        let mut resources = json!({"namespace": {"name": "shop"}});
        resources.as_object_mut().unwrap().extend(parts.as_object().unwrap().clone());
        let values = settings("Orders_db.1", ID, "delete", &resources).to_string();
        let rendered = render(helm, &values, &["--set", "deletionPolicy=Delete"]);
        assert_eq!(rules_in(&rendered, "shop"), Some(&rules), "{parts}");
    }
}

fn uninstall_deletes_by_the_names_alone(helm: &Helm) {
    let rendered = render(helm, &create(&whole()).to_string(), &["--set", "uninstall.deletionPolicy=Delete"]);
    let map = rendered.get("ConfigMap", "sc-job-uninstall-0");
    assert_no_canary("the input of the last Job", &map.to_string());
    let input: Value = serde_json::from_str(map["data"]["connections.json"].as_str().unwrap()).unwrap();
    let names = json!({
        "namespace": {"name": "shop"}, "secret": {"name": "sc-ordersdb1-secret"},
        "secretProviderClass": {"name": "sc-ordersdb1-secretprovider"},
    });
    let mut expected = settings("Orders_db.1", ID, "delete", &names);
    for (setting, value) in
        [("connections", json!({})), ("cloud", json!("AzurePublic")), ("deletionPolicy", json!("Delete"))]
    {
        expected[setting] = value;
    }
    expected["allowSystemNamespaces"] = json!([]);
    assert_eq!(input, expected);
    let role = rendered.find("ClusterRole", None, "sc-job-uninstall.sc-system.sc-extension").unwrap();
    assert_eq!(role["rules"][0], rule("secrets", &["sc-ordersdb1-secret"], &DELETE));
    assert_eq!(role["rules"][1], rule("secretproviderclasses", &["sc-ordersdb1-secretprovider"], &DELETE));
}
