//! Operations of the four settings: each is executed once, and touches nothing but its connection.

use serde_json::{Value, json};

use crate::apply;
use crate::common::kubernetes::{Place, get, kubectl, secret_data, version};
use crate::common::operation::{secret, settings};
use crate::common::{CANARY, Outcome, run, sc_job};

const DECLARED: &str = "{own: {namespace: SHOP, data: {A: b}}}";

/// A run over one operation, beside a connection that the values declare.
fn execute(place: &Place, operation: &Value, further: &Value) -> Outcome {
    let mut values = operation.clone();
    values["connections"] = serde_yaml::from_str(&place.fill(DECLARED)).unwrap();
    values.as_object_mut().unwrap().extend(further.as_object().cloned().unwrap_or_default());
    apply(place, &values.to_string())
}

fn of(place: &Place, connection: &str, id: &str, verb: &str, data: &Value) -> Value {
    settings(connection, id, verb, &secret(connection, &place.shop, data))
}

fn summary(place: &Place) -> Value {
    get(&place.system, "configmap", "sc-connections").unwrap()["data"].clone()
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn an_operation_is_executed_once_and_a_replay_changes_nothing() {
    let place = Place::installed();
    let none = Value::Null;
    let first = of(&place, "db", "id-1", "create", &json!({"PASSWORD": CANARY, "A": "1"}));
    let done = execute(&place, &first, &none).expect(0);
    let created = format!("connection db: created Secret {}/sc-db-secret (A, PASSWORD)", place.shop);
    assert!(done.stderr.contains(&created), "{}", done.stderr);
    assert!(done.last_line().ends_with(" 2 of 2 connections ready; objects: 2 created"), "{}", done.stderr);

    let second = of(&place, "db", "id-2", "update", &json!({"A": "2"}));
    execute(&place, &second, &none).expect(0);
    assert_eq!(json!(secret_data(&place.shop, "sc-db-secret")), json!({"A": "2"}));
    let before = version(&place.shop, "secret", "sc-db-secret");

    // What a rollback brings back.
    let replayed = execute(&place, &first, &none).expect(0);
    let told = " INFO connection db: already executed: create with correlationid id-1; another one takes another correlationid\n";
    assert!(replayed.stderr.contains(told), "{}", replayed.stderr);
    assert!(
        replayed.last_line().ends_with(" 1 of 1 connections ready; 1 executed earlier; objects: 1 unchanged"),
        "{}",
        replayed.stderr
    );
    assert_eq!(version(&place.shop, "secret", "sc-db-secret"), before);
    let entry: Value = serde_yaml::from_str(summary(&place)["db"].as_str().unwrap()).unwrap();
    assert_eq!(entry, json!({"outcome": "executed earlier", "namespace": place.shop, "secret": "sc-db-secret"}));

    let again = of(&place, "db", "id-3", "create", &json!({"A": "1"}));
    execute(&place, &again, &none).expect(0);
    assert_eq!(json!(secret_data(&place.shop, "sc-db-secret")), json!({"A": "1"}));
    let inventory = get(&place.system, "configmap", "sc-connections-0").unwrap();
    crate::common::assert_no_canary("the inventory", &inventory.to_string());
    let ids = inventory["data"]["objects"].as_str().unwrap().lines().filter(|line| line.contains("executed"));
    assert_eq!(
        ids.collect::<Vec<_>>(),
        [
            r#"{"executed":"id-1","operation":"create","connection":"db"}"#,
            r#"{"executed":"id-2","operation":"update","connection":"db"}"#,
            r#"{"executed":"id-3","operation":"create","connection":"db"}"#,
        ]
    );
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn what_operations_have_made_stays_declared_in_scope_cluster_too_until_one_deletes_it() {
    let place = Place::installed();
    let all = json!({"rbac": {"scope": "cluster"}, "deletionPolicy": "Delete"});
    execute(&place, &of(&place, "one", "id-1", "create", &json!({"A": "1"})), &all).expect(0);
    execute(&place, &of(&place, "two", "id-2", "create", &json!({"A": "2"})), &all).expect(0);
    // No operation in the values at all.
    let alone = execute(&place, &json!({}), &all).expect(0);
    assert!(!alone.stderr.contains("left behind"), "{}", alone.stderr);
    assert!(alone.last_line().contains(" 1 of 1 connections ready; 2 executed earlier; "), "{}", alone.stderr);
    for name in ["sc-one-secret", "sc-two-secret", "sc-own-secret"] {
        assert!(get(&place.shop, "secret", name).is_some(), "{name}");
    }

    let deletion = of(&place, "one", "id-4", "delete", &Value::Null);
    let gone = execute(&place, &deletion, &all).expect(0);
    assert!(
        gone.stderr.contains(&format!("connection one: deleted Secret {}/sc-one-secret", place.shop)),
        "{}",
        gone.stderr
    );
    assert_eq!(get(&place.shop, "secret", "sc-one-secret"), None);
    assert!(get(&place.shop, "secret", "sc-two-secret").is_some());
    execute(&place, &deletion, &all).expect(0);
    assert_eq!(summary(&place).as_object().unwrap().keys().collect::<Vec<_>>(), ["_summary", "own", "two"]);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_deletion_with_retain_leaves_the_objects_and_lists_them() {
    let place = Place::installed();
    execute(&place, &of(&place, "one", "id-1", "create", &json!({"A": "1"})), &Value::Null).expect(0);
    let deletion = of(&place, "one", "id-2", "delete", &Value::Null);
    for _ in 0..2 {
        let left = execute(&place, &deletion, &Value::Null).expect(0);
        let told = format!("left behind, as last recorded: Secret {}/sc-one-secret (one)", place.shop);
        assert!(left.stderr.contains(&told), "{}", left.stderr);
    }
    assert_eq!(json!(secret_data(&place.shop, "sc-one-secret")), json!({"A": "1"}));
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn what_failed_is_not_recorded_and_is_executed_once_it_can_be() {
    let place = Place::installed();
    kubectl(&["create", "secret", "generic", "sc-db-secret", "-n", &place.shop, "--from-literal=THEIRS=1"]).expect(0);
    let operation = of(&place, "db", "id-1", "create", &json!({"A": "1"}));
    let refused = execute(&place, &operation, &Value::Null).expect(79);
    let told = place.fill(
        "connection db: SCJ2003 Secret SHOP/sc-db-secret: it was not made by this release (managed by kubectl-create), and was \
         left untouched. Remedy: if nobody needs it, `kubectl delete secrets sc-db-secret -n SHOP` and run the same helm upgrade \
         again; an operation takes nothing over: in `connections` the connection may, with adopt: true\n",
    );
    assert!(refused.stderr.contains(&told), "{}", refused.stderr);
    kubectl(&["delete", "secret", "sc-db-secret", "-n", &place.shop]).expect(0);
    execute(&place, &operation, &Value::Null).expect(0);
    assert_eq!(json!(secret_data(&place.shop, "sc-db-secret")), json!({"A": "1"}));
}

/// As a rollback would bring it back.
#[test]
#[ignore = "needs an API server: scripts/test"]
fn what_failed_does_not_undo_what_was_executed_in_its_stead() {
    let place = Place::installed();
    kubectl(&["create", "secret", "generic", "sc-db-secret", "-n", &place.shop, "--from-literal=THEIRS=1"]).expect(0);
    let failed = of(&place, "db", "id-1", "create", &json!({"A": "old"}));
    execute(&place, &failed, &Value::Null).expect(79);
    kubectl(&["delete", "secret", "sc-db-secret", "-n", &place.shop]).expect(0);
    execute(&place, &of(&place, "db", "id-2", "create", &json!({"A": "new"})), &Value::Null).expect(0);
    let again = execute(&place, &failed, &Value::Null).expect(79);
    let told = "connection db: SCJ1008 correlationid: is that of an operation which was begun before another one of connection db \
                was executed (create with correlationid id-2), and would undo that one. ";
    assert!(again.stderr.contains(told), "{}", again.stderr);
    assert_eq!(json!(secret_data(&place.shop, "sc-db-secret")), json!({"A": "new"}));
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn an_operation_takes_neither_the_id_nor_the_object_of_another_one() {
    let place = Place::installed();
    execute(&place, &of(&place, "db", "id-1", "create", &json!({"A": "1"})), &Value::Null).expect(0);
    let reused = execute(&place, &of(&place, "other", "id-1", "create", &json!({"A": "1"})), &Value::Null).expect(79);
    let told = "connection other: SCJ1008 correlationid: is that of another operation, which was executed: create of connection db. ";
    assert!(reused.stderr.contains(told), "{}", reused.stderr);
    // Letters and digits are the same.
    for (verb, exit) in [("create", 79), ("delete", 0)] {
        let resources = secret("db", &place.shop, &json!({"A": "2"}));
        let same = settings("d_b", &format!("id-{verb}"), verb, &resources);
        let answered = execute(&place, &same, &json!({"deletionPolicy": "Delete"})).expect(exit);
        let told = format!("connection d_b: SCJ1009 Secret {}/sc-db-secret: it is that of connection db, ", place.shop);
        assert_eq!(answered.stderr.contains(&told), verb == "create", "{}", answered.stderr);
    }
    assert_eq!(json!(secret_data(&place.shop, "sc-db-secret")), json!({"A": "1"}));
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn what_connections_declares_is_its_own_from_then_on() {
    let place = Place::installed();
    execute(&place, &of(&place, "db", "id-1", "create", &json!({"A": "1"})), &Value::Null).expect(0);
    apply(&place, "connections: {db: {namespace: SHOP, data: {A: '3'}}}").expect(0);
    assert_eq!(json!(secret_data(&place.shop, "sc-db-secret")), json!({"A": "3"}));
    let left = apply(&place, "connections: {}").expect(0);
    assert!(left.stderr.contains(&format!("Secret {}/sc-db-secret (db)", place.shop)), "{}", left.stderr);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn plan_shows_an_operation_that_is_due_and_none_that_was_executed() {
    let place = Place::installed();
    let operation = of(&place, "db", "id-1", "create", &json!({"A": CANARY}));
    let plan = |exit| {
        let args = ["plan", "-f", "-", "--namespace", &place.system];
        run(&mut sc_job(&args), Some(&operation.to_string())).expect(exit)
    };
    let shown = plan(2);
    assert!(shown.stdout.contains(&format!("create  Secret {}/sc-db-secret", place.shop)), "{}", shown.stdout);
    apply(&place, &operation.to_string()).expect(0);
    kubectl(&["delete", "secret", "sc-db-secret", "-n", &place.shop]).expect(0);
    let replayed = plan(0);
    assert!(
        replayed.stderr.contains("connection db: already executed: create with correlationid id-1"),
        "{}",
        replayed.stderr
    );
}
