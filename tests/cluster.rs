//! The chart, its Job and the pod on a real cluster, with both majors of Helm.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod common;

use common::kubernetes::{Helm, Place, eventually, get, kubectl, kubectl_with, secret_data, version};
use common::{CANARY, text};
use serde_json::{Value, json};

/// Each test is run with Helm 3 and with Helm 4.
macro_rules! with_both_helms {
    ($($name:ident)+) => {
        mod helm3 { $(#[test] #[ignore = "needs a cluster: scripts/test"] fn $name() { super::$name(&super::Helm::new(3)); })+ }
        mod helm4 { $(#[test] #[ignore = "needs a cluster: scripts/test"] fn $name() { super::$name(&super::Helm::new(4)); })+ }
    };
}

with_both_helms! {
    install_makes_exactly_the_declared_objects
    the_guides_sample_jobs_see_the_variables
    an_upgrade_changes_exactly_what_changed
    a_connection_that_is_removed_or_disabled_keeps_its_secret
    bad_values_fail_with_78_and_the_next_good_upgrade_succeeds
    a_missing_namespace_fails_its_connection_only
    a_foreign_secret_is_left_untouched
    without_rights_the_run_says_which_are_missing
    rollback_restores_the_old_values
    uninstall_keeps_the_secrets_and_a_new_install_knows_them
    a_failed_atomic_upgrade_ends_deployed_and_keeps_the_log
    values_arrive_as_written
    references_are_read_from_the_release_namespace
}

/// Four connections in two namespaces; every credential holds the canary.
fn demo(place: &Place) -> String {
    let values = text("scripts/demo.values.yaml").replace("demo-only", CANARY);
    values
        .replace("namespace: shop", &format!("namespace: {}", place.shop))
        .replace("namespace: warehouse", &format!("namespace: {}", place.warehouse))
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
    place.assert_no_canary();
}

fn the_guides_sample_jobs_see_the_variables(helm: &Helm) {
    let place = Place::new();
    helm.upgrade(&place, &demo(&place).replace(CANARY, "demo"), &[]).expect(0);
    let image = std::env::var("SC_JOB_TEST_SHELL_IMAGE").expect("SC_JOB_TEST_SHELL_IMAGE is not set; run scripts/test");
    let account = "sc-account-0a0b0c0d-0000-4000-8000-000000000002";
    let samples = [
        (
            "scripts/samples/secret-job.yaml",
            "sc-sample-job",
            &place.shop,
            "sc-orders-secret",
            "AZURE_POSTGRESQL_CONNECTIONSTRING=dbname=orders ",
        ),
        (
            "scripts/samples/workload-identity-job.yaml",
            "sc-sample-job-identity",
            &place.warehouse,
            "sc-pictures-secret",
            "AZURE_STORAGEBLOB_RESOURCEENDPOINT=https://demopictures.blob.core.windows.net/",
        ),
    ];
    for (manifest, job, namespace, secret, variable) in samples {
        let manifest =
            text(manifest).replace("IMAGE", &image).replace("SECRET", secret).replace("SERVICE_ACCOUNT", account);
        kubectl_with(&["create", "-n", namespace, "-f", "-"], &manifest).expect(0);
        kubectl(&["wait", "--for=condition=complete", &format!("job/{job}"), "-n", namespace, "--timeout=60s"])
            .expect(0);
        let log = kubectl(&["logs", &format!("job/{job}"), "-n", namespace]).expect(0).stdout;
        assert!(log.contains(variable), "{log}");
    }
}

fn an_upgrade_changes_exactly_what_changed(helm: &Helm) {
    let place = Place::new();
    helm.upgrade(&place, &demo(&place), &[]).expect(0);
    let objects = |place: &Place| {
        [
            version(&place.shop, "secret", "sc-settings-secret"),
            version(&place.shop, "secret", "sc-orders-secret"),
            version(&place.warehouse, "secret", "sc-archive-secret"),
            version(&place.warehouse, "secret", "sc-pictures-secret"),
            version(&place.warehouse, "serviceaccount", "sc-account-0a0b0c0d-0000-4000-8000-000000000002"),
        ]
    };
    let first = objects(&place);
    let summary = version(&place.system, "configmap", "sc-connections");
    helm.upgrade(&place, &demo(&place), &[]).expect(0);
    assert_eq!(objects(&place), first, "an upgrade with the same values writes nothing");
    assert_eq!(version(&place.system, "configmap", "sc-connections"), summary);

    let changed = demo(&place).replace("GREETING: hello from sc-job", "GREETING: good evening")
        + "  added: {namespace: SHOP, data: {A: b}}\n";
    helm.upgrade(&place, &changed, &[]).expect(0);
    let second = objects(&place);
    assert_ne!(second[0], first[0]);
    assert_eq!(second[1..], first[1..]);
    assert_eq!(secret_data(&place.shop, "sc-settings-secret")["GREETING"], "good evening");
    assert_eq!(secret_data(&place.shop, "sc-added-secret")["A"], "b");
}

fn a_connection_that_is_removed_or_disabled_keeps_its_secret(helm: &Helm) {
    let place = Place::new();
    helm.upgrade(&place, "connections: {a: {namespace: SHOP, data: {A: b}}, b: {namespace: SHOP, data: {A: b}}, c: {namespace: SHOP, data: {A: b}}}", &[]).expect(0);
    let before = [version(&place.shop, "secret", "sc-a-secret"), version(&place.shop, "secret", "sc-b-secret")];
    helm.upgrade(
        &place,
        "connections: {b: {namespace: SHOP, enabled: false}, c: {namespace: SHOP, data: {A: b}}}",
        &[],
    )
    .expect(0);
    assert_eq!([version(&place.shop, "secret", "sc-a-secret"), version(&place.shop, "secret", "sc-b-secret")], before);
    let summary = get(&place.system, "configmap", "sc-connections").unwrap();
    assert_eq!(summary["data"].as_object().unwrap().keys().collect::<Vec<_>>(), ["_summary", "c"]);
}

fn bad_values_fail_with_78_and_the_next_good_upgrade_succeeds(helm: &Helm) {
    let place = Place::new();
    let bad = format!(
        "connections: {{good: {{namespace: SHOP, data: {{A: b}}}}, blob: {{namespace: SHOP, target: storage-blob, auth: workload-identity, parameters: {{account: store1, clientId: {CANARY}}}}}}}"
    );
    let failed = helm.upgrade(&place, &bad, &[]).expect(1);
    let reason = "SCJ1008 connections.blob.parameters.clientId: is not of the right form:";
    assert!(
        format!("{}{}", failed.stdout, failed.stderr).contains(reason),
        "Helm shows the reason:\n{}{}",
        failed.stdout,
        failed.stderr
    );
    assert_eq!(helm.status(&place).0, "failed");
    let log = place.log();
    assert!(log.contains(reason) && log.contains("Remedy: correct the value"), "{log}");
    assert_eq!(log.lines().count(), 1, "one fault is told once:\n{log}");
    assert_eq!(place.exit_code(), 78);
    assert_eq!(get(&place.shop, "secret", "sc-good-secret"), None, "nothing is written");
    place.assert_no_canary();

    helm.upgrade(&place, "connections: {good: {namespace: SHOP, data: {A: b}}}", &[]).expect(0);
    assert_eq!(helm.status(&place).0, "deployed");
    assert_eq!(get(&place.system, "job", "sc-job"), None);
    assert_eq!(secret_data(&place.shop, "sc-good-secret")["A"], "b");
}

fn a_missing_namespace_fails_its_connection_only(helm: &Helm) {
    let place = Place::new();
    let values = "connections: {a: {namespace: SHOP-gone, data: {A: b}}, b: {namespace: SHOP, data: {A: b}}}";
    let failed = helm.upgrade(&place, values, &[]).expect(1);
    let log = place.log();
    assert!(
        log.contains(&format!(
            "connection a: SCJ2001 Secret {0}-gone/sc-a-secret: namespace {0}-gone did not exist",
            place.shop
        )),
        "{log}"
    );
    assert!(log.contains(&format!("`kubectl create namespace {}-gone`", place.shop)), "{log}");
    assert!(
        log.trim_end()
            .lines()
            .last()
            .unwrap()
            .contains("failed (exit 79): 1 of 2 connections ready; 1 failed; objects: 1 created. a: SCJ2001"),
        "{log}"
    );
    assert!(format!("{}{}", failed.stdout, failed.stderr).contains("SCJ2001"));
    assert_eq!(place.exit_code(), 79);
    assert_eq!(secret_data(&place.shop, "sc-b-secret")["A"], "b");
    let summary = get(&place.system, "configmap", "sc-connections").unwrap();
    assert!(summary["data"]["a"].as_str().unwrap().starts_with("outcome: failed\ncode: SCJ2001\n"), "{summary}");

    kubectl(&["create", "namespace", &format!("{}-gone", place.shop)]).expect(0);
    let again = helm.upgrade(&place, values, &[]);
    kubectl(&["delete", "namespace", "--wait=false", &format!("{}-gone", place.shop)]).expect(0);
    again.expect(0);
}

fn a_foreign_secret_is_left_untouched(helm: &Helm) {
    let place = Place::new();
    kubectl(&["create", "secret", "generic", "sc-a-secret", "-n", &place.shop, "--from-literal=THEIRS=1"]).expect(0);
    let before = get(&place.shop, "secret", "sc-a-secret").unwrap();
    helm.upgrade(&place, "connections: {a: {namespace: SHOP, data: {A: b}}, b: {namespace: SHOP, data: {A: b}}}", &[])
        .expect(1);
    let log = place.log();
    assert!(log.contains(&format!("connection a: SCJ2003 Secret {}/sc-a-secret: it was not made by this release (managed by kubectl-create), and was left untouched. Remedy: ", place.shop)), "{log}");
    assert_eq!(place.exit_code(), 79);
    assert_eq!(get(&place.shop, "secret", "sc-a-secret").unwrap(), before, "not a byte has changed");
    assert_eq!(secret_data(&place.shop, "sc-b-secret")["A"], "b");
}

fn without_rights_the_run_says_which_are_missing(helm: &Helm) {
    let place = Place::new();
    helm.upgrade(&place, "connections: {a: {namespace: SHOP, data: {A: b}}}", &["--set", "rbac.create=false"])
        .expect(1);
    let log = place.log();
    assert!(
        log.contains(&format!(
            "SCJ3001 Secret {0}/sc-a-secret: the job may not get secrets sc-a-secret in namespace {0}: ",
            place.shop
        )),
        "{log}"
    );
    assert!(log.trim_end().lines().last().unwrap().contains("failed (exit 77): "), "{log}");
    assert_eq!(place.exit_code(), 77);
}

fn rollback_restores_the_old_values(helm: &Helm) {
    let place = Place::new();
    helm.upgrade(&place, "connections: {a: {namespace: SHOP, data: {A: old, B: stays}}}", &[]).expect(0);
    helm.upgrade(&place, "connections: {a: {namespace: SHOP, data: {A: new, C: added}}}", &[]).expect(0);
    assert_eq!(json!(secret_data(&place.shop, "sc-a-secret")), json!({"A": "new", "C": "added"}));
    helm.run(&place, &["rollback", "sc-extension", "1"]).expect(0);
    assert_eq!(json!(secret_data(&place.shop, "sc-a-secret")), json!({"A": "old", "B": "stays"}));
    assert_eq!(helm.status(&place), ("deployed".to_owned(), 3));
    assert_eq!(get(&place.system, "job", "sc-job-rollback"), None);
}

fn uninstall_keeps_the_secrets_and_a_new_install_knows_them(helm: &Helm) {
    let place = Place::new();
    let values = "connections: {a: {namespace: SHOP, data: {A: b}}}";
    helm.upgrade(&place, values, &[]).expect(0);
    helm.upgrade(
        &place,
        "connections: {a: {namespace: SHOP, data: {A: b}}, gone: {namespace: SHOP-gone, data: {A: b}}}",
        &[],
    )
    .expect(1);
    let before = version(&place.shop, "secret", "sc-a-secret");
    helm.run(&place, &["uninstall", "sc-extension"]).expect(0);
    for kind in ["configmap/sc-connections", "secret/sc-job-input-0", "serviceaccount/sc-job"] {
        let (kind, name) = kind.split_once('/').unwrap();
        eventually(&format!("the end of {kind} {name}"), || get(&place.system, kind, name).is_none());
    }
    for (namespace, kind) in [
        (&place.system, "role,rolebinding"),
        (&place.shop, "role,rolebinding"),
        (&place.shop, "clusterrole,clusterrolebinding"),
    ] {
        let left = kubectl(&["get", kind, "-n", namespace, "-o", "name"]).expect(0).stdout;
        assert!(!left.contains(&format!("sc-job.{}.", place.system)), "{left}");
    }
    assert!(get(&place.system, "job", "sc-job").is_some(), "Helm leaves a failed hook Job behind");
    assert_eq!(version(&place.shop, "secret", "sc-a-secret"), before);

    helm.upgrade(&place, values, &[]).expect(0);
    assert_eq!(version(&place.shop, "secret", "sc-a-secret"), before, "the new install knows its Secret");
    assert_eq!(get(&place.system, "job", "sc-job"), None);
}

fn a_failed_atomic_upgrade_ends_deployed_and_keeps_the_log(helm: &Helm) {
    let place = Place::new();
    helm.upgrade(&place, "connections: {a: {namespace: SHOP, data: {A: old}}}", &[]).expect(0);
    helm.upgrade(
        &place,
        "connections: {a: {namespace: SHOP, data: {A: new}}, b: {namespace: SHOP-gone, data: {A: b}}}",
        &[helm.atomic()],
    )
    .expect(1);
    assert_eq!(helm.status(&place), ("deployed".to_owned(), 3));
    assert!(place.log().contains("connection b: SCJ2001 "));
    assert_eq!(place.exit_code(), 79);
    assert_eq!(secret_data(&place.shop, "sc-a-secret")["A"], "old");
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
    place.assert_no_canary();
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
    place.assert_no_canary();
}
