//! The input of the Job: Secrets that hold the connections as given, and
//! their checksum.

use std::fmt::Write as _;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::rendering::{Rendering, refuse, render};
use crate::common::CANARY;
use crate::common::kubernetes::Helm;

with_both_helms! {
    the_input_is_what_was_given
    settings_for_all_connections_stand_where_they_do_in_the_values
    settings_of_the_command_line_arrive_as_written
    a_null_connection_and_the_charts_own_values_stay_out
    a_thousand_connections_make_one_shard
    a_shard_too_large_for_a_secret_is_refused_with_the_count
    what_is_no_connection_goes_to_the_job_as_it_is_and_is_quoted_by_no_template
}

/// The shards in their order, after a look at what all of them share.
fn shards(rendered: &Rendering) -> Vec<String> {
    let shards: Vec<_> = rendered
        .all("Secret")
        .enumerate()
        .map(|(index, secret)| {
            assert_eq!(secret["metadata"]["name"], format!("sc-job-input-{index}"));
            assert_eq!((&secret["type"], &secret["metadata"]["namespace"]), (&json!("Opaque"), &json!("sc-system")));
            let content = secret["stringData"].as_object().unwrap();
            assert_eq!((content.len(), secret.get("data")), (1, None));
            content["connections.json"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_sha256(rendered, &shards);
    shards
}

/// The Jobs and the ConfigMap carry the checksum of the very Secrets beside them.
fn assert_sha256(rendered: &Rendering, shards: &[String]) {
    let sha256 = format!("{:x}", Sha256::digest(shards.concat()));
    let anchor = rendered.get("ConfigMap", "sc-connections");
    assert_eq!(anchor["metadata"]["annotations"]["sc-extension/input-sha256"], sha256);
    for job in ["sc-job", "sc-job-rollback", "sc-job-check"] {
        let env = rendered.get("Job", job)["spec"]["template"]["spec"]["containers"][0]["env"].as_array().unwrap();
        assert!(env.contains(&json!({"name": "SC_JOB_INPUT_SHA256", "value": sha256})), "{job}");
    }
}

fn input(rendered: &Rendering) -> Value {
    let shards = shards(rendered);
    assert_eq!(shards.len(), 1);
    serde_json::from_str(&shards[0]).unwrap()
}

/// The input of no connections, with every default.
fn defaults() -> Value {
    json!({
        "allowSystemNamespaces": [], "cloud": "AzurePublic", "connections": {}, "deletionPolicy": "Retain", "missingNamespace": "fail",
        "missingNamespaces": [], "prune": {"maxDeletions": 10}, "rbac": {"scope": "objects"},
    })
}

fn the_input_is_what_was_given(helm: &Helm) {
    let awkward = "p@s;s w'\"%&=/\\ord {{ .Values }} <tag>\r\nsecond line\t\u{7}\u{7f}\u{85}\u{feff}ü€🔑";
    let connections = json!({
        "a": {"data": {
            "AWKWARD": awkward, "OCTAL": "0123", "YES": "yes", "EXPONENT": "1e3", "NULL": "null", "LARGE": "12345678901234567890",
            "EMPTY": "", "BLANKS": " a ", "ENCODED": {"base64": "cEBzJ1wK"},
            "REFERENCE": {"valueFrom": {"secretKeyRef": {"name": "creds", "key": "k"}}},
        }},
        "Blob.Demo": {
            "namespace": "shop", "target": "postgres-flexible", "auth": "secret",
            "parameters": {"server": "srv1", "database": "d", "username": "u", "password": CANARY, "port": 5432},
        },
        "off": {"enabled": false},
    });
    // JSON allows both bare; YAML forbids the first and takes the second for a line break.
    let values = json!({"cloud": "AzureChina", "connections": connections})
        .to_string()
        .replace('\u{7f}', "\\u007f")
        .replace('\u{85}', "\\u0085");
    let rendered = render(helm, &values, &[]);
    let mut expected = defaults();
    expected["cloud"] = json!("AzureChina");
    expected["connections"] = connections;
    assert_eq!(input(&rendered), expected);
    for object in rendered.objects().iter().filter(|object| object["kind"] != "Secret") {
        assert!(!object.to_string().contains(CANARY), "{object}");
    }
}

fn settings_for_all_connections_stand_where_they_do_in_the_values(helm: &Helm) {
    let settings = "deletionPolicy=Delete,prune.maxDeletions=0,missingNamespace=create,rbac.scope=cluster,allowSystemNamespaces={kube-system,sc-system},uninstall.deletionPolicy=Delete";
    let mut expected = defaults();
    expected["allowSystemNamespaces"] = json!(["kube-system", "sc-system"]);
    expected["deletionPolicy"] = json!("Delete");
    expected["missingNamespace"] = json!("create");
    expected["prune"]["maxDeletions"] = json!(0);
    expected["rbac"]["scope"] = json!("cluster");
    assert_eq!(input(&render(helm, "", &["--set", settings])), expected);
}

fn settings_of_the_command_line_arrive_as_written(helm: &Helm) {
    let args = [
        "--set",
        "connections.a.target=postgres-flexible,connections.a.auth=secret",
        "--set",
        "connections.a.parameters.server=srv1,connections.a.parameters.database=d,connections.a.parameters.username=u",
        "--set",
        "connections.a.parameters.port=5432,connections.a.parameters.password.base64=MDEyMw==",
        "--set-string",
        "connections.a.data.PIN=0123,connections.a.data.FLAG=true",
    ];
    assert_eq!(
        input(&render(helm, "", &args))["connections"]["a"],
        json!({
            "target": "postgres-flexible", "auth": "secret",
            "parameters": {"server": "srv1", "database": "d", "username": "u", "port": 5432, "password": {"base64": "MDEyMw=="}},
            "data": {"PIN": "0123", "FLAG": "true"},
        })
    );
    let said =
        refuse(helm, "", &["--set", &format!("connections.a.data.PIN=90210771,connections.a.data.OTHER={CANARY}")]);
    assert!(said.contains("/connections/a/data/PIN': got number, want string or object"), "{said}");
}

fn a_null_connection_and_the_charts_own_values_stay_out(helm: &Helm) {
    let values = "{connections: {a: null}, log: {level: debug}, Azure: {Cluster: {}}, global: {x: 1}}";
    assert_eq!(input(&render(helm, values, &[])), defaults());
    assert_eq!(input(&render(helm, "connections:", &[])), defaults());
}

fn a_thousand_connections_make_one_shard(helm: &Helm) {
    let mut values = "connections:\n".to_owned();
    for number in 0..1001 {
        writeln!(values, "  c{number:04}: {{data: {{K: v}}}}").unwrap();
    }
    let rendered = render(helm, &values, &[]);
    let shards = shards(&rendered);
    let parsed: Vec<Value> = shards.iter().map(|shard| serde_json::from_str(shard).unwrap()).collect();
    let names = |shard: &Value| shard["connections"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(parsed.iter().map(|shard| names(shard).len()).collect::<Vec<_>>(), [1000, 1]);
    assert_eq!(names(&parsed[1]), ["c1000"]);
    let mut first = parsed[0].clone();
    first["connections"] = json!({});
    assert_eq!(first, defaults());
    assert_eq!(parsed[1].as_object().unwrap().keys().collect::<Vec<_>>(), ["connections"]);
    let volume = &rendered.get("Job", "sc-job")["spec"]["template"]["spec"]["volumes"][0];
    let source = |index: usize| json!({"secret": {"name": format!("sc-job-input-{index}"), "items": [{"key": "connections.json", "path": format!("{index:03}.json")}]}});
    assert_eq!(volume["projected"]["sources"], json!([source(0), source(1)]));
}

fn a_shard_too_large_for_a_secret_is_refused_with_the_count(helm: &Helm) {
    let large = CANARY.repeat(50_000);
    let said = refuse(helm, &format!("connections: {{a: {{data: {{K: {large}}}}}, b: {{data: {{K: {large}}}}}}}"), &[]);
    assert!(said.contains("connections: 2 of them (a to b) make 13"), "{said}");
    assert!(
        said.contains("bytes, and one Secret holds 1048576: give large values by reference (valueFrom) instead"),
        "{said}"
    );
}

/// Without the schema, as Argo CD can have it.
fn what_is_no_connection_goes_to_the_job_as_it_is_and_is_quoted_by_no_template(helm: &Helm) {
    for enabled in [true, false] {
        for wrong in [
            json!(CANARY),
            json!([CANARY]),
            json!({"enabled": enabled, "data": CANARY}),
            json!({"enabled": enabled, "data": [CANARY]}),
            json!({"enabled": enabled, "parameters": CANARY}),
        ] {
            let values = json!({"connections": {"a": wrong}}).to_string();
            let rendered = render(helm, &values, &["--skip-schema-validation"]);
            assert_eq!(input(&rendered)["connections"]["a"], wrong);
        }
    }
}
