//! Connections with values that hold what means something in the formats they stand in, and their variables.

use serde_json::{Map, Value, json};

use crate::common::{run_unchecked, sc_job};

/// A character of every format, and the canary.
pub const PASSWORD: &str = r#"p@s;s w'"%&=/\ord +#?:,}{é${HOME} canary-5f2b9c"#;
/// Of the form `<user>@<server>` that retired servers wanted, with more.
pub const USER: &str = "shop+%25&@my server";
pub const DATABASE: &str = "or'ders +&1";
/// Where the service makes the key, it is base64; this one has every character that is no letter.
pub const KEY: &str = "a+b/Y2FuYXJ5LTVmMmI5Yw==";
pub const CLIENT_ID: &str = "0a0b0c0d-0000-4000-8000-000000000001";
pub const TENANT_ID: &str = "0a0b0c0d-0000-4000-8000-00000000000f";

/// What is asked of the catalogue, and what the client library is to understand.
pub struct Case {
    pub target: &'static str,
    pub auth: &'static str,
    pub client_type: &'static str,
    pub expected: Value,
}

/// The same expectation for each of several targets and client types.
pub fn cases(
    targets: &[&'static str],
    auth: &'static str,
    client_types: &[&'static str],
    expected: &Value,
) -> Vec<Case> {
    let pairs = targets.iter().flat_map(|target| client_types.iter().map(move |client_type| (*target, *client_type)));
    pairs.map(|(target, client_type)| Case { target, auth, client_type, expected: expected.clone() }).collect()
}

/// Each connection with its variables, as the programs take them.
pub fn with_variables(cases: &[Case]) -> Vec<Value> {
    let name = |index: usize| format!("c{index}");
    let connections: Map<String, Value> =
        cases.iter().enumerate().map(|(index, case)| (name(index), connection(case))).collect();
    let values = json!({ "connections": connections }).to_string();
    let shown = run_unchecked(&mut sc_job(&["render", "-f", "-", "--show-secrets"]), Some(&values)).expect(0);
    let objects: Vec<Value> = shown
        .stdout
        .split("---\n")
        .filter(|text| !text.is_empty())
        .map(|text| serde_yaml::from_str(text).unwrap())
        .collect();
    let variables = |index: usize| -> Map<String, Value> {
        let secrets = objects.iter().filter(|object| object["kind"] == "Secret");
        let own = secrets.filter(|secret| secret["metadata"]["labels"]["sc-extension/connection"] == name(index));
        own.flat_map(|secret| secret["stringData"].as_object().unwrap().clone()).collect()
    };
    let described = cases.iter().enumerate().map(|(index, case)| {
        json!({"target": case.target, "auth": case.auth, "clientType": case.client_type, "variables": variables(index)})
    });
    described.collect()
}

fn connection(case: &Case) -> Value {
    let mut parameters = parameters(case);
    let identity = match case.auth {
        "service-principal" => json!({"clientId": CLIENT_ID, "clientSecret": PASSWORD, "tenantId": TENANT_ID}),
        "workload-identity" => json!({"clientId": CLIENT_ID}),
        _ => json!({}),
    };
    parameters.as_object_mut().unwrap().extend(identity.as_object().unwrap().clone());
    json!({"target": case.target, "auth": case.auth, "clientType": case.client_type, "parameters": parameters})
}

fn parameters(case: &Case) -> Value {
    let secret = case.auth == "secret";
    match case.target {
        "postgres" | "postgres-flexible" | "mysql" | "mysql-flexible" if secret => {
            json!({"server": "server", "database": DATABASE, "username": USER, "password": PASSWORD})
        }
        "postgres" | "postgres-flexible" | "mysql" | "mysql-flexible" => {
            json!({"server": "server", "database": DATABASE, "username": USER})
        }
        "neon-postgres" => json!({"server": "neon.test", "database": DATABASE, "username": USER, "password": PASSWORD}),
        "sql" if secret => json!({"server": "server", "database": DATABASE, "username": USER, "password": PASSWORD}),
        "sql" => json!({"server": "server", "database": DATABASE}),
        "fabric-sql" => json!({"server": "fabric.test", "database": DATABASE}),
        "redis" => json!({"server": "cache", "database": "3", "accessKey": KEY}),
        "redis-enterprise" => json!({"server": "cache.redis.cache.windows.net", "database": "3", "accessKey": KEY}),
        "cosmos-mongo" => json!({"account": "account", "database": "db", "username": USER, "password": PASSWORD}),
        "mongodb-atlas" => json!({"server": "cluster.mongo.test", "username": USER, "password": PASSWORD}),
        "cosmos-cassandra" => {
            json!({
                "account": "account", "keySpace": "space", "username": USER, "password": PASSWORD,
                "region": "West US",
            })
        }
        "cosmos-sql" if secret => json!({"account": "account", "database": "db", "accountKey": KEY}),
        "cosmos-sql" => json!({"account": "account", "database": "db"}),
        "servicebus" | "eventhub" if secret => {
            json!({"namespace": "namespace", "accessKeyName": "Root", "accessKey": KEY})
        }
        "servicebus" | "eventhub" => json!({"namespace": "namespace"}),
        "webpubsub" => json!({"webpubsub": "pubsub", "accessKey": KEY}),
        "appconfig" => json!({"appConfig": "store", "accessKeyId": "Ab-l0-s0:id", "accessKey": KEY}),
        "keyvault" => json!({"vault": "vault"}),
        "confluent-cloud" => json!({
            "bootstrapServer": "kafka.test:9092", "kafkaKey": "kafka'key", "kafkaSecret": PASSWORD,
            "schemaRegistry": "https://registry.test", "schemaKey": "key", "schemaSecret": format!("a:{PASSWORD}"),
        }),
        _ if secret => json!({"account": "account", "accountKey": KEY}),
        _ => json!({"account": "account"}),
    }
}
