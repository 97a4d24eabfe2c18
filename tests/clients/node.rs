//! What the client libraries of Node.js read or are told.

use serde_json::json;

use super::connections::{CLIENT_ID, DATABASE, KEY, PASSWORD, USER, cases};
use super::programs::{assert_read, node};

#[test]
#[ignore = "needs the client libraries of Node.js: scripts/test"]
fn pg_and_mysql2_take_host_port_database_user_and_password() {
    let expected = |host: &str, port: u16| {
        json!({
            "host": host, "port": port, "database": DATABASE, "user": USER, "password": PASSWORD, "tls": true,
        })
    };
    let postgres = expected("server.postgres.database.azure.com", 5432);
    let mysql = expected("server.mysql.database.azure.com", 3306);
    assert_read(
        node(),
        vec![
            cases(&["postgres", "postgres-flexible"], "secret", &["nodejs"], &postgres),
            cases(&["neon-postgres"], "secret", &["nodejs"], &expected("neon.test", 5432)),
            cases(&["mysql", "mysql-flexible"], "secret", &["nodejs"], &mysql),
        ],
    );
}

#[test]
#[ignore = "needs the client libraries of Node.js: scripts/test"]
fn tedious_takes_host_port_database_and_each_way_to_sign_in() {
    let expected = |authentication: serde_json::Value| {
        json!({
            "host": "server.database.windows.net", "port": 1433, "database": DATABASE,
            "authentication": authentication,
        })
    };
    let password = expected(json!({"type": "default", "options": {"userName": USER, "password": PASSWORD}}));
    let identity = expected(json!({"type": "azure-active-directory-default", "options": {"clientId": CLIENT_ID}}));
    assert_read(
        node(),
        vec![
            cases(&["sql"], "secret", &["nodejs"], &password),
            cases(&["sql"], "service-principal", &["nodejs"], &identity),
            cases(&["sql"], "workload-identity", &["nodejs"], &identity),
        ],
    );
}

#[test]
#[ignore = "needs the client libraries of Node.js: scripts/test"]
fn ioredis_reads_host_port_database_and_key() {
    let expected = json!({
        "host": "cache.redis.cache.windows.net", "port": 6380, "database": 3, "user": "", "password": KEY,
        "tls": true,
    });
    assert_read(node(), vec![cases(&["redis", "redis-enterprise"], "secret", &["nodejs"], &expected)]);
}

#[test]
#[ignore = "needs the client libraries of Node.js: scripts/test"]
fn the_mongodb_driver_reads_host_user_and_password() {
    let cosmos = json!({
        "hosts": ["account.mongo.cosmos.azure.com:10255"], "user": USER, "password": PASSWORD,
        "replicaSet": "globaldb", "application": "@account@", "retryWrites": false, "tls": true,
    });
    let atlas = json!({
        "hosts": ["cluster.mongo.test"], "user": USER, "password": PASSWORD, "application": "Cluster0",
        "retryWrites": true, "writeConcern": "majority", "tls": true,
    });
    assert_read(
        node(),
        vec![
            cases(&["cosmos-mongo"], "secret", &["nodejs", "none"], &cosmos),
            cases(&["mongodb-atlas"], "secret", &["nodejs", "none"], &atlas),
        ],
    );
}

#[test]
#[ignore = "needs the client libraries of Node.js: scripts/test"]
fn the_clients_of_azure_storage_read_account_and_key() {
    let with_key = |url: &str| json!({"account": "account", "url": url, "key": KEY});
    let endpoint = json!({"account": "account", "url": "https://account.blob.core.windows.net/"});
    let table = json!({"account": "account", "origin": "https://account.table.core.windows.net"});
    assert_read(
        node(),
        vec![
            cases(&["storage-blob"], "secret", &["nodejs"], &with_key("https://account.blob.core.windows.net/")),
            cases(&["storage-queue"], "secret", &["nodejs"], &with_key("https://account.queue.core.windows.net")),
            cases(&["storage-file"], "secret", &["nodejs"], &with_key("https://account.file.core.windows.net/")),
            cases(&["storage-table"], "secret", &["nodejs"], &table),
            cases(&["storage-blob"], "workload-identity", &["nodejs"], &endpoint),
        ],
    );
}

#[test]
#[ignore = "needs the client libraries of Node.js: scripts/test"]
fn the_clients_of_cosmos_db_read_account_and_key() {
    let sql = json!({"url": "https://account.documents.azure.com:443/", "key": KEY});
    let table = json!({"account": "account", "origin": "https://account.table.cosmos.azure.com"});
    assert_read(
        node(),
        vec![
            cases(&["cosmos-sql"], "secret", &["nodejs"], &sql),
            cases(&["cosmos-table"], "secret", &["nodejs"], &table),
        ],
    );
}

#[test]
#[ignore = "needs the client libraries of Node.js: scripts/test"]
fn the_clients_of_azures_other_services_read_name_and_key() {
    let messaging = json!({"namespace": "namespace.servicebus.windows.net", "keyName": "Root", "key": KEY});
    let store = json!({"origin": "https://store.azconfig.io", "keyId": "Ab-l0-s0:id"});
    let pubsub = json!({"url": "https://pubsub.webpubsub.azure.com/", "key": KEY});
    assert_read(
        node(),
        vec![
            cases(&["servicebus", "eventhub"], "secret", &["nodejs"], &messaging),
            cases(&["appconfig"], "secret", &["nodejs"], &store),
            cases(&["webpubsub"], "secret", &["nodejs"], &pubsub),
        ],
    );
}
