//! Azure Policy's rules for what runs in AKS: the deployment safeguards, which AKS Automatic turns on, and the built-in
//! policies of the initiative for restricted pods. Their engine and their Rego run in Azure's add-on only, so each is a
//! check here, under the name by which Azure lists it:
//! <https://learn.microsoft.com/azure/aks/deployment-safeguards>, <https://learn.microsoft.com/azure/aks/policy-reference>.
//!
//! Not here: rules on kinds that the chart does not render, of which
//! [`the_chart_renders_no_other_kinds`] makes sure.

use serde_json::Value;

use super::exceptions::{Finding, judge};
use super::subjects::{BAD, Subjects};

/// Whether an object breaks a rule, and with what.
type Rule = fn(&Value) -> Option<String>;

const RULES: [(&str, Rule); 20] = [
    ("Kubernetes cluster containers CPU and memory resource limits should not exceed the specified limits", limits),
    ("Ensure cluster containers have readiness or liveness probes configured", probes),
    ("No AKS Specific Labels", reserved_labels),
    ("Kubernetes cluster containers should only use allowed images", other_registry),
    ("Kubernetes cluster container images should not include latest image tag", latest),
    ("Kubernetes cluster containers should only pull images when image pull secrets are present", pull_secrets),
    ("Kubernetes clusters should not use the default namespace", default_namespace),
    ("Kubernetes clusters should disable automounting API credentials", automount),
    ("Kubernetes cluster should not allow privileged containers", |object| of_containers(object, privileged)),
    ("Kubernetes clusters should not allow container privilege escalation", |object| of_containers(object, escalation)),
    ("Kubernetes cluster containers should run with a read only root file system", |object| {
        of_containers(object, writable_root)
    }),
    ("Kubernetes cluster containers should only use allowed capabilities", |object| {
        of_containers(object, capabilities)
    }),
    ("Kubernetes clusters should not grant CAP_SYS_ADMIN security capabilities", |object| {
        of_containers(object, |container| at(container, "/securityContext/capabilities/add"))
    }),
    ("Kubernetes cluster containers should only use allowed ProcMountType", |object| {
        of_containers(object, |container| at(container, "/securityContext/procMount"))
    }),
    ("Kubernetes cluster containers should not use forbidden sysctl interfaces", |object| {
        of_pods(object, |pod| at(pod, "/securityContext/sysctls"))
    }),
    ("Kubernetes cluster containers should not share host namespaces", |object| of_pods(object, host_namespaces)),
    ("Kubernetes cluster pods should only use approved host network and port list", host_ports),
    ("Kubernetes cluster pods should only use allowed volume types", |object| of_pods(object, volumes)),
    ("Kubernetes cluster pods and containers should only run with approved user and group IDs", |object| {
        of_pods(object, root)
    }),
    ("Kubernetes cluster containers should only use allowed seccomp profiles", |object| of_pods(object, seccomp)),
];

/// What the deployment safeguards have further rules on: nodes ("Cannot Edit Individual Nodes", "Reserved System Pool
/// Taints"), storage classes ("Kubernetes clusters should use Container Storage Interface (CSI) driver `StorageClass`"),
/// services ("Kubernetes cluster services should use unique selectors"), and workloads with replicas ("Must Have Anti
/// Affinity Rules or Topology Spread Constraints Set").
const UNJUDGED: [&str; 7] =
    ["Node", "StorageClass", "Service", "Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"];

fn findings(subjects: &Subjects) -> Vec<Finding> {
    let objects = subjects.objects();
    assert!(objects.iter().any(|object| !pods(object).is_empty()), "no pods");
    let broken = objects.iter().flat_map(|object| {
        let text = |pointer| object.pointer(pointer).and_then(Value::as_str).unwrap();
        let name = format!("{}/{}", text("/kind"), text("/metadata/name"));
        RULES.iter().filter_map(move |(rule, broken)| {
            broken(object).map(|said| Finding { rule: (*rule).to_owned(), object: name.clone(), said })
        })
    });
    broken.collect()
}

/// The pods of an object, whatever its kind: what has containers.
fn pods(object: &Value) -> Vec<&Value> {
    let Value::Object(fields) = object else { return Vec::new() };
    let here = fields.contains_key("containers").then_some(object);
    here.into_iter().chain(fields.values().flat_map(pods)).collect()
}

fn of_pods(object: &Value, broken: fn(&Value) -> Option<String>) -> Option<String> {
    pods(object).into_iter().find_map(broken)
}

fn of_containers(object: &Value, broken: fn(&Value) -> Option<String>) -> Option<String> {
    let lists = pods(object).into_iter().flat_map(|pod| [&pod["containers"], &pod["initContainers"]]);
    lists.filter_map(Value::as_array).flatten().find_map(broken)
}

/// What stands at a place where nothing may stand.
fn at(value: &Value, pointer: &str) -> Option<String> {
    value.pointer(pointer).map(|found| format!("{pointer} is {found}"))
}

/// What stands at a place where something else has to.
fn other_than(value: &Value, pointer: &str, wanted: &Value) -> Option<String> {
    let found = value.pointer(pointer).unwrap_or(&Value::Null);
    (found != wanted).then(|| format!("{pointer} is {found}"))
}

