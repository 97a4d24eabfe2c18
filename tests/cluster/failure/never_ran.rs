//! Jobs whose process never ran, and so cannot say why: kubectl does, and the Job that stayed is in nobody's way.

use super::fixture::Fixture;
use crate::common::CANARY;
use crate::common::kubernetes::{Helm, Place, eventually, get, kubectl, secret_data};

with_both_helms! {
    an_image_that_cannot_be_pulled_is_named_by_the_pod_and_its_events
    a_pod_that_fits_no_node_is_explained_by_events_that_outlive_it
    a_job_that_may_make_no_pod_says_so_in_its_description
}

/// Helm gives up the Job after this time.
const PATIENCE: [&str; 2] = ["--timeout", "3s"];

fn values() -> String {
    format!("connections: {{a: {{namespace: SHOP, data: {{A: {CANARY}}}}}}}")
}

/// What kubectl prints of the release namespace says `words`, within a minute.
fn assert_says(place: &Place, command: &[&str], words: &[&str]) {
    let command = [command, &["-n", &place.system]].concat();
    let says = || {
        let said = kubectl(&command).expect(0).stdout;
        words.iter().all(|word| said.contains(word))
    };
    eventually(&format!("{words:?} in kubectl {}", command.join(" ")), says);
}

const EVENTS: &[&str] = &["events"];

fn assert_next_upgrade_succeeds(place: &Place, helm: &Helm) {
    assert_eq!(helm.status(place).0, "failed");
    assert!(get(&place.system, "job", "sc-job").is_some(), "the Job was left behind");
    helm.upgrade(place, &values(), &[]).expect(0);
    assert_eq!(helm.status(place).0, "deployed");
    assert_eq!(get(&place.system, "job", "sc-job"), None);
    assert_eq!(secret_data(&place.shop, "sc-a-secret")["A"], CANARY);
    place.assert_no_canary(helm);
}

fn an_image_that_cannot_be_pulled_is_named_by_the_pod_and_its_events(helm: &Helm) {
    let place = Place::new();
    helm.upgrade(&place, &values(), &[&["--set", "image.tag=none"], &PATIENCE[..]].concat()).expect(1);
    let words = ["sc-job:none", "ErrImagePull"];
    assert_says(&place, &["describe", "pods", "-l", "job-name=sc-job"], &words);
    assert_says(&place, EVENTS, &words);
    assert_next_upgrade_succeeds(&place, helm);
}

fn a_pod_that_fits_no_node_is_explained_by_events_that_outlive_it(helm: &Helm) {
    let place = Place::new();
    let times = "job.requestTimeoutSeconds=1,job.deadlineSeconds=2,job.activeDeadlineSeconds=12";
    let nowhere = format!("{}\njob: {{nodeSelector: {{pool: absent}}}}", values());
    helm.upgrade(&place, &nowhere, &["--set", times]).expect(1);
    assert_says(&place, &["describe", "job/sc-job"], &["DeadlineExceeded"]);
    assert_says(&place, EVENTS, &["FailedScheduling", "didn't match Pod's node affinity/selector"]);
    assert_next_upgrade_succeeds(&place, helm);
}

fn a_job_that_may_make_no_pod_says_so_in_its_description(helm: &Helm) {
    let place = Place::new();
    let quota = Fixture::quota(&place.system, "pods");
    helm.upgrade(&place, &values(), &PATIENCE).expect(1);
    let words = ["FailedCreate", "exceeded quota: none"];
    assert_says(&place, &["describe", "job/sc-job"], &words);
    assert_says(&place, EVENTS, &words);
    drop(quota);
    assert_next_upgrade_succeeds(&place, helm);
}
