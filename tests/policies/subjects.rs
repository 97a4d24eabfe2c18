//! What is judged: the chart as Helm 4 renders it, a file for each way of use.

use std::path::{Path, PathBuf};

use serde::Deserialize as _;
use serde_json::Value;
use tempfile::TempDir;

use crate::common::kubernetes::Helm;
use crate::common::{file, run_unchecked};

/// Where the image is. The examples say it themselves.
pub const IMAGE: &str = "image.registry=registry.example.com/platform";

/// The values files of the examples. Helm's chart-testing takes those whose names end like this.
pub fn examples() -> Vec<PathBuf> {
    let folder = std::fs::read_dir(file("chart/ci")).unwrap().map(|entry| entry.unwrap().path());
    let mut examples: Vec<_> = folder.filter(|path| path.to_str().unwrap().ends_with("-values.yaml")).collect();
    examples.sort();
    assert!(!examples.is_empty(), "no examples");
    examples
}

/// Files with the rendered objects, which go with it.
pub struct Subjects(TempDir);

impl Subjects {
    pub fn render() -> Self {
        let subjects = Self(TempDir::new().unwrap());
        subjects.add("default", &template(&["--set", IMAGE]));
        for example in examples() {
            let name = example.file_stem().unwrap().to_str().unwrap();
            subjects.add(name, &template(&["--values", example.to_str().unwrap()]));
        }
        subjects
    }

    /// A single file.
    pub fn of(text: &str) -> Self {
        let subjects = Self(TempDir::new().unwrap());
        subjects.add("subject", text);
        subjects
    }

    fn add(&self, name: &str, text: &str) {
        std::fs::write(self.0.path().join(name).with_extension("yaml"), text).unwrap();
    }

    pub fn folder(&self) -> &Path {
        self.0.path()
    }

    pub fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<_> = self.0.path().read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }

    /// All objects of all files.
    pub fn objects(&self) -> Vec<Value> {
        let texts = self.files().into_iter().map(|path| std::fs::read_to_string(path).unwrap());
        let objects = texts.flat_map(|text| {
            let documents = serde_yaml::Deserializer::from_str(&text);
            documents.map(|document| Value::deserialize(document).unwrap()).collect::<Vec<_>>()
        });
        objects.filter(|object| !object.is_null()).collect()
    }
}

fn template(args: &[&str]) -> String {
    let mut command = Helm::new(4).command(&["template", "sc-extension", "--namespace", "sc-system"]);
    run_unchecked(command.args(args).arg(file("chart")), None).expect(0).stdout
}

/// A Job that does wrong what the linters look at, and has a field that no Job has.
pub const BAD: &str = "
apiVersion: batch/v1
kind: Job
metadata: {name: bad, namespace: default, labels: {kubernetes.azure.com/own: a}}
spec:
  template:
    spec:
      hostNetwork: true
      restartPolicy: Never
      unknownField: 1
      containers: [{name: c, image: 'nginx:latest', securityContext: {privileged: true}}]
";
