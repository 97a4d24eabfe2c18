//! Which objects a connection becomes.

use serde_json::{Value, json};

use crate::objects;

#[test]
fn a_connection_of_data_alone_is_one_secret() {
    let values = "connections: {Blob.Demo: {namespace: shop, data: {LOG: logs, EMPTY: ''}, labels: {team: a}, annotations: {note: b}}}";
    assert_eq!(
        objects(values),
        [json!({
            "apiVersion": "v1", "kind": "Secret", "type": "Opaque",
            "metadata": {
                "name": "sc-blobdemo-secret", "namespace": "shop",
                "labels": {
                    "app.kubernetes.io/managed-by": "sc-job", "app.kubernetes.io/part-of": "sc-extension",
                    "sc-extension/release": "sc-extension", "sc-extension/release-namespace": "sc-system",
                    "sc-extension/connection": "Blob.Demo", "team": "a",
                },
                "annotations": {"note": "b"},
            },
            "stringData": {"LOG": "logs", "EMPTY": ""},
        })]
    );
}

#[test]
fn workload_identity_makes_one_service_account_for_all_connections_of_an_identity() {
    let connection = |extra: &str| {
        format!(
            "{{namespace: shop, target: storage-blob, clientType: python, auth: workload-identity, parameters: {{account: store1, clientId: 0A0B0C0D-0000-4000-8000-000000000002{extra}}}}}"
        )
    };
    let values = format!(
        "connections: {{a: {}, b: {}}}",
        connection(""),
        connection(", tenantId: 0a0b0c0d-0000-4000-8000-00000000000f")
    );
    let objects = objects(&values);
    assert_eq!(objects.len(), 3);
    assert_eq!(
        objects[0],
        json!({
            "apiVersion": "v1", "kind": "ServiceAccount",
            "metadata": {
                "name": "sc-account-0a0b0c0d-0000-4000-8000-000000000002", "namespace": "shop",
                "labels": {
                    "app.kubernetes.io/managed-by": "sc-job", "app.kubernetes.io/part-of": "sc-extension",
                    "sc-extension/release": "sc-extension", "sc-extension/release-namespace": "sc-system",
                    "azure.workload.identity/use": "true",
                },
                "annotations": {
                    "azure.workload.identity/client-id": "0a0b0c0d-0000-4000-8000-000000000002",
                    "azure.workload.identity/tenant-id": "0a0b0c0d-0000-4000-8000-00000000000f",
                },
            },
        })
    );
    assert_eq!(
        objects[1]["stringData"],
        json!({
            "AZURE_STORAGEBLOB_RESOURCEENDPOINT": "https://store1.blob.core.windows.net/",
            "AZURE_STORAGEBLOB_CLIENTID": "0a0b0c0d-0000-4000-8000-000000000002",
        })
    );
}

#[test]
fn own_names_replace_the_generated_ones() {
    let values =
        "connections: {a: {target: storage-blob, clientType: python, auth: workload-identity, secretName: own.secret,
        serviceAccount: {name: own-account, tokenExpirationSeconds: 7200},
        parameters: {account: store1, clientId: 0a0b0c0d-0000-4000-8000-000000000002},
        customizedKeys: {AZURE_STORAGEBLOB_RESOURCEENDPOINT: BLOB_URL}, data: {CONTAINER: logs}}}";
    let objects = objects(values);
    assert_eq!(objects[0]["metadata"]["name"], "own-account");
    assert_eq!(
        objects[0]["metadata"]["annotations"]["azure.workload.identity/service-account-token-expiration"],
        "7200"
    );
    assert_eq!(
        (&objects[1]["metadata"]["name"], &objects[1]["metadata"]["namespace"]),
        (&json!("own.secret"), &json!("default"))
    );
    assert_eq!(
        objects[1]["stringData"],
        json!({
            "BLOB_URL": "https://store1.blob.core.windows.net/",
            "AZURE_STORAGEBLOB_CLIENTID": "0a0b0c0d-0000-4000-8000-000000000002",
            "CONTAINER": "logs",
        })
    );
}

#[test]
fn a_cloud_changes_host_names() {
    let values = "{cloud: AzureChina, connections: {a: {target: storage-blob, auth: workload-identity, parameters: {account: store1, clientId: 0a0b0c0d-0000-4000-8000-000000000002}}}}";
    assert_eq!(
        objects(values)[1]["stringData"]["AZURE_STORAGEBLOB_RESOURCEENDPOINT"],
        "https://store1.blob.core.chinacloudapi.cn/"
    );
}

#[test]
fn a_disabled_connection_needs_no_credentials_and_makes_no_object() {
    assert_eq!(
        objects("connections: {a: {enabled: false, target: keyvault, auth: service-principal}, b: null}"),
        Vec::<Value>::new()
    );
    assert_eq!(objects("connections:"), Vec::<Value>::new());
}
