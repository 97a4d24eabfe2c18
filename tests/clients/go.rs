//! What the client libraries of Go read.

use serde_json::json;

use super::connections::{CLIENT_ID, DATABASE, KEY, PASSWORD, USER, cases};
use super::programs::{assert_read, go};

#[test]
#[ignore = "needs Go's client libraries: scripts/test"]
fn pgx_reads_host_database_user_and_password() {
    let azure = |password: &str| {
        json!({
            "host": "server.postgres.database.azure.com", "port": 5432, "database": DATABASE, "user": USER,
            "password": password, "tls": true,
        })
    };
    let mut neon = azure(PASSWORD);
    neon["host"] = "neon.test".into();
    assert_read(
        go(),
        vec![
            cases(&["postgres", "postgres-flexible"], "secret", &["go"], &azure(PASSWORD)),
            cases(&["postgres", "postgres-flexible"], "service-principal", &["go"], &azure("")),
            cases(&["postgres", "postgres-flexible"], "workload-identity", &["go"], &azure("")),
            cases(&["neon-postgres"], "secret", &["go"], &neon),
        ],
    );
}

#[test]
#[ignore = "needs Go's client libraries: scripts/test"]
fn go_sql_driver_reads_address_database_user_and_password() {
    let expected = |password: &str| {
        json!({
            "network": "tcp", "address": "server.mysql.database.azure.com:3306", "database": DATABASE, "user": USER,
            "password": password, "tls": true,
        })
    };
    assert_read(
        go(),
        vec![
            cases(&["mysql", "mysql-flexible"], "secret", &["go"], &expected(PASSWORD)),
            cases(&["mysql", "mysql-flexible"], "service-principal", &["go"], &expected("")),
            cases(&["mysql", "mysql-flexible"], "workload-identity", &["go"], &expected("")),
        ],
    );
}

#[test]
#[ignore = "needs Go's client libraries: scripts/test"]
fn go_mssqldb_reads_host_database_user_and_password() {
    let expected = |host: &str, user: &str, password: &str, fedauth: &str| {
        json!({
            "host": host, "port": 1433, "database": DATABASE, "user": user, "password": password, "fedauth": fedauth,
        })
    };
    let azure = expected("server.database.windows.net", USER, PASSWORD, "");
    let fabric = expected("fabric.test", CLIENT_ID, "", "ActiveDirectoryManagedIdentity");
    assert_read(
        go(),
        vec![
            cases(&["sql"], "secret", &["go"], &azure),
            cases(&["fabric-sql"], "workload-identity", &["go", "none"], &fabric),
        ],
    );
}

#[test]
#[ignore = "needs Go's client libraries: scripts/test"]
fn go_redis_reads_address_database_and_key() {
    let expected = json!({
        "address": "cache.redis.cache.windows.net:6380", "database": 3, "user": "", "password": KEY, "tls": true,
    });
    assert_read(go(), vec![cases(&["redis", "redis-enterprise"], "secret", &["go"], &expected)]);
}

#[test]
#[ignore = "needs Go's client libraries: scripts/test"]
fn the_mongodb_driver_reads_host_user_and_password() {
    let expected = json!({
        "hosts": ["account.mongo.cosmos.azure.com:10255"], "user": USER, "password": PASSWORD,
        "replicaSet": "globaldb", "application": "@account@", "retryWrites": false, "tls": true,
    });
    assert_read(go(), vec![cases(&["cosmos-mongo"], "secret", &["go"], &expected)]);
}

#[test]
#[ignore = "needs Go's client libraries: scripts/test"]
fn azeventhubs_reads_namespace_and_key() {
    let expected = json!({"namespace": "namespace.servicebus.windows.net", "keyName": "Root", "key": KEY});
    assert_read(go(), vec![cases(&["eventhub"], "secret", &["go"], &expected)]);
}
