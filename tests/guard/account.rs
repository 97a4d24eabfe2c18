//! Whoever holds the token of a ServiceAccount.

use serde_json::{Value, json};

use super::install::{kubectl, kubectl_as};
use crate::common::Outcome;

/// A kubeconfig with the token and nothing else.
pub struct Account(tempfile::NamedTempFile);

impl Account {
    /// Asks for a token, as the kubelet does for a pod.
    pub fn of(namespace: &str, name: &str) -> Self {
        let token = kubectl(&["create", "token", name, "-n", namespace], None).expect(0).stdout;
        let shown = kubectl(&["config", "view", "--raw", "--flatten", "--minify", "-o", "json"], None).expect(0);
        let mut config: Value = serde_json::from_str(&shown.stdout).unwrap();
        let user = config["contexts"][0]["context"]["user"].clone();
        config["users"] = json!([{"name": user, "user": {"token": token.trim()}}]);
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), config.to_string()).unwrap();
        Self(file)
    }

    pub fn kubeconfig(&self) -> &str {
        self.0.path().to_str().unwrap()
    }

    pub fn kubectl(&self, args: &[&str], input: Option<&str>) -> Outcome {
        kubectl_as(&[&["--kubeconfig", self.kubeconfig()], args].concat(), input)
    }
}
