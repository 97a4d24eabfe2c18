//! A real cluster: kubectl, Helm, and namespaces that go with the test.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

pub use super::admin::get;
use super::package::Package;
use super::{Outcome, admin, assert_no_canary, run};

/// Each test is run with Helm 3 and with Helm 4, on a cluster.
macro_rules! with_both_helms {
    ($($name:ident)+) => {
        mod helm3 { $(#[test] #[ignore = "needs a cluster: scripts/test"] fn $name() { super::$name(&crate::common::kubernetes::Helm::new(3)); })+ }
        mod helm4 { $(#[test] #[ignore = "needs a cluster: scripts/test"] fn $name() { super::$name(&crate::common::kubernetes::Helm::new(4)); })+ }
    };
}

/// Runs kubectl; what it prints must not hold the canary.
pub fn kubectl(args: &[&str]) -> Outcome {
    run(Command::new("kubectl").args(args), None)
}

/// Runs kubectl with a manifest on standard input.
pub fn kubectl_with(args: &[&str], manifest: &str) -> Outcome {
    run(Command::new("kubectl").args(args), Some(manifest))
}

/// The entries of a Secret, decoded.
pub fn secret_data(namespace: &str, name: &str) -> BTreeMap<String, String> {
    let secret = get(namespace, "secret", name).unwrap_or_else(|| panic!("no Secret {namespace}/{name}"));
    let data = secret["data"].as_object().cloned().unwrap_or_default();
    data.into_iter()
        .map(|(key, value)| (key, String::from_utf8(STANDARD.decode(value.as_str().unwrap()).unwrap()).unwrap()))
        .collect()
}

/// The resourceVersion of an object that must exist.
pub fn version(namespace: &str, kind: &str, name: &str) -> String {
    get(namespace, kind, name).unwrap_or_else(|| panic!("no {kind} {namespace}/{name}"))["metadata"]["resourceVersion"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// Waits until `condition` holds, for a minute at most.
pub fn eventually(what: &str, condition: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !condition() {
        assert!(Instant::now() < end, "{what} did not come about within a minute");
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Namespaces of one test: `system` for the release and two for its connections.
pub struct Place {
    pub system: String,
    pub shop: String,
    pub warehouse: String,
}

impl Place {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let id = format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let place =
            Self { system: format!("sc-{id}"), shop: format!("shop-{id}"), warehouse: format!("warehouse-{id}") };
        let restricted = json!({"pod-security.kubernetes.io/enforce": "restricted"});
        let namespaces = [(&place.system, restricted), (&place.shop, json!({})), (&place.warehouse, json!({}))];
        for (name, labels) in namespaces {
            admin::create("", "namespace", &json!({"metadata": {"name": name, "labels": labels}}));
        }
        place
    }

    /// The same with what the chart makes in the release namespace for the job to write to.
    pub fn installed() -> Self {
        let place = Self::new();
        admin::create(&place.system, "configmap", &json!({"metadata": {"name": "sc-connections"}}));
        admin::create(&place.system, "lease", &json!({"metadata": {"name": "sc-job"}}));
        place
    }

    /// `text` with the namespaces of this place for SYSTEM, SHOP and WAREHOUSE.
    pub fn fill(&self, text: &str) -> String {
        text.replace("SYSTEM", &self.system).replace("SHOP", &self.shop).replace("WAREHOUSE", &self.warehouse)
    }

    /// The log of the last Job.
    pub fn log(&self) -> String {
        self.log_of("sc-job")
    }

    /// The log of a Job of the release.
    pub fn log_of(&self, job: &str) -> String {
        kubectl(&["logs", &format!("job/{job}"), "-n", &self.system]).expect(0).stdout
    }

    /// The exit code of the last Job's pod.
    pub fn exit_code(&self) -> i64 {
        self.terminated("sc-job")["exitCode"].as_i64().unwrap()
    }

    /// How the container of a Job ended: with `exitCode` and `message`.
    pub fn terminated(&self, job: &str) -> Value {
        let owner = format!("job-name={job}");
        let pods = kubectl(&["get", "pods", "-n", &self.system, "-l", &owner, "-o", "json"]).expect(0);
        let pods: Value = serde_json::from_str(&pods.stdout).unwrap();
        pods["items"][0]["status"]["containerStatuses"][0]["state"]["terminated"].clone()
    }

    /// All that a person may be shown of the release must be free of the canary: what Helm says of it, objects that are
    /// no Secrets, events, termination messages and logs. Not searched: Helm's own record, which holds inline values by
    /// design.
    pub fn assert_no_canary(&self, helm: &Helm) {
        for words in [["get", "notes"].as_slice(), &["status"], &["history"]] {
            helm.run(self, &[words, &["sc-extension"]].concat()).expect(0);
        }
        for namespace in [&self.system, &self.shop, &self.warehouse] {
            for kind in ["configmap", "role", "rolebinding", "job", "pod", "event"] {
                assert_no_canary(&format!("{kind}s in {namespace}"), &admin::list(namespace, kind).to_string());
            }
        }
        kubectl(&["describe", "configmaps,jobs,pods", "-n", &self.system]).expect(0);
        for pod in admin::list(&self.system, "pod")["items"].as_array().unwrap() {
            kubectl(&["logs", pod["metadata"]["name"].as_str().unwrap(), "-n", &self.system]).expect(0);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let kinds =
            ["clusterrole", "clusterrolebinding", "validatingadmissionpolicy", "validatingadmissionpolicybinding"];
        for (kind, account) in kinds.into_iter().flat_map(|kind| [(kind, "sc-job"), (kind, "sc-job-uninstall")]) {
            admin::delete("", kind, &format!("{account}.{}.sc-extension", self.system));
        }
        for namespace in [&self.system, &self.shop, &self.warehouse] {
            admin::delete("", "namespace", namespace);
        }
    }
}

/// One of the two majors of Helm.
pub struct Helm {
    pub major: u8,
    binary: PathBuf,
}

impl Helm {
    pub fn new(major: u8) -> Self {
        let variable = format!("SC_JOB_TEST_HELM{major}");
        let binary = std::env::var_os(&variable).unwrap_or_else(|| panic!("{variable} is not set; run scripts/test"));
        Self { major, binary: binary.into() }
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(args);
        command
    }

    /// Runs Helm; what it prints must not hold the canary.
    pub fn run(&self, place: &Place, args: &[&str]) -> Outcome {
        run(self.command(args).args(["-n", &place.system]), None)
    }

    /// `helm upgrade --install` of the chart with the image under test.
    pub fn upgrade(&self, place: &Place, values: &str, args: &[&str]) -> Outcome {
        self.release(place, &["upgrade", "--install"], values, args)
    }

    /// A command that takes the chart, over it, with the image under test.
    pub fn release(&self, place: &Place, command: &[&str], values: &str, args: &[&str]) -> Outcome {
        self.release_package(&Package::under_test(), place, command, values, args)
    }

    /// The same with another chart and image.
    pub fn release_package(
        &self,
        package: &Package,
        place: &Place,
        command: &[&str],
        values: &str,
        args: &[&str],
    ) -> Outcome {
        let mut command = self.command(&[command, &["sc-extension", "-n", &place.system]].concat());
        command.args(package.args()).args(["-f", "-"]).args(args);
        run(&mut command, Some(&place.fill(values)))
    }

    /// The flag that undoes a failed upgrade.
    pub fn atomic(&self) -> &'static str {
        if self.major == 3 { "--atomic" } else { "--rollback-on-failure" }
    }

    /// The state of the release and its revision.
    pub fn status(&self, place: &Place) -> (String, u64) {
        // Helm 4 lists releases in every state, and knows no such flag.
        let all: &[&str] = if self.major == 3 { &["--all"] } else { &[] };
        let listed = self.run(place, &[&["list", "-o", "json"], all].concat()).expect(0);
        let releases: Value = serde_json::from_str(&listed.stdout).unwrap();
        let release = &releases[0];
        (
            release["status"].as_str().unwrap_or("none").to_owned(),
            release["revision"].as_str().unwrap_or("0").parse().unwrap(),
        )
    }

    /// The status of each revision that Helm has a record of, the oldest first.
    pub fn history(&self, place: &Place) -> Vec<String> {
        let listed = self.run(place, &["history", "sc-extension", "-o", "json"]).expect(0);
        let revisions: Vec<Value> = serde_json::from_str(&listed.stdout).unwrap();
        revisions.iter().map(|revision| revision["status"].as_str().unwrap().to_owned()).collect()
    }
}
