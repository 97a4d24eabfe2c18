//! The chart and the job on another version of the API server, without a node: both Helms install every example, the
//! API server takes every object strictly, and the binary runs with the rights that the release grants.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

#[macro_use]
mod common;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::NamedTempFile;

use common::account::Account;
use common::api_server::ApiServer;
use common::kubernetes::{Helm, eventually};
use common::operation;
use common::package::{Package, setting};
use common::{Outcome, file, run, sc_job, text};

with_both_helms! {
    every_example_is_installed_strictly_and_applied_with_its_own_rights
}

fn server() -> &'static ApiServer {
    ApiServer::shared("versions")
}

fn kubectl(args: &[&str], input: Option<&str>) -> Outcome {
    let mut command = Command::new(server().file("bin/kubectl"));
    run(command.arg("--kubeconfig").arg(server().file("kubeconfig")).args(args), input)
}

/// A release of one example.
struct Release<'a> {
    helm: &'a Helm,
    system: String,
    values: String,
}

impl<'a> Release<'a> {
    fn of(helm: &'a Helm, example: &str) -> Self {
        let id = format!("{example}-{}", helm.major);
        let values = text(&format!("chart/ci/{example}-values.yaml"))
            .replace("namespace: shop", &format!("namespace: shop-{id}"))
            .replace("namespace: warehouse", &format!("namespace: warehouse-{id}"));
        let values = operation::moved(&values, &format!("shop-{id}"));
        let system = format!("sc-{id}");
        kubectl(&["apply", "--server-side", "-f", "-"], Some(&supposed(&id).to_string())).expect(0);
        Self { helm, system, values }
    }

    fn helm(&self, words: &[&str], input: Option<&str>, args: &[String]) -> Outcome {
        let mut command = self.helm.command(words);
        command.args(["--namespace", &self.system]).args(args).env("KUBECONFIG", server().file("kubeconfig"));
        run(&mut command, input)
    }

    /// All but the hooks, which nothing here would run.
    fn install(&self) {
        let package = Package {
            chart: file("chart").to_str().unwrap().to_owned(),
            image: "registry.example/sc-job:test".to_owned(),
        };
        let words = ["upgrade", "--install", "sc-extension", "--no-hooks", "-f", "-"];
        self.helm(&words, Some(&self.values), &package.args()).expect(0);
    }

    /// What Helm has sent and would send to run, as YAML.
    fn objects(&self) -> String {
        ["manifest", "hooks"].map(|what| self.helm(&["get", what, "sc-extension"], None, &[]).expect(0).stdout).concat()
    }

    /// What the job mounts.
    fn input(&self) -> NamedTempFile {
        let path = "jsonpath={.data.connections\\.json}";
        let encoded =
            kubectl(&["get", "secret", "sc-job-input-0", "-n", &self.system, "-o", path], None).expect(0).stdout;
        let file = NamedTempFile::with_suffix(".json").unwrap();
        fs::write(file.path(), STANDARD.decode(encoded).unwrap()).unwrap();
        file
    }

    /// The job's `ServiceAccount`, with a token as the kubelet asks for one.
    fn account(&self) -> Account {
        let token = kubectl(&["create", "token", "sc-job", "-n", &self.system], None).expect(0).stdout;
        let view = kubectl(&["config", "view", "--raw", "--flatten", "--minify", "-o", "json"], None).expect(0).stdout;
        Account::with_token(&token, &view)
    }

    /// A run as in the pod.
    fn job(&self, account: &Account, input: &Path) -> Outcome {
        let mut job = sc_job(&[]);
        job.env("KUBECONFIG", account.kubeconfig()).env("SC_JOB_INPUT", input).env("SC_JOB_NAMESPACE", &self.system);
        run(&mut job, None)
    }
}

/// What the examples suppose to be there.
fn supposed(id: &str) -> Value {
    let namespace =
        |name: &str| json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": format!("{name}-{id}")}});
    let given = |name: &str| json!({"name": name, "namespace": format!("sc-{id}")});
    let items = json!([
        namespace("sc"),
        namespace("shop"),
        namespace("warehouse"),
        {"apiVersion": "v1", "kind": "Secret", "metadata": given("orders-credentials"), "stringData": {"username": "shopadmin", "password": "demo-only"}},
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": given("orders-settings"), "data": {"server": "demo-orders"}},
    ]);
    json!({"apiVersion": "v1", "kind": "List", "items": items})
}

/// The names of the files of `chart/ci`.
fn examples() -> Vec<String> {
    let names = fs::read_dir(file("chart/ci")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter_map(|name| name.strip_suffix("-values.yaml").map(str::to_owned)).collect();
    names.sort();
    names
}

/// Both Helms are tested on one server.
static CLASSES: OnceLock<()> = OnceLock::new();

/// The API server lists a new kind a little later than it serves it, and a client that asks in between complains.
fn serve_classes() {
    kubectl(&["apply", "--server-side", "-f", "-"], Some(&text("tests/data/secretproviderclasses.crd.yaml"))).expect(0);
    eventually("the list of its kinds", || {
        let listed = kubectl(&["get", "secretproviderclasses"], None);
        (listed.code, listed.stderr.as_str()) == (0, "No resources found in default namespace.\n")
    });
}

fn every_example_is_installed_strictly_and_applied_with_its_own_rights(helm: &Helm) {
    let version: Value = serde_json::from_str(&kubectl(&["version", "-o", "json"], None).expect(0).stdout).unwrap();
    let wanted = format!("v{}.", setting("SC_JOB_API_SERVER"));
    let found = version["serverVersion"]["gitVersion"].as_str().unwrap();
    assert!(found.starts_with(&wanted), "this is {found}, not {wanted}");

    CLASSES.get_or_init(serve_classes);
    let examples = examples();
    assert!(!examples.is_empty());
    let strictly = ["apply", "--server-side", "--force-conflicts", "--dry-run=server", "--validate=strict", "-f", "-"];
    for example in &examples {
        let release = Release::of(helm, example);
        release.install();
        let objects = release.objects();
        let taken = kubectl(&strictly, Some(&objects)).expect(0);
        let sent = objects.lines().filter(|line| line.starts_with("kind: ")).count();
        assert_eq!((taken.stdout.lines().count(), taken.stderr.as_str()), (sent, ""), "{example}: {}", taken.stdout);

        let (account, input) = (release.account(), release.input());
        release.job(&account, input.path()).expect(0);
        let again = release.job(&account, input.path()).expect(0);
        let (_, objects) = again.last_line().rsplit_once("; objects: ").unwrap();
        let written = |count: &str| !count.ends_with(" unchanged") && !count.ends_with(" already gone");
        assert!(!objects.split(", ").any(written), "{example}: {}", again.stderr);
    }
}
