//! Which objects an operation of the four settings makes.

use serde_json::{Value, json};

use crate::common::operation::settings;
use crate::{faults, objects};

#[test]
fn an_operation_makes_a_secret_and_a_class_that_say_so() {
    let guid = "0a0b0c0d-0000-4000-8000-00000000000f";
    let resources = json!({
        "namespace": {"name": "shop"},
        "secret": {"data": {"PASSWORD": "demo-only"}},
        "secretProviderClass": {
            "userMIClientId": guid, "keyvaultName": "myvault", "keyvaultTenantId": guid,
            "keyvaultSecrets": {"DB_PASSWORD": "db-password", "DB_PASSWORD_2": "db-password"},
        },
        "pod": {"name": "sc-ordersdb-pod"},
    });
    let metadata = |name: &str| {
        json!({
            "name": name, "namespace": "shop",
            "labels": {
                "app.kubernetes.io/managed-by": "sc-job", "app.kubernetes.io/part-of": "sc-extension",
                "sc-extension/release": "sc-extension", "sc-extension/release-namespace": "sc-system",
                "sc-extension/connection": "orders_db",
            },
            "annotations": {"sc-extension/by-operation": "true"},
        })
    };
    let class = json!({
        "apiVersion": "secrets-store.csi.x-k8s.io/v1", "kind": "SecretProviderClass",
        "metadata": metadata("sc-ordersdb-secretprovider"),
        "spec": {
            "provider": "azure",
            "parameters": {
                "keyvaultName": "myvault", "tenantId": guid, "cloudName": "AzurePublicCloud", "usePodIdentity": "false",
                "useVMManagedIdentity": "true", "userAssignedIdentityID": guid,
                "objects": "array:\n- |\n  objectName: db-password\n  objectType: secret\n  objectAlias: DB_PASSWORD\n\
                            - |\n  objectName: db-password\n  objectType: secret\n  objectAlias: DB_PASSWORD_2\n",
            },
            "secretObjects": [{
                "secretName": "sc-ordersdb-csi-secret", "type": "Opaque",
                "data": [
                    {"objectName": "DB_PASSWORD", "key": "DB_PASSWORD"},
                    {"objectName": "DB_PASSWORD_2", "key": "DB_PASSWORD_2"},
                ],
            }],
        },
    });
    let secret = json!({
        "apiVersion": "v1", "kind": "Secret", "type": "Opaque", "metadata": metadata("sc-ordersdb-secret"),
        "stringData": {"PASSWORD": "demo-only"},
    });
    let made = |operation| objects(&settings("orders_db", "id-1", operation, &resources).to_string());
    assert_eq!(made("create"), [class, secret]);
    assert_eq!(made("update"), made("create"));
    assert_eq!(made("delete"), Vec::<Value>::new());
}

#[test]
fn what_is_wrong_with_an_operation_has_a_remedy_that_speaks_of_its_settings() {
    let resources = json!({"namespace": {"name": "shop"}, "secret": {"data": {"PORT": 5432}, "type": "Opaque"}});
    let mut operation = settings("orders_db", "id-1", "create", &resources);
    operation["correlationid"] = json!(null);
    let remedy = "Remedy: correct it and give all four settings again, `resources` as base64 of its JSON; docs/extension.md lists \
                  what they hold";
    let together = "connection, correlationid, operation, resources come together, and it is not given";
    assert_eq!(faults(&operation.to_string()), [format!("SCJ1005 correlationid: {together}. {remedy}")]);
    operation["correlationid"] = json!("id-1");
    assert_eq!(
        faults(&operation.to_string()),
        [
            "SCJ1004 resources.secret.data.PORT: must be a string. Remedy: write it as a string in the JSON, in quotes"
                .to_owned(),
            format!("SCJ1003 resources.secret: has a field that is none of name, namespace and data. {remedy}"),
        ]
    );
}
