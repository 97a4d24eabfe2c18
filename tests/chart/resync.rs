//! `resync.schedule`: the same Job, by a `CronJob`.

use serde_json::{Value, json};

use super::rendering::{Rendering, refuse, render};
use crate::common::kubernetes::Helm;

with_both_helms! {
    without_a_schedule_there_is_no_cron_job
    the_cron_job_is_exactly_this
    its_job_differs_from_the_hook_in_checksum_and_label_only
    it_is_no_hook_and_brings_no_right
    what_is_no_schedule_is_refused
}

const ONE: &str = "connections: {a: {namespace: shop, data: {K: v}}}";

fn scheduled(helm: &Helm, args: &[&str]) -> Rendering {
    render(helm, ONE, &[&["--set", "resync.schedule=@hourly"], args].concat())
}

fn without_a_schedule_there_is_no_cron_job(helm: &Helm) {
    for settings in ["resync.schedule=", "resync.timeZone=Etc/UTC", "resync=null", "resync.schedule=null"] {
        let rendered = render(helm, ONE, &["--set", settings]);
        assert_eq!(rendered.objects(), render(helm, ONE, &[]).objects(), "{settings}");
        assert_eq!(rendered.all("CronJob").count(), 0, "{settings}");
    }
}

fn the_cron_job_is_exactly_this(helm: &Helm) {
    let rendered = scheduled(helm, &[]);
    let mut spec = rendered.get("CronJob", "sc-job-resync")["spec"].clone();
    let mut labels = rendered.get("Lease", "sc-job")["metadata"]["labels"].clone();
    labels["app.kubernetes.io/component"] = "resync".into();
    assert_eq!(spec["jobTemplate"]["metadata"].take(), json!({"labels": labels}));
    assert!(spec["jobTemplate"]["spec"].take().is_object());
    assert_eq!(
        spec,
        json!({
            "schedule": "@hourly", "concurrencyPolicy": "Forbid", "startingDeadlineSeconds": 120,
            "successfulJobsHistoryLimit": 1, "failedJobsHistoryLimit": 1, "jobTemplate": {"metadata": null, "spec": null},
        })
    );
    let in_zone = scheduled(helm, &["--set", "resync.timeZone=Europe/Berlin"]);
    assert_eq!(in_zone.get("CronJob", "sc-job-resync")["spec"]["timeZone"], "Europe/Berlin");
}

/// A Job that is older than the release would wait in vain for the input that it was told of.
fn its_job_differs_from_the_hook_in_checksum_and_label_only(helm: &Helm) {
    let times = "job.deadlineSeconds=100,job.activeDeadlineSeconds=150,job.backoffLimit=2,job.podLabels.team=a";
    let rendered = scheduled(helm, &["--set", times]);
    let mut hook = rendered.get("Job", "sc-job")["spec"].clone();
    let mut resync = rendered.get("CronJob", "sc-job-resync")["spec"]["jobTemplate"]["spec"].clone();
    let env = hook["template"]["spec"]["containers"][0]["env"].as_array_mut().unwrap();
    env.retain(|variable| variable["name"] != "SC_JOB_INPUT_SHA256");
    let labels = resync["template"]["metadata"]["labels"].as_object_mut().unwrap();
    assert_eq!(labels.remove("app.kubernetes.io/component"), Some(json!("resync")));
    assert_eq!(labels["team"], "a");
    assert_eq!((&resync["activeDeadlineSeconds"], &resync["backoffLimit"]), (&json!(150), &json!(2)));
    assert_eq!(resync, hook);
}

fn it_is_no_hook_and_brings_no_right(helm: &Helm) {
    let rendered = scheduled(helm, &[]);
    let cron = rendered.get("CronJob", "sc-job-resync");
    assert_eq!(cron["metadata"].get("annotations"), None);
    let others = |object: &&Value| object["kind"] != "CronJob";
    let without: Vec<_> = rendered.objects().iter().filter(others).cloned().collect();
    assert_eq!(without, render(helm, ONE, &[]).objects());
}

fn what_is_no_schedule_is_refused(helm: &Helm) {
    for schedule in ["*/30 * * * *", "0 3 * * mon-fri", "15,45 8-18 1 jan ?", "@daily"] {
        let rendered = render(helm, &format!("resync: {{schedule: '{schedule}'}}"), &[]);
        assert_eq!(rendered.get("CronJob", "sc-job-resync")["spec"]["schedule"], schedule);
    }
    for schedule in ["hourly", "* * * *", "* * * * * *", "TZ=UTC * * * * *", "@every", "@sometimes", " 0 3 * * *"] {
        let said = refuse(helm, &format!("resync: {{schedule: '{schedule}'}}"), &[]);
        assert!(said.contains("resync") && said.contains("schedule"), "{schedule}: {said}");
    }
    refuse(helm, "resync: {schedule: 30}", &[]);
}
