//! The first install: exactly the declared objects, and nothing else.

use serde_json::{Value, json};

use super::demo::demo;
use crate::common::CANARY;
use crate::common::kubernetes::{Helm, Place, get, kubectl, secret_data};

with_both_helms! {
    install_makes_exactly_the_declared_objects
}

fn labels(place: &Place, connection: Option<&str>) -> Value {
    let mut labels = json!({
        "app.kubernetes.io/managed-by": "sc-job", "app.kubernetes.io/part-of": "sc-extension",
        "sc-extension/release": "sc-extension", "sc-extension/release-namespace": place.system,
    });
    match connection {
        Some(name) => labels["sc-extension/connection"] = name.into(),
        None => labels["azure.workload.identity/use"] = "true".into(),
    }
    labels
}

fn install_makes_exactly_the_declared_objects(helm: &Helm) {
    let place = Place::new();
    let installed = helm.upgrade(&place, &demo(&place), &[]).expect(0);
    let said = format!("{}{}", installed.stdout, installed.stderr);
    assert!(said.contains("done in "), "Helm shows the Job's last line:\n{said}");
    assert!(installed.stdout.contains("sc-orders-secret"), "the notes name the Secret:\n{}", installed.stdout);
    assert_eq!(helm.status(&place), ("deployed".to_owned(), 1));
    assert_eq!(get(&place.system, "job", "sc-job"), None);

    let identity = "0a0b0c0d-0000-4000-8000-000000000002";
    let expected = [
        (&place.shop, "settings", json!({"LOG_CONTAINER": "logs", "GREETING": "hello from sc-job"})),
        (
            &place.shop,
            "orders",
            json!({"AZURE_POSTGRESQL_CONNECTIONSTRING": format!("dbname=orders host=demo-orders.postgres.database.azure.com port=5432 sslmode=require user=shopadmin password='{CANARY} p@ss'")}),
        ),
        (
            &place.warehouse,
            "archive",
            json!({
                "AZURE_KEYVAULT_SCOPE": "https://vault.azure.net/.default",
                "AZURE_KEYVAULT_RESOURCEENDPOINT": "https://demo-archive.vault.azure.net/",
                "AZURE_KEYVAULT_CLIENTID": "0a0b0c0d-0000-4000-8000-000000000001",
                "AZURE_KEYVAULT_CLIENTSECRET": format!("{CANARY}-secret"),
                "AZURE_KEYVAULT_TENANTID": "0a0b0c0d-0000-4000-8000-00000000000f",
            }),
        ),
        (
            &place.warehouse,
            "pictures",
            json!({"AZURE_STORAGEBLOB_RESOURCEENDPOINT": "https://demopictures.blob.core.windows.net/", "AZURE_STORAGEBLOB_CLIENTID": identity}),
        ),
    ];
    for (namespace, connection, data) in &expected {
        let name = format!("sc-{connection}-secret");
        let secret = get(namespace, "secret", &name).unwrap();
        assert_eq!(secret["type"], "Opaque");
        assert_eq!(secret["metadata"]["labels"], labels(&place, Some(connection)));
        assert_eq!(secret["metadata"]["managedFields"][0]["manager"], format!("sc-job:{}:sc-extension", place.system));
        assert_eq!(json!(secret_data(namespace, &name)), *data);
    }
    let account = get(&place.warehouse, "serviceaccount", &format!("sc-account-{identity}")).unwrap();
    assert_eq!(account["metadata"]["labels"], labels(&place, None));
    assert_eq!(account["metadata"]["annotations"], json!({"azure.workload.identity/client-id": identity}));
    for (namespace, secrets) in [(&place.shop, "2"), (&place.warehouse, "2")] {
        let listed = kubectl(&["get", "secrets", "-n", namespace, "-o", "name"]).expect(0).stdout;
        assert_eq!(listed.lines().count().to_string(), secrets, "{listed}");
    }

    let summary = get(&place.system, "configmap", "sc-connections").unwrap();
    let names: Vec<_> = summary["data"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["_summary", "archive", "orders", "pictures", "settings"]);
    assert_eq!(summary["data"]["_summary"], "4 of 4 connections ready");
    let pictures: Value = serde_yaml::from_str(summary["data"]["pictures"].as_str().unwrap()).unwrap();
    assert_eq!(
        pictures,
        json!({
            "outcome": "ready", "target": "storage-blob", "clientType": "python", "auth": "workload-identity", "namespace": place.warehouse,
            "secret": "sc-pictures-secret", "serviceAccount": format!("sc-account-{identity}"),
            "variables": ["AZURE_STORAGEBLOB_RESOURCEENDPOINT", "AZURE_STORAGEBLOB_CLIENTID"],
        })
    );
    place.assert_no_canary(helm);
}
