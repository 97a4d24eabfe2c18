//! What all objects of the release have in common, and the chart as a whole.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::rendering::{REGISTRY, refuse, render};
use crate::common::kubernetes::Helm;
use crate::common::{file, run, text};

with_both_helms! {
    a_release_is_made_of_exactly_these_objects
    every_object_is_labelled_and_in_its_namespace
    the_account_brings_no_token_by_itself
    the_config_map_has_no_data
    the_lease_has_no_spec
    lint_finds_nothing
    injected_values_change_nothing
    null_in_place_of_a_default_is_refused_by_name
    defaults_of_an_older_chart_are_refused_by_the_name_of_what_they_lack
    null_in_place_of_an_optional_value_counts_as_absent
    the_demo_values_render
}

fn a_release_is_made_of_exactly_these_objects(helm: &Helm) {
    let rendered = render(helm, "connections: {a: {namespace: shop, data: {K: v}}}", &[]);
    let name = |object: &Value| {
        let text = |field: &str| object["metadata"][field].as_str().unwrap_or("-").to_owned();
        format!("{} {}/{}", object["kind"].as_str().unwrap(), text("namespace"), text("name"))
    };
    let mut names: Vec<_> = rendered.objects().iter().map(name).collect();
    names.sort();
    assert_eq!(
        names,
        [
            "ClusterRole -/sc-job.sc-system.sc-extension",
            "ClusterRoleBinding -/sc-job.sc-system.sc-extension",
            "ConfigMap sc-system/sc-connections",
            "Job sc-system/sc-job",
            "Job sc-system/sc-job-check",
            "Job sc-system/sc-job-rollback",
            "Lease sc-system/sc-job",
            "Role sc-system/sc-job",
            "Role shop/sc-job.sc-system.sc-extension",
            "RoleBinding sc-system/sc-job",
            "RoleBinding shop/sc-job.sc-system.sc-extension",
            "Secret sc-system/sc-job-input-0",
            "ServiceAccount sc-system/sc-job",
            "ValidatingAdmissionPolicy -/sc-job.sc-system.sc-extension",
            "ValidatingAdmissionPolicyBinding -/sc-job.sc-system.sc-extension",
        ]
    );
}

fn every_object_is_labelled_and_in_its_namespace(helm: &Helm) {
    let values = "{uninstall: {deletionPolicy: Delete}, resync: {schedule: '@daily'}, connections: {a: {namespace: shop, data: {K: v}}}}";
    let rendered = render(helm, values, &[]);
    let version = env!("CARGO_PKG_VERSION");
    let labels = json!({
        "app.kubernetes.io/name": "sc-job", "app.kubernetes.io/part-of": "sc-extension",
        "app.kubernetes.io/managed-by": "Helm", "app.kubernetes.io/version": version,
        "helm.sh/chart": format!("sc-extension-{version}"),
    });
    // By it an administrator takes out of a rendering what an installer may not make.
    let mut of_rights = labels.clone();
    of_rights["app.kubernetes.io/component"] = "rights".into();
    for object in rendered.objects() {
        let kind = object["kind"].as_str().unwrap();
        let rights = kind.contains("Role") || kind.starts_with("ValidatingAdmissionPolicy");
        assert_eq!(object["metadata"]["labels"], if rights { of_rights.clone() } else { labels.clone() }, "{object}");
    }
}

fn the_account_brings_no_token_by_itself(helm: &Helm) {
    let rendered = render(helm, "", &[]);
    let mut account = rendered.get("ServiceAccount", "sc-job").clone();
    assert!(account["metadata"]["labels"].take().is_object());
    assert_eq!(
        account,
        json!({
            "apiVersion": "v1", "kind": "ServiceAccount", "automountServiceAccountToken": false,
            "metadata": {"name": "sc-job", "namespace": "sc-system", "labels": null},
        })
    );
}

/// The Job owns the data: rendered with some, every upgrade would set it back.
fn the_config_map_has_no_data(helm: &Helm) {
    let rendered = render(helm, "connections: {a: {data: {K: v}}}", &[]);
    let anchor = rendered.get("ConfigMap", "sc-connections").as_object().unwrap();
    assert_eq!(anchor.keys().collect::<Vec<_>>(), ["apiVersion", "kind", "metadata"]);
}

