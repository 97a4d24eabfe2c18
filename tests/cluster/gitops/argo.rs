//! Argo CD: every sync is the same, whether it is the first, the second or a repetition.

use serde_json::Value;

use super::sync::{Application, Ended, Way, list};
use crate::common::kubernetes::{Helm, Place, get, kubectl, kubectl_with, secret_data, version};

// Argo CD brings Helm 3 up to 3.4, and Helm 4 since.
with_both_helms! {
    a_second_sync_runs_the_job_again_and_changes_nothing
    what_the_job_makes_is_no_part_of_the_application
    a_failed_sync_keeps_the_log_and_the_next_one_replaces_its_job
    a_missing_namespace_fails_the_sync_before_the_job
    replacing_the_objects_leaves_the_inventory
    the_deletion_of_the_application_deletes_what_the_values_say
}

const TWO: &str = "connections: {a: {namespace: SHOP, data: {A: b}}, b: {namespace: WAREHOUSE, data: {A: b}}}";

fn objects(place: &Place) -> [String; 3] {
    [
        version(&place.shop, "secret", "sc-a-secret"),
        version(&place.warehouse, "secret", "sc-b-secret"),
        version(&place.system, "configmap", "sc-connections-0"),
    ]
}

/// Whether what is rendered differs from what is there, as Argo CD compares it to tell Synced from `OutOfSync`.
fn differs(application: &Application, way: &[&str]) -> bool {
    let compared = kubectl_with(&[&["diff"], way, &["-f", "-"]].concat(), &list(&application.plain).to_string());
    assert!(compared.code < 2, "{}", compared.stderr);
    compared.code == 1
}

fn a_second_sync_runs_the_job_again_and_changes_nothing(helm: &Helm) {
    for (way, compared) in [
        (Way::Apply, [].as_slice()),
        (Way::ServerSide, &["--server-side", "--force-conflicts", "--field-manager=argocd-controller"]),
    ] {
        let place = Place::new();
        let application = Application::render(helm, &place, TWO);
        assert_eq!(application.sync(way), Ended::Succeeded);
        assert!(!differs(&application, compared), "in sync, though the job has written to sc-connections and sc-job");
        let first = objects(&place);
        assert_eq!(application.sync(way), Ended::Succeeded);
        assert_eq!(objects(&place), first);
        let jobs = kubectl(&["get", "jobs", "-n", &place.system, "-o", "name"]).expect(0).stdout;
        assert_eq!(
            jobs, "",
            "sc-job is deleted; the Jobs of a rollback, of helm test and of an uninstall are none of a sync"
        );

        let changed = Application::render(helm, &place, &TWO.replace("A: b", "A: c"));
        assert!(differs(&changed, compared), "values that change are seen");
        assert_eq!(changed.sync(way), Ended::Succeeded);
        assert_eq!(secret_data(&place.shop, "sc-a-secret")["A"], "c");
    }
}

fn what_the_job_makes_is_no_part_of_the_application(helm: &Helm) {
    let place = Place::new();
    assert_eq!(Application::render(helm, &place, TWO).sync(Way::Apply), Ended::Succeeded);
    let anchor = get(&place.system, "configmap", "sc-connections").unwrap();
    assert_eq!(anchor["metadata"]["labels"]["app.kubernetes.io/instance"], "sc-extension");
    let inventory = get(&place.system, "configmap", "sc-connections-0").unwrap();
    for object in [get(&place.shop, "secret", "sc-a-secret").unwrap(), inventory.clone()] {
        assert_eq!(object["metadata"]["labels"].get("app.kubernetes.io/instance"), None);
        let annotations = object["metadata"]["annotations"].as_object();
        assert!(annotations.is_none_or(|found| !found.contains_key("argocd.argoproj.io/tracking-id")));
    }
    // Argo CD shows what is owned below its owner, and prunes neither.
    assert_eq!(inventory["metadata"]["ownerReferences"][0]["uid"], anchor["metadata"]["uid"]);
}

