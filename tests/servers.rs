//! Real servers, reached by real clients that are told nothing but what is in the
//! Secret. Host names, ports and certificates are those that the Secret names, as
//! `scripts/test` runs this in a network and with a hosts file of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod common;

mod servers {
    pub mod azurite;
    pub mod client;
    pub mod directory;
    pub mod mariadb;
    pub mod postgresql;
    pub mod redis;
    pub mod secret;
    pub mod server;
}

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::CANARY;
use serde_json::json;
use servers::client::{go, java, node, php, python, ruby};
use servers::secret::{Secret, secret};
use servers::{azurite, mariadb, postgresql, redis};

/// The name that every server here has in Azure.
const SERVER: &str = "scjobtest";

const DATABASE: &str = r#"or"der's \& co"#;
const USERNAME: &str = r#"sh@p u"s'er"#;

fn password() -> String {
    format!(r#"p@s;s w'"%&=/\ord {CANARY}"#)
}

/// The Secret of a connection to a database server.
fn database(target: &str, client_type: &str) -> Secret {
    let parameters = json!({"server": SERVER, "database": DATABASE, "username": USERNAME, "password": password()});
    secret(target, client_type, &parameters)
}

#[test]
#[ignore = "needs a network of its own: scripts/test"]
fn postgresql_is_reached_with_nothing_but_the_secret() {
    let server = postgresql::start(format!("{SERVER}.postgres.database.azure.com"), USERNAME, &password(), DATABASE);
    for (client_type, client) in [
        ("python", python("with_psycopg.py")),
        ("none", python("with_psycopg.py")),
        ("django", python("with_django.py").argument("POSTGRESQL")),
        ("nodejs", node("with_pg.js")),
        ("go", go("with_pq")),
        ("java", java("WithJdbc").argument(postgresql::QUERY)),
        ("springBoot", java("WithJdbc").argument(postgresql::QUERY)),
        ("php", php("with_pgsql.php")),
        ("ruby", ruby("with_pg.rb")),
    ] {
        let found = client.answer(&database("postgres-flexible", client_type), &server);
        assert_eq!(found, json!({"user": USERNAME, "database": DATABASE}), "{client_type}");
    }
}

#[test]
#[ignore = "needs a network of its own: scripts/test"]
fn mariadb_is_reached_with_nothing_but_the_secret() {
    let server = mariadb::start(format!("{SERVER}.mysql.database.azure.com"), USERNAME, &password(), DATABASE);
    for (client_type, client) in [
        ("python", python("with_mysql_connector.py")),
        ("none", python("with_mysql_connector.py")),
        ("django", python("with_django.py").argument("MYSQL")),
        ("nodejs", node("with_mysql2.js")),
        ("go", go("with_mysql")),
        ("java", java("WithJdbc").argument(mariadb::QUERY)),
        ("springBoot", java("WithJdbc").argument(mariadb::QUERY)),
        ("php", php("with_mysqli.php")),
        ("ruby", ruby("with_mysql2.rb")),
    ] {
        let found = client.answer(&database("mysql-flexible", client_type), &server);
        assert_eq!(found, json!({"user": format!("{USERNAME}@%"), "database": DATABASE}), "{client_type}");
    }
}

#[test]
#[ignore = "needs a network of its own: scripts/test"]
fn redis_is_reached_with_nothing_but_the_secret() {
    let key = format!("{CANARY}+k/y=");
    let server = redis::start(format!("{SERVER}.redis.cache.windows.net"), &key);
    let parameters = json!({"server": SERVER, "database": "3", "accessKey": key});
    for (client_type, client, library) in [
        ("python", python("with_redis.py"), "redis-py"),
        ("none", python("with_redis.py"), "redis-py"),
        ("nodejs", node("with_ioredis.js"), "ioredis"),
        ("go", go("with_redis"), "go-redis"),
    ] {
        let found = client.answer(&secret("redis", client_type, &parameters), &server);
        assert_eq!(found, json!({"greeting": format!("from {library}"), "database": "3"}), "{client_type}");
    }
}

#[test]
#[ignore = "needs a network of its own: scripts/test"]
fn azurite_keeps_blobs_messages_and_entities_with_nothing_but_the_secret() {
    // It ends in what base64 has besides letters and digits: +//+Lg==
    let key = STANDARD.encode([CANARY.as_bytes(), b"..\xfb\xff\xfe."].concat());
    let server = azurite::start(SERVER, &key);
    let parameters = json!({"account": SERVER, "accountKey": key});
    for (service, client_type, client, library) in [
        ("blob", "python", python("with_azure_storage_blob.py"), "azure-storage-blob"),
        ("blob", "nodejs", node("with_azure_storage_blob.js"), "@azure/storage-blob"),
        ("queue", "python", python("with_azure_storage_queue.py"), "azure-storage-queue"),
        ("queue", "nodejs", node("with_azure_storage_queue.js"), "@azure/storage-queue"),
        ("table", "python", python("with_azure_data_tables.py"), "azure-data-tables"),
        ("table", "nodejs", node("with_azure_data_tables.js"), "@azure/data-tables"),
    ] {
        let mut found = client.answer(&secret(&format!("storage-{service}"), client_type, &parameters), &server);
        let endpoint = found["endpoint"].take();
        assert_eq!(
            endpoint.as_str().unwrap().trim_end_matches('/'),
            format!("https://{}", azurite::host(SERVER, service))
        );
        assert_eq!(found["greeting"], format!("from {library}"), "{client_type}");
    }
}
