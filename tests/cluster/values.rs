//! Values on their way through Helm, and references.

use serde_json::json;

use crate::common::CANARY;
use crate::common::kubernetes::{Helm, Place, get, kubectl, kubectl_with, secret_data};

with_both_helms! {
    values_arrive_as_written
    references_are_read_from_the_release_namespace
}

fn values_arrive_as_written(helm: &Helm) {
    let place = Place::new();
    let password = format!("{CANARY} p@s;s w'\"%&=/\\ord {{{{ .Values }}}}\nsecond line\t");
    let values = json!({"connections": {
        "db": {
            "namespace": place.shop, "target": "postgres-flexible", "auth": "secret", "clientType": "none",
            "parameters": {"server": "srv1", "database": "d", "username": "u", "password": password, "port": 6432},
        },
        "plain": {"namespace": place.shop, "data": {"OCTAL": "0123", "YES": "yes", "EXPONENT": "1e3", "EMPTY": ""}},
    }});
    let sets = [
        "--set",
        "connections.plain.data.SET=plain text",
        "--set-string",
        "connections.plain.data.NUMBER=0123",
        "--set",
        "connections.plain.data.ENCODED.base64=cEBzJ1wK",
        "--set-string",
        r"connections.dotted\.name.namespace=SHOP,connections.dotted\.name.data.A=12345678901234567890",
    ]
    .map(|set| place.fill(set));
    helm.upgrade(&place, &values.to_string(), &sets.iter().map(String::as_str).collect::<Vec<_>>()).expect(0);
    let db = secret_data(&place.shop, "sc-db-secret");
    assert_eq!(
        (db["AZURE_POSTGRESQL_PASSWORD"].as_str(), db["AZURE_POSTGRESQL_PORT"].as_str()),
        (password.as_str(), "6432")
    );
    assert_eq!(
        json!(secret_data(&place.shop, "sc-plain-secret")),
        json!({"OCTAL": "0123", "YES": "yes", "EXPONENT": "1e3", "EMPTY": "", "SET": "plain text", "NUMBER": "0123", "ENCODED": "p@s'\\\n"})
    );
    assert_eq!(secret_data(&place.shop, "sc-dottedname-secret")["A"], "12345678901234567890");
    place.assert_no_canary(helm);
}

fn references_are_read_from_the_release_namespace(helm: &Helm) {
    let place = Place::new();
    kubectl_with(
        &["create", "-n", &place.system, "-f", "-"],
        &format!("{{apiVersion: v1, kind: Secret, metadata: {{name: creds}}, stringData: {{key1: '{CANARY}'}}}}"),
    )
    .expect(0);
    kubectl(&["create", "configmap", "names", "-n", &place.system, "--from-literal=account=store1"]).expect(0);
    let values = "connections:
  blob: {namespace: SHOP, target: storage-blob, auth: secret, clientType: python, parameters: {account: {valueFrom: {configMapKeyRef: {name: names, key: account}}}, accountKey: {valueFrom: {secretKeyRef: {name: creds, key: key1}}}}}
  lost: {namespace: SHOP, data: {A: {valueFrom: {secretKeyRef: {name: absent, key: k}}}}}
  keyless: {namespace: SHOP, data: {A: {valueFrom: {secretKeyRef: {name: creds, key: key2}}}}}
";
    helm.upgrade(&place, values, &[]).expect(1);
    assert_eq!(
        secret_data(&place.shop, "sc-blob-secret")["AZURE_STORAGEBLOB_CONNECTIONSTRING"],
        format!(
            "DefaultEndpointsProtocol=https;AccountName=store1;AccountKey={CANARY};EndpointSuffix=core.windows.net"
        )
    );
    let log = place.log();
    assert!(log.contains(&format!("connection lost: SCJ2005 Secret {}/absent: ", place.system)), "{log}");
    assert!(
        log.contains(&format!(
            "connection keyless: SCJ2005 Secret {}/creds: connections.keyless.data.A.valueFrom refers to its key key2",
            place.system
        )),
        "{log}"
    );
    assert_eq!(place.exit_code(), 79);
    assert_eq!(get(&place.shop, "secret", "sc-lost-secret"), None);
    place.assert_no_canary(helm);
}
