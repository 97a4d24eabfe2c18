//! The examples of `chart/ci`, each installed as it stands, in namespaces of the test.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::common::kubernetes::{Helm, Place, kubectl, kubectl_with};
use crate::common::{file, operation, text};

/// The objects that an example makes in the namespaces of its connections, of SHOP and WAREHOUSE.
const MADE: [(&str, &[&str]); 12] = [
    (
        "csi",
        &[
            "SHOP secret/sc-certificates-secret",
            "SHOP secret/sc-database-secret",
            "SHOP secretproviderclass/sc-certificates-secretprovider",
            "SHOP secretproviderclass/sc-database-secretprovider",
            "SHOP serviceaccount/sc-account-0a0b0c0d-0000-4000-8000-000000000002",
        ],
    ),
    ("extension", &["SHOP secret/sc-picturesv2-secret"]),
    ("four-keys", &["SHOP secret/sc-ordersdb-secret", "SHOP secret/sc-settings-secret"]),
    ("minimal", &["SHOP secret/sc-settings-secret"]),
    ("namespace-installer", &["SHOP secret/sc-settings-secret"]),
    ("references", &["SHOP secret/sc-orders-secret"]),
    ("removal", &["SHOP secret/sc-settings-secret"]),
    ("resync", &["SHOP secret/sc-settings-secret"]),
    ("scope-cluster", &["SHOP secret/sc-settings-secret", "WAREHOUSE secret/sc-stock-secret"]),
    ("secret", &["SHOP secret/orders-cache", "SHOP secret/sc-orders-secret"]),
    ("service-principal", &["WAREHOUSE secret/sc-archive-secret", "WAREHOUSE secret/sc-current-secret"]),
    (
        "workload-identity",
        &[
            "SHOP secret/sc-events-secret",
            "SHOP secret/sc-pictures-secret",
            "SHOP serviceaccount/sc-account-0a0b0c0d-0000-4000-8000-000000000002",
        ],
    ),
];

/// In two halves, which run side by side. That both Helms render the same is a test of `tests/chart`.
const HALF: usize = MADE.len() / 2;

#[test]
#[ignore = "needs a cluster: scripts/test"]
fn the_first_examples_install_and_are_in_sync() {
    MADE[..HALF].iter().for_each(|(example, made)| install(example, made));
}

#[test]
#[ignore = "needs a cluster: scripts/test"]
fn the_other_examples_install_and_are_in_sync() {
    MADE[HALF..].iter().for_each(|(example, made)| install(example, made));
}

fn install(example: &str, made: &[&str]) {
    install_the_kind_of_the_csi_driver();
    let (helm, place) = (Helm::new(4), Place::new());
    prepare(&place);
    // The file as it stands, but for the namespaces and the image, which are those of the test.
    let values = text(&format!("chart/ci/{example}-values.yaml"))
        .replace("namespace: shop", "namespace: SHOP")
        .replace("namespace: warehouse", "namespace: WAREHOUSE");
    let values = operation::moved(&values, &place.shop);
    let own_image = ["--set", "image.digest=", "--set", "global.azure.images.scJob.registry="];
    helm.upgrade(&place, &values, &own_image).expect(0);
    assert_eq!(helm.status(&place), ("deployed".to_owned(), 1), "{example}");
    let expected: BTreeSet<_> = made.iter().map(|object| place.fill(object)).collect();
    assert_eq!(objects(&place), expected, "{example}");
    helm.run(&place, &["test", "sc-extension"]).expect(0);
}

#[test]
fn what_each_example_makes_is_told() {
    let files = fs::read_dir(file("chart/ci")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let told = MADE.iter().map(|(example, _)| format!("{example}-values.yaml"));
    assert_eq!(files.collect::<BTreeSet<_>>(), told.collect());
}

/// What the examples suppose to be there.
fn prepare(place: &Place) {
    let credentials = ["--from-literal=username=shopadmin", "--from-literal=password=demo-only"];
    let secret = ["create", "secret", "generic", "orders-credentials", "-n", &place.system];
    kubectl(&[secret.as_slice(), &credentials].concat()).expect(0);
    let settings = ["create", "configmap", "orders-settings", "-n", &place.system, "--from-literal=server=demo-orders"];
    kubectl(&settings).expect(0);
}

/// All that bears the marks of the release.
fn objects(place: &Place) -> BTreeSet<String> {
    let ours = format!("sc-extension/release-namespace={}", place.system);
    let mut found = BTreeSet::new();
    for namespace in [&place.shop, &place.warehouse] {
        let kinds = "secrets,serviceaccounts,secretproviderclasses";
        let listed = kubectl(&["get", kinds, "-n", namespace, "-l", &ours, "-o", "json"]).expect(0);
        let listed: Value = serde_json::from_str(&listed.stdout).unwrap();
        found.extend(listed["items"].as_array().unwrap().iter().map(|object| {
            let kind = object["kind"].as_str().unwrap().to_lowercase();
            format!("{namespace} {kind}/{}", object["metadata"]["name"].as_str().unwrap())
        }));
    }
    found
}

/// Where there is no driver, its kind alone, which is all that the job needs. It stays: other tests may use it.
fn install_the_kind_of_the_csi_driver() {
    let name = "secretproviderclasses.secrets-store.csi.x-k8s.io";
    let found = kubectl(&["get", "crd", name, "--ignore-not-found", "-o", "name"]).expect(0);
    if found.stdout.is_empty() {
        // Both tests may come here at once.
        let made = kubectl_with(&["create", "-f", "-"], &text("tests/data/secretproviderclasses.crd.yaml"));
        assert!(made.code == 0 || made.stderr.contains("AlreadyExists"), "{}", made.stderr);
    }
    kubectl(&["wait", "--for=condition=established", &format!("crd/{name}"), "--timeout=60s"]).expect(0);
}
