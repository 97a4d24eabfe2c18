//! What a person sees.

use crate::{json, names, shown};

const STORAGE_TABLE: &str = "\
storage-table: Azure Table Storage
az aks connection create storage-table

PARAMETERS
  account                   name of the storage account, 3 to 24 lower-case letters and digits
                            required; example mystorage
  accountKey (sensitive)    access key of the account, without blanks and semicolons
                            required by secret; example bm90LWEta2V5LWJ1dC1vZi1pdHMtZm9ybQ==
  clientId                  client id of the managed identity or application, a GUID
                            required by service-principal, workload-identity; example
                            11111111-2222-3333-4444-555555555555
  clientSecret (sensitive)  client secret of the application
                            required by service-principal; example not-a-client-secret
  tenantId                  Microsoft Entra tenant of the identity or application, a GUID
                            required by service-principal; optional with workload-identity; example
                            66666666-7777-8888-9999-000000000000

VARIABLES
In values and defaults {parameter} stands for the parameter, {cloud.key} for a host name of the
chart's cloud, {{ and }} for the braces themselves.

secret: dotnet, java, nodejs, python, none, go, django
az aks connection does not offer go, django
  AZURE_STORAGETABLE_CONNECTIONSTRING (sensitive)
      DefaultEndpointsProtocol=https;AccountName={account};AccountKey={accountKey};EndpointSuffix={cloud.storage}

service-principal: dotnet, java, nodejs, python, none, go, django
az aks connection does not offer go, django
  AZURE_STORAGETABLE_RESOURCEENDPOINT          https://{account}.table.{cloud.storage}/
  AZURE_STORAGETABLE_CLIENTID                  {clientId}
  AZURE_STORAGETABLE_CLIENTSECRET (sensitive)  {clientSecret}
  AZURE_STORAGETABLE_TENANTID                  {tenantId}

workload-identity: dotnet, java, nodejs, python, none, go, django
az aks connection does not offer go, django
  AZURE_STORAGETABLE_RESOURCEENDPOINT  https://{account}.table.{cloud.storage}/
  AZURE_STORAGETABLE_CLIENTID          {clientId}
";

#[test]
fn the_list_has_a_line_for_each_target_that_fits_a_terminal_of_100_columns() {
    let list = shown(&[]);
    let lines: Vec<&str> = list.lines().collect();
    let names = names();
    assert_eq!(lines.len(), 2 + names.len() + 2);
    assert_eq!(lines[0].trim_end(), "                                 service-   workload-");
    assert_eq!(lines[1], "NAME                csi  secret  principal  identity   TITLE");
    for (line, name) in lines[2..].iter().zip(&names) {
        assert_eq!(line.split(' ').next().unwrap(), name);
    }
    for (line, expected) in [
        (lines[13], "fabric-sql          -    -       -          not in az  SQL database in Microsoft Fabric"),
        (lines[14], "keyvault            yes  -       yes        yes        Azure Key Vault"),
        (lines[26], "sql                 -    yes     not in az  not in az  Azure SQL Database"),
    ] {
        assert_eq!(line, expected);
    }
    assert!(lines.iter().all(|line| line.chars().count() <= 100), "{list}");
}

#[test]
fn a_title_that_is_too_long_for_the_list_is_cut_there_and_whole_on_the_targets_page() {
    let cut = "postgres            -    yes     not in az  not in az  Azure Database for PostgreSQL (single server…";
    assert!(shown(&[]).lines().any(|line| line == cut));
    assert!(shown(&["postgres"]).starts_with("postgres: Azure Database for PostgreSQL (single server, retired)\n"));
}

#[test]
fn a_page_has_the_parameters_and_the_variables_of_each_set() {
    assert_eq!(shown(&["storage-table"]), STORAGE_TABLE);
}

#[test]
fn only_a_value_that_is_longer_than_the_terminal_goes_beyond_it() {
    for name in names() {
        let sheet = json(&[&name]);
        let sets = sheet["sets"].as_array().unwrap().iter();
        let variables = sets.flat_map(|set| set["variables"].as_array().unwrap());
        let values: Vec<&str> = variables.map(|variable| variable["value"].as_str().unwrap()).collect();
        for line in shown(&[&name]).lines().filter(|line| line.chars().count() > 100) {
            assert!(line.strip_prefix("      ").is_some_and(|value| values.contains(&value)), "{name}: {line}");
        }
    }
}

#[test]
fn a_parameter_says_which_auths_and_client_types_want_it() {
    for (name, lines) in [
        ("storage-file", ["  accountKey (sensitive)  access key of", "required; example bm90"]),
        (
            "storage-blob",
            ["  tenantId                  Microsoft", "required by service-principal (not springBoot); optional with"],
        ),
        ("sql", ["  objectId                  object", "required by workload-identity (python); example"]),
        (
            "confluent-cloud",
            ["  schemaKey                 API key", "required by secret (java, none, python, springBoot); example"],
        ),
        ("appconfig", ["Kubernetes provider reads, in place of the client", "optional with secret; example true"]),
        (
            "cosmos-mongo",
            ["  username                  name", "optional with secret; default {account}; example mycosmos"],
        ),
        ("fabric-sql", ["  tenantId  Microsoft", "optional; example 6666"]),
    ] {
        let page = shown(&[name]);
        let mut rest = page.lines().skip_while(|line| !line.trim_start().starts_with(lines[0].trim_start()));
        rest.next();
        let said = rest.next().unwrap_or_default().trim_start();
        assert!(said.starts_with(lines[1]), "{name}: {said}\n{page}");
    }
}

#[test]
fn what_az_aks_connection_does_not_offer_is_said() {
    for (name, said) in [
        ("fabric-sql", "SQL database in Microsoft Fabric\naz aks connection does not offer this\n"),
        ("openai", "Azure OpenAI\naz aks connection create cognitiveservices\n"),
        ("storage-blob", "\naz aks connection does not offer go, django\n  AZURE_STORAGEBLOB_"),
        ("sql", "\nworkload-identity: nodejs\naz aks connection does not offer this\n"),
        ("sql", "\nsecret: nodejs\n  AZURE_SQL_SERVER"),
    ] {
        assert!(shown(&[name]).contains(said), "{name}: {said}");
    }
    assert_eq!(shown(&["fabric-sql"]).matches("az aks connection does not offer this\n").count(), 1);
}

#[test]
fn a_second_mode_and_a_second_secret_are_told_apart() {
    assert!(shown(&["appconfig"]).contains("\nsecret with useAppconfigExtension=true: dotnet, java, nodejs, python"));
    let page = shown(&["confluent-cloud"]);
    assert!(page.contains("\n  CONFLUENTCLOUD_SCHEMAREGISTRY_URL (linker schema)  "), "{page}");
    assert!(page.contains("\n  CONFLUENTCLOUD_SCHEMAREGISTRY_USERINFO (sensitive, linker schema)  "), "{page}");
}

#[test]
fn notes_stand_at_the_end() {
    assert!(shown(&["storage-blob"]).ends_with(
        "\nNOTES\n- With springBoot and auth secret the azure.storage.* variables are for Spring Cloud Azure before\n  \
         4.0, the others for 4.0 and later.\n- With springBoot and auth service-principal the service writes no tenant \
         id.\n"
    ));
}
