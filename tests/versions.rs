//! The version stands in three files, and a release that forgets one of them would
//! install a chart whose image does not exist.
#![allow(clippy::unwrap_used, reason = "what a test calls is a test too")]

use serde_yaml::Value;

/// That of Cargo.toml.
const VERSION: &str = env!("CARGO_PKG_VERSION");

fn text(path: &str) -> String {
    std::fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[test]
fn the_charts_version_and_its_images_are_the_programs() {
    let chart: Value = serde_yaml::from_str(&text("chart/Chart.yaml")).unwrap();
    for key in ["version", "appVersion"] {
        assert_eq!(chart[key], VERSION, "{key} in chart/Chart.yaml; Cargo.toml has {VERSION}");
    }
}

#[test]
fn the_version_on_the_image_is_the_programs() {
    let label = format!("org.opencontainers.image.version=\"{VERSION}\"");
    assert!(text("Dockerfile").contains(&label), "Dockerfile has no {label}, the version in Cargo.toml");
}