/// A run at work holds it, and its spec says so: rendered with one, every upgrade would take the Lease away.
fn the_lease_has_no_spec(helm: &Helm) {
    let rendered = render(helm, "", &[]);
    let lease = rendered.get("Lease", "sc-job").as_object().unwrap();
    assert_eq!(lease.keys().collect::<Vec<_>>(), ["apiVersion", "kind", "metadata"]);
    assert_eq!(lease["apiVersion"], "coordination.k8s.io/v1");
    assert_eq!(lease["metadata"].as_object().unwrap().keys().collect::<Vec<_>>(), ["labels", "name", "namespace"]);
}

fn lint_finds_nothing(helm: &Helm) {
    for values in ["", &text("scripts/demo.values.yaml")] {
        let mut lint = helm.command(&["lint", "--strict", "--values", "-", "--set", REGISTRY]);
        let said = run(lint.arg(file("chart")), Some(values)).expect(0).stdout;
        assert!(said.contains("1 chart(s) linted, 0 chart(s) failed"), "{said}");
        assert!(!said.contains("[WARNING]") && !said.contains("[ERROR]"), "{said}");
    }
}

/// Cluster extensions and Marketplace write these beside the values.
fn injected_values_change_nothing(helm: &Helm) {
    let values = "connections: {a: {data: {K: v}}}";
    let settings = "Azure.Cluster.Region=westeurope,Azure.Extension.Name=sc,global.azure.marketplace.planId=plan,global.extensionName=sc";
    let injected = render(helm, values, &["--set", settings]);
    assert_eq!(injected.objects(), render(helm, values, &[]).objects());
}

/// What the chart cannot do without.
const NEEDED: [&str; 11] = [
    "image",
    "image.repository",
    "job",
    "job.activeDeadlineSeconds",
    "job.deadlineSeconds",
    "job.requestTimeoutSeconds",
    "log",
    "rbac",
    "rbac.clusterRead",
    "rbac.create",
    "rbac.namespaceCheck",
];

fn assert_refused_as_null(name: &str, said: &str) {
    let words = format!(
        "): {name}: must not be null: leave it out for the default; an upgrade from a chart that did not have it takes --reset-then-reuse-values in place of --reuse-values\n"
    );
    assert!(said.contains(&words), "{name}: {said}");
}

/// Helm drops the default that null stands for, before any template sees it.
fn null_in_place_of_a_default_is_refused_by_name(helm: &Helm) {
    for name in NEEDED {
        assert_refused_as_null(name, &refuse(helm, "", &["--set", &format!("{name}=null")]));
    }
}

/// With --reuse-values Helm renders a new chart over the defaults of the one before.
fn defaults_of_an_older_chart_are_refused_by_the_name_of_what_they_lack(helm: &Helm) {
    let folder = TempDir::new().unwrap();
    run(Command::new("cp").arg("-r").arg(file("chart")).arg(folder.path()), None).expect(0);
    let chart = folder.path().join("chart");
    for name in NEEDED {
        let mut defaults: Value = serde_yaml::from_str(&text("chart/values.yaml")).unwrap();
        let (group, field) = name.rsplit_once('.').unwrap_or(("", name));
        let group = if group.is_empty() { &mut defaults } else { &mut defaults[group] };
        group.as_object_mut().unwrap().remove(field).unwrap();
        fs::write(chart.join("values.yaml"), defaults.to_string()).unwrap();
        let mut template = helm.command(&["template", "sc-extension", "--namespace", "sc-system"]);
        if name != "image" {
            template.args(["--set", REGISTRY]);
        }
        assert_refused_as_null(name, &run(template.arg(&chart), None).expect(1).stderr);
    }
}

fn null_in_place_of_an_optional_value_counts_as_absent(helm: &Helm) {
    let optional = "global=null,cloud=null,deletionPolicy=null,prune=null,missingNamespace=null,allowSystemNamespaces=null,uninstall=null,rbac.scope=null,rbac.guard=null,resync=null,imagePullSecrets=null,image.tag=null,image.digest=null,image.pullPolicy=null,log.level=null,log.format=null,job.affinity=null,job.backoffLimit=null,job.concurrency=null,job.nodeSelector=null,job.podAnnotations=null,job.podLabels=null,job.priorityClassName=null,job.resources=null,job.tolerations=null";
    let rendered = render(helm, "", &["--set", optional]);
    let pod = &rendered.get("Job", "sc-job")["spec"]["template"]["spec"];
    assert_eq!(pod["nodeSelector"], json!({"kubernetes.io/os": "linux"}));
}

fn the_demo_values_render(helm: &Helm) {
    let rendered = render(helm, &text("scripts/demo.values.yaml"), &[]);
    assert_eq!(rendered.all("Role").count(), 3);
}