fn a_failed_sync_keeps_the_log_and_the_next_one_replaces_its_job(helm: &Helm) {
    let place = Place::new();
    let values = "connections: {a: {namespace: SHOP, data: {A: {valueFrom: {secretKeyRef: {name: given, key: k}}}}}, b: {namespace: WAREHOUSE, data: {A: b}}}";
    let application = Application::render(helm, &place, values);
    assert_eq!(application.sync(Way::Apply), Ended::HookFailed("sc-job".to_owned()));
    assert_eq!(place.exit_code(), 79);
    assert!(place.log().contains("1 of 2 connections ready"), "{}", place.log());
    let failed = get(&place.system, "job", "sc-job").unwrap();

    assert_eq!(application.sync(Way::Apply), Ended::HookFailed("sc-job".to_owned()));
    let again = get(&place.system, "job", "sc-job").unwrap();
    assert_ne!(again["metadata"]["uid"], failed["metadata"]["uid"], "a retry runs a new Job");

    kubectl(&["create", "secret", "generic", "given", "-n", &place.system, "--from-literal=k=v"]).expect(0);
    assert_eq!(application.sync(Way::Apply), Ended::Succeeded);
    assert_eq!(secret_data(&place.shop, "sc-a-secret")["A"], "v");
    assert_eq!(get(&place.system, "job", "sc-job"), None);
}

fn a_missing_namespace_fails_the_sync_before_the_job(helm: &Helm) {
    let place = Place::new();
    let values = "connections: {a: {namespace: SHOP-gone, data: {A: b}}}";
    let Ended::Refused(why) = Application::render(helm, &place, values).sync(Way::Apply) else { panic!("not refused") };
    assert!(why.contains(&format!("namespaces \"{}-gone\" not found", place.shop)), "{why}");
    assert_eq!(get(&place.system, "job", "sc-job"), None);

    let cluster = format!("missingNamespace: create\nrbac: {{scope: cluster}}\n{values}");
    assert_eq!(Application::render(helm, &place, &cluster).sync(Way::Apply), Ended::Succeeded);
    let namespace = format!("{}-gone", place.shop);
    assert_eq!(secret_data(&namespace, "sc-a-secret")["A"], "b");
    kubectl(&["delete", "namespace", &namespace, "--wait=false"]).expect(0);
}

fn replacing_the_objects_leaves_the_inventory(helm: &Helm) {
    let place = Place::new();
    let application = Application::render(helm, &place, TWO);
    assert_eq!(application.sync(Way::Apply), Ended::Succeeded);
    let first = objects(&place);
    let summary = |place: &Place| get(&place.system, "configmap", "sc-connections").unwrap()["data"].clone();
    let told = summary(&place);
    assert!(told.as_object().is_some_and(|told| told.contains_key("a")), "{told}");

    let anchor: Vec<Value> = application.plain.iter().filter(|object| object["kind"] == "ConfigMap").cloned().collect();
    kubectl_with(&["replace", "-f", "-"], &anchor[0].to_string()).expect(0);
    assert_eq!(summary(&place), Value::Null, "a replacement empties the summary");

    assert_eq!(application.sync(Way::Replace), Ended::Succeeded);
    assert_eq!(objects(&place), first);
    assert_eq!(summary(&place), told, "the next run writes it again");
}

fn the_deletion_of_the_application_deletes_what_the_values_say(helm: &Helm) {
    let place = Place::new();
    let values = format!(
        "uninstall: {{deletionPolicy: Delete}}\n{}",
        TWO.replace("b: {namespace", "b: {deletionPolicy: Retain, namespace")
    );
    let application = Application::render(helm, &place, &values);
    assert_eq!(application.sync(Way::Apply), Ended::Succeeded);
    assert_eq!(application.delete_all(), Ended::Succeeded);
    assert_eq!(get(&place.shop, "secret", "sc-a-secret"), None);
    assert_eq!(secret_data(&place.warehouse, "sc-b-secret")["A"], "b");
    let left = kubectl(&["get", "jobs,serviceaccounts,configmaps", "-n", &place.system, "-o", "name"]).expect(0).stdout;
    assert!(!left.contains("sc-job"), "{left}");
}
