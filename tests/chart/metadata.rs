//! What `Chart.yaml` tells the servers of charts.

use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_yaml::Value;

use crate::common::kubernetes::Helm;
use crate::common::{file, run_unchecked, text};

with_both_helms! {
    the_package_has_the_readme_and_the_schema_and_no_examples
}

fn the_package_has_the_readme_and_the_schema_and_no_examples(helm: &Helm) {
    let folder = tempfile::TempDir::new().unwrap();
    let mut package = helm.command(&["package", "--destination"]);
    run_unchecked(package.arg(folder.path()).arg(file("chart")), None).expect(0);
    let archive = folder.path().join(format!("sc-extension-{}.tgz", env!("CARGO_PKG_VERSION")));
    let listed = run_unchecked(Command::new("tar").arg("--list").arg("--file").arg(archive), None).expect(0).stdout;
    for needed in ["Chart.yaml", "README.md", "values.yaml", "values.schema.json", "files/linkers.json"] {
        assert!(listed.lines().any(|path| path == format!("sc-extension/{needed}")), "{needed} is not among\n{listed}");
    }
    assert!(!listed.contains("/ci/") && !listed.contains("icon.svg"), "{listed}");
}

fn chart() -> Value {
    serde_yaml::from_str(&text("chart/Chart.yaml")).unwrap()
}

#[test]
fn the_icon_is_the_file_of_the_chart() {
    let uri = format!("data:image/svg+xml;base64,{}", STANDARD.encode(text("chart/icon.svg")));
    assert_eq!(chart()["icon"].as_str(), Some(uri.as_str()), "chart/Chart.yaml");
}

#[test]
fn the_changes_are_those_of_the_changelog() {
    let changes = chart()["annotations"]["artifacthub.io/changes"].as_str().unwrap().to_owned();
    let changes: Vec<Value> = serde_yaml::from_str(&changes).unwrap();
    let changelog = text("CHANGELOG.md");
    let sentences: Vec<_> = changes.iter().map(|change| change["description"].as_str().unwrap()).collect();
    assert!(!sentences.is_empty());
    for sentence in sentences {
        assert!(changelog.contains(sentence), "CHANGELOG.md says nothing of \"{sentence}\"");
    }
}

#[test]
fn the_annotations_have_the_values_that_artifact_hub_knows() {
    let annotations = &chart()["annotations"];
    assert_eq!(annotations["artifacthub.io/license"], "MIT");
    assert!(text("LICENSE").starts_with("MIT License"));
    assert_eq!(annotations["artifacthub.io/category"], "integration-delivery");
    assert_eq!(annotations["artifacthub.io/operator"], "false");
    let links: Vec<Value> = serde_yaml::from_str(annotations["artifacthub.io/links"].as_str().unwrap()).unwrap();
    assert!(links.iter().all(|link| text("README.md").contains(link["url"].as_str().unwrap())), "{links:?}");
}
