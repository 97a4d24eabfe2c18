//! `sc-job plan` and `sc-job check` against a cluster: what they show, and how they end.

use std::path::Path;

use serde_json::{Value, json};

use crate::common::kubernetes::{Place, get, kubectl, kubectl_with, version};
use crate::common::{CANARY, Outcome, run, sc_job};
use crate::{ONE, apply};

/// `sc-job COMMAND -f …` over values.
fn preview(place: &Place, command: &str, values: &str, more: &[&str]) -> Outcome {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), place.fill(values)).unwrap();
    preview_of(place, command, file.path(), more)
}

fn preview_of(place: &Place, command: &str, path: &Path, more: &[&str]) -> Outcome {
    let mut job = sc_job(&[command, "-f"]);
    run(job.arg(path).args(["-n", &place.system]).args(more), None)
}

const FOUR: &str = "connections:
  changed: {namespace: SHOP, data: {A: b}}
  edited: {namespace: SHOP, data: {A: b}}
  gone: {namespace: SHOP, data: {A: b}, deletionPolicy: Delete}
  same: {namespace: SHOP, data: {A: b}}
";

const AFTER: &str = "connections:
  changed: {namespace: SHOP, data: {A: c, B: d}}
  edited: {namespace: SHOP, data: {A: b}}
  foreign: {namespace: SHOP, data: {A: b}}
  gone: {namespace: SHOP, enabled: false, deletionPolicy: Delete}
  new: {namespace: SHOP, data: {A: b}}
  taken: {namespace: SHOP, data: {A: b}, adopt: true}
  same: {namespace: SHOP, data: {A: b}}
";

