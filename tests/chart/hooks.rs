//! The hooks: when each Job runs, what becomes of it, and what it does otherwise than `sc-job`.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::job::VALUES;
use super::rendering::{Rendering, render};
use crate::common::kubernetes::Helm;

with_both_helms! {
    the_hooks_keep_a_failed_job_and_its_log
    the_rollback_job_differs_in_name_hook_and_exit_code_only
    the_check_job_differs_in_name_hook_and_command_only
    the_uninstall_job_differs_in_name_hook_account_and_input_only
}

fn the_hooks_keep_a_failed_job_and_its_log(helm: &Helm) {
    let rendered = render(helm, VALUES, &[]);
    assert_eq!(rendered.all("Job").count(), 4);
    // The rollback Job succeeds with faults too, so that success must not take its log away.
    for (job, hook, delete_policy) in [
        ("sc-job", "post-install,post-upgrade", "before-hook-creation,hook-succeeded"),
        ("sc-job-rollback", "post-rollback", "before-hook-creation"),
        ("sc-job-check", "test", "before-hook-creation,hook-succeeded"),
        ("sc-job-uninstall", "post-delete", "before-hook-creation,hook-succeeded"),
    ] {
        let object = rendered.get("Job", job);
        assert_eq!(
            object["metadata"]["annotations"],
            json!({
                "helm.sh/hook": hook,
                "helm.sh/hook-weight": "0",
                "helm.sh/hook-delete-policy": delete_policy,
                "helm.sh/hook-output-log-policy": "hook-succeeded,hook-failed",
            })
        );
        assert!(object["spec"].get("ttlSecondsAfterFinished").is_none());
    }
    let hooks = |object: &&Value| object["metadata"]["annotations"].get("helm.sh/hook").is_some();
    let plain = render(helm, "connections: {a: {data: {K: v}}}", &[]);
    assert_eq!(plain.objects().iter().filter(hooks).count(), 3, "all else belongs to the release");
}

/// A Job less its name and hook.
fn nameless(rendered: &Rendering, name: &str) -> Value {
    let mut job = rendered.get("Job", name).clone();
    job["metadata"]["name"].take();
    job["metadata"]["annotations"]["helm.sh/hook"].take();
    job["metadata"]["annotations"]["helm.sh/hook-delete-policy"].take();
    job
}

/// Removes a variable of the pod and returns its value.
fn remove_variable(job: &mut Value, name: &str) -> Value {
    let env = job["spec"]["template"]["spec"]["containers"][0]["env"].as_array_mut().unwrap();
    let index = env.iter().position(|variable| variable["name"] == name).unwrap();
    env.remove(index)["value"].take()
}

fn the_rollback_job_differs_in_name_hook_and_exit_code_only(helm: &Helm) {
    let rendered = render(helm, VALUES, &[]);
    let mut rollback = nameless(&rendered, "sc-job-rollback");
    assert_eq!(remove_variable(&mut rollback, "SC_JOB_EXIT_ZERO"), "true");
    assert_eq!(rollback, nameless(&rendered, "sc-job"));
}

fn the_check_job_differs_in_name_hook_and_command_only(helm: &Helm) {
    let rendered = render(helm, VALUES, &[]);
    let mut check = nameless(&rendered, "sc-job-check");
    let container = check["spec"]["template"]["spec"]["containers"][0].as_object_mut().unwrap();
    assert_eq!(
        container.remove("args"),
        Some(json!(["check", "-f", "/etc/sc-job/input", "--release", "sc-extension", "--namespace", "sc-system"]))
    );
    assert_eq!(check, nameless(&rendered, "sc-job"));
}

/// The account and the input of the others are gone with the release.
fn the_uninstall_job_differs_in_name_hook_account_and_input_only(helm: &Helm) {
    let rendered = render(helm, VALUES, &[]);
    let (mut main, mut uninstall) = (nameless(&rendered, "sc-job"), nameless(&rendered, "sc-job-uninstall"));
    assert_eq!(remove_variable(&mut uninstall, "SC_JOB_UNINSTALL"), "true");
    let input = rendered.get("ConfigMap", "sc-job-uninstall-0")["data"]["connections.json"].as_str().unwrap();
    let sha256 = format!("{:x}", Sha256::digest(input));
    assert_eq!(remove_variable(&mut uninstall, "SC_JOB_INPUT_SHA256"), sha256);
    remove_variable(&mut main, "SC_JOB_INPUT_SHA256");
    let pod = |job: &mut Value, field: &str| job["spec"]["template"]["spec"][field].take();
    assert_eq!(pod(&mut uninstall, "serviceAccountName"), "sc-job-uninstall");
    assert_eq!(
        pod(&mut uninstall, "volumes"),
        json!([{"name": "input", "projected": {"defaultMode": 292, "sources": [
            {"configMap": {"name": "sc-job-uninstall-0", "items": [{"key": "connections.json", "path": "000.json"}]}},
        ]}}])
    );
    for field in ["serviceAccountName", "volumes"] {
        pod(&mut main, field);
    }
    assert_eq!(main, uninstall);
}
