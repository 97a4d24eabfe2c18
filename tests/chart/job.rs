//! The Jobs and their pod.

use serde_json::{Value, json};

use super::rendering::{Rendering, refuse, render};
use crate::common::kubernetes::Helm;

with_both_helms! {
    the_run_ends_ten_seconds_before_kubernetes_ends_the_job
    a_job_ends_once_and_for_all_on_faults_that_stay
    the_pod_meets_pod_security_restricted
    the_settings_of_the_binary_are_those_of_the_values
    meshes_stay_away_unless_the_values_call_them
    the_values_of_the_job_reach_the_pod
    the_pod_of_the_defaults_is_exactly_this
}

const JOBS: [&str; 4] = ["sc-job", "sc-job-rollback", "sc-job-check", "sc-job-uninstall"];

/// Values with which there are all of them.
pub const VALUES: &str = "
uninstall: {deletionPolicy: Delete}
connections: {a: {data: {K: v}}}
";

fn pod<'a>(rendered: &'a Rendering, job: &str) -> &'a Value {
    &rendered.get("Job", job)["spec"]["template"]["spec"]
}

fn variables(rendered: &Rendering, job: &str) -> Value {
    let env = pod(rendered, job)["containers"][0]["env"].as_array().unwrap();
    let value = |variable: &Value| variable.get("value").or(variable.get("valueFrom")).cloned().unwrap();
    let pair = |variable: &Value| (variable["name"].as_str().unwrap().to_owned(), value(variable));
    let variables: serde_json::Map<_, _> = env.iter().map(pair).collect();
    assert_eq!(variables.len(), env.len(), "each variable stands once");
    variables.into()
}

fn a_job_ends_once_and_for_all_on_faults_that_stay(helm: &Helm) {
    let rendered = render(helm, VALUES, &[]);
    for job in JOBS {
        let spec = &rendered.get("Job", job)["spec"];
        assert_eq!((&spec["backoffLimit"], &spec["activeDeadlineSeconds"]), (&json!(0), &json!(240)));
        assert_eq!(
            spec["podFailurePolicy"],
            json!({"rules": [
                {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]},
                {"action": "FailJob", "onExitCodes": {"containerName": "sc-job", "operator": "In", "values": [64, 77, 78, 79]}},
            ]})
        );
        assert_eq!(spec["template"]["spec"]["restartPolicy"], "Never");
    }
    let raised = render(helm, "", &["--set", "job.backoffLimit=3,job.activeDeadlineSeconds=290"]);
    assert_eq!(raised.get("Job", "sc-job")["spec"]["backoffLimit"], 3);
    assert_eq!(raised.get("Job", "sc-job")["spec"]["activeDeadlineSeconds"], 290);
}

/// Recording the outcome takes up to 5 s after the deadline of the run.
fn the_run_ends_ten_seconds_before_kubernetes_ends_the_job(helm: &Helm) {
    let times = |deadline, fence| format!("job.deadlineSeconds={deadline},job.activeDeadlineSeconds={fence}");
    render(helm, "", &["--set", &times(100, 110)]);
    let said = refuse(helm, "", &["--set", &times(100, 109)]);
    let sentence = "job: activeDeadlineSeconds (109) must be at least deadlineSeconds + 10 (110)";
    assert!(said.contains(sentence), "{said}");
}

