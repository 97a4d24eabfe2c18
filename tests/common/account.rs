//! Whoever holds the token of a ServiceAccount, and nothing else.

use serde_json::{Value, json};

/// A kubeconfig with that token.
pub struct Account(tempfile::NamedTempFile);

impl Account {
    /// `kubeconfig` is what `kubectl config view --raw --flatten --minify -o json` prints: of it, the cluster is taken.
    pub fn with_token(token: &str, kubeconfig: &str) -> Self {
        let mut config: Value = serde_json::from_str(kubeconfig).unwrap();
        let user = config["contexts"][0]["context"]["user"].clone();
        config["users"] = json!([{"name": user, "user": {"token": token.trim()}}]);
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), config.to_string()).unwrap();
        Self(file)
    }

    pub fn kubeconfig(&self) -> &str {
        self.0.path().to_str().unwrap()
    }
}
