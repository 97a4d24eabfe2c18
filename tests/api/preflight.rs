//! What is found out before the first write. The job runs as its ServiceAccount here, with the rights that a test gives.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::common::kubernetes::{Place, get, kubectl, kubectl_with};
use crate::common::{Outcome, run, sc_job};
use crate::{ONE, apply};

const CLIENT: &str = "0a0b0c0d-0000-4000-8000-000000000002";

/// A run over `values` with no more than the rights on the outcome of ServiceAccount `sc-job` of the release namespace.
struct AsAccount {
    job: Command,
    _folder: tempfile::TempDir,
}

impl AsAccount {
    fn over(place: &Place, values: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let shown = kubectl(&["config", "view", "--raw", "--flatten", "-o", "json"]).expect(0).stdout;
        let mut config: Value = serde_json::from_str(&shown).unwrap();
        for user in config["users"].as_array_mut().unwrap() {
            user["user"]["as"] = json!(format!("system:serviceaccount:{}:sc-job", place.system));
        }
        std::fs::write(folder.path().join("kubeconfig"), config.to_string()).unwrap();
        std::fs::write(folder.path().join("in.json"), place.fill(values)).unwrap();
        at_home(place);
        let mut job = sc_job(&[]);
        job.env("KUBECONFIG", folder.path().join("kubeconfig"))
            .env("SC_JOB_INPUT", folder.path().join("in.json"))
            .env("SC_JOB_NAMESPACE", &place.system);
        Self { job, _folder: folder }
    }

    fn run(&mut self) -> Outcome {
        run(&mut self.job, None)
    }
}

/// Grants the job what it needs in the release namespace.
fn at_home(place: &Place) {
    let own =
        ["configmaps/sc-connections", "configmaps/sc-connections-0", "configmaps/sc-connections-1", "leases/sc-job"];
    for object in own {
        grant(place, &place.system, "get,create,patch", object);
    }
    grant(place, &place.system, "create", "events");
}

