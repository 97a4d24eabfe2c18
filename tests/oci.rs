//! Chart and image in a real registry: pushed as the README says, installed by `oci://`, pulled by digest.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

#[macro_use]
mod common;

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;
use tempfile::TempDir;

use common::kubernetes::{Helm, Place, eventually, get, kubectl, secret_data};
use common::package::Package;
use common::{file, run};

with_both_helms! {
    the_chart_is_installed_from_a_registry_and_the_node_pulls_the_image_by_digest
}

/// A registry on this node's loopback address, which Helm and containerd take for one without TLS. It ends with the test.
struct Registry {
    address: String,
    data: TempDir,
    process: Child,
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Registry {
    fn start() -> Self {
        let data = TempDir::new().unwrap();
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let settings = serde_json::json!({
            "version": 0.1, "http": {"addr": address},
            "storage": {"filesystem": {"rootdirectory": data.path().join("storage")}},
        });
        fs::write(data.path().join("config.json"), settings.to_string()).unwrap();
        let log = fs::File::create(data.path().join("log")).unwrap();
        let process = Command::new("docker-registry")
            .args(["serve", data.path().join("config.json").to_str().unwrap()])
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let registry = Self { address, data, process };
        eventually("the registry", || TcpStream::connect(&registry.address).is_ok());
        registry
    }

    /// Pushes the image, and returns its reference with the digest. The node has none of its layers yet, as they are of a
    /// time of their own: twice the seconds of now, and one more for one of the two Helms.
    fn push_image(&self, helm: &Helm) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let time = 2 * now + u64::from(helm.major % 2);
        let mut push = Command::new(file("scripts/image"));
        push.args(["--push", &self.address, "--tag", "oci"]).env("SOURCE_DATE_EPOCH", time.to_string());
        run(&mut push, None).expect(0).stdout.trim_end().to_owned()
    }

    /// Packs and pushes the chart, and returns what Helm installs.
    fn push_chart(&self, helm: &Helm) -> String {
        let directory = self.data.path().to_str().unwrap();
        let chart = file("chart");
        let packed = run(&mut helm.command(&["package", chart.to_str().unwrap(), "--destination", directory]), None);
        packed.expect(0);
        let package = format!("{directory}/sc-extension-{}.tgz", env!("CARGO_PKG_VERSION"));
        assert!(Path::new(&package).exists());
        let charts = format!("oci://{}/charts", self.address);
        run(&mut helm.command(&["push", &package, &charts, "--plain-http"]), None).expect(0);
        format!("{charts}/sc-extension")
    }

    /// What was asked of it.
    fn log(&self) -> String {
        fs::read_to_string(self.data.path().join("log")).unwrap()
    }
}

fn the_chart_is_installed_from_a_registry_and_the_node_pulls_the_image_by_digest(helm: &Helm) {
    let (registry, place) = (Registry::start(), Place::new());
    let image = registry.push_image(helm);
    let digest = image.strip_prefix(&format!("{}/sc-job:oci@", registry.address)).unwrap();
    let package = Package { chart: registry.push_chart(helm), image: image.clone() };
    let version = ["--version", env!("CARGO_PKG_VERSION"), "--plain-http"];
    let values = "connections: {a: {namespace: SHOP, data: {A: b}}}";
    helm.release_package(&package, &place, &["install"], values, &version).expect(0);
    assert_eq!(helm.history(&place), ["deployed"]);
    assert_eq!(secret_data(&place.shop, "sc-a-secret")["A"], "b");

    let pulled = format!("Successfully pulled image \"{}/sc-job@{digest}\"", registry.address);
    let events = kubectl(&["get", "events", "-n", &place.system, "-o", "json"]).expect(0).stdout;
    let events: Value = serde_json::from_str(&events).unwrap();
    let messages: Vec<_> =
        events["items"].as_array().unwrap().iter().filter_map(|event| event["message"].as_str()).collect();
    assert!(messages.iter().any(|message| message.starts_with(&pulled)), "{messages:?}");
    let log = registry.log();
    for asked in [format!("GET /v2/sc-job/manifests/{digest}"), "GET /v2/sc-job/blobs/sha256:".to_owned()] {
        assert!(log.contains(&asked), "{asked} is not in\n{log}");
    }

    helm.release_package(&package, &place, &["upgrade"], values, &version).expect(0);
    assert_eq!(helm.history(&place), ["superseded", "deployed"]);
    assert_eq!(get(&place.system, "job", "sc-job"), None);
}
