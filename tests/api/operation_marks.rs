//! The objects of operations: they say themselves what has made them, whatever the inventory says.

use serde_json::{Value, json};

use crate::apply;
use crate::common::kubernetes::{Place, get, kubectl, secret_data};
use crate::common::operation::{secret, settings};
use crate::common::{Outcome, run, sc_job};

const DECLARED: &str = "{own: {namespace: SHOP, data: {A: b}}}";

/// The values of a release that may delete everything, with one operation or none.
fn values(place: &Place, operation: &Value) -> String {
    let mut values = operation.clone();
    values["connections"] = serde_yaml::from_str(&place.fill(DECLARED)).unwrap();
    values["rbac"] = json!({"scope": "cluster"});
    values["deletionPolicy"] = "Delete".into();
    values.to_string()
}

fn of(namespace: &str, id: &str, verb: &str, data: &Value) -> Value {
    settings("db", id, verb, &secret("db", namespace, data))
}

fn annotations(namespace: &str) -> Value {
    get(namespace, "secret", "sc-db-secret").unwrap()["metadata"]["annotations"].clone()
}

/// The inventory as a version leaves it that knows no operations.
fn forget_operations(place: &Place) {
    let inventory = get(&place.system, "configmap", "sc-connections-0").unwrap();
    let objects = inventory["data"]["objects"].as_str().unwrap().replace(",\"byOperation\":true", "");
    let edited = json!({"data": {"objects": objects}}).to_string();
    kubectl(&["patch", "configmap", "sc-connections-0", "-n", &place.system, "-p", &edited]).expect(0);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn an_object_bears_the_mark_of_an_operation_until_connections_has_it() {
    let place = Place::installed();
    apply(&place, &of(&place.shop, "id-1", "create", &json!({"A": "1"})).to_string()).expect(0);
    assert_eq!(annotations(&place.shop), json!({"sc-extension/by-operation": "true"}));
    apply(&place, &of(&place.shop, "id-2", "update", &json!({"A": "2"})).to_string()).expect(0);
    assert_eq!(annotations(&place.shop), json!({"sc-extension/by-operation": "true"}));
    apply(&place, "connections: {db: {namespace: SHOP, data: {A: '2'}}}").expect(0);
    assert_eq!(annotations(&place.shop), Value::Null);
    // From then on the values say what becomes of it.
    let left_out = apply(&place, &values(&place, &json!({}))).expect(0);
    assert!(left_out.stderr.contains("connection db: deleted Secret "), "{}", left_out.stderr);
}

fn listed(place: &Place) -> Value {
    let summary = get(&place.system, "configmap", "sc-connections").unwrap();
    summary["data"]["_retained"].as_str().map_or(Value::Null, |text| serde_yaml::from_str(text).unwrap())
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn what_bears_the_mark_of_an_operation_stays_though_the_inventory_does_not_say_so() {
    let place = Place::installed();
    let alone = values(&place, &json!({}));
    apply(&place, &values(&place, &of(&place.shop, "id-1", "create", &json!({"A": "1"})))).expect(0);
    forget_operations(&place);
    let plan = |values: &str| -> Outcome {
        run(&mut sc_job(&["plan", "-f", "-", "--namespace", &place.system]), Some(values)).expect(0)
    };
    let row = place.fill("left behind  Secret SHOP/sc-db-secret   as last recorded; of db\n");
    let shown = plan(&alone);
    assert!(shown.stdout.contains(&row), "{}", shown.stdout);
    for _ in 0..2 {
        let kept = apply(&place, &alone).expect(0);
        assert!(
            kept.last_line().ends_with(
                "1 of 1 connections ready; objects: 1 unchanged; 1 left behind, listed in ConfigMap sc-connections"
            ),
            "{}",
            kept.stderr
        );
        assert_eq!(listed(&place)[0]["why"], "an operation has made it, and none has deleted it");
    }
    assert_eq!(json!(secret_data(&place.shop, "sc-db-secret")), json!({"A": "1"}));
    let deleted = apply(&place, &values(&place, &of(&place.shop, "id-2", "delete", &Value::Null))).expect(0);
    assert!(deleted.stderr.contains("connection db: deleted Secret "), "{}", deleted.stderr);
    assert_eq!(get(&place.shop, "secret", "sc-db-secret"), None);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn what_an_operation_moves_away_from_goes_where_the_release_may_delete_everything_and_else_is_left_behind() {
    let place = Place::installed();
    let shop = |id| of(&place.shop, id, "create", &json!({"A": "1"}));
    let warehouse = |id| of(&place.warehouse, id, "update", &json!({"A": "2"}));
    apply(&place, &values(&place, &shop("id-1"))).expect(0);
    let moved = apply(&place, &values(&place, &warehouse("id-2"))).expect(0);
    let told = "connection db: deleted Secret SHOP/sc-db-secret, created Secret WAREHOUSE/sc-db-secret (A)\n";
    assert!(moved.stderr.contains(&place.fill(told)), "{}", moved.stderr);
    assert_eq!(get(&place.shop, "secret", "sc-db-secret"), None);
    assert_eq!(json!(secret_data(&place.warehouse, "sc-db-secret")), json!({"A": "2"}));

    // Back, with rights on its own objects alone.
    apply(&place, &shop("id-3").to_string()).expect(0);
    let told = place
        .fill("left behind, as last recorded: Secret SHOP/sc-own-secret (own), Secret WAREHOUSE/sc-db-secret (db). ");
    let again = apply(&place, &shop("id-3").to_string()).expect(0);
    assert!(again.stderr.contains(&told), "{}", again.stderr);
    // It bears the mark still, and is not deleted because nothing names it.
    apply(&place, &values(&place, &json!({}))).expect(0);
    assert_eq!(listed(&place)[0]["object"], place.fill("Secret WAREHOUSE/sc-db-secret"));
    assert_eq!(json!(secret_data(&place.shop, "sc-db-secret")), json!({"A": "1"}));
    let of_old_place = of(&place.warehouse, "id-4", "delete", &Value::Null);
    let deleted = apply(&place, &values(&place, &of_old_place)).expect(0);
    assert!(deleted.stderr.contains(&place.fill("deleted Secret WAREHOUSE/sc-db-secret")), "{}", deleted.stderr);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_move_of_which_the_brake_holds_the_old_object_back_is_not_recorded_as_executed() {
    let place = Place::installed();
    apply(&place, &values(&place, &of(&place.shop, "id-1", "create", &json!({"A": "1"})))).expect(0);
    let relocation = values(&place, &of(&place.warehouse, "id-2", "update", &json!({"A": "2"})));
    let mut braked: Value = serde_json::from_str(&relocation).unwrap();
    braked["prune"] = json!({"maxDeletions": 0});
    let held = apply(&place, &braked.to_string()).expect(79);
    assert!(held.last_line().contains(" SCJ2014 this run would delete 1 objects, "), "{}", held.stderr);
    assert_eq!(json!(secret_data(&place.warehouse, "sc-db-secret")), json!({"A": "2"}));
    assert!(get(&place.shop, "secret", "sc-db-secret").is_some());
    let gone = apply(&place, &relocation).expect(0);
    let told = "connection db: deleted Secret SHOP/sc-db-secret, unchanged Secret WAREHOUSE/sc-db-secret (A)\n";
    assert!(gone.stderr.contains(&place.fill(told)), "{}", gone.stderr);
    let replayed = apply(&place, &relocation).expect(0);
    assert!(replayed.stderr.contains("connection db: already executed: update with"), "{}", replayed.stderr);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_deletion_that_the_brake_holds_back_is_not_recorded_and_is_done_once_it_is_allowed() {
    let place = Place::installed();
    apply(&place, &values(&place, &of(&place.shop, "id-1", "create", &json!({"A": "1"})))).expect(0);
    let mut braked: Value =
        serde_json::from_str(&values(&place, &of(&place.shop, "id-2", "delete", &Value::Null))).unwrap();
    braked["prune"] = json!({"maxDeletions": 0});
    let held = apply(&place, &braked.to_string()).expect(79);
    assert!(held.last_line().contains("1 of 1 connections ready; 0 of 1 removed; 1 held back; "), "{}", held.stderr);
    assert!(held.last_line().contains(" SCJ2014 this run would delete 1 objects, "), "{}", held.stderr);
    assert_eq!(json!(secret_data(&place.shop, "sc-db-secret")), json!({"A": "1"}));
    braked["prune"] = json!({"maxDeletions": 1});
    let gone = apply(&place, &braked.to_string()).expect(0);
    assert!(gone.stderr.contains("connection db: deleted Secret "), "{}", gone.stderr);
    let replayed = apply(&place, &braked.to_string()).expect(0);
    assert!(
        replayed.stderr.contains("connection db: already executed: delete with correlationid id-2; "),
        "{}",
        replayed.stderr
    );
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_deletion_leaves_what_others_have_in_the_object_and_takes_the_mark_away() {
    let place = Place::installed();
    apply(&place, &values(&place, &of(&place.shop, "id-1", "create", &json!({"A": "1"})))).expect(0);
    let theirs = json!({"stringData": {"THEIRS": "1"}, "metadata": {"annotations": {"theirs": "1"}}}).to_string();
    kubectl(&["patch", "secret", "sc-db-secret", "-n", &place.shop, "-p", &theirs]).expect(0);
    let deleted = apply(&place, &values(&place, &of(&place.shop, "id-2", "delete", &Value::Null))).expect(0);
    assert!(deleted.stderr.contains("connection db: took its own fields out of Secret "), "{}", deleted.stderr);
    assert_eq!(json!(secret_data(&place.shop, "sc-db-secret")), json!({"THEIRS": "1"}));
    assert_eq!(annotations(&place.shop), json!({"theirs": "1"}));
    let after = apply(&place, &values(&place, &json!({}))).expect(0);
    assert!(!after.stderr.contains("left behind"), "{}", after.stderr);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn an_operation_on_a_class_makes_it_beside_the_secret_and_deletes_both() {
    let place = Place::installed();
    let crd = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/secretproviderclasses.crd.yaml");
    kubectl(&["apply", "--server-side", "-f", crd]).expect(0);
    let crd = "crd/secretproviderclasses.secrets-store.csi.x-k8s.io";
    kubectl(&["wait", crd, "--for=condition=Established", "--timeout=60s"]).expect(0);
    let guid = "0a0b0c0d-0000-4000-8000-00000000000f";
    let of_class = |id: &str, verb: &str, objects: Value| {
        let mut resources = secret("db", &place.shop, &json!({"A": "1"}));
        resources["secretProviderClass"] = json!({
            "userMIClientId": guid, "keyvaultName": "myvault", "keyvaultTenantId": guid, "keyvaultSecrets": objects,
        });
        values(&place, &settings("db", id, verb, &resources))
    };
    let class = || get(&place.shop, "secretproviderclass", "sc-db-secretprovider");
    let created = of_class("id-1", "create", json!({"PASSWORD": "db-password"}));
    let planned = run(&mut sc_job(&["plan", "-f", "-", "--namespace", &place.system]), Some(&created)).expect(2);
    let row = place.fill("create  SecretProviderClass SHOP/sc-db-secretprovider\n");
    assert!(planned.stdout.contains(&row), "{}", planned.stdout);
    let done = apply(&place, &created).expect(0);
    let told =
        "connection db: created SecretProviderClass SHOP/sc-db-secretprovider, created Secret SHOP/sc-db-secret (A)\n";
    assert!(done.stderr.contains(&place.fill(told)), "{}", done.stderr);
    let made = class().unwrap();
    assert_eq!(made["metadata"]["annotations"], json!({"sc-extension/by-operation": "true"}));
    let synced = |class: &Value| class["spec"]["secretObjects"][0].clone();
    assert_eq!(
        synced(&made),
        json!({
            "secretName": "sc-db-csi-secret", "type": "Opaque",
            "data": [{"objectName": "db-password", "key": "PASSWORD"}],
        })
    );
    apply(&place, &of_class("id-2", "update", json!({"PASSWORD": "other"}))).expect(0);
    assert_eq!(synced(&class().unwrap())["data"], json!([{"objectName": "other", "key": "PASSWORD"}]));
    // No operation in the values: both are there until one deletes them.
    let earlier = apply(&place, &values(&place, &json!({}))).expect(0);
    assert!(!earlier.stderr.contains("left behind") && class().is_some(), "{}", earlier.stderr);
    let deleted = apply(&place, &of_class("id-3", "delete", json!({}))).expect(0);
    assert!(deleted.last_line().contains(" 1 of 1 removed; objects: 2 deleted, 1 unchanged"), "{}", deleted.stderr);
    assert_eq!((class(), get(&place.shop, "secret", "sc-db-secret")), (None, None));
}