/// Grants the job verbs on objects of a namespace, such as `events`, or on one, such as `secrets/sc-a-secret`.
fn grant(place: &Place, namespace: &str, verbs: &str, objects: &str) {
    let (resource, name) = objects.split_once('/').unwrap_or((objects, ""));
    let called = objects.replace('/', "-");
    let mut role = vec!["create", "role", &called, "-n", namespace, "--resource", resource, "--verb", verbs];
    role.extend(["--resource-name", name].into_iter().filter(|_| !name.is_empty()));
    kubectl(&role).expect(0);
    let account = format!("--serviceaccount={}:sc-job", place.system);
    kubectl(&["create", "rolebinding", &called, "-n", namespace, "--role", &called, &account]).expect(0);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_namespace_without_any_right_fails_its_connections_only() {
    let place = Place::installed();
    grant(&place, &place.warehouse, "get,create,patch", "secrets/sc-b-secret");
    let values = "connections: {a: {namespace: SHOP, data: {A: b}}, b: {namespace: WAREHOUSE, data: {A: b}}}";
    let failed = AsAccount::over(&place, values).run().expect(79);
    let told = format!(
        "connection a: SCJ2011 Secret {0}/sc-a-secret: the job has none of the rights that it needs in namespace {0}: it was deleted and made \
         again since the chart was rendered, and the Role of the job went with it, or somebody removed the Role. Remedy: look \
         with `kubectl get namespace {0}` how old it is; when it is there and Active, run the same helm upgrade again",
        place.shop
    );
    assert!(failed.stderr.contains(&told), "{}", failed.stderr);
    assert!(failed.stderr.contains("connection b: created Secret "), "{}", failed.stderr);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_namespace_that_the_chart_found_absent_and_of_which_nothing_else_is_known_is_left_alone() {
    let place = Place::installed();
    let failed = AsAccount::over(&place, &format!("missingNamespaces: [SHOP]\n{ONE}")).run().expect(79);
    let told = format!(
        "connection a: SCJ2011 Secret {0}/sc-a-secret: namespace {0} did not exist, or was being deleted, when the \
         chart was rendered. Remedy: look with `kubectl get namespace {0}`; when it is there and Active, run the same helm \
         upgrade again",
        place.shop
    );
    assert!(failed.stderr.contains(&told), "{}", failed.stderr);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn rights_that_a_person_is_to_give_are_named_all_at_once() {
    let place = Place::installed();
    grant(&place, &place.shop, "get", "secrets/sc-a-secret");
    let values = format!(
        "connections: {{a: {{namespace: SHOP, target: storage-blob, auth: workload-identity, parameters: {{account: store1, \
         clientId: {CLIENT}}}}}}}"
    );
    let mut job = AsAccount::over(&place, &values);
    job.job.env("SC_JOB_RBAC_CREATE", "false");
    let failed = job.run().expect(77);
    let told = format!(
        "SCJ3001 ServiceAccount {0}/sc-account-{CLIENT}: the job may not get and patch serviceaccounts sc-account-{CLIENT} in \
         namespace {0}; the job may not patch secrets sc-a-secret in namespace {0}. Remedy: with rbac.create=false the rights \
         are yours to give: grant get, create and patch on serviceaccounts sc-account-{CLIENT} and secrets sc-a-secret in \
         namespace {0} to the ServiceAccount sc-job; `kubectl get role,rolebinding -n {0}` shows what is there",
        place.shop
    );
    assert!(failed.last_line().contains(&told), "{}", failed.stderr);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn the_right_to_create_is_needed_only_for_what_does_not_exist() {
    let place = Place::installed();
    grant(&place, &place.shop, "get,patch", "secrets/sc-a-secret");
    let mut job = AsAccount::over(&place, ONE);
    let failed = job.run().expect(77);
    let told = format!("the job may not create secrets sc-a-secret in namespace {}. Remedy: ", place.shop);
    assert!(failed.last_line().contains(&told), "{}", failed.stderr);
    assert_eq!(get(&place.shop, "secret", "sc-a-secret"), None);

    apply(&place, ONE).expect(0);
    let done = job.run().expect(0);
    assert!(done.stderr.contains("connection a: unchanged Secret "), "{}", done.stderr);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn rights_that_arrive_while_the_run_begins_are_waited_for() {
    let place = Place::installed();
    let mut run = AsAccount::over(&place, ONE);
    let mut running =
        run.job.env("SC_JOB_LOG_LEVEL", "debug").stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut log = BufReader::new(running.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains("rights in namespace ") {
        assert_ne!(log.read_line(&mut said).unwrap(), 0, "{said}");
    }
    grant(&place, &place.shop, "get,create,patch", "secrets/sc-a-secret");
    log.read_to_string(&mut said).unwrap();
    assert_eq!(running.wait().unwrap().code(), Some(0), "{said}");
    assert!(said.contains("connection a: created Secret "), "{said}");
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn all_that_is_missing_is_told_in_one_run_before_anything_is_written() {
    let place = Place::installed();
    kubectl(&["create", "secret", "generic", "sc-foreign-secret", "-n", &place.shop]).expect(0);
    let values = "connections:
  fine: {namespace: SHOP, data: {A: b}}
  foreign: {namespace: SHOP, data: {A: b}}
  nowhere: {namespace: SHOP-gone, data: {A: {valueFrom: {secretKeyRef: {name: absent, key: k}}}}}
  unread: {namespace: SHOP, data: {A: {valueFrom: {configMapKeyRef: {name: absent, key: k}}}}}";
    let failed = apply(&place, values).expect(79);
    let lines: Vec<&str> = failed.stderr.lines().collect();
    let line = |words: &str| {
        lines.iter().position(|line| line.contains(words)).unwrap_or_else(|| panic!("no {words}:\n{}", failed.stderr))
    };
    let written = line("connection fine: created Secret ");
    for words in [
        "connection foreign: SCJ2003 ".to_owned(),
        format!(
            "connection nowhere: SCJ2001 Secret {0}-gone/sc-nowhere-secret: namespace {0}-gone does not exist; and SCJ2005 Secret {1}/absent: ",
            place.shop, place.system
        ),
        format!("connection unread: SCJ2005 ConfigMap {}/absent: ", place.system),
    ] {
        assert!(line(&words) < written, "{words} is told after a write:\n{}", failed.stderr);
    }
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_cluster_without_the_webhook_of_workload_identity_is_told_and_the_objects_are_written() {
    let place = Place::installed();
    let values = format!(
        "connections: {{a: {{namespace: SHOP, target: storage-blob, auth: workload-identity, parameters: {{account: store1, \
         clientId: {CLIENT}}}}}}}"
    );
    let warning = "WARN the webhook of workload identity is not installed";
    let without = apply(&place, &values).expect(0);
    assert!(without.stderr.contains(warning) && without.stderr.contains("`az aks update "), "{}", without.stderr);
    assert!(!apply(&place, ONE).expect(0).stderr.contains(warning), "no identity, no warning");

    let webhook = "{apiVersion: admissionregistration.k8s.io/v1, kind: MutatingWebhookConfiguration, \
                   metadata: {name: azure-wi-webhook-mutating-webhook-configuration}}";
    kubectl_with(&["create", "-f", "-"], webhook).expect(0);
    let with = apply(&place, &values);
    kubectl(&["delete", "mutatingwebhookconfiguration", "azure-wi-webhook-mutating-webhook-configuration"]).expect(0);
    assert!(!with.expect(0).stderr.contains(warning));
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_summary_that_cannot_be_written_keeps_no_event_back() {
    let place = Place::installed();
    let events = |place: &Place| {
        let reasons = "jsonpath={range .items[*]}{.involvedObject.name} {.involvedObject.uid} {.reason}{'\\n'}{end}";
        kubectl(&["get", "events", "-n", &place.system, "-o", reasons]).expect(0).stdout
    };
    let mut job = AsAccount::over(&place, ONE);
    job.job.env("SC_JOB_JOB_NAME", "sc-job").env("SC_JOB_JOB_UID", "11111111-0000-4000-8000-000000000001");
    let own = "configmaps-sc-connections";
    kubectl(&["delete", "role,rolebinding", own, "-n", &place.system]).expect(0);
    grant(&place, &place.system, "get", "configmaps/sc-connections");
    let failed = job.run().expect(79);
    assert!(
        failed.stderr.contains("WARN the outcome could not be written to ConfigMap sc-connections: "),
        "{}",
        failed.stderr
    );
    assert!(!failed.stderr.contains("could not be recorded within"), "a right is not waited for: {}", failed.stderr);
    let told = events(&place);
    assert!(told.contains("sc-job 11111111-0000-4000-8000-000000000001 SCJ2011\n"), "{told}");
    let uid =
        get(&place.system, "configmap", "sc-connections").unwrap()["metadata"]["uid"].as_str().unwrap().to_owned();
    assert!(told.contains(&format!("sc-connections {uid} SCJ2011\n")), "{told}");

    let immutable = r#"{"immutable": true}"#;
    kubectl(&["patch", "configmap", "sc-connections", "-n", &place.system, "--type=merge", "-p", immutable]).expect(0);
    kubectl(&["delete", "events", "--all", "-n", &place.system]).expect(0);
    kubectl(&["create", "secret", "generic", "sc-a-secret", "-n", &place.shop]).expect(0);
    apply(&place, ONE).expect(79);
    assert_eq!(events(&place), format!("sc-connections {uid} SCJ2003\n"));
}
