//! `-o json` is an interface: its keys and what stands in them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{json, names};

/// The keys of an object, or of every object of a list.
fn keys(value: &Value) -> BTreeSet<&str> {
    match value {
        Value::Array(items) => items.iter().flat_map(keys).collect(),
        Value::Object(fields) => fields.keys().map(String::as_str).collect(),
        _ => BTreeSet::new(),
    }
}

fn set<'a>(sheet: &'a Value, auth: &str, when: &Value, client_type: &str) -> &'a Value {
    let mut sets = sheet["sets"].as_array().unwrap().iter();
    let has = |set: &&Value| set["clientTypes"].as_array().unwrap().contains(&json!(client_type));
    sets.find(|set| set["auth"] == auth && set["when"] == *when && has(set)).unwrap()
}

#[test]
fn the_list_has_every_target_in_the_order_of_names() {
    let list = json(&[]);
    assert_eq!(keys(&list), BTreeSet::from(["auths", "azureCli", "clientTypes", "name", "title"]));
    let names = names();
    assert_eq!(names.len(), 30);
    assert!(names.is_sorted());
    let at = |name: &str| &list[names.iter().position(|known| known == name).unwrap()];
    assert_eq!(
        at("openai"),
        &json!({
            "name": "openai",
            "title": "Azure OpenAI",
            "auths": ["secret", "service-principal", "workload-identity"],
            "clientTypes": ["dotnet", "java", "nodejs", "none", "python"],
            "azureCli": {
                "target": "cognitiveservices",
                "auths": ["secret", "service-principal", "workload-identity"],
                "clientTypes": ["dotnet", "python", "none"],
            },
        })
    );
    assert_eq!(at("fabric-sql")["azureCli"], Value::Null);
    assert_eq!(at("keyvault")["auths"], json!(["csi", "service-principal", "workload-identity"]));
}

#[test]
fn a_target_is_told_with_its_parameters_and_the_variables_of_each_set() {
    let springboot = |name: &str, value: &str, sensitive: bool| json!({ "name": name, "value": value, "sensitive": sensitive, "linker": null });
    let parameters = json!([{ "name": "account", "required": true }, { "name": "accountKey", "required": true }]);
    assert_eq!(
        json(&["storage-file"]),
        json!({
            "name": "storage-file",
            "title": "Azure Files",
            "parameters": [
                {
                    "name": "account",
                    "description": "name of the storage account, 3 to 24 lower-case letters and digits",
                    "sensitive": false,
                    "example": "mystorage",
                    "default": null,
                },
                {
                    "name": "accountKey",
                    "description": "access key of the account, without blanks and semicolons",
                    "sensitive": true,
                    "example": "bm90LWEta2V5LWJ1dC1vZi1pdHMtZm9ybQ==",
                    "default": null,
                },
            ],
            "sets": [
                {
                    "auth": "secret",
                    "clientTypes": ["springBoot"],
                    "parameters": parameters,
                    "variables": [
                        springboot("azure.storage.account-name", "{account}", false),
                        springboot("azure.storage.account-key", "{accountKey}", true),
                        springboot("azure.storage.file-endpoint", "https://{account}.file.{cloud.storage}/", false),
                        springboot("spring.cloud.azure.storage.fileshare.account-name", "{account}", false),
                        springboot("spring.cloud.azure.storage.fileshare.account-key", "{accountKey}", true),
                        springboot(
                            "spring.cloud.azure.storage.fileshare.endpoint",
                            "https://{account}.file.{cloud.storage}/",
                            false
                        ),
                    ],
                    "when": null,
                    "notInAzureCli": [],
                },
                {
                    "auth": "secret",
                    "clientTypes": ["dotnet", "java", "nodejs", "python", "php", "ruby", "none", "go"],
                    "parameters": parameters,
                    "variables": [{
                        "name": "AZURE_STORAGEFILE_CONNECTIONSTRING",
                        "value": "DefaultEndpointsProtocol=https;AccountName={account};AccountKey={accountKey};EndpointSuffix={cloud.storage}",
                        "sensitive": true,
                        "linker": null,
                    }],
                    "when": null,
                    "notInAzureCli": ["go"],
                },
            ],
            "notes": [],
            "azureCli": {
                "target": "storage-file",
                "auths": ["secret"],
                "clientTypes": ["dotnet", "java", "python", "nodejs", "php", "ruby", "springBoot", "none"],
            },
        })
    );
}

