//! What goes when it is not wanted any more, and what of it stays since others
//! need it.

use serde_json::json;

use crate::common::kubernetes::{Place, get, kubectl, kubectl_with, secret_data, version};
use crate::common::{Outcome, run, sc_job};
use crate::{ONE, apply};

const ONE_REMOVED: &str = "connections: {a: {namespace: SHOP, enabled: false, deletionPolicy: Delete}}";

/// The job after an uninstall, over these values.
fn uninstalled(place: &Place, values: &str) -> Outcome {
    let input = tempfile::NamedTempFile::with_suffix(".json").unwrap();
    std::fs::write(input.path(), place.fill(values)).unwrap();
    let mut job = sc_job(&[]);
    job.env("SC_JOB_INPUT", input.path()).env("SC_JOB_NAMESPACE", &place.system).env("SC_JOB_UNINSTALL", "true");
    run(&mut job, None)
}

/// Twelve connections: more than a line names, or the brake lets go.
fn twelve(settings: &str) -> String {
    let each = (0..12).map(|n| format!("c{n}: {{namespace: SHOP, {settings}}}"));
    format!("prune: {{maxDeletions: 1}}\nconnections: {{{}}}", each.collect::<Vec<_>>().join(", "))
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn after_an_uninstall_everything_declared_goes_whatever_the_brake_says_and_nothing_is_recorded() {
    let place = Place::installed();
    apply(&place, &twelve("data: {A: b}")).expect(0);
    kubectl(&["delete", "configmap,lease", "--all", "-n", &place.system]).expect(0);
    let gone = uninstalled(&place, &twelve("enabled: false, deletionPolicy: Delete")).expect(0);
    assert!(gone.last_line().ends_with("s: 12 of 12 removed; objects: 12 deleted"), "{}", gone.stderr);
    assert_eq!(kubectl(&["get", "secrets", "-n", &place.shop, "-o", "name"]).expect(0).stdout, "");
    let left = kubectl(&["get", "configmap,lease", "-n", &place.system, "-o", "name"]).expect(0).stdout;
    assert!(!left.contains("sc-"), "{left}");
    assert!(!gone.stderr.contains("WARN"), "{}", gone.stderr);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_run_that_fails_after_an_uninstall_tells_how_to_go_on() {
    let place = Place::installed();
    apply(&place, ONE).expect(0);
    kubectl(&["label", "secret", "sc-a-secret", "-n", &place.shop, "sc-extension/release-"]).expect(0);
    // while the release is installed, it is the next helm upgrade that goes on
    assert!(!apply(&place, ONE_REMOVED).expect(79).stderr.contains("Helm does not repeat"));
    kubectl(&["delete", "configmap,lease", "--all", "-n", &place.system]).expect(0);
    let failed = uninstalled(&place, ONE_REMOVED).expect(79);
    let told = place.fill(
        " WARN Helm does not repeat this run: to go on, helm upgrade --install with nothing but the connections that it has not \
         removed, each with enabled: false and deletionPolicy: Delete, and then helm uninstall; `kubectl get \
         secrets,serviceaccounts -A -l sc-extension/release=sc-extension,sc-extension/release-namespace=SYSTEM` (with auth csi \
         also secretproviderclasses) lists what bears the labels of the release, also what is to stay\n",
    );
    assert_eq!(failed.stderr.matches(&told).count(), 1, "{}", failed.stderr);
    assert!(failed.last_line().contains(": 0 of 1 removed; 1 failed. a: SCJ2003 "), "{}", failed.stderr);
    let label = "sc-extension/release=sc-extension";
    kubectl(&["label", "secret", "sc-a-secret", "-n", &place.shop, label]).expect(0);
    let done = apply(&place, ONE_REMOVED).expect(0);
    assert!(done.last_line().ends_with("s: 1 of 1 removed; objects: 1 deleted"), "{}", done.stderr);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_run_that_fails_after_an_uninstall_points_to_no_configmap_that_is_gone() {
    let place = Place::installed();
    apply(&place, &twelve("data: {A: b}")).expect(0);
    kubectl(&["label", "secret", "--all", "-n", &place.shop, "sc-extension/release-"]).expect(0);
    kubectl(&["delete", "configmap,lease", "--all", "-n", &place.system]).expect(0);
    let failed = uninstalled(&place, &twelve("enabled: false, deletionPolicy: Delete")).expect(79);
    let told = failed.last_line();
    assert!(told.contains(" 0 of 12 removed; 12 failed. c0: SCJ2003 "), "{told}");
    assert!(told.ends_with(", c8 (SCJ2003) and 1 more, each told above"), "{told}");
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn what_a_finalizer_holds_back_is_not_said_to_be_gone_and_is_remembered_until_it_is() {
    let place = Place::installed();
    apply(&place, ONE).expect(0);
    let finalizers = |of: &str| {
        let patch = format!(r#"{{"metadata": {{"finalizers": {of}}}}}"#);
        kubectl(&["patch", "secret", "sc-a-secret", "-n", &place.shop, "--type=merge", "-p", &patch]).expect(0);
    };
    finalizers(r#"["example.com/keep"]"#);
    let first = apply(&place, ONE_REMOVED).expect(0);
    let told = place.fill("a: Secret SHOP/sc-a-secret is being deleted, and a finalizer holds it back\n");
    assert!(first.stderr.contains(&told), "{}", first.stderr);
    let second = apply(&place, ONE_REMOVED).expect(0);
    let told = place.fill("a: Secret SHOP/sc-a-secret is being deleted already, and a finalizer holds it back\n");
    assert!(second.stderr.contains(&told), "{}", second.stderr);
    finalizers("null");
    let third = apply(&place, ONE_REMOVED).expect(0);
    assert!(third.stderr.contains(&place.fill("a: Secret SHOP/sc-a-secret is already gone\n")), "{}", third.stderr);
}

/// Somebody applies a Secret by its `stringData`, as charts do.
fn apply_text(place: &Place, name: &str, manager: &str, entries: &str) {
    let secret = format!("{{apiVersion: v1, kind: Secret, metadata: {{name: {name}}}, stringData: {entries}}}");
    let field_manager = format!("--field-manager={manager}");
    kubectl_with(&["apply", "--server-side", &field_manager, "-n", &place.shop, "-f", "-"], &secret).expect(0);
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn what_others_have_applied_as_string_data_survives_the_removal_of_an_adopted_secret() {
    let place = Place::installed();
    apply_text(&place, "sc-a-secret", "helm", "{PASSWORD: theirs, HOST: db}");
    kubectl(&["label", "secret", "sc-a-secret", "-n", &place.shop, "team=shop", "tier=db"]).expect(0);
    let values =
        "connections: {a: {namespace: SHOP, adopt: true, labels: {team: shop}, data: {EXTRA: ours, HOST: other}}}";
    let adopted = apply(&place, values).expect(0);
    // a third one with a key of its own, recorded as such
    kubectl(&["patch", "secret", "sc-a-secret", "-n", &place.shop, "-p", r#"{"stringData": {"THIRD": "1"}}"#])
        .expect(0);
    let told = ", managed by helm, kubectl-label before, replacing .data.HOST\n";
    assert!(adopted.stderr.contains(told), "{}", adopted.stderr);
    apply(&place, ONE_REMOVED).expect(0);
    // HOST is applied by both: it is not known whose value it is, and so it stays
    let left = json!(secret_data(&place.shop, "sc-a-secret"));
    assert_eq!(left, json!({"PASSWORD": "theirs", "HOST": "other", "THIRD": "1"}));
    let left = get(&place.shop, "secret", "sc-a-secret").unwrap();
    assert_eq!(left["metadata"]["labels"], json!({"team": "shop", "tier": "db"}), "they are others' too");
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn what_others_have_applied_as_string_data_into_a_secret_of_ours_survives_its_removal() {
    let place = Place::installed();
    apply(&place, ONE).expect(0);
    apply_text(&place, "sc-a-secret", "argo", "{T: theirs}");
    let removed = apply(&place, ONE_REMOVED).expect(0);
    assert!(removed.stderr.contains("left the rest, in which argo have their own"), "{}", removed.stderr);
    assert_eq!(json!(secret_data(&place.shop, "sc-a-secret")), json!({"T": "theirs"}));
    let left = get(&place.shop, "secret", "sc-a-secret").unwrap();
    assert_eq!(left["metadata"]["labels"], json!(null));
    let managers = left["metadata"]["managedFields"].as_array().unwrap();
    assert!(managers.iter().all(|entry| entry["manager"] == "argo"), "{managers:?}");
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn a_key_that_another_manager_applies_as_string_data_is_not_fought_over() {
    let place = Place::installed();
    apply(&place, ONE).expect(0);
    apply_text(&place, "sc-a-secret", "argo", "{A: b}");
    assert!(apply(&place, ONE).expect(0).stderr.contains("1 unchanged"), "the value is the same");
    apply_text(&place, "sc-a-secret", "argo", "{A: theirs}");
    let before = version(&place.shop, "secret", "sc-a-secret");
    let failed = apply(&place, ONE).expect(79);
    let told = place.fill(
        "SCJ2004 Secret SHOP/sc-a-secret: argo applies the same with another value: .data.A; the object was left untouched.",
    );
    assert!(failed.stderr.contains(&told), "{}", failed.stderr);
    assert_eq!(version(&place.shop, "secret", "sc-a-secret"), before);
    // a key that we do not have yet, too
    apply_text(&place, "sc-a-secret", "argo", "{A: b, T: theirs}");
    let failed = apply(&place, &ONE.replace("C: d", "C: d, T: ours")).expect(79);
    assert!(failed.stderr.contains("argo applies the same with another value: .data.T;"), "{}", failed.stderr);
    assert_eq!(secret_data(&place.shop, "sc-a-secret")["T"], "theirs");
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn an_immutable_secret_that_others_share_is_told_to_be_immutable_when_it_is_to_go() {
    let place = Place::installed();
    apply(&place, ONE).expect(0);
    let patch = r#"{"stringData": {"THEIRS": "1"}, "immutable": true}"#;
    kubectl(&["patch", "secret", "sc-a-secret", "-n", &place.shop, "-p", patch]).expect(0);
    let failed = apply(&place, ONE_REMOVED).expect(79);
    let told = place.fill(
        "SCJ2007 Secret SHOP/sc-a-secret: it is immutable, so that our fields cannot be taken out of it; it is as it was. \
         Remedy: say deletionPolicy: Retain; or, if nobody needs what others have in it, `kubectl delete \
         secrets sc-a-secret -n SHOP`, and run the same helm upgrade again",
    );
    assert!(failed.stderr.contains(&told), "{}", failed.stderr);
}

/// Two connections of one identity.
const PAIR: &str = "connections:
  p: {namespace: SHOP, target: storage-blob, auth: workload-identity, parameters: {account: store1, clientId: 0a0b0c0d-0000-4000-8000-000000000002}}
  q: {namespace: SHOP, target: storage-blob, auth: workload-identity, parameters: {account: store1, clientId: 0a0b0c0d-0000-4000-8000-000000000002}}
";

#[test]
#[ignore = "needs an API server: scripts/test"]
fn after_the_inventory_was_lost_or_emptied_no_shared_account_is_deleted_however_many_runs_come_between() {
    let emptied = ["patch", "configmap", "sc-connections-0", "-p", r#"{"data": {"objects": ""}}"#];
    for loss in [&["delete", "configmap", "sc-connections-0"][..], &emptied] {
        let place = Place::installed();
        apply(&place, PAIR).expect(0);
        kubectl(&[loss, &["-n", &place.system]].concat()).expect(0);
        // p is left out, and so known to nobody; two ordinary runs record q as the account's user
        let q = format!("connections:\n{}", PAIR.lines().last().unwrap());
        apply(&place, &q).expect(0);
        apply(&place, &q).expect(0);
        let gone = q.replace("target:", "enabled: false, deletionPolicy: Delete, target:");
        let removed = apply(&place, &gone).expect(0);
        let account = place.fill("ServiceAccount SHOP/sc-account-0a0b0c0d-0000-4000-8000-000000000002");
        let told = format!("retained {account}, as it is not recorded who else uses it");
        assert!(removed.stderr.contains(&told), "{loss:?}: {}", removed.stderr);
    }
}
