//! Key Vault with the CSI driver, on a cluster that does not have the driver's
//! kind, and then has it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod common;

use common::api_server::ApiServer;
use common::{file, run};
use serde_json::{Value, json};

const CRD: &str = "tests/data/secretproviderclasses.crd.yaml";

const VALUES: &str = "
allowSystemNamespaces: [default]
connections:
  plain: {data: {A: b}}
  vault:
    target: keyvault
    auth: csi
    csi: {secrets: [{name: db-password, key: DB_PASSWORD}]}
    parameters:
      vault: myvault
      clientId: 0a0b0c0d-0000-4000-8000-000000000001
      tenantId: 0a0b0c0d-0000-4000-8000-00000000000f
";

fn class(server: &ApiServer) -> Value {
    let found = server.exec(&["kubectl", "get", "secretproviderclass", "sc-vault-secretprovider", "-o", "json"]);
    serde_json::from_str(&found.expect(0).stdout).unwrap()
}

#[test]
#[ignore = "needs an API server of its own: scripts/test"]
fn without_the_driver_the_connection_is_left_out_whole_and_with_it_it_is_done() {
    let server = ApiServer::start("csi");
    let input = tempfile::NamedTempFile::with_suffix(".yaml").unwrap();
    std::fs::write(input.path(), VALUES).unwrap();
    let job = || run(&mut server.job(input.path()), None);

    let failed = job().expect(79);
    assert!(
        failed.stderr.contains(
            "connection vault: SCJ2010 SecretProviderClass default/sc-vault-secretprovider: this cluster does not know \
             SecretProviderClass. Remedy: install the Secrets Store CSI driver: `az aks enable-addons --addons \
             azure-keyvault-secrets-provider --name CLUSTER --resource-group GROUP`; then run the same helm upgrade again"
        ),
        "{}",
        failed.stderr
    );
    let secrets = server.exec(&["kubectl", "get", "secrets", "-o", "name"]).expect(0).stdout;
    assert_eq!(secrets, "secret/sc-plain-secret\n");

    let crd = file(CRD);
    server.exec(&["kubectl", "create", "-f", crd.to_str().unwrap()]).expect(0);
    let established = "--for=condition=Established";
    let name = "crd/secretproviderclasses.secrets-store.csi.x-k8s.io";
    server.exec(&["kubectl", "wait", established, name, "--timeout=60s"]).expect(0);
    let done = job().expect(0);
    assert!(
        done.stderr
            .contains("connection vault: created SecretProviderClass default/sc-vault-secretprovider, created Secret "),
        "{}",
        done.stderr
    );
    assert_eq!(class(&server)["spec"]["parameters"]["keyvaultName"], "myvault");

    let before = class(&server);
    let again = job().expect(0);
    assert!(again.last_line().ends_with("2 of 2 connections ready; objects: 3 unchanged"), "{}", again.last_line());
    assert_eq!(class(&server), before);

    let edit = json!({"spec": {"parameters": {"keyvaultName": "theirs"}, "secretObjects": []}}).to_string();
    let target = ["kubectl", "patch", "secretproviderclass", "sc-vault-secretprovider"];
    server.exec(&[&target[..], &["--type=merge", "--field-manager=kubectl-edit", "-p", &edit]].concat()).expect(0);
    let repaired = job().expect(0);
    assert!(
        repaired.stderr.contains(
            "repaired SecretProviderClass default/sc-vault-secretprovider, in which kubectl-edit had changed \
             .spec.parameters.keyvaultName, .spec.secretObjects"
        ),
        "{}",
        repaired.stderr
    );
    assert_eq!(class(&server)["spec"], before["spec"]);
}