fn the_pod_meets_pod_security_restricted(helm: &Helm) {
    let rendered = render(helm, VALUES, &[]);
    for job in JOBS {
        let pod = pod(&rendered, job);
        assert_eq!(
            pod["securityContext"],
            json!({"runAsNonRoot": true, "runAsUser": 65532, "runAsGroup": 65532, "seccompProfile": {"type": "RuntimeDefault"}})
        );
        assert_eq!(pod["enableServiceLinks"], false);
        assert_eq!(pod["nodeSelector"], json!({"kubernetes.io/os": "linux"}));
        let containers = pod["containers"].as_array().unwrap();
        assert_eq!(containers.len(), 1);
        assert_eq!(
            containers[0]["securityContext"],
            json!({"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": {"drop": ["ALL"]}})
        );
        assert_eq!(containers[0]["terminationMessagePolicy"], "FallbackToLogsOnError");
        // LimitRanges of small namespaces end at 64Mi.
        assert_eq!(
            containers[0]["resources"],
            json!({"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"cpu": "1", "memory": "64Mi"}})
        );
        assert_eq!(
            containers[0]["volumeMounts"],
            json!([{"name": "input", "mountPath": "/etc/sc-job/input", "readOnly": true}])
        );
    }
    assert_eq!(pod(&rendered, "sc-job")["serviceAccountName"], "sc-job");
    assert_eq!(
        pod(&rendered, "sc-job")["volumes"],
        json!([{"name": "input", "projected": {"defaultMode": 292, "sources": [
            {"secret": {"name": "sc-job-input-0", "items": [{"key": "connections.json", "path": "000.json"}]}},
        ]}}])
    );
}

fn the_settings_of_the_binary_are_those_of_the_values(helm: &Helm) {
    let args = [
        "--set",
        "log.level=debug,log.format=json,job.deadlineSeconds=100,job.requestTimeoutSeconds=7,job.concurrency=4,rbac.create=false",
    ];
    let rendered = render(helm, "", &args);
    let sha256 = &rendered.get("ConfigMap", "sc-connections")["metadata"]["annotations"]["sc-extension/input-sha256"];
    assert_eq!(
        variables(&rendered, "sc-job"),
        json!({
            "SC_JOB_INPUT": "/etc/sc-job/input",
            "SC_JOB_INPUT_SHA256": sha256,
            "SC_JOB_RELEASE": "sc-extension",
            "SC_JOB_NAMESPACE": "sc-system",
            "SC_JOB_LOG_LEVEL": "debug",
            "SC_JOB_LOG_FORMAT": "json",
            "SC_JOB_DEADLINE_SECONDS": "100",
            "SC_JOB_REQUEST_TIMEOUT_SECONDS": "7",
            "SC_JOB_CONCURRENCY": "4",
            "SC_JOB_RBAC_CREATE": "false",
            "SC_JOB_TERMINATION_LOG": "/dev/termination-log",
            "SC_JOB_JOB_NAME": {"fieldRef": {"fieldPath": "metadata.labels['batch.kubernetes.io/job-name']"}},
            "SC_JOB_JOB_UID": {"fieldRef": {"fieldPath": "metadata.labels['batch.kubernetes.io/controller-uid']"}},
        })
    );
}

fn meshes_stay_away_unless_the_values_call_them(helm: &Helm) {
    let metadata = |args: &[&str]| render(helm, "", args).get("Job", "sc-job")["spec"]["template"]["metadata"].clone();
    let own = metadata(&[]);
    assert_eq!(own["labels"]["sidecar.istio.io/inject"], "false");
    assert_eq!(own["labels"]["kuma.io/sidecar-injection"], "disabled");
    assert_eq!(own["labels"].get("app.kubernetes.io/instance"), None, "Argo CD marks its own objects by it");
    assert_eq!(own["annotations"], json!({"sidecar.istio.io/inject": "false", "linkerd.io/inject": "disabled"}));
    let called = metadata(&[
        "--set-string",
        r"job.podLabels.sidecar\.istio\.io/inject=true,job.podAnnotations.linkerd\.io/inject=enabled",
    ]);
    assert_eq!(called["labels"]["sidecar.istio.io/inject"], "true");
    assert_eq!(called["annotations"]["linkerd.io/inject"], "enabled");
}

fn the_values_of_the_job_reach_the_pod(helm: &Helm) {
    let values = r"
imagePullSecrets: [{name: registry}]
image: {pullPolicy: Always}
job:
  priorityClassName: system-cluster-critical
  nodeSelector: {pool: jobs, kubernetes.io/os: any}
  tolerations: [{key: jobs, operator: Exists}]
  affinity: {nodeAffinity: {}}
  resources: {limits: {memory: 1Gi}}
";
    let rendered = render(helm, &format!("{VALUES}{values}"), &[]);
    for job in JOBS {
        let pod = pod(&rendered, job);
        assert_eq!(pod["imagePullSecrets"], json!([{"name": "registry"}]));
        assert_eq!(pod["priorityClassName"], "system-cluster-critical");
        assert_eq!(pod["nodeSelector"], json!({"pool": "jobs", "kubernetes.io/os": "any"}));
        assert_eq!(pod["tolerations"], json!([{"key": "jobs", "operator": "Exists"}]));
        assert_eq!(pod["affinity"], json!({"nodeAffinity": {}}));
        let container = &pod["containers"][0];
        assert_eq!(container["imagePullPolicy"], "Always");
        assert_eq!(container["resources"]["limits"], json!({"cpu": "1", "memory": "1Gi"}));
    }
}

fn the_pod_of_the_defaults_is_exactly_this(helm: &Helm) {
    let rendered = render(helm, "", &[]);
    let mut pod = pod(&rendered, "sc-job").clone();
    assert!(pod["containers"][0]["env"].take().is_array());
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        pod,
        json!({
            "restartPolicy": "Never",
            "serviceAccountName": "sc-job",
            "automountServiceAccountToken": true,
            "enableServiceLinks": false,
            "securityContext": {
                "runAsNonRoot": true, "runAsUser": 65532, "runAsGroup": 65532, "seccompProfile": {"type": "RuntimeDefault"},
            },
            "nodeSelector": {"kubernetes.io/os": "linux"},
            "tolerations": [
                {"key": "CriticalAddonsOnly", "operator": "Exists"},
                {"key": "kubernetes.azure.com/scalesetpriority", "operator": "Equal", "value": "spot", "effect": "NoSchedule"},
                {"key": "node-role.kubernetes.io/control-plane", "operator": "Exists", "effect": "NoSchedule"},
            ],
            "containers": [{
                "name": "sc-job",
                "image": format!("registry.example/sc-job:{version}"),
                "imagePullPolicy": "IfNotPresent",
                "env": null,
                "securityContext": {
                    "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": {"drop": ["ALL"]},
                },
                "resources": {"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"cpu": "1", "memory": "64Mi"}},
                "terminationMessagePath": "/dev/termination-log",
                "terminationMessagePolicy": "FallbackToLogsOnError",
                "volumeMounts": [{"name": "input", "mountPath": "/etc/sc-job/input", "readOnly": true}],
            }],
            "volumes": [{"name": "input", "projected": {"defaultMode": 292, "sources": [
                {"secret": {"name": "sc-job-input-0", "items": [{"key": "connections.json", "path": "000.json"}]}},
            ]}}],
        })
    );
}
