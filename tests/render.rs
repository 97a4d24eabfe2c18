//! `sc-job render`: the objects that a values file stands for.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod common;

use common::{CANARY, Outcome, file, run, run_unchecked, sc_job};
use serde_json::{Value, json};

fn render(values: &str, args: &[&str]) -> Outcome {
    run_unchecked(sc_job(&["render", "-f", "-"]).args(args), Some(values))
}

/// The objects that are rendered with `--show-secrets`.
fn objects(values: &str) -> Vec<Value> {
    let shown = render(values, &["--show-secrets"]).expect(0);
    let documents = shown.stdout.split("---\n").filter(|text| !text.is_empty());
    documents.map(|text| serde_yaml::from_str(text).unwrap()).collect()
}

/// The faults with which values are refused, without their log level.
fn faults(values: &str) -> Vec<String> {
    let refused = run(&mut sc_job(&["render", "-f", "-"]), Some(values)).expect(78);
    assert_eq!(refused.stdout, "");
    refused.stderr.lines().map(|line| line.trim().trim_start_matches("ERROR").trim().to_owned()).collect()
}

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
fn values_of_secrets_are_hidden_unless_asked_for() {
    let values = format!("connections: {{a: {{data: {{PASSWORD: '{CANARY}'}}}}}}");
    let hidden = run(&mut sc_job(&["render", "-f", "-"]), Some(&values)).expect(0);
    assert!(hidden.stdout.contains("PASSWORD: '***'"), "{}", hidden.stdout);
    assert_eq!(objects(&values)[0]["stringData"]["PASSWORD"], CANARY);
}

#[test]
fn a_reference_is_shown_as_what_it_refers_to() {
    let values = "connections: {a: {data: {KEY: {valueFrom: {secretKeyRef: {name: creds, key: k1}}}}}}";
    assert_eq!(objects(values)[0]["stringData"]["KEY"], "<key k1 of Secret creds>");
}

#[test]
fn awkward_values_arrive_as_written() {
    let awkward = "p@s;s w'\"%&=/\\ord {{ }}\nsecond line\t\u{7f}ü";
    let values = json!({"connections": {"a": {"data": {
        "AWKWARD": awkward, "OCTAL": "0123", "YES": "yes", "EXPONENT": "1e3",
        "ENCODED": {"base64": "cEBzJ1wK"},
    }}}});
    let data = &objects(&values.to_string())[0]["stringData"];
    assert_eq!(
        *data,
        json!({"AWKWARD": awkward, "OCTAL": "0123", "YES": "yes", "EXPONENT": "1e3", "ENCODED": "p@s'\\\n"})
    );
}

#[test]
fn a_port_may_be_a_number_and_a_password_may_not() {
    let values = |port: &str, password: &str| {
        format!(
            "connections: {{db: {{target: postgres-flexible, auth: secret, parameters: {{server: srv1, database: d, username: u, password: {password}, port: {port}}}}}}}"
        )
    };
    assert_eq!(objects(&values("6432", "'1234'"))[0]["stringData"]["AZURE_POSTGRESQL_PORT"], "6432");
    assert_eq!(
        faults(&values("6432", "1234")),
        [
            "SCJ1004 connections.db.parameters.password: must be a string, and is a number. Remedy: put the value in quotes; on the command line use --set-string in place of --set"
        ]
    );
}

#[test]
fn every_fault_is_reported_at_once_with_its_path_and_no_value() {
    let values = format!(
        "connections:
  ok: {{data: {{A: b}}}}
  bad name: {{data: {{A: b}}}}
  a: {{namespace: Shop, target: storage-blob, auth: workload-identity, parameters: {{account: store1, clientId: {CANARY}}}}}
  b: {{target: storage-blop, auth: secret}}
  c: {{target: keyvault, auth: secret}}
  d: {{target: keyvault, auth: service-principal, clientType: cobol}}
  e: {{target: keyvault, auth: service-principal, parameters: {{vault: vault1, clientID: x}}}}
  f: {{data: {{A: true, B: null, C: 1.5, 'D E': x}}}}
  g: {{}}
  h: {{data: {{A: {{base64: '{CANARY}!'}}}}, unknown: 1}}
  i: {{target: storage-blob, auth: workload-identity, serviceAccount: {{tokenExpirationSeconds: 10}}, parameters: {{account: store1, clientId: {{valueFrom: {{secretKeyRef: {{name: n, key: k}}}}}}}}}}
  j: {{auth: secret, data: {{A: b}}}}
"
    );
    let found = faults(&values);
    let beginnings = [
        "SCJ1006 connections[\"bad name\"]: must consist of letters, digits,",
        "SCJ1006 connections.a.namespace: must consist of lower-case letters,",
        "SCJ1008 connections.a.parameters.clientId: is not of the right form:",
        "SCJ1007 connections.b.target: there is no such target; did you mean storage-blob? Allowed: keyvault, postgres-flexible, storage-blob.",
        "SCJ1007 connections.c.auth: keyvault has no such auth; allowed: service-principal, workload-identity.",
        "SCJ1007 connections.d.clientType: keyvault with auth service-principal has no such client type; allowed: ",
        "SCJ1003 connections.e.parameters.clientID: keyvault has no such parameter; did you mean clientId? Allowed: ",
        "SCJ1005 connections.e.parameters.clientId: keyvault with auth service-principal and client type none needs it: ",
        "SCJ1005 connections.e.parameters.clientSecret: ",
        "SCJ1005 connections.e.parameters.tenantId: ",
        "SCJ1004 connections.f.data.A: must be a string, and is a boolean. Remedy: put the value in quotes",
        "SCJ1004 connections.f.data.B: must be a string, and is null. Remedy: put the value in quotes",
        "SCJ1004 connections.f.data.C: must be a string, and is a number. Remedy: put the value in quotes",
        "SCJ1006 connections.f.data[\"D E\"]: must consist of letters, digits,",
        "SCJ1005 connections.g: a connection needs a target, or data, or both.",
        "SCJ1012 connections.h.data.A.base64: is not base64 of UTF-8 text.",
        "SCJ1003 connections.h.unknown: there is no such field; allowed: ",
        "SCJ1010 connections.i.parameters.clientId: ",
        "SCJ1008 connections.i.serviceAccount.tokenExpirationSeconds: must be from 3600 to 86400 seconds.",
        "SCJ1005 connections.j.target: auth is given, and no target.",
    ];
    for beginning in beginnings {
        assert!(
            found.iter().any(|fault| fault.starts_with(beginning)),
            "missing: {beginning}\nfound:\n{}",
            found.join("\n")
        );
    }
    assert_eq!(found.len(), beginnings.len(), "found:\n{}", found.join("\n"));
}

