//! What a person should know of the connections although it is no fault.

use crate::catalogue::LINE_BREAK;
use crate::connections::form::Form;
use crate::connections::{Connection, Declared, names};
use crate::secret_value::SecretValue;
use crate::wording;

/// A line names this many connections.
const NAMED: usize = 10;

/// Tells parameters whose values may not be what was meant, or not arrive everywhere as they are.
pub fn on_values<'a>(declared: &'a Declared, value: impl Fn(&'a Form) -> Option<&'a SecretValue>) {
    for connection in declared.enabled() {
        let Some(service) = &connection.service else { continue };
        let name = &connection.name;
        for (parameter, form) in service.parameters.iter() {
            let Some(value) = value(form).map(SecretValue::expose) else { continue };
            if value.ends_with('\n') {
                tracing::warn!(connection = name, "connection {name}: parameter {parameter} ends with {LINE_BREAK}");
            }
            if service.set.variables.iter().any(|variable| variable.is_for_environment_only(parameter, value)) {
                tracing::warn!(
                    connection = name,
                    "connection {name}: parameter {parameter} holds a placeholder of Spring's, and is written so that \
                     Spring reads it right from the environment; from a file it does not"
                );
            }
        }
    }
}

/// Tells that pods will get no token of their workload identity.
pub fn on_absent_identity_webhook(name: &str) {
    tracing::warn!(
        "the webhook of workload identity is not installed (no mutatingwebhookconfiguration {name}): ServiceAccounts are \
         written all the same, but pods get no token until `az aks update --enable-oidc-issuer --enable-workload-identity \
         --name CLUSTER --resource-group GROUP` has run and they are started anew"
    );
}

/// Tells parameters that nothing uses, and keys that not every program gets to see.
pub fn on(declared: &Declared) {
    if let Some(operation) = declared.operation.as_ref().filter(|operation| operation.asks_for_pod) {
        let name = &operation.connection;
        tracing::info!(
            connection = name,
            "connection {name}: resources.pod is not needed, and no pod is made: the CSI driver mounts and syncs for the pods \
             that use the connection"
        );
    }
    for connection in declared.enabled() {
        if let Some(service) = connection.service.as_ref().filter(|service| !service.unused.is_empty()) {
            let (name, unused, of) = (&connection.name, service.unused.join(", "), service.words());
            tracing::warn!(connection = name, "connection {name}: {of} has no use for parameters {unused}");
        }
    }
    let dotted = |connection: &&Connection| connection.keys().any(|key| !names::is_shell_variable(&key));
    let dotted: Vec<String> = declared.enabled().filter(dotted).map(|connection| connection.name.clone()).collect();
    if !dotted.is_empty() {
        tracing::info!(
            "keys that are no names of shell variables: {}. Kubernetes takes dots and dashes in envFrom, but a shell that \
             starts the program may drop them; then mount the Secret as files",
            wording::first(&dotted, NAMED)
        );
    }
}
