//! What a person should know of the connections although it is no fault.

use crate::connections::{Connection, Declared, names};
use crate::wording;

/// A line names this many connections.
const NAMED: usize = 10;

/// Tells parameters that nothing uses, and keys that not every program gets to see.
pub fn on(declared: &Declared) {
    for connection in declared.enabled() {
        if let Some(service) = connection.service.as_ref().filter(|service| !service.unused.is_empty()) {
            let (name, unused, of) = (&connection.name, service.unused.join(", "), service.words());
            tracing::warn!(connection = name, "connection {name}: {of} has no use for parameters {unused}");
        }
    }
    let dotted = |connection: &&Connection| connection.keys().any(|key| !names::SHELL_VARIABLE.accepts(&key));
    let dotted: Vec<String> = declared.enabled().filter(dotted).map(|connection| connection.name.clone()).collect();
    if !dotted.is_empty() {
        tracing::info!(
            "keys that are no names of shell variables: {}. Kubernetes takes dots and dashes in envFrom, but a shell that \
             starts the program may drop them; then mount the Secret as files",
            wording::first(&dotted, NAMED)
        );
    }
}
