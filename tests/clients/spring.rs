//! Spring Boot and Spring Cloud Azure: what an application binds of the springBoot keys, mounted as files and as
//! environment variables.

use serde_json::{Value, json};

use super::connections::{CLIENT_ID, Case, DATABASE, KEY, PASSWORD, TENANT_ID, USER, cases};
use super::programs::{assert_read, java, java_boot2};

#[test]
#[ignore = "needs Java's client libraries: scripts/test"]
fn a_data_source_with_a_password_is_bound_and_read_by_its_jdbc_driver() {
    let source = |source: Value| joined(&[source, json!({"password": PASSWORD}), passwordless(None), identity("")]);
    let (user, principal) = (Value::from(USER), Value::from(CLIENT_ID));
    let sql = |user: &Value, authentication: Value| {
        json!({
            "serverName": "server.database.windows.net", "portNumber": "1433", "databaseName": DATABASE,
            "user": user, "authentication": authentication, "msiClientId": null,
        })
    };
    assert_read(
        java(),
        vec![
            bound(
                &["postgres", "postgres-flexible"],
                "secret",
                &source(postgresql("server.postgres.database.azure.com")),
            ),
            bound(&["neon-postgres"], "secret", &source(postgresql("neon.test"))),
            bound(&["mysql", "mysql-flexible"], "secret", &source(mysql())),
            bound(&["sql"], "secret", &source(sql(&user, Value::Null))),
            bound(&["sql"], "service-principal", &source(sql(&principal, "ActiveDirectoryServicePrincipal".into()))),
        ],
    );
}

#[test]
#[ignore = "needs Java's client libraries: scripts/test"]
fn a_data_source_without_a_password_is_bound_with_its_identity() {
    let source = |source: Value, identity: Value| {
        joined(&[source, json!({"password": null}), passwordless(Some(true)), identity])
    };
    // Spring Cloud Azure reads the tenant as spring.cloud.azure.profile.tenant-id; the service writes it otherwise.
    let principal = || joined(&[identity("service-principal"), json!({"profile.tenantId": null})]);
    let postgres = || postgresql("server.postgres.database.azure.com");
    let (postgres_targets, mysql_targets) = (["postgres", "postgres-flexible"], ["mysql", "mysql-flexible"]);
    assert_read(
        java(),
        vec![
            bound(&postgres_targets, "service-principal", &source(postgres(), principal())),
            bound(&postgres_targets, "workload-identity", &source(postgres(), identity("workload-identity"))),
            bound(&mysql_targets, "service-principal", &source(mysql(), principal())),
            bound(&mysql_targets, "workload-identity", &source(mysql(), identity("workload-identity"))),
        ],
    );
}

#[test]
#[ignore = "needs Java's client libraries: scripts/test"]
fn mongodb_and_kafka_are_bound_and_read_by_their_clients() {
    let mongodb = json!({
        "hosts": ["account.mongo.cosmos.azure.com:10255"], "user": USER, "password": PASSWORD, "database": "db",
        "replicaSet": "globaldb", "application": "@account@", "retryWrites": false, "tls": true,
    });
    let kafka = json!({
        "servers": "kafka.test:9092",
        "signIn": {
            "module": "org.apache.kafka.common.security.plain.PlainLoginModule",
            "options": {"username": "kafka'key", "password": PASSWORD},
        },
        "registry": "https://registry.test",
        "registrySignIn": format!("key:a:{PASSWORD}"),
    });
    assert_read(
        java(),
        vec![bound_from_url(&["cosmos-mongo"], "secret", &mongodb), bound(&["confluent-cloud"], "secret", &kafka)],
    );
}

#[test]
#[ignore = "needs Java's client libraries: scripts/test"]
fn spring_boot_2_binds_redis_and_cassandra() {
    let redis = json!({
        "host": "cache.redis.cache.windows.net", "port": 6380, "database": 3, "password": KEY, "ssl": true,
    });
    let cassandra = json!({
        "contactPoints": ["account.cassandra.cosmos.azure.com"], "port": 10350, "keyspaceName": "space",
        "username": USER, "password": PASSWORD, "localDatacenter": "West US", "ssl": true,
    });
    assert_read(
        java_boot2(),
        vec![
            bound(&["redis", "redis-enterprise"], "secret", &redis),
            bound(&["cosmos-cassandra"], "secret", &cassandra),
        ],
    );
}

