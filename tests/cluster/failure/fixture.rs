//! What a run meets in the cluster. It goes with the test, also where it is of the whole cluster.

use std::process::Command;

use serde_json::{Value, json};

use crate::common::kubernetes::{eventually, get, kubectl, kubectl_with};

/// The arguments of kubectl that take it away.
pub struct Fixture(Vec<String>);

impl Drop for Fixture {
    fn drop(&mut self) {
        let _ = Command::new("kubectl").args(&self.0).output();
    }
}

impl Fixture {
    fn taken_away_by(args: &[&str]) -> Self {
        Self(args.iter().map(|&arg| arg.to_owned()).collect())
    }

    /// A namespace, for as long as the test runs.
    pub fn namespace(name: &str) -> Self {
        kubectl(&["create", "namespace", name]).expect(0);
        Self::taken_away_by(&["delete", "namespace", name, "--wait=false"])
    }

    /// A namespace whose deletion waits for somebody.
    pub fn terminating_namespace(name: &str) -> Self {
        kubectl(&["create", "namespace", name]).expect(0);
        let keep = "{apiVersion: v1, kind: ConfigMap, metadata: {name: keep, finalizers: [example.com/keep]}}";
        kubectl_with(&["create", "-n", name, "-f", "-"], keep).expect(0);
        kubectl(&["delete", "namespace", "--wait=false", name]).expect(0);
        let free = r#"{"metadata": {"finalizers": null}}"#;
        Self::taken_away_by(&["patch", "configmap", "keep", "-n", name, "--type=merge", "-p", free])
    }

    /// A label of every node.
    pub fn node_label(name: &str) -> Self {
        kubectl(&["label", "nodes", "--all", &format!("{name}=")]).expect(0);
        Self::taken_away_by(&["label", "nodes", "--all", &format!("{name}-")])
    }

    /// A quota that leaves a namespace nothing of `resource`.
    pub fn quota(namespace: &str, resource: &str) -> Self {
        kubectl(&["create", "quota", "none", "-n", namespace, &format!("--hard={resource}=0")]).expect(0);
        let counted =
            || get(namespace, "resourcequota", "none").is_some_and(|quota| quota["status"]["hard"][resource] == "0");
        eventually("the quota's first count", counted);
        Self::taken_away_by(&["delete", "quota", "none", "-n", namespace, "--ignore-not-found"])
    }

    /// A policy that denies every Secret in a namespace, and quotes the entry A in doing so.
    pub fn policy(namespace: &str) -> Self {
        let metadata = json!({"name": namespace});
        let api_version = "admissionregistration.k8s.io/v1";
        let policy = json!({
            "apiVersion": api_version, "kind": "ValidatingAdmissionPolicy", "metadata": metadata,
            "spec": {
                "matchConstraints": {"resourceRules": rules(&["CREATE", "UPDATE"])},
                "validations": [{"expression": "false", "messageExpression": "'only the vault may hold ' + object.data.A"}],
            },
        });
        let binding = json!({
            "apiVersion": api_version, "kind": "ValidatingAdmissionPolicyBinding", "metadata": metadata,
            "spec": {
                "policyName": namespace, "validationActions": ["Deny"],
                "matchResources": {"namespaceSelector": only(namespace)},
            },
        });
        let created = Self::created(&[policy, binding], namespace);
        let probe = ["create", "secret", "generic", "probe", "-n", namespace, "--from-literal=A=1", "--dry-run=server"];
        eventually("the policy", || kubectl(&probe).code != 0);
        created
    }

    /// An admission webhook for new Secrets in a namespace.
    pub fn webhook(namespace: &str, failure_policy: &str, client: &Value) -> Self {
        let webhook = json!({
            "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration", "metadata": {"name": namespace},
            "webhooks": [{
                "name": "secrets.example.com", "clientConfig": client, "failurePolicy": failure_policy, "timeoutSeconds": 1,
                "rules": rules(&["CREATE"]), "namespaceSelector": only(namespace),
                "sideEffects": "None", "admissionReviewVersions": ["v1"],
            }],
        });
        Self::created(&[webhook], namespace)
    }

    fn created(objects: &[Value], name: &str) -> Self {
        let list = json!({"apiVersion": "v1", "kind": "List", "items": objects});
        kubectl_with(&["create", "-f", "-"], &list.to_string()).expect(0);
        let kinds = "validatingadmissionpolicy,validatingadmissionpolicybinding,validatingwebhookconfiguration";
        Self::taken_away_by(&["delete", kinds, name, "--ignore-not-found"])
    }
}

fn rules(operations: &[&str]) -> Value {
    json!([{"apiGroups": [""], "apiVersions": ["v1"], "resources": ["secrets"], "operations": operations}])
}

fn only(namespace: &str) -> Value {
    json!({"matchLabels": {"kubernetes.io/metadata.name": namespace}})
}
