//! Key Vault with the CSI driver: who reads the vault, and what is mounted.

use serde_json::{Value, json};

use crate::objects;

fn vault(cloud: &str, settings: &Value) -> Vec<Value> {
    let mut connection = json!({
        "namespace": "shop", "target": "keyvault", "auth": "csi", "labels": {"team": "a"},
        "parameters": {
            "vault": "myvault",
            "clientId": "0A0B0C0D-0000-4000-8000-000000000001",
            "tenantId": "0a0b0c0d-0000-4000-8000-00000000000f",
        },
    });
    for (key, value) in settings.as_object().unwrap() {
        connection[key] = value.clone();
    }
    objects(&json!({"cloud": cloud, "connections": {"My.Vault": connection}}).to_string())
}

#[test]
fn an_identity_of_the_nodes_reads_the_vault_unless_another_is_asked_for() {
    let made = vault(
        "AzurePublic",
        &json!({"csi": {"secrets": [
            {"name": "db-password", "key": "DB_PASSWORD"},
            {"name": "tls", "type": "cert", "version": "0123abcd", "alias": "tls.pem", "key": "TLS"},
            {"name": "signing", "type": "key"},
        ]}}),
    );
    let [class, secret] = made.as_slice() else { panic!("{made:?}") };
    assert_eq!(
        *class,
        json!({
            "apiVersion": "secrets-store.csi.x-k8s.io/v1", "kind": "SecretProviderClass",
            "metadata": {
                "name": "sc-myvault-secretprovider", "namespace": "shop",
                "labels": {
                    "app.kubernetes.io/managed-by": "sc-job", "app.kubernetes.io/part-of": "sc-extension",
                    "sc-extension/release": "sc-extension", "sc-extension/release-namespace": "sc-system",
                    "sc-extension/connection": "My.Vault", "team": "a",
                },
            },
            "spec": {
                "provider": "azure",
                "parameters": {
                    "keyvaultName": "myvault",
                    "tenantId": "0a0b0c0d-0000-4000-8000-00000000000f",
                    "cloudName": "AzurePublicCloud",
                    "usePodIdentity": "false",
                    "useVMManagedIdentity": "true",
                    "userAssignedIdentityID": "0a0b0c0d-0000-4000-8000-000000000001",
                    "objects": "array:\n- |\n  objectName: db-password\n  objectType: secret\n\
                                - |\n  objectName: tls\n  objectType: cert\n  objectVersion: 0123abcd\n  objectAlias: tls.pem\n\
                                - |\n  objectName: signing\n  objectType: key\n",
                },
                "secretObjects": [{
                    "secretName": "sc-myvault-csi-secret", "type": "Opaque",
                    "data": [
                        {"objectName": "db-password", "key": "DB_PASSWORD"},
                        {"objectName": "tls.pem", "key": "TLS"},
                    ],
                }],
            },
        })
    );
    assert_eq!(secret["metadata"]["name"], "sc-myvault-secret");
    assert_eq!(
        secret["stringData"],
        json!({
            "AZURE_KEYVAULT_CLIENTID": "0a0b0c0d-0000-4000-8000-000000000001",
            "AZURE_KEYVAULT_RESOURCEENDPOINT": "https://myvault.vault.azure.net/",
            "AZURE_KEYVAULT_SCOPE": "https://vault.azure.net/.default",
        })
    );
}

#[test]
fn with_workload_identity_the_pods_own_account_reads_the_vault() {
    let made = vault(
        "AzurePublic",
        &json!({
            "csi": {"workloadIdentity": true, "secrets": [{"name": "db-password"}]},
            "serviceAccount": {"tokenExpirationSeconds": 7200},
        }),
    );
    let [class, account, _] = made.as_slice() else { panic!("{made:?}") };
    let parameters = &class["spec"]["parameters"];
    assert_eq!(parameters["clientID"], "0a0b0c0d-0000-4000-8000-000000000001");
    assert_eq!(parameters["useVMManagedIdentity"], "false");
    assert_eq!(parameters.get("userAssignedIdentityID"), None);
    assert_eq!(class["spec"].get("secretObjects"), None, "nothing has a key");
    assert_eq!(account["metadata"]["name"], "sc-account-0a0b0c0d-0000-4000-8000-000000000001");
    assert_eq!(
        account["metadata"]["annotations"],
        json!({
            "azure.workload.identity/client-id": "0a0b0c0d-0000-4000-8000-000000000001",
            "azure.workload.identity/tenant-id": "0a0b0c0d-0000-4000-8000-00000000000f",
            "azure.workload.identity/service-account-token-expiration": "7200",
        })
    );
}

#[test]
fn the_provider_is_told_the_cloud_in_its_own_words() {
    for (cloud, word) in [("AzureUSGovernment", "AzureUSGovernmentCloud"), ("AzureChina", "AzureChinaCloud")] {
        let made = vault(cloud, &json!({"csi": {"secrets": [{"name": "a"}]}}));
        assert_eq!(made[0]["spec"]["parameters"]["cloudName"], word);
    }
}
