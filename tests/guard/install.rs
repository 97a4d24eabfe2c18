//! The chart on an API server without controllers: all but its Jobs, which the tests are in place of.

use std::process::Command;

use crate::common::account::Account;
use crate::common::api_server::ApiServer;
use crate::common::kubernetes::{Helm, eventually};
use crate::common::{Outcome, file, run};

/// The scope with the most rights, so that there is most to be refused.
pub const VALUES: &str = "
rbac: {scope: cluster}
deletionPolicy: Delete
missingNamespace: create
connections:
  a: {namespace: SHOP, data: {A: b}}
  made: {namespace: SHOP-made, data: {A: b}}
  vault:
    {namespace: SHOP, target: keyvault, auth: csi, csi: {workloadIdentity: true, secrets: [{name: b, key: B}]},
     parameters: {vault: vault1, clientId: 0a0b0c0d-0000-4000-8000-000000000002, tenantId: 0a0b0c0d-0000-4000-8000-00000000000f}}
";

/// A release, and the namespace of its connections.
pub struct Install {
    pub system: String,
    pub shop: String,
}

pub fn server() -> &'static ApiServer {
    ApiServer::shared("guard")
}

/// kubectl with a person's rights.
pub fn kubectl(args: &[&str], input: Option<&str>) -> Outcome {
    kubectl_with(server().file("kubeconfig").to_str().unwrap(), args, input)
}

/// kubectl with the rights of an account.
pub fn kubectl_as(account: &Account, args: &[&str], input: Option<&str>) -> Outcome {
    kubectl_with(account.kubeconfig(), args, input)
}

fn kubectl_with(kubeconfig: &str, args: &[&str], input: Option<&str>) -> Outcome {
    run(Command::new(server().file("bin/kubectl")).args(["--kubeconfig", kubeconfig]).args(args), input)
}

impl Install {
    /// Installs the chart as release `sc-extension` of namespace `sc-NAME`, and waits until the guard is in force.
    pub fn new(name: &str) -> Self {
        let install = Self { system: format!("sc-{name}"), shop: format!("shop-{name}") };
        for namespace in [&install.system, &install.shop] {
            kubectl(&["create", "namespace", namespace], None).expect(0);
        }
        let crd = file("tests/data/secretproviderclasses.crd.yaml");
        kubectl(&["apply", "--server-side", "-f", crd.to_str().unwrap()], None).expect(0);
        let established = "--for=condition=Established";
        let class = "crd/secretproviderclasses.secrets-store.csi.x-k8s.io";
        kubectl(&["wait", established, class, "--timeout=60s"], None).expect(0);
        let rendered = install.render(&["--no-hooks"]);
        kubectl(&["apply", "--server-side", "-f", "-"], Some(&rendered)).expect(0);
        install
    }

    pub fn render(&self, args: &[&str]) -> String {
        let mut command = Helm::new(4).command(&["template", "sc-extension", "--namespace", &self.system]);
        command.args(["--values", "-", "--set", "image.registry=registry.example"]).args(args).arg(file("chart"));
        run(&mut command, Some(&VALUES.replace("SHOP", &self.shop))).expect(0).stdout
    }

    /// The job's ServiceAccount, with a token as the kubelet asks for one.
    pub fn account(&self) -> Account {
        let token = kubectl(&["create", "token", "sc-job", "-n", &self.system], None).expect(0).stdout;
        let view = ["config", "view", "--raw", "--flatten", "--minify", "-o", "json"];
        Account::with_token(&token, &kubectl(&view, None).expect(0).stdout)
    }

    /// Waits until `refused` is what the guard answers, or no longer is: it takes effect a moment after it is written.
    pub fn wait_for_guard(&self, in_force: bool, refused: impl Fn() -> Outcome) {
        let policy = format!("ValidatingAdmissionPolicy 'sc-job.{}.sc-extension'", self.system);
        eventually("the change of the guard", || refused().stderr.contains(&policy) == in_force);
    }
}
