//! Which variables a connection has, under which names, and in which Secret.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::common::{run, sc_job};
use crate::objects;

/// The entries of each Secret, by its name.
fn secrets(values: &Value) -> BTreeMap<String, Value> {
    let secrets = objects(&values.to_string()).into_iter().filter(|object| object["kind"] == "Secret");
    secrets
        .map(|secret| (secret["metadata"]["name"].as_str().unwrap().to_owned(), secret["stringData"].clone()))
        .collect()
}

fn kafka(settings: &Value) -> BTreeMap<String, Value> {
    let mut connection = json!({
        "target": "confluent-cloud", "auth": "secret", "data": {"TOPIC": "orders"},
        "parameters": {
            "bootstrapServer": "pkc-1:9092", "kafkaKey": "key", "kafkaSecret": "se'cr\\et",
            "schemaRegistry": "https://psrc-1", "schemaKey": "skey", "schemaSecret": "s:ecret",
        },
    });
    for (key, value) in settings.as_object().unwrap() {
        connection[key] = value.clone();
    }
    secrets(&json!({"connections": {"Events.1": connection}}))
}

#[test]
fn a_connection_to_confluent_is_two_secrets_as_the_original_makes_two_linkers() {
    let schema = json!({
        "CONFLUENTCLOUD_SCHEMAREGISTRY_URL": "https://psrc-1",
        "CONFLUENTCLOUD_SCHEMAREGISTRY_USERINFO": "skey:s:ecret",
    });
    let kafka_alone = json!({
        "CONFLUENTCLOUD_KAFKA_BOOTSTRAPSERVER": "pkc-1:9092",
        "CONFLUENTCLOUD_KAFKA_SASLUSERNAME": "key",
        "CONFLUENTCLOUD_KAFKA_SASLPASSWORD": "se'cr\\et",
        "TOPIC": "orders",
    });
    assert_eq!(
        kafka(&json!({})),
        BTreeMap::from([
            ("sc-events1-secret".to_owned(), kafka_alone.clone()),
            ("sc-events1schema-secret".to_owned(), schema.clone()),
        ])
    );
    let named = kafka(&json!({"secretName": "own"}));
    assert_eq!(named.keys().collect::<Vec<_>>(), ["own", "own-schema"]);
    assert_eq!(kafka(&json!({"clientType": "go"})), BTreeMap::from([("sc-events1-secret".to_owned(), kafka_alone)]));
}

