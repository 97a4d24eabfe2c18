//! The chart as a cluster extension installs it: each setting by `--set` or `--set-string`, with what Azure adds, undone
//! as a whole where it fails; and the operations of Service Connector's own extension.

use serde_json::{Value, json};

use crate::common::CANARY;
use crate::common::kubernetes::{Helm, Place, get, kubectl, secret_data, version};
use crate::common::operation::{secret, settings};

with_both_helms! {
    settings_of_an_extension_install_with_what_azure_adds_and_names_with_dots
    operations_come_one_at_a_time_and_a_rollback_or_a_resync_repeats_none
    an_operation_that_failed_is_undone_and_executed_when_it_comes_again
}

/// What the service adds to the settings of an extension, and Marketplace to those of an application.
const INJECTED: [&str; 3] = [
    "Azure.Cluster.ResourceId=/subscriptions/s/resourceGroups/g,Azure.Cluster.Region=westeurope,Azure.Cluster.Distribution=aks",
    "Azure.Extension.Name=sc-extension,Azure.Identity.isEnabled=true,Azure.proxySettings.isProxyEnabled=false",
    "global.azure.identity.clientId=c,global.azure.marketplace.planId=p,global.azure.extension.resourceId=/e",
];

/// An installation or update by these settings and protected settings.
fn install(helm: &Helm, place: &Place, settings: &[String], protected: &[String]) -> crate::common::Outcome {
    let mut args = vec![helm.atomic().to_owned(), "--timeout".to_owned(), "4m".to_owned()];
    for setting in INJECTED.map(str::to_owned).iter().chain(settings) {
        args.extend(["--set".to_owned(), setting.clone()]);
    }
    for setting in protected {
        args.extend(["--set-string".to_owned(), setting.clone()]);
    }
    helm.upgrade(place, "{}", &args.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The four settings, each a key and a text.
fn protected(place: &Place, connection: &str, id: &str, operation: &str, data: &Value) -> Vec<String> {
    let letters = connection.replace(|c: char| !c.is_ascii_alphanumeric(), "");
    let settings = settings(connection, id, operation, &secret(&letters, &place.shop, data));
    settings.as_object().unwrap().iter().map(|(key, value)| format!("{key}={}", value.as_str().unwrap())).collect()
}

fn settings_of_an_extension_install_with_what_azure_adds_and_names_with_dots(helm: &Helm) {
    let place = Place::new();
    let own = [
        r"connections.pictures\.v2.namespace=SHOP,connections.pictures\.v2.target=storage-blob",
        r"connections.pictures\.v2.clientType=python,connections.pictures\.v2.auth=secret",
        r"connections.pictures\.v2.parameters.account=mystorage",
    ]
    .map(|setting| place.fill(setting));
    let key =
        format!(r"connections.pictures\.v2.parameters.accountKey.base64={}", crate::common::operation::encoded(CANARY));
    install(helm, &place, &own, &[key]).expect(0);
    assert_eq!(helm.status(&place), ("deployed".to_owned(), 1));
    assert_eq!(
        json!(secret_data(&place.shop, "sc-picturesv2-secret")),
        json!({"AZURE_STORAGEBLOB_CONNECTIONSTRING": format!("DefaultEndpointsProtocol=https;AccountName=mystorage;AccountKey={CANARY};EndpointSuffix=core.windows.net")})
    );
    place.assert_no_canary(helm);
}

fn operations_come_one_at_a_time_and_a_rollback_or_a_resync_repeats_none(helm: &Helm) {
    let place = Place::new();
    let own = [place
        .fill("connections.own.namespace=SHOP,connections.own.data.A=b,deletionPolicy=Delete,resync.schedule=@yearly")];
    let execute = |connection: &str, id: &str, operation: &str, data: Value| {
        install(helm, &place, &own, &protected(&place, connection, id, operation, &data))
    };
    execute("db.one", "0a0b0c0d-0000-4000-8000-0000000000a1", "create", json!({"A": "1", "PASSWORD": CANARY}))
        .expect(0);
    execute("two", "0a0b0c0d-0000-4000-8000-0000000000a2", "create", json!({"A": "2"})).expect(0);
    let two = version(&place.shop, "secret", "sc-two-secret");
    execute("db.one", "0a0b0c0d-0000-4000-8000-0000000000a3", "update", json!({"A": "3"})).expect(0);
    assert_eq!(json!(secret_data(&place.shop, "sc-dbone-secret")), json!({"A": "3"}));

    // Helm brings the first operation back.
    helm.run(&place, &["rollback", "sc-extension", "1"]).expect(0);
    let log = place.log_of("sc-job-rollback");
    let told = "connection db.one: already executed: create with correlationid 0a0b0c0d-0000-4000-8000-0000000000a1; ";
    assert!(log.contains(told) && log.trim_end().lines().last().unwrap().contains("2 executed earlier"), "{log}");
    assert_eq!(json!(secret_data(&place.shop, "sc-dbone-secret")), json!({"A": "3"}));

    kubectl(&["create", "job", "now", "--from=cronjob/sc-job-resync", "-n", &place.system]).expect(0);
    kubectl(&["wait", "job/now", "-n", &place.system, "--for=condition=complete", "--timeout=120s"]).expect(0);
    assert!(place.log_of("now").contains(told), "{}", place.log_of("now"));
    helm.run(&place, &["test", "sc-extension"]).expect(0);
    assert_eq!(json!(secret_data(&place.shop, "sc-dbone-secret")), json!({"A": "3"}));

    let refused =
        execute("db.one", "0a0b0c0d-0000-4000-8000-0000000000a4", "update", json!({"A": {"B": CANARY}})).expect(1);
    let said = format!("{}{}", refused.stdout, refused.stderr);
    assert!(said.contains("resources.secret.data: every value must be a string"), "{said}");
    execute("db.one", "0a0b0c0d-0000-4000-8000-0000000000a5", "delete", Value::Null).expect(0);
    assert_eq!(get(&place.shop, "secret", "sc-dbone-secret"), None);
    assert_eq!(version(&place.shop, "secret", "sc-two-secret"), two, "no operation was about it since");
    assert_eq!(json!(secret_data(&place.shop, "sc-own-secret")), json!({"A": "b"}));
    place.assert_no_canary(helm);
}

fn an_operation_that_failed_is_undone_and_executed_when_it_comes_again(helm: &Helm) {
    let place = Place::new();
    let execute = |connection: &str, data: &Value| {
        install(helm, &place, &[], &protected(&place, connection, &format!("id-of-{connection}"), "create", data))
    };
    execute("one", &json!({"A": "1"})).expect(0);
    kubectl(&["create", "secret", "generic", "sc-two-secret", "-n", &place.shop, "--from-literal=THEIRS=1"]).expect(0);
    execute("two", &json!({"A": "2"})).expect(1);
    assert_eq!(helm.status(&place), ("deployed".to_owned(), 3));
    assert!(place.log().contains("connection two: SCJ2003 Secret "), "{}", place.log());
    assert!(place.log_of("sc-job-rollback").contains("connection one: already executed: "));
    assert_eq!(json!(secret_data(&place.shop, "sc-two-secret")), json!({"THEIRS": "1"}));

    kubectl(&["delete", "secret", "sc-two-secret", "-n", &place.shop]).expect(0);
    execute("two", &json!({"A": "2"})).expect(0);
    assert_eq!(json!(secret_data(&place.shop, "sc-two-secret")), json!({"A": "2"}));

    // Of the operation in the values the names are known, and of no earlier one.
    let protected = protected(&place, "two", "id-of-two", "create", &json!({"A": "2"}));
    install(helm, &place, &["uninstall.deletionPolicy=Delete".to_owned()], &protected).expect(0);
    let gone = helm.run(&place, &["uninstall", "sc-extension"]).expect(0);
    let said = format!("{}{}", gone.stdout, gone.stderr);
    assert!(said.contains(&format!("connection two: deleted Secret {}/sc-two-secret", place.shop)), "{said}");
    assert_eq!(json!(secret_data(&place.shop, "sc-one-secret")), json!({"A": "1"}));
}
