//! Operations whose record is refused: none is executed of which no later run could know, and one that was executed and
//! not recorded is told.

use serde_json::{Value, json};

use crate::apply;
use crate::common::kubernetes::{Place, eventually, get, kubectl, kubectl_with, secret_data, version};
use crate::common::operation::{secret, settings};
use crate::common::{run, run_unchecked, sc_job};

/// A policy for the ConfigMaps of the release namespace. It goes with the place.
struct Policy<'a> {
    place: &'a Place,
    name: String,
}

impl<'a> Policy<'a> {
    /// What does not satisfy `rule` is refused from now on.
    fn of(place: &'a Place, rule: &str) -> Self {
        let policy = Self { place, name: format!("sc-job.{}.sc-extension", place.system) };
        let rule = format!("object.metadata.name != 'probe' && ({rule})");
        let rules = json!([{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"], "resources": ["configmaps"]}]);
        let selector = json!({"matchLabels": {"kubernetes.io/metadata.name": place.system}});
        let of = |kind: &str, spec: Value| {
            let metadata = json!({"name": policy.name});
            json!({"apiVersion": "admissionregistration.k8s.io/v1", "kind": kind, "metadata": metadata, "spec": spec})
        };
        let constraints = json!({"namespaceSelector": selector, "resourceRules": rules});
        let validations = json!([{"expression": rule, "message": "not now"}]);
        let items = [
            of("ValidatingAdmissionPolicy", json!({"matchConstraints": constraints, "validations": validations})),
            of("ValidatingAdmissionPolicyBinding", json!({"policyName": policy.name, "validationActions": ["Deny"]})),
        ];
        let list = json!({"apiVersion": "v1", "kind": "List", "items": items});
        kubectl_with(&["create", "-f", "-"], &list.to_string()).expect(0);
        eventually("the policy", || policy.is_in_force());
        policy
    }

    fn is_in_force(&self) -> bool {
        let args = ["create", "configmap", "probe", "-n", &self.place.system, "--dry-run=server"];
        run_unchecked(std::process::Command::new("kubectl").args(args), None).code != 0
    }

    fn lift(self) {
        kubectl(&["delete", "validatingadmissionpolicybinding", &self.name]).expect(0);
        eventually("the end of the policy", || !self.is_in_force());
    }
}

/// An operation beside a connection of the values.
fn operation(place: &Place, id: &str, verb: &str, data: &Value) -> String {
    let mut values = settings("db", id, verb, &secret("db", &place.shop, data));
    values["connections"] = json!({"own": {"namespace": place.shop, "data": {"ID": id}}});
    values["deletionPolicy"] = "Delete".into();
    values.to_string()
}

fn executions(place: &Place) -> Vec<String> {
    let inventory = get(&place.system, "configmap", "sc-connections-0").unwrap();
    let lines = inventory["data"]["objects"].as_str().unwrap_or_default().lines().map(str::to_owned);
    lines.filter(|line| line.contains("\"operation\"")).collect()
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn an_operation_that_cannot_be_recorded_to_begin_is_not_executed_and_all_else_is_done() {
    let place = Place::installed();
    apply(&place, &operation(&place, "id-1", "create", &json!({"A": "1"}))).expect(0);
    let before = version(&place.shop, "secret", "sc-db-secret");
    let policy = Policy::of(&place, "!object.metadata.name.startsWith('sc-connections-')");
    // nothing else of the inventory would have to be written for any of them
    for verb in ["update", "delete"] {
        let data = if verb == "delete" { Value::Null } else { json!({"A": "2"}) };
        let due = operation(&place, "id-2", verb, &data);
        let planned = run(&mut sc_job(&["plan", "-f", "-", "-n", &place.system]), Some(&due)).expect(79);
        let foretold =
            "refused: connection db: SCJ2015 correlationid: that the operation begins could not be recorded, ";
        assert!(planned.stdout.contains(foretold), "{}", planned.stdout);
        let refused = apply(&place, &due).expect(79);
        let told = place.fill(
            "ERROR connection db: SCJ2015 correlationid: that the operation begins could not be recorded, so that it was not \
             executed; and SCJ2013 ConfigMap SYSTEM/sc-connections-0: patch was refused: configmaps \"sc-connections-0\" is \
             forbidden: ValidatingAdmissionPolicy 'sc-job.SYSTEM.sc-extension' with binding 'sc-job.SYSTEM.sc-extension' denied \
             request: not now. Remedy: look at `kubectl get configmaps sc-connections sc-connections-0 -n sc-system`, mend ",
        );
        assert!(refused.stderr.contains(&told), "{}", refused.stderr);
        assert_eq!(version(&place.shop, "secret", "sc-db-secret"), before);
        assert_eq!(secret_data(&place.shop, "sc-own-secret")["ID"], "id-2", "the other connection is done");
    }
    assert_eq!(executions(&place), [r#"{"executed":"id-1","operation":"create","connection":"db"}"#]);
    policy.lift();
    apply(&place, &operation(&place, "id-2", "update", &json!({"A": "2"}))).expect(0);
    assert_eq!(json!(secret_data(&place.shop, "sc-db-secret")), json!({"A": "2"}));
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn without_the_config_map_that_the_record_goes_with_an_operation_is_not_executed() {
    let place = Place::installed();
    kubectl(&["delete", "configmap", "sc-connections", "-n", &place.system]).expect(0);
    // As where the job has the rights that the chart gives: it cannot make the ConfigMap.
    let policy = Policy::of(&place, "object.metadata.name != 'sc-connections'");
    let created = operation(&place, "id-1", "create", &json!({"A": "1"}));
    // Before the first installation it is not there either: the chart makes it.
    run(&mut sc_job(&["plan", "-f", "-", "-n", &place.system]), Some(&created)).expect(2);
    let refused = apply(&place, &created).expect(79);
    let told = place.fill(
        "connection db: SCJ2015 correlationid: that the operation begins could not be recorded, so that it was not executed; and \
         SCJ2015 ConfigMap SYSTEM/sc-connections: it is not there, and what this release has made is recorded only beside it. \
         Remedy: ",
    );
    assert!(refused.stderr.contains(&told), "{}", refused.stderr);
    let remedy = place
        .fill("for ConfigMap SYSTEM/sc-connections: run the same helm upgrade again, which makes the ConfigMap anew");
    assert!(refused.stderr.contains(&remedy), "{}", refused.stderr);
    assert_eq!(get(&place.shop, "secret", "sc-db-secret"), None);
    assert_eq!(secret_data(&place.shop, "sc-own-secret")["ID"], "id-1", "the other connection is done");
    policy.lift();
    apply(&place, &created).expect(0);
    assert_eq!(json!(secret_data(&place.shop, "sc-db-secret")), json!({"A": "1"}));
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn an_operation_that_was_executed_and_not_recorded_is_told_and_executed_again() {
    let place = Place::installed();
    let policy =
        Policy::of(&place, "!has(object.data) || !object.data.exists(key, object.data[key].contains('\"executed\"'))");
    let created = operation(&place, "id-1", "create", &json!({"A": "1"}));
    let done = "connection db: created Secret SHOP/sc-db-secret (A)";
    let again = "connection db: unchanged Secret SHOP/sc-db-secret (A)";
    for told in [done, again] {
        let unrecorded = apply(&place, &created).expect(79);
        assert!(unrecorded.stderr.contains(&place.fill(told)), "{}", unrecorded.stderr);
        let reason = "2 of 2 connections ready; objects: ";
        assert!(unrecorded.last_line().contains(reason), "{}", unrecorded.stderr);
        let reason = place.fill(
            ". SCJ2016 create of connection db with correlationid id-1 was executed, and that it was could not be recorded, so that \
             the same settings execute it again; and SCJ2013 ConfigMap SYSTEM/sc-connections-0: patch was refused: ",
        );
        assert!(unrecorded.last_line().contains(&reason), "{}", unrecorded.stderr);
        assert_eq!(executions(&place), [r#"{"begun":"id-1","operation":"create","connection":"db"}"#]);
    }
    policy.lift();
    let recorded = apply(&place, &created).expect(0);
    let told = "INFO connection db: an earlier run has begun create with correlationid id-1, and has not recorded that it was \
                executed: it is executed now\n";
    assert!(recorded.stderr.contains(told), "{}", recorded.stderr);
    assert_eq!(executions(&place), [r#"{"executed":"id-1","operation":"create","connection":"db"}"#]);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn an_operation_that_was_begun_does_not_undo_a_later_one_of_its_connection() {
    let place = Place::installed();
    let policy =
        Policy::of(&place, "!has(object.data) || !object.data.exists(key, object.data[key].contains('\"executed\"'))");
    let first = operation(&place, "id-1", "create", &json!({"A": "1"}));
    apply(&place, &first).expect(79);
    policy.lift();
    apply(&place, &operation(&place, "id-2", "update", &json!({"A": "2"}))).expect(0);
    let refused = apply(&place, &first).expect(79);
    let told = "connection db: SCJ1008 correlationid: is that of an operation which was begun before another one of connection db \
                was executed (update with correlationid id-2), and would undo that one. ";
    assert!(refused.stderr.contains(told), "{}", refused.stderr);
    assert_eq!(json!(secret_data(&place.shop, "sc-db-secret")), json!({"A": "2"}));
}