#[test]
#[ignore = "needs Java's client libraries: scripts/test"]
fn spring_cloud_azure_binds_storage() {
    let storage = |kind: &str, key: Value, auth: &str| {
        let endpoint = format!("https://account.{kind}.core.windows.net/");
        joined(&[json!({"accountName": "account", "accountKey": key, "endpoint": endpoint}), identity(auth)])
    };
    let mut table = vec![bound(&["storage-file"], "secret", &storage("file", KEY.into(), ""))];
    for (target, kind) in [("storage-blob", "blob"), ("storage-queue", "queue")] {
        // The service writes no tenant here.
        let principal = joined(&[storage(kind, Value::Null, "service-principal"), json!({"profile.tenantId": null})]);
        table.push(bound(&[target], "secret", &storage(kind, KEY.into(), "")));
        table.push(bound(&[target], "service-principal", &principal));
        table.push(bound(&[target], "workload-identity", &storage(kind, Value::Null, "workload-identity")));
    }
    assert_read(java(), table);
}

#[test]
#[ignore = "needs Java's client libraries: scripts/test"]
fn spring_cloud_azure_binds_event_hubs_service_bus_and_key_vault() {
    let text =
        format!("Endpoint=sb://namespace.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey={KEY}");
    let key = joined(&[json!({"connectionString": text, "namespace": null}), identity("")]);
    let name = |auth: &str| {
        let bound = json!({"connectionString": null, "namespace": "namespace.servicebus.windows.net"});
        joined(&[bound, identity(auth)])
    };
    let vault = |auth: &str| joined(&[json!({"endpoint": "https://vault.vault.azure.net/"}), identity(auth)]);
    let mut table = vec![bound(&["servicebus", "eventhub"], "secret", &key)];
    table.push(cases(&["eventhub"], "secret", &["kafka-springBoot"], &json!({"files": key, "environment": key})));
    for auth in ["service-principal", "workload-identity"] {
        table.push(bound(&["eventhub"], auth, &name(auth)));
        table.push(bound(&["keyvault"], auth, &vault(auth)));
    }
    // What the service writes of the identity are keys of Spring Cloud Azure 3, which this one does not read.
    table.push(bound(&["servicebus"], "service-principal", &name("")));
    table.push(bound(&["servicebus"], "workload-identity", &name("")));
    assert_read(java(), table);
}

/// Spring expands placeholders in environment variables, for which values are written, and takes files as they are.
fn bound(targets: &[&'static str], auth: &'static str, expected: &Value) -> Vec<Case> {
    let files: Value = serde_json::from_str(&expected.to_string().replace("${", "$${:}{")).unwrap();
    cases(targets, auth, &["springBoot"], &json!({"files": files, "environment": expected}))
}

/// In a URL a placeholder is percent-encoded, and is none.
fn bound_from_url(targets: &[&'static str], auth: &'static str, expected: &Value) -> Vec<Case> {
    cases(targets, auth, &["springBoot"], &json!({"files": expected, "environment": expected}))
}

fn postgresql(host: &str) -> Value {
    json!({"host": host, "port": "5432", "database": DATABASE, "user": USER, "sslmode": "require"})
}

fn mysql() -> Value {
    json!({
        "host": "server.mysql.database.azure.com", "port": 3306, "database": DATABASE, "user": USER,
        "sslMode": "PREFERRED",
    })
}

fn passwordless(enabled: Option<bool>) -> Value {
    json!({"spring.datasource.azure.passwordless-enabled": enabled})
}

fn identity(auth: &str) -> Value {
    let [client_id, client_secret, tenant_id] = match auth {
        "service-principal" => [Some(CLIENT_ID), Some(PASSWORD), Some(TENANT_ID)],
        "workload-identity" => [Some(CLIENT_ID), None, None],
        _ => [None; 3],
    };
    json!({
        "credential.clientId": client_id, "credential.clientSecret": client_secret,
        "credential.managedIdentityEnabled": auth == "workload-identity", "profile.tenantId": tenant_id,
    })
}

/// Later values win.
fn joined(parts: &[Value]) -> Value {
    parts.iter().flat_map(|part| part.as_object().unwrap().clone()).collect()
}
