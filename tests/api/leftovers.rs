//! What is left behind, as a person finds it, and what is known when the inventory is lost.

use serde_json::{Value, json};

use crate::common::kubernetes::{Place, get, kubectl};
use crate::common::{Outcome, run, sc_job};
use crate::{ONE, apply};

const TWO: &str = "connections: {a: {namespace: SHOP, data: {A: b}}, z: {namespace: SHOP, data: {A: b}}}";

const Z: &str = "connections: {z: {namespace: SHOP, data: {A: b}}}";

/// `sc-job COMMAND -f …` over values.
fn preview(place: &Place, command: &str, values: &str) -> Outcome {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), place.fill(values)).unwrap();
    run(sc_job(&[command, "-f"]).arg(file.path()).args(["-n", &place.system]), None)
}

/// An entry of the summary.
fn summary(place: &Place, key: &str) -> Option<String> {
    get(&place.system, "configmap", "sc-connections").unwrap()["data"][key].as_str().map(str::to_owned)
}

/// The entries of `_retained`.
fn retained(place: &Place) -> Value {
    summary(place, "_retained").map_or(json!([]), |text| serde_yaml::from_str(&text).unwrap())
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn what_is_left_behind_is_listed_with_the_command_that_deletes_it() {
    let place = Place::installed();
    apply(&place, TWO).expect(0);
    let left = apply(&place, Z).expect(0);
    let told = format!(" INFO left behind, as last recorded: Secret {}/sc-a-secret (a). ", place.shop);
    assert!(left.stderr.contains(&told), "{}", left.stderr);
    assert!(left.last_line().ends_with("; 1 left behind, listed in ConfigMap sc-connections"), "{}", left.stderr);
    let delete = retained(&place)[0]["delete"].as_str().unwrap().to_owned();
    assert_eq!(
        delete,
        place.fill(
            "kubectl delete secrets -n SHOP --field-selector metadata.name=sc-a-secret -l \
             sc-extension/release=sc-extension,sc-extension/release-namespace=SYSTEM"
        )
    );
    kubectl(&delete.split(' ').skip(1).collect::<Vec<_>>()).expect(0);
    assert_eq!(get(&place.shop, "secret", "sc-a-secret"), None);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn check_shows_only_what_is_still_left_behind_and_plan_what_the_run_will_tell() {
    let place = Place::installed();
    apply(&place, TWO).expect(0);
    apply(&place, Z).expect(0);
    let row = place.fill("left behind  Secret SHOP/sc-a-secret  as last recorded; of a\n");
    let shown = |command| preview(&place, command, Z).expect(0).stdout;
    assert!(shown("check").contains(&row) && shown("plan").contains(&row), "{}", shown("check"));
    kubectl(&["delete", "secret", "sc-a-secret", "-n", &place.shop]).expect(0);
    assert!(!shown("check").contains("left behind") && shown("plan").contains(&row), "{}", shown("check"));
    // what somebody else has made under the name since is none of ours
    kubectl(&["create", "secret", "generic", "sc-a-secret", "-n", &place.shop, "--from-literal=THEIRS=1"]).expect(0);
    assert!(!shown("check").contains("left behind"), "{}", shown("check"));
}

/// With the policy that gives the job the right to look everywhere.
const ALL: &str = "rbac: {scope: cluster}
deletionPolicy: Delete
connections:
  a: {namespace: SHOP, enabled: false, deletionPolicy: Retain}
  z: {namespace: WAREHOUSE, data: {A: b}}
";

#[test]
#[ignore = "needs an API server: scripts/test"]
fn where_the_job_may_look_it_forgets_what_is_gone() {
    let place = Place::installed();
    apply(&place, TWO).expect(0);
    assert!(apply(&place, ALL).expect(0).stderr.contains("left behind"));
    kubectl(&["delete", "secret", "sc-a-secret", "-n", &place.shop]).expect(0);
    let after = apply(&place, ALL).expect(0);
    assert!(!after.stderr.contains("left behind"), "{}", after.stderr);
    assert_eq!(retained(&place), json!([]));
    let inventory = get(&place.system, "configmap", "sc-connections-0").unwrap();
    assert!(!inventory["data"]["objects"].as_str().unwrap().contains("sc-a-secret"), "it is forgotten");
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn what_was_left_behind_goes_with_its_namespace_whatever_else_is_declared_there() {
    let place = Place::installed();
    apply(&place, TWO).expect(0);
    let values = ALL.replace("WAREHOUSE", "SHOP");
    assert!(apply(&place, &values).expect(0).stderr.contains("left behind"));
    // here no controller finishes the deletion of a namespace: another one stands for it, which was never there
    let inventory = get(&place.system, "configmap", "sc-connections-0").unwrap();
    let objects = inventory["data"]["objects"].as_str().unwrap().replace(&place.shop, "vanished");
    let edited = json!({"data": {"objects": objects}}).to_string();
    kubectl(&["patch", "configmap", "sc-connections-0", "-n", &place.system, "-p", &edited]).expect(0);
    let after = apply(&place, &values.replace("SHOP", "vanished")).expect(79);
    assert!(after.stderr.contains("SCJ2001 ") && !after.stderr.contains("left behind"), "{}", after.stderr);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn of_what_was_adopted_it_is_told_how_to_take_our_part_out() {
    let place = Place::installed();
    kubectl(&["create", "secret", "generic", "sc-a-secret", "-n", &place.shop, "--from-literal=THEIRS=1"]).expect(0);
    apply(&place, "connections: {a: {namespace: SHOP, adopt: true, data: {A: b}}}").expect(0);
    apply(&place, Z).expect(0);
    assert_eq!(
        retained(&place),
        json!([{
            "object": format!("Secret {}/sc-a-secret", place.shop),
            "connections": ["a"],
            "why": "the connection is not declared any more",
            "withdraw": "others had made it before, so that it is not deleted; to take out of it what is this release's, declare a connection that names it with enabled: false and deletionPolicy: Delete",
        }])
    );
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_lost_inventory_is_told_and_begun_anew() {
    let place = Place::installed();
    let first = apply(&place, ONE).expect(0);
    assert!(!first.stderr.contains(" WARN "), "{}", first.stderr);
    kubectl(&["delete", "configmap", "sc-connections-0", "-n", &place.system]).expect(0);
    let planned = preview(&place, "plan", ONE).expect(0);
    let second = apply(&place, ONE).expect(0);
    let told = " WARN ConfigMap sc-connections-0 is not there, though an earlier run has left its outcome: what connections have made \
                that are not declared any more is not known, and is neither listed nor removed\n";
    assert!(planned.stderr.contains(told), "{}", planned.stderr);
    assert!(second.stderr.contains(told), "{}", second.stderr);
    assert!(!apply(&place, ONE).expect(0).stderr.contains(" WARN "));
    assert!(get(&place.system, "configmap", "sc-connections-0").is_some());
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_release_that_has_made_nothing_has_lost_nothing() {
    let place = Place::installed();
    apply(&place, "connections: {}").expect(0);
    let second = apply(&place, "connections: {}").expect(0);
    assert!(!second.stderr.contains(" WARN "), "{}", second.stderr);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn under_the_brake_what_would_go_is_held_back_and_all_else_is_done() {
    let place = Place::installed();
    apply(&place, TWO).expect(0);
    let values = "prune: {maxDeletions: 0}
connections:
  a: {namespace: SHOP, enabled: false, deletionPolicy: Delete}
  gone: {namespace: SHOP, enabled: false, deletionPolicy: Delete}
  z: {namespace: SHOP, data: {A: b}}
";
    let planned = preview(&place, "plan", values).expect(79).stdout;
    assert!(
        planned.contains(&place.fill("held back  Secret SHOP/sc-a-secret  too much would be removed\n")),
        "{planned}"
    );
    assert!(planned.ends_with("\n1 as declared, 1 held back, 1 refused\n"), "{planned}");
    let held = apply(&place, values).expect(79);
    let told = place.fill(
        "failed (exit 79): 1 of 1 connections ready; 1 of 2 removed; 1 held back; objects: 1 already gone, 1 unchanged. SCJ2014 this run would \
         delete 1 objects, and prune.maxDeletions is 0: none of it was done (Secret SHOP/sc-a-secret). Remedy: ",
    );
    assert!(held.last_line().contains(&told), "{}", held.stderr);
    assert!(!held.stderr.contains("not finished"), "{}", held.stderr);
    let line = " WARN connection a: held back, as this run would remove too much\n";
    assert!(held.stderr.contains(line), "{}", held.stderr);
    assert!(summary(&place, "a").unwrap().starts_with("outcome: held back\n"));
    assert!(summary(&place, "gone").unwrap().starts_with("outcome: removed\n"));
    assert!(get(&place.shop, "secret", "sc-a-secret").is_some());
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn of_what_is_held_back_the_log_tells_what_was_found_of_the_rest() {
    let place = Place::installed();
    apply(&place, ONE).expect(0);
    let values = "prune: {maxDeletions: 0}
connections:
  a:
    namespace: SHOP
    enabled: false
    deletionPolicy: Delete
    target: storage-blob
    auth: workload-identity
    parameters: {account: store1, clientId: 0a0b0c0d-0000-4000-8000-000000000001}
";
    let held = apply(&place, values).expect(79);
    let line = place.fill(
        " WARN connection a: held back, as this run would remove too much. Done nevertheless: ServiceAccount \
         SHOP/sc-account-0a0b0c0d-0000-4000-8000-000000000001 is already gone\n",
    );
    assert!(held.stderr.contains(&line), "{}", held.stderr);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn what_a_connection_was_to_leave_is_not_left_behind_as_long_as_its_move_fails() {
    let place = Place::installed();
    apply(&place, ONE).expect(0);
    let moved = "connections: {a: {namespace: SHOP-none, data: {A: b, C: d}}}";
    let planned = preview(&place, "plan", moved).expect(79).stdout;
    assert!(!planned.contains("left behind"), "{planned}");
    let failed = apply(&place, moved).expect(79);
    assert!(failed.stderr.contains("connection a: SCJ2001 "), "{}", failed.stderr);
    assert!(!failed.stderr.contains("left behind"), "{}", failed.stderr);
    assert_eq!(retained(&place), json!([]));
    kubectl(&["create", "namespace", &place.fill("SHOP-none")]).expect(0);
    let done = apply(&place, moved).expect(0);
    assert!(done.last_line().ends_with("; 1 left behind, listed in ConfigMap sc-connections"), "{}", done.stderr);
    assert_eq!(retained(&place)[0]["why"], "the connection has other objects now");
}