#[test]
fn two_declarations_of_one_thing_are_found() {
    let account = |client: &str, expiration: u32| {
        format!(
            "{{target: storage-blob, auth: workload-identity, serviceAccount: {{name: shared, tokenExpirationSeconds: {expiration}}}, parameters: {{account: store1, clientId: 0a0b0c0d-0000-4000-8000-00000000000{client}}}}}"
        )
    };
    let values = format!(
        "connections:
  a.b: {{data: {{A: b}}}}
  AB: {{data: {{A: b}}}}
  p: {}
  q: {}
  r: {}
  s: {{target: storage-blob, auth: secret, clientType: python, parameters: {{account: store1, accountKey: k}}, data: {{AZURE_STORAGEBLOB_CONNECTIONSTRING: x}}}}
",
        account("1", 3600), account("1", 7200), account("2", 3600)
    );
    let found = faults(&values);
    let beginnings = [
        "SCJ1009 connections.s.data.AZURE_STORAGEBLOB_CONNECTIONSTRING: the target writes a variable of this name too.",
        "SCJ1009 connections[\"a.b\"]: its Secret default/sc-ab-secret is that of connection AB too.",
        "SCJ1009 connections.q: shares ServiceAccount default/shared with connection p, and has another tokenExpirationSeconds.",
        "SCJ1009 connections.r: shares ServiceAccount default/shared with connection p, and has another clientId.",
    ];
    assert_eq!(found.len(), beginnings.len(), "{}", found.join("\n"));
    for (fault, beginning) in found.iter().zip(beginnings) {
        assert!(fault.starts_with(beginning), "{fault}");
    }
}

#[test]
fn a_disabled_connection_needs_no_credentials_and_makes_no_object() {
    assert_eq!(
        objects("connections: {a: {enabled: false, target: keyvault, auth: service-principal}, b: null}"),
        Vec::<Value>::new()
    );
    assert_eq!(objects("connections:"), Vec::<Value>::new());
}

#[test]
fn input_that_is_no_yaml_or_not_there_is_said_so() {
    assert!(
        faults(&format!("connections: {{a: \"{CANARY}"))[0]
            .starts_with("SCJ1002 standard input: the text is not valid YAML at line 1")
    );
    assert!(
        faults("connections: {a: {data: {A: b}}, a: {}}")[0]
            .starts_with("SCJ1002 standard input: duplicate entry with key \"a\"")
    );
    let missing = run(&mut sc_job(&["render", "-f", "no-such-file.yaml"]), None).expect(78);
    assert!(missing.stderr.contains("SCJ1001 no-such-file.yaml: cannot be read: No such file"), "{}", missing.stderr);
}

#[test]
fn the_demo_values_render() {
    let demo = file("scripts/demo.values.yaml");
    let shown = run(sc_job(&["render", "-f"]).arg(demo), None).expect(0);
    assert_eq!(shown.stdout.matches("kind: Secret").count(), 4);
    assert_eq!(shown.stdout.matches("kind: ServiceAccount").count(), 1);
}

#[test]
fn wrong_words_end_with_64_and_help_with_0() {
    assert!(run(&mut sc_job(&["rendr"]), None).expect(64).stderr.contains("render"));
    run(&mut sc_job(&["render"]), None).expect(64);
    assert!(run(&mut sc_job(&["--help"]), None).expect(0).stdout.contains("Without a command: the run"));
    assert_eq!(
        run(&mut sc_job(&["--version"]), None).expect(0).stdout,
        concat!("sc-job ", env!("CARGO_PKG_VERSION"), "\n")
    );
}