#[test]
fn two_connections_of_one_target_can_be_told_apart_by_an_infix() {
    let connection = json!({
        "target": "storage-blob", "auth": "service-principal", "keyInfix": true,
        "customizedKeys": {"AZURE_STORAGEBLOB_TENANTID": "TENANT"},
        "parameters": {"account": "acc", "clientId": "0a0b0c0d-0000-4000-8000-000000000001", "clientSecret": "s",
                       "tenantId": "0a0b0c0d-0000-4000-8000-00000000000f"},
    });
    let made = secrets(&json!({"connections": {"conn_2.b-c": connection}}));
    let keys: Vec<_> = made["sc-conn2bc-secret"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(
        keys,
        [
            "AZURE_STORAGEBLOB_CONN_2_B_C_CLIENTID",
            "AZURE_STORAGEBLOB_CONN_2_B_C_CLIENTSECRET",
            "AZURE_STORAGEBLOB_CONN_2_B_C_RESOURCEENDPOINT",
            "TENANT",
        ]
    );
}

#[test]
fn a_flag_selects_the_variable_of_the_app_configuration_provider() {
    let variables = |flag: Value| {
        let parameters =
            json!({"appConfig": "store", "accessKeyId": "i", "accessKey": "k", "useAppconfigExtension": flag});
        let connection = json!({"target": "appconfig", "auth": "secret", "parameters": parameters});
        secrets(&json!({"connections": {"a": connection}}))["sc-a-secret"].clone()
    };
    let string = "Endpoint=https://store.azconfig.io;Id=i;Secret=k";
    for flag in [json!(true), json!("true"), json!({"base64": "dHJ1ZQ=="})] {
        assert_eq!(variables(flag), json!({"azure_app_configuration_connection_string": string}));
    }
    for flag in [json!(false), json!("false"), Value::Null] {
        assert_eq!(variables(flag), json!({"AZURE_APPCONFIGURATION_CONNECTIONSTRING": string}));
    }
}

#[test]
fn a_flag_that_selects_nothing_is_remarked_unless_it_is_off() {
    let warned = |flag: bool| {
        let parameters = json!({"appConfig": "store", "clientId": "0a0b0c0d-0000-4000-8000-000000000001", "useAppconfigExtension": flag});
        let connection = json!({"target": "appconfig", "auth": "workload-identity", "parameters": parameters});
        let values = json!({"connections": {"a": connection}}).to_string();
        run(&mut sc_job(&["render", "-f", "-"]), Some(&values)).expect(0).stderr
    };
    assert_eq!(
        warned(true).trim(),
        "WARN connection a: appconfig with auth workload-identity and client type none has no use for parameters \
         useAppconfigExtension"
    );
    assert_eq!(warned(false), "");
}

#[test]
fn a_line_break_at_the_end_of_a_credential_is_kept_and_told() {
    let values = json!({"connections": {"a": {
        "target": "mysql-flexible", "auth": "secret", "clientType": "nodejs",
        "parameters": {"server": "srv1", "database": "d", "username": "u", "password": {"base64": "cHcK"}},
    }}});
    let told = run(&mut sc_job(&["render", "-f", "-"]), Some(&values.to_string())).expect(0).stderr;
    assert_eq!(
        told.trim(),
        "WARN connection a: parameter password ends with a line break (of `echo`? `printf %s` writes none)"
    );
    assert_eq!(secrets(&values)["sc-a-secret"]["AZURE_MYSQL_PASSWORD"], "pw\n");
}

#[test]
fn a_placeholder_of_springs_is_written_for_the_environment_and_told() {
    let values = |target: &str| {
        json!({"connections": {"a": {
            "target": target, "auth": "secret", "clientType": "springBoot",
            "parameters": {"server": "srv1", "account": "acc", "database": "d", "username": "u", "password": "a${b}"},
        }}})
    };
    let render = |values: &Value| run(&mut sc_job(&["render", "-f", "-"]), Some(&values.to_string())).expect(0).stderr;
    let mut mysql = values("mysql-flexible");
    mysql["connections"]["a"]["parameters"].as_object_mut().unwrap().remove("account");
    assert_eq!(secrets(&mysql)["sc-a-secret"]["spring.datasource.password"], "a$${:}{b}");
    assert!(render(&mysql).contains(
        "WARN connection a: parameter password holds a placeholder of Spring's, and is written so that Spring reads it \
             right from the environment; from a file it does not\n"
    ));
    let mut mongo = values("cosmos-mongo");
    mongo["connections"]["a"]["parameters"].as_object_mut().unwrap().remove("server");
    assert!(!render(&mongo).contains("placeholder"), "in a URL it is percent-encoded");
}

#[test]
fn a_default_may_be_made_of_another_parameter() {
    let string = |more: Value| {
        let mut parameters = json!({"account": "acc", "password": "p@ss"});
        parameters.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let connection = json!({"target": "cosmos-mongo", "auth": "secret", "parameters": parameters});
        secrets(&json!({"connections": {"a": connection}}))["sc-a-secret"]["AZURE_COSMOS_CONNECTIONSTRING"].clone()
    };
    let of = |user: &str| {
        format!(
            "mongodb://{user}:p%40ss@acc.mongo.cosmos.azure.com:10255/?ssl=true&replicaSet=globaldb&retrywrites=false\
             &maxIdleTimeMS=120000&appName=@acc@"
        )
    };
    assert_eq!(string(json!({})), of("acc"));
    assert_eq!(string(json!({"username": "re/ader"})), of("re%2Fader"));
}