/// Something to say of every kind.
fn prepared() -> Place {
    let place = Place::installed();
    apply(&place, FOUR).expect(0);
    let patch = format!(r#"{{"stringData": {{"A": "{CANARY}"}}}}"#);
    let edit = ["patch", "secret", "sc-edited-secret", "-n", &place.shop, "--field-manager=kubectl-edit", "-p", &patch];
    kubectl(&edit).expect(0);
    for name in ["sc-foreign-secret", "sc-taken-secret"] {
        let value = format!("--from-literal=A={CANARY}");
        kubectl(&["create", "secret", "generic", name, "-n", &place.shop, &value]).expect(0);
    }
    place
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn plan_tells_each_change_to_come_by_its_keys_and_writes_nothing() {
    let place = prepared();
    let names = ["changed", "edited", "foreign", "gone", "taken", "same"].map(|name| format!("sc-{name}-secret"));
    let before = names.each_ref().map(|name| version(&place.shop, "secret", name));
    let summary = version(&place.system, "configmap", "sc-connections");

    let shown = preview(&place, "plan", AFTER, &[]).expect(79);
    let table = "\
change     Secret SHOP/sc-changed-secret  .data.A, .data.B
repair     Secret SHOP/sc-edited-secret   .data.A, changed by kubectl-edit
delete     Secret SHOP/sc-gone-secret
create     Secret SHOP/sc-new-secret      A
unchanged  Secret SHOP/sc-same-secret
adopt      Secret SHOP/sc-taken-secret    taken over from kubectl-create, replacing .data.A
refused: connection foreign: SCJ2003 Secret SHOP/sc-foreign-secret: it was not made by this release (managed by \
kubectl-create), and was left untouched. Remedy: give the connection its own secretName; or take it over with adopt: true; \
or, if nobody needs it, `kubectl delete secrets sc-foreign-secret -n SHOP` and run the same helm upgrade again
1 to create, 1 to change, 1 to repair, 1 to adopt, 1 to delete, 1 as declared, 1 refused
";
    assert_eq!(shown.stdout, place.fill(table));

    assert_eq!(names.each_ref().map(|name| version(&place.shop, "secret", name)), before);
    assert_eq!(get(&place.shop, "secret", "sc-new-secret"), None);
    assert_eq!(version(&place.system, "configmap", "sc-connections"), summary);
    let lease = get(&place.system, "lease", "sc-job").unwrap();
    assert_eq!(lease["spec"]["leaseTransitions"], 1, "only the run has taken the Lease");
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn check_tells_the_same_as_drift() {
    let place = prepared();
    let shown = preview(&place, "check", &AFTER.replace("  foreign: {namespace: SHOP, data: {A: b}}\n", ""), &[]);
    let table = "\
differs        Secret SHOP/sc-changed-secret  .data.A, .data.B
changed        Secret SHOP/sc-edited-secret   .data.A, changed by kubectl-edit
to be removed  Secret SHOP/sc-gone-secret
missing        Secret SHOP/sc-new-secret      A
in sync        Secret SHOP/sc-same-secret
foreign        Secret SHOP/sc-taken-secret    taken over from kubectl-create, replacing .data.A
1 missing, 1 other than in the values, 1 changed by others, 1 foreign, 1 to delete, 1 as declared
";
    assert_eq!(shown.expect(2).stdout, place.fill(table));
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn what_plan_says_in_json_is_what_the_next_run_does_and_after_it_there_is_no_difference() {
    let place = prepared();
    let values = AFTER.replace("  foreign: {namespace: SHOP, data: {A: b}}\n", "");
    let json: Value =
        serde_json::from_str(&preview(&place, "plan", &values, &["-o", "json"]).expect(2).stdout).unwrap();
    let objects = json["objects"].as_array().unwrap();
    let said: Vec<_> =
        objects.iter().map(|object| json!([object["name"], object["action"], object["state"]])).collect();
    assert_eq!(
        json!(said),
        json!([
            ["sc-changed-secret", "change", "differs"],
            ["sc-edited-secret", "repair", "edited"],
            ["sc-gone-secret", "delete", "leftover"],
            ["sc-new-secret", "create", "missing"],
            ["sc-same-secret", "none", "inSync"],
            ["sc-taken-secret", "adopt", "foreign"],
        ])
    );
    assert_eq!(
        objects[1],
        json!({
            "action": "repair", "state": "edited", "kind": "Secret", "namespace": place.shop, "name": "sc-edited-secret",
            "connections": ["edited"], "keys": ["A"], "fields": [".data.A"], "managers": ["kubectl-edit"],
        })
    );
    let done = apply(&place, &values).expect(0);
    let counts = "1 repaired, 1 deleted, 1 adopted, 1 created, 1 changed, 1 unchanged";
    assert!(done.last_line().ends_with(&format!("; objects: {counts}")), "{}", done.stderr);
    let after = preview(&place, "check", &values, &[]).expect(0).stdout;
    assert!(after.ends_with("5 as declared\n"), "{after}");
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn an_edit_is_told_also_in_the_second_of_the_last_run_and_a_key_that_somebody_added_is_none() {
    let place = Place::installed();
    apply(&place, ONE).expect(0);
    let changed = preview(&place, "plan", &ONE.replace("C: d", "C: e"), &[]).expect(2).stdout;
    assert!(changed.starts_with(&place.fill("change  Secret SHOP/sc-a-secret  .data.C\n")), "{changed}");
    let theirs = "{apiVersion: v1, kind: Secret, metadata: {name: sc-a-secret}, data: {THEIRS: eA==}}";
    let theirs_too = ["apply", "--server-side", "--field-manager=other", "-n", &place.shop, "-f", "-"];
    kubectl_with(&theirs_too, theirs).expect(0);
    preview(&place, "check", ONE, &[]).expect(0);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn the_input_that_the_chart_mounts_is_a_directory_of_shards() {
    let place = Place::installed();
    let folder = tempfile::tempdir().unwrap();
    let shard = |name: &str| json!({"connections": {name: {"namespace": place.shop, "data": {"A": "b"}}}}).to_string();
    std::fs::write(folder.path().join("000.json"), shard("a")).unwrap();
    std::fs::write(folder.path().join("001.json"), shard("b")).unwrap();
    let shown = preview_of(&place, "check", folder.path(), &[]).expect(2).stdout;
    assert!(shown.ends_with("2 missing\n"), "{shown}");
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn what_would_be_too_much_to_delete_is_refused_beforehand() {
    let place = Place::installed();
    apply(&place, FOUR).expect(0);
    let values = format!(
        "prune: {{maxDeletions: 0}}\n{}",
        AFTER.replace("  taken: {namespace: SHOP, data: {A: b}, adopt: true}\n", "")
    );
    let shown = preview(&place, "plan", &values, &[]).expect(79).stdout;
    assert!(
        shown.contains("\nrefused: SCJ2014 this run would delete 1 objects, and prune.maxDeletions is 0: "),
        "{shown}"
    );
    assert!(!shown.contains("delete     "), "{shown}");
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn faults_of_the_values_and_of_the_way_to_the_cluster_are_told_as_in_a_run() {
    let place = Place::installed();
    let told = preview(&place, "plan", "connections: {a: {namespace: SHOP, bogus: 1}}", &[]).expect(78);
    assert!(told.stderr.contains("SCJ1003 connections.a.bogus: "), "{}", told.stderr);
    let none = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(none.path(), place.fill(ONE)).unwrap();
    let told = run(sc_job(&["plan", "-f"]).arg(none.path()).env("KUBECONFIG", "/none"), None).expect(70);
    assert!(told.stderr.contains("SCJ5001 no way to the API server: "), "{}", told.stderr);
}
