//! What the client libraries of Python read or are told.

use serde_json::{Value, json};

use super::connections::{CLIENT_ID, DATABASE, KEY, PASSWORD, USER, cases};
use super::programs::{assert_read, python};

#[test]
#[ignore = "needs Python's client libraries: scripts/test"]
fn libpq_reads_host_port_database_user_and_password() {
    let without_password = json!({
        "host": "server.postgres.database.azure.com", "port": "5432", "dbname": DATABASE, "user": USER,
        "sslmode": "require",
    });
    let azure = with_password(without_password.clone());
    let mut neon = azure.clone();
    neon["host"] = "neon.test".into();
    // The clients of PHP and Ruby hand their string to libpq too.
    let client_types = ["python", "php", "ruby"];
    let targets = ["postgres", "postgres-flexible"];
    assert_read(
        python(),
        vec![
            cases(&targets, "secret", &client_types, &azure),
            cases(&targets, "service-principal", &client_types, &without_password),
            cases(&targets, "workload-identity", &client_types, &without_password),
            cases(&["neon-postgres"], "secret", &client_types, &neon),
        ],
    );
}

#[test]
#[ignore = "needs Python's client libraries: scripts/test"]
fn the_settings_of_django_are_taken_by_libpq_and_mysql_connector() {
    let host = |host: &str| json!({"host": host, "dbname": DATABASE, "user": USER});
    let azure = host("server.postgres.database.azure.com");
    let mysql = |user: &str| {
        json!({
            "host": "server.mysql.database.azure.com", "port": 3306, "database": DATABASE, "user": user,
            "password": PASSWORD,
        })
    };
    let targets = ["postgres", "postgres-flexible"];
    assert_read(
        python(),
        vec![
            cases(&targets, "secret", &["django"], &with_password(azure.clone())),
            cases(&targets, "workload-identity", &["django"], &azure),
            cases(&["neon-postgres"], "secret", &["django"], &with_password(host("neon.test"))),
            cases(&["mysql-flexible"], "secret", &["django", "python"], &mysql(USER)),
            cases(&["mysql"], "secret", &["django", "python"], &mysql(&format!("{USER}@server"))),
        ],
    );
}

#[test]
#[ignore = "needs Python's client libraries: scripts/test"]
fn mssql_python_reads_the_odbc_string_of_fabric() {
    let expected = json!({
        "driver": "ODBC Driver 17 for SQL Server", "server": "tcp:fabric.test,1433", "database": DATABASE,
        "uid": CLIENT_ID, "authentication": "ActiveDirectoryMSI",
    });
    assert_read(python(), vec![cases(&["fabric-sql"], "workload-identity", &["python"], &expected)]);
}

#[test]
#[ignore = "needs Python's client libraries: scripts/test"]
fn redis_py_reads_host_port_database_and_key() {
    let expected = json!({
        "host": "cache.redis.cache.windows.net", "port": 6380, "database": 3, "user": null, "password": KEY,
        "tls": true,
    });
    assert_read(python(), vec![cases(&["redis", "redis-enterprise"], "secret", &["python"], &expected)]);
}

#[test]
#[ignore = "needs Python's client libraries: scripts/test"]
fn pymongo_reads_host_user_and_password() {
    let expected = json!({
        "host": "cluster.mongo.test", "user": USER, "password": PASSWORD, "application": "Cluster0",
        "retryWrites": true, "writeConcern": {"w": "majority"},
    });
    assert_read(python(), vec![cases(&["mongodb-atlas"], "secret", &["python", "django"], &expected)]);
}

#[test]
#[ignore = "needs Python's client libraries: scripts/test"]
fn the_clients_of_azure_storage_read_account_and_key() {
    let with_key = |url: &str| json!({"account": "account", "url": url, "key": KEY});
    let endpoint = json!({"account": "account", "url": "https://account.blob.core.windows.net/"});
    assert_read(
        python(),
        vec![
            cases(
                &["storage-blob"],
                "secret",
                &["python", "django"],
                &with_key("https://account.blob.core.windows.net/"),
            ),
            cases(
                &["storage-queue"],
                "secret",
                &["python", "django"],
                &with_key("https://account.queue.core.windows.net/"),
            ),
            cases(&["storage-file"], "secret", &["python"], &with_key("https://account.file.core.windows.net/")),
            cases(
                &["storage-table"],
                "secret",
                &["python", "django"],
                &with_key("https://account.table.core.windows.net"),
            ),
            cases(&["storage-blob"], "service-principal", &["python"], &endpoint),
            cases(&["storage-blob"], "workload-identity", &["python"], &endpoint),
        ],
    );
}

#[test]
#[ignore = "needs Python's client libraries: scripts/test"]
fn the_clients_of_cosmos_db_read_account_and_key() {
    let table = json!({"account": "account", "url": "https://account.table.cosmos.azure.com:443", "key": KEY});
    let sql = json!({"AccountEndpoint": "https://account.documents.azure.com:443/", "AccountKey": KEY});
    assert_read(
        python(),
        vec![
            cases(&["cosmos-table"], "secret", &["python"], &table),
            cases(&["cosmos-sql"], "secret", &["python"], &sql),
        ],
    );
}

#[test]
#[ignore = "needs Python's client libraries: scripts/test"]
fn the_clients_of_azures_other_services_read_name_and_key() {
    let messaging = json!({"namespace": "namespace.servicebus.windows.net", "keyName": "Root", "key": KEY});
    let store = json!({"url": "https://store.azconfig.io", "keyId": "Ab-l0-s0:id", "key": KEY});
    let pubsub = json!({"url": "https://pubsub.webpubsub.azure.com", "key": KEY});
    let openai = json!({"url": "https://account.openai.azure.com/openai/", "key": KEY});
    assert_read(
        python(),
        vec![
            cases(&["servicebus", "eventhub"], "secret", &["python"], &messaging),
            cases(&["appconfig"], "secret", &["python"], &store),
            cases(&["webpubsub"], "secret", &["python"], &pubsub),
            cases(&["openai"], "secret", &["python"], &openai),
        ],
    );
}

#[test]
#[ignore = "needs Python's client libraries: scripts/test"]
fn confluents_client_of_the_schema_registry_reads_url_key_and_secret() {
    let expected = json!({"urls": ["https://registry.test"], "auth": ["key", format!("a:{PASSWORD}")]});
    assert_read(python(), vec![cases(&["confluent-cloud"], "secret", &["python"], &expected)]);
}

fn with_password(mut read: Value) -> Value {
    read["password"] = PASSWORD.into();
    read
}
