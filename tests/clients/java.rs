//! What the client libraries of Java read.

use serde_json::{Value, json};

use super::connections::{CLIENT_ID, DATABASE, KEY, PASSWORD, USER, cases};
use super::programs::{assert_read, java};

#[test]
#[ignore = "needs Java's client libraries: scripts/test"]
fn the_jdbc_driver_of_postgresql_reads_host_port_database_user_and_password() {
    let expected = |host: &str, password: Value| {
        json!({
            "host": host, "port": "5432", "database": DATABASE, "user": USER, "password": password,
            "sslmode": "require",
        })
    };
    let azure = |password: Value| expected("server.postgres.database.azure.com", password);
    let targets = ["postgres", "postgres-flexible"];
    assert_read(
        java(),
        vec![
            cases(&targets, "secret", &["java"], &azure(PASSWORD.into())),
            cases(&targets, "service-principal", &["java"], &azure(Value::Null)),
            cases(&targets, "workload-identity", &["java"], &azure(Value::Null)),
            cases(&["neon-postgres"], "secret", &["java"], &expected("neon.test", PASSWORD.into())),
        ],
    );
}

#[test]
#[ignore = "needs Java's client libraries: scripts/test"]
fn the_jdbc_driver_of_mysql_reads_host_port_database_user_and_password() {
    let expected = |password: Value| {
        json!({
            "host": "server.mysql.database.azure.com", "port": 3306, "database": DATABASE, "user": USER,
            // The service writes sslmode; the driver knows sslMode alone, and does by default what the server wants.
            "password": password, "sslMode": "PREFERRED",
        })
    };
    assert_read(
        java(),
        vec![
            cases(&["mysql", "mysql-flexible"], "secret", &["java"], &expected(PASSWORD.into())),
            cases(&["mysql", "mysql-flexible"], "service-principal", &["java"], &expected(Value::Null)),
            cases(&["mysql", "mysql-flexible"], "workload-identity", &["java"], &expected(Value::Null)),
        ],
    );
}

#[test]
#[ignore = "needs Java's client libraries: scripts/test"]
fn the_jdbc_driver_of_sql_server_reads_host_port_database_and_each_way_to_sign_in() {
    let expected = |user: Value, password: Value, authentication: Value, client_id: Value| {
        json!({
            "serverName": "server.database.windows.net", "portNumber": "1433", "databaseName": DATABASE,
            "user": user, "password": password, "authentication": authentication, "msiClientId": client_id,
        })
    };
    let password = expected(USER.into(), PASSWORD.into(), Value::Null, Value::Null);
    let principal = expected(CLIENT_ID.into(), PASSWORD.into(), "ActiveDirectoryServicePrincipal".into(), Value::Null);
    let identity = expected(Value::Null, Value::Null, "ActiveDirectoryMSI".into(), CLIENT_ID.into());
    assert_read(
        java(),
        vec![
            cases(&["sql"], "secret", &["java"], &password),
            cases(&["sql"], "service-principal", &["java"], &principal),
            cases(&["sql"], "workload-identity", &["java"], &identity),
        ],
    );
}

/// The one string that no driver can use. It is what the service writes, and `sc-job targets fabric-sql` says so.
#[test]
#[ignore = "needs Java's client libraries: scripts/test"]
fn the_jdbc_driver_of_sql_server_takes_the_comma_that_fabric_sql_is_documented_with_for_part_of_the_host() {
    let expected = json!({
        "serverName": "fabric.test,1433", "portNumber": null, "databaseName": DATABASE, "user": null,
        "password": null, "authentication": "ActiveDirectoryMSI", "msiClientId": CLIENT_ID,
    });
    assert_read(java(), vec![cases(&["fabric-sql"], "workload-identity", &["java"], &expected)]);
}

#[test]
#[ignore = "needs Java's client libraries: scripts/test"]
fn the_mongodb_driver_reads_host_user_and_password() {
    let cosmos = json!({
        "hosts": ["account.mongo.cosmos.azure.com:10255"], "user": USER, "password": PASSWORD,
        "replicaSet": "globaldb", "application": "@account@", "retryWrites": false, "tls": true,
    });
    let atlas = json!({
        "hosts": ["cluster.mongo.test"], "user": USER, "password": PASSWORD, "replicaSet": null,
        "application": "Cluster0", "retryWrites": true, "tls": true,
    });
    assert_read(
        java(),
        vec![
            cases(&["cosmos-mongo"], "secret", &["java"], &cosmos),
            cases(&["mongodb-atlas"], "secret", &["java"], &atlas),
        ],
    );
}

#[test]
#[ignore = "needs Java's client libraries: scripts/test"]
fn jedis_reads_address_database_and_key() {
    let expected = json!({
        "address": "cache.redis.cache.windows.net:6380", "database": 3, "user": null, "password": KEY, "tls": true,
    });
    assert_read(java(), vec![cases(&["redis", "redis-enterprise"], "secret", &["java"], &expected)]);
}

#[test]
#[ignore = "needs Java's client libraries: scripts/test"]
fn the_client_of_kafka_reads_the_jaas_string() {
    let expected = json!({
        "module": "org.apache.kafka.common.security.plain.PlainLoginModule",
        "options": {"username": "kafka'key", "password": PASSWORD},
    });
    assert_read(java(), vec![cases(&["confluent-cloud"], "secret", &["java"], &expected)]);
}

#[test]
#[ignore = "needs Java's client libraries: scripts/test"]
fn azures_clients_read_account_or_namespace_and_key() {
    let storage = json!({
        "account": "account", "key": KEY, "blob": "https://account.blob.core.windows.net",
        "file": "https://account.file.core.windows.net", "queue": "https://account.queue.core.windows.net",
    });
    let messaging = json!({"endpoint": "sb://namespace.servicebus.windows.net/", "keyName": "Root", "key": KEY});
    assert_read(
        java(),
        vec![
            cases(&["storage-blob", "storage-file", "storage-queue"], "secret", &["java"], &storage),
            cases(&["servicebus", "eventhub"], "secret", &["java"], &messaging),
        ],
    );
}
