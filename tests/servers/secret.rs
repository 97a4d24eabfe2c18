//! The Secret of one connection, as the program renders it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::common::{run, run_unchecked, sc_job};

/// What a pod has as its environment with `envFrom`.
pub type Secret = BTreeMap<String, String>;

/// The Secret of a connection with auth `secret`. Without `--show-secrets`, nothing of it may be seen.
pub fn secret(target: &str, client_type: &str, parameters: &Value) -> Secret {
    let connection = json!({"target": target, "auth": "secret", "clientType": client_type, "parameters": parameters});
    let values = json!({"connections": {"orders": connection}}).to_string();
    run(&mut sc_job(&["render", "-f", "-"]), Some(&values)).expect(0);
    let shown = run_unchecked(&mut sc_job(&["render", "-f", "-", "--show-secrets"]), Some(&values)).expect(0);
    let object: Value = serde_yaml::from_str(&shown.stdout).unwrap();
    serde_json::from_value(object["stringData"].clone()).unwrap()
}
