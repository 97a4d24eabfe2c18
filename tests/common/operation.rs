//! The settings of Service Connector's own extension, as it hands them over.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// The four settings; `resources` is encoded.
pub fn settings(connection: &str, correlation_id: &str, operation: &str, resources: &Value) -> Value {
    json!({
        "connection": connection, "correlationid": correlation_id, "operation": operation,
        "resources": encoded(&resources.to_string()),
    })
}

pub fn encoded(text: &str) -> String {
    STANDARD.encode(text)
}

/// `resources` with a Secret of `data`, and none for a deletion.
pub fn secret(connection: &str, namespace: &str, data: &Value) -> Value {
    let mut secret = json!({"name": format!("sc-{connection}-secret"), "namespace": namespace});
    if !data.is_null() {
        secret["data"] = data.clone();
    }
    json!({"namespace": {"name": namespace}, "secret": secret})
}

/// An example of the chart, whose encoded `resources` are in `shop`, in another namespace.
pub fn moved(values: &str, namespace: &str) -> String {
    let line = |line: &str| match line.strip_prefix("resources: ") {
        Some(encoded) => {
            let resources = String::from_utf8(STANDARD.decode(encoded).unwrap()).unwrap();
            format!("resources: {}\n", STANDARD.encode(resources.replace("\"shop\"", &format!("\"{namespace}\""))))
        }
        None => format!("{line}\n"),
    };
    values.lines().map(line).collect()
}