fn limits(object: &Value) -> Option<String> {
    of_containers(object, |container| {
        let pointers = ["/limits/cpu", "/limits/memory", "/requests/cpu", "/requests/memory"];
        pointers
            .iter()
            .find(|pointer| container["resources"].pointer(pointer).is_none())
            .map(|lack| format!("no {lack}"))
    })
}

fn probes(object: &Value) -> Option<String> {
    of_containers(object, |container| {
        let lacks = ["livenessProbe", "readinessProbe"].into_iter().find(|probe| container.get(probe).is_none());
        lacks.map(|probe| format!("no {probe}"))
    })
}

fn reserved_labels(object: &Value) -> Option<String> {
    let labels = object["metadata"]["labels"].as_object()?;
    labels
        .keys()
        .find(|key| key.split('/').next().is_some_and(|prefix| prefix.ends_with("kubernetes.azure.com")))
        .cloned()
}

/// Which registries are allowed is the cluster's to say: all images come from the one that the values name.
fn other_registry(object: &Value) -> Option<String> {
    of_containers(object, |container| {
        let image = container["image"].as_str().unwrap();
        (!image.starts_with("registry.example.com/platform/")).then(|| image.to_owned())
    })
}

fn latest(object: &Value) -> Option<String> {
    of_containers(object, |container| {
        let image = container["image"].as_str().unwrap();
        let name = image.rsplit('/').next().unwrap();
        (!name.contains([':', '@']) || name.ends_with(":latest")).then(|| image.to_owned())
    })
}

fn pull_secrets(object: &Value) -> Option<String> {
    of_pods(object, |pod| pod.get("imagePullSecrets").is_none().then(|| "no imagePullSecrets".to_owned()))
}

fn default_namespace(object: &Value) -> Option<String> {
    (object["metadata"]["namespace"] == "default").then(|| "/metadata/namespace is default".to_owned())
}

fn automount(object: &Value) -> Option<String> {
    of_pods(object, |pod| other_than(pod, "/automountServiceAccountToken", &false.into()))
}

fn privileged(container: &Value) -> Option<String> {
    let privileged = container["securityContext"]["privileged"] == true;
    privileged.then(|| "/securityContext/privileged is true".to_owned())
}

fn escalation(container: &Value) -> Option<String> {
    other_than(container, "/securityContext/allowPrivilegeEscalation", &false.into())
}

fn writable_root(container: &Value) -> Option<String> {
    other_than(container, "/securityContext/readOnlyRootFilesystem", &true.into())
}

fn capabilities(container: &Value) -> Option<String> {
    other_than(container, "/securityContext/capabilities/drop", &serde_json::json!(["ALL"]))
}

fn host_namespaces(pod: &Value) -> Option<String> {
    ["/hostNetwork", "/hostPID", "/hostIPC"].into_iter().find_map(|pointer| at(pod, pointer))
}

fn host_ports(object: &Value) -> Option<String> {
    of_pods(object, |pod| at(pod, "/hostNetwork"))
        .or_else(|| of_containers(object, |container| at(container, "/ports")))
}

fn volumes(pod: &Value) -> Option<String> {
    let allowed =
        ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"];
    let kinds = pod["volumes"].as_array()?.iter().flat_map(|volume| volume.as_object().unwrap().keys());
    kinds.filter(|key| *key != "name").find(|key| !allowed.contains(&key.as_str())).cloned()
}

fn root(pod: &Value) -> Option<String> {
    let ids = ["/securityContext/runAsUser", "/securityContext/runAsGroup"].into_iter();
    let not_said = other_than(pod, "/securityContext/runAsNonRoot", &true.into());
    not_said.or_else(|| {
        ids.filter(|pointer| pod.pointer(pointer).and_then(Value::as_u64).is_none_or(|id| id == 0))
            .map(|pointer| format!("{pointer} is root's, or is not said"))
            .next()
    })
}

fn seccomp(pod: &Value) -> Option<String> {
    other_than(pod, "/securityContext/seccompProfile/type", &"RuntimeDefault".into())
}

#[test]
#[ignore = "needs Helm: scripts/test"]
fn no_object_breaks_a_policy_of_azure() {
    judge("azure-policy", &findings(&Subjects::render()));
}

#[test]
#[ignore = "needs Helm: scripts/test"]
fn the_chart_renders_no_other_kinds() {
    for object in Subjects::render().objects() {
        assert!(!UNJUDGED.contains(&object["kind"].as_str().unwrap()), "{}", object["kind"]);
    }
}

#[test]
fn each_rule_is_broken_by_a_job_that_does_wrong() {
    let worse = "
apiVersion: batch/v1
kind: Job
metadata: {name: worse, namespace: default}
spec:
  template:
    spec:
      volumes: [{name: v, hostPath: {path: /}}]
      securityContext: {sysctls: [{name: kernel.msgmax, value: '1'}]}
      containers: [{name: c, image: 'nginx', securityContext: {procMount: Unmasked, capabilities: {add: [SYS_ADMIN]}}}]
";
    let mut found = findings(&Subjects::of(BAD));
    found.extend(findings(&Subjects::of(worse)));
    for (rule, _) in RULES {
        assert!(found.iter().any(|finding| finding.rule == rule), "{rule}");
    }
}
