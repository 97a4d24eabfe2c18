//! A sync as Argo CD does it: what `helm template` renders is applied, then the hooks of `PostSync` run, one wave after the
//! other. <https://argo-cd.readthedocs.io/en/stable/user-guide/helm/#helm-hooks> has the mapping of the hooks.

use serde_json::{Value, json};

use crate::common::Outcome;
use crate::common::kubernetes::{Helm, Place, eventually, get, kubectl, kubectl_with};

/// How objects that are no hooks reach the API server.
#[derive(Clone, Copy, PartialEq)]
pub enum Way {
    Apply,
    /// Sync option `ServerSideApply=true`.
    ServerSide,
    /// Sync option `Replace=true`.
    Replace,
}

/// How a sync ended.
#[derive(Debug, PartialEq)]
pub enum Ended {
    Succeeded,
    /// An object was refused; no hook has run.
    Refused(String),
    /// A hook has failed, and stays.
    HookFailed(String),
}

/// What is rendered for an application.
pub struct Application<'a> {
    place: &'a Place,
    pub plain: Vec<Value>,
    hooks: Vec<Value>,
}

impl<'a> Application<'a> {
    pub fn render(helm: &Helm, place: &'a Place, values: &str) -> Self {
        // Without a cluster: nothing is looked up.
        let args = ["--include-crds", "--kube-version", "1.35.0"];
        let rendered = helm.release(place, &["template"], values, &args).expect(0).stdout;
        let objects = track(&rendered).into_iter();
        let (hooks, plain) = objects.partition(|object| annotation(object, "helm.sh/hook").is_some());
        Self { place, plain, hooks }
    }

    pub fn sync(&self, way: Way) -> Ended {
        let refused = match way {
            Way::Replace => self.plain.iter().map(|object| self.put(object, way)).find(|put| put.code != 0),
            _ => Some(self.put(&list(&self.plain), way)).filter(|put| put.code != 0),
        };
        if let Some(refused) = refused {
            return Ended::Refused(refused.stderr);
        }
        let hooks = self.hooks_for(&["post-install", "post-upgrade"]);
        for hook in &hooks {
            if policy(hook, "before-hook-creation") {
                self.delete(hook);
            }
            self.put(hook, Way::Apply).expect(0);
            if !self.succeeds(hook) {
                return Ended::HookFailed(name(hook).to_owned());
            }
        }
        hooks.into_iter().filter(|hook| policy(hook, "hook-succeeded")).for_each(|hook| self.delete(hook));
        Ended::Succeeded
    }

    /// The deletion of an application: its objects, then all hooks of `PostDelete` at once and in no order. What is there
    /// already is left as it is.
    pub fn delete_all(&self) -> Ended {
        self.plain.iter().for_each(|object| self.delete(object));
        let hooks = self.hooks_for(&["post-delete"]);
        // The other way round, as an order that must not matter.
        for hook in hooks.iter().rev() {
            let created = kubectl_with(&["create", "-f", "-"], &hook.to_string());
            assert!(created.code == 0 || created.stderr.contains("AlreadyExists"), "{}", created.stderr);
        }
        if let Some(failed) = hooks.iter().find(|hook| !self.succeeds(hook)) {
            return Ended::HookFailed(name(failed).to_owned());
        }
        hooks.into_iter().filter(|hook| policy(hook, "hook-succeeded")).for_each(|hook| self.delete(hook));
        Ended::Succeeded
    }

    /// Hooks of these events, in the order of their waves. All others are never created.
    fn hooks_for(&self, events: &[&str]) -> Vec<&Value> {
        let of_events =
            |hook: &&Value| annotation(hook, "helm.sh/hook").unwrap().split(',').any(|event| events.contains(&event));
        let mut hooks: Vec<_> = self.hooks.iter().filter(of_events).collect();
        hooks.sort_by_key(|hook| annotation(hook, "helm.sh/hook-weight").unwrap().parse::<i32>().unwrap());
        hooks
    }

    fn put(&self, object: &Value, way: Way) -> Outcome {
        let server_side =
            ["apply", "--server-side", "--force-conflicts", "--field-manager=argocd-controller", "-f", "-"];
        let verb: &[&str] = match way {
            Way::Apply => &["apply", "-f", "-"],
            Way::ServerSide => &server_side,
            Way::Replace if self.exists(object) => &["replace", "-f", "-"],
            Way::Replace => &["create", "-f", "-"],
        };
        kubectl_with(verb, &object.to_string())
    }

    fn exists(&self, object: &Value) -> bool {
        get(self.namespace(object), object["kind"].as_str().unwrap(), name(object)).is_some()
    }

    fn delete(&self, object: &Value) {
        let (kind, name) = (object["kind"].as_str().unwrap(), name(object));
        kubectl(&["delete", kind, name, "-n", self.namespace(object), "--ignore-not-found"]).expect(0);
    }

    fn namespace<'b>(&'b self, object: &'b Value) -> &'b str {
        object["metadata"]["namespace"].as_str().unwrap_or(&self.place.system)
    }

    /// Waits for the end of a Job; all else is healthy as soon as it is there.
    fn succeeds(&self, hook: &Value) -> bool {
        if hook["kind"] != "Job" {
            return true;
        }
        let ended = |condition: &str| {
            let job = get(&self.place.system, "job", name(hook)).unwrap();
            let conditions = job["status"]["conditions"].as_array().cloned().unwrap_or_default();
            conditions.iter().any(|found| found["type"] == condition && found["status"] == "True")
        };
        eventually("the end of the Job", || ended("Complete") || ended("Failed"));
        ended("Complete")
    }
}

/// The objects with the marks by which Argo CD knows them, in both of its ways. kubectl reads the YAML as Argo CD does.
fn track(rendered: &str) -> Vec<Value> {
    let marked = |verb: &str, mark: &str, text: &str| {
        kubectl_with(&[verb, "--local", "-o", "json", "-f", "-", mark], text).expect(0).stdout
    };
    let labelled = marked("label", "app.kubernetes.io/instance=sc-extension", rendered);
    let tracked = marked("annotate", "argocd.argoproj.io/tracking-id=sc-extension:tested", &labelled);
    serde_json::Deserializer::from_str(&tracked).into_iter().map(Result::unwrap).collect()
}

/// Several objects as one.
pub fn list(objects: &[Value]) -> Value {
    json!({"apiVersion": "v1", "kind": "List", "items": objects})
}

fn name(object: &Value) -> &str {
    object["metadata"]["name"].as_str().unwrap()
}

fn annotation<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object["metadata"]["annotations"][key].as_str()
}

fn policy(hook: &Value, wanted: &str) -> bool {
    annotation(hook, "helm.sh/hook-delete-policy").unwrap().split(',').any(|policy| policy == wanted)
}