#[test]
fn every_target_has_the_same_keys() {
    for name in names() {
        let sheet = json(&[&name]);
        let of_sheet = ["azureCli", "name", "notes", "parameters", "sets", "title"];
        let of_set = ["auth", "clientTypes", "notInAzureCli", "parameters", "variables", "when"];
        assert_eq!(keys(&sheet), BTreeSet::from(of_sheet), "{name}");
        assert_eq!(
            keys(&sheet["parameters"]),
            BTreeSet::from(["default", "description", "example", "name", "sensitive"]),
            "{name}"
        );
        assert_eq!(keys(&sheet["sets"]), BTreeSet::from(of_set), "{name}");
        for set in sheet["sets"].as_array().unwrap() {
            assert_eq!(keys(&set["parameters"]), BTreeSet::from(["name", "required"]), "{name}");
            assert_eq!(keys(&set["variables"]), BTreeSet::from(["linker", "name", "sensitive", "value"]), "{name}");
        }
    }
}

#[test]
fn a_default_is_a_template_and_makes_its_parameter_optional() {
    let sheet = json(&["cosmos-mongo"]);
    let username = sheet["parameters"].as_array().unwrap().iter().find(|known| known["name"] == "username").unwrap();
    assert_eq!(username["default"], "{account}");
    let parameters = set(&sheet, "secret", &Value::Null, "dotnet")["parameters"].as_array().unwrap();
    let required = |name: &str| parameters.iter().find(|known| known["name"] == name).unwrap()["required"].clone();
    assert_eq!((required("account"), required("username")), (json!(true), json!(false)));
}

#[test]
fn a_second_mode_names_the_parameter_that_selects_it_and_requires_it() {
    let sheet = json(&["appconfig"]);
    let selected = set(&sheet, "secret", &json!("useAppconfigExtension"), "python");
    assert_eq!(selected["variables"][0]["name"], "azure_app_configuration_connection_string");
    let flag = json!({ "name": "useAppconfigExtension", "required": true });
    assert!(selected["parameters"].as_array().unwrap().contains(&flag));
    let plain = set(&sheet, "secret", &Value::Null, "python");
    assert_eq!(plain["variables"][0]["name"], "AZURE_APPCONFIGURATION_CONNECTIONSTRING");
    assert!(!plain["parameters"].as_array().unwrap().iter().any(|used| used["name"] == flag["name"]));
}

#[test]
fn variables_of_a_second_secret_name_their_linker() {
    let sheet = json(&["confluent-cloud"]);
    let variables = set(&sheet, "secret", &Value::Null, "python")["variables"].as_array().unwrap();
    let linkers: Vec<_> = variables.iter().map(|variable| variable["linker"].clone()).collect();
    assert_eq!(linkers, [Value::Null, Value::Null, Value::Null, json!("schema"), json!("schema")]);
}

#[test]
fn what_azure_cli_does_not_offer_is_told_for_each_set() {
    let sheet = json(&["sql"]);
    assert_eq!(set(&sheet, "secret", &Value::Null, "go")["notInAzureCli"], json!([]));
    assert_eq!(set(&sheet, "workload-identity", &Value::Null, "nodejs")["notInAzureCli"], json!(["nodejs"]));
    let blob = json(&["storage-blob"]);
    assert_eq!(set(&blob, "secret", &Value::Null, "go")["notInAzureCli"], json!(["go", "django"]));
}
