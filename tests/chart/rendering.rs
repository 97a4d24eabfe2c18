//! `helm template` of the chart, and what it printed as objects.

use serde::Deserialize as _;
use serde_json::Value;

use crate::common::kubernetes::Helm;
use crate::common::{Outcome, assert_no_canary, file, run_unchecked};

/// Where the chart says that its image is, unless a test says otherwise.
pub const REGISTRY: &str = "image.registry=registry.example";

/// The rendered objects, hooks included.
pub struct Rendering(Vec<Value>);

impl Rendering {
    /// Parses what Helm printed.
    pub fn parse(text: &str) -> Self {
        let documents = serde_yaml::Deserializer::from_str(text);
        Self(
            documents
                .map(|document| Value::deserialize(document).unwrap())
                .filter(|object| !object.is_null())
                .collect(),
        )
    }

    pub fn objects(&self) -> &[Value] {
        &self.0
    }

    /// All objects of a kind.
    pub fn all(&self, kind: &str) -> impl Iterator<Item = &Value> {
        self.0.iter().filter(move |object| object["kind"] == kind)
    }

    pub fn find(&self, kind: &str, namespace: Option<&str>, name: &str) -> Option<&Value> {
        let place = |object: &&Value| {
            object["metadata"]["name"] == name && object["metadata"]["namespace"].as_str() == namespace
        };
        self.all(kind).find(place)
    }

    /// An object of the release namespace that must be there.
    pub fn get(&self, kind: &str, name: &str) -> &Value {
        self.find(kind, Some("sc-system"), name).unwrap_or_else(|| panic!("no {kind} sc-system/{name}"))
    }
}

/// Release `sc-extension` in `sc-system`, rendered with `values`. What Helm prints on refusal must not hold the canary.
pub fn template(helm: &Helm, values: &str, args: &[&str]) -> Outcome {
    let mut command = helm.command(&["template", "sc-extension", "--namespace", "sc-system", "--values", "-"]);
    command.args(["--set", REGISTRY]).args(args).arg(file("chart"));
    let outcome = run_unchecked(&mut command, Some(values));
    if outcome.code != 0 {
        assert_no_canary("what Helm printed", &format!("{}{}", outcome.stdout, outcome.stderr));
    }
    outcome
}

/// The objects of values that Helm must take.
pub fn render(helm: &Helm, values: &str, args: &[&str]) -> Rendering {
    Rendering::parse(&template(helm, values, args).expect(0).stdout)
}

/// What Helm says to values that it must refuse.
pub fn refuse(helm: &Helm, values: &str, args: &[&str]) -> String {
    let refused = template(helm, values, args).expect(1);
    assert_eq!(refused.stdout, "", "a refusal renders nothing");
    refused.stderr
}
