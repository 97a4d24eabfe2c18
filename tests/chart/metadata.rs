//! What `Chart.yaml` tells the servers of charts.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use regex_lite::Regex;
use serde_yaml::Value;
use tempfile::TempDir;

use crate::common::kubernetes::Helm;
use crate::common::{file, run_unchecked, text};

with_both_helms! {
    the_package_has_the_readme_and_the_schema_and_no_examples
    what_the_package_points_to_is_in_it
}

/// The package, unpacked.
fn package(helm: &Helm) -> TempDir {
    let folder = TempDir::new().unwrap();
    let mut package = helm.command(&["package", "--destination"]);
    run_unchecked(package.arg(folder.path()).arg(file("chart")), None).expect(0);
    let archive = folder.path().join(format!("sc-extension-{}.tgz", env!("CARGO_PKG_VERSION")));
    run_unchecked(Command::new("tar").arg("-xf").arg(archive).arg("-C").arg(folder.path()), None).expect(0);
    folder
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn the_package_has_the_readme_and_the_schema_and_no_examples(helm: &Helm) {
    let folder = package(helm);
    let chart = folder.path().join("sc-extension");
    for needed in ["Chart.yaml", "README.md", "values.yaml", "values.schema.json", "files/linkers.json"] {
        assert!(chart.join(needed).is_file(), "{needed}");
    }
    let stray = |path: &PathBuf| path.starts_with(chart.join("ci")) || path.ends_with("icon.svg");
    assert_eq!(files(&chart).into_iter().find(stray), None);
}

/// Who has the package alone has no other file. What is in the sources is said to be there.
fn what_the_package_points_to_is_in_it(helm: &Helm) {
    let folder = package(helm);
    let chart = folder.path().join("sc-extension");
    let link = Regex::new(r"\]\(([\w./-]+)(?:#[^)]*)?\)").unwrap();
    let place = r"(?:chart|ci|docs|files|scripts|src|templates|tests)/[A-Za-z_][\w./-]*|[A-Z]{4,}\.md";
    let mention = Regex::new(&format!(r"(?:^|[ (`])({place})([^.:;]* in the sources)?")).unwrap();
    let (mut pointers, mut lost) = (0, Vec::new());
    for path in files(&chart) {
        let text = fs::read_to_string(&path).unwrap();
        let links = link.captures_iter(&text).map(|found| (found.get(1).unwrap().as_str(), &path));
        let mentions = mention.captures_iter(&text).filter(|found| found.get(2).is_none());
        for (pointer, path) in links.chain(mentions.map(|found| (found.get(1).unwrap().as_str(), &path))) {
            pointers += 1;
            if !path.with_file_name(pointer).exists() && !chart.join(pointer.trim_end_matches('.')).exists() {
                lost.push(format!("{}: {pointer}", path.display()));
            }
        }
    }
    assert_eq!(lost, Vec::<String>::new());
    assert!(pointers > 0, "nothing was found to look at");
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
