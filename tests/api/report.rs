//! Where the outcome of a run stands when its log is gone.

use std::fmt::Write as _;

use serde_json::Value;

use crate::common::kubernetes::{Place, get, kubectl, version};
use crate::common::{CANARY, assert_no_canary, run, sc_job};
use crate::{ONE, apply};

/// The chart makes the ConfigMap, without data.
fn place() -> Place {
    Place::installed()
}

fn summary(place: &Place) -> Value {
    get(&place.system, "configmap", "sc-connections").unwrap()
}

/// The Events of the release namespace, in the order in which they were made.
fn events(place: &Place) -> Vec<Value> {
    let listed = kubectl(&["get", "events", "-n", &place.system, "-o", "json"]).expect(0).stdout;
    let mut events = serde_json::from_str::<Value>(&listed).unwrap()["items"].as_array().unwrap().clone();
    events.sort_by_key(|event| event["metadata"]["name"].as_str().unwrap().to_owned());
    events
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn each_failure_is_an_event_on_the_summary_that_kubectl_describe_shows() {
    let place = place();
    kubectl(&["create", "secret", "generic", "sc-a-secret", "-n", &place.shop]).expect(0);
    apply(&place, &ONE.replace("C: d", &format!("C: {CANARY}"))).expect(79);
    let [event] = <[Value; 1]>::try_from(events(&place)).unwrap();
    let uid = &summary(&place)["metadata"]["uid"];
    let about = &event["involvedObject"];
    assert_eq!((&about["kind"], &about["name"], &about["uid"]), (&"ConfigMap".into(), &"sc-connections".into(), uid));
    assert_eq!((&event["type"], &event["reason"]), (&"Warning".into(), &"SCJ2003".into()));
    let told = format!("connection a: SCJ2003 Secret {}/sc-a-secret: it was not made by this release", place.shop);
    assert!(event["message"].as_str().unwrap().starts_with(&told), "{event}");
    assert!(event["firstTimestamp"].is_string() && event["lastTimestamp"] == event["firstTimestamp"], "{event}");
    let described = kubectl(&["describe", "configmap", "sc-connections", "-n", &place.system]).expect(0).stdout;
    let row = described.lines().find(|line| line.contains("SCJ2003") && line.contains("sc-job"));
    assert!(row.is_some_and(|row| row.contains("Warning") && row.contains(&told)), "{described}");
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn many_failures_make_a_bounded_number_of_events_and_a_termination_message_of_whole_lines() {
    let place = place();
    let connections: String = (10..50).fold(String::new(), |mut all, n| {
        let _ = writeln!(all, "  c{n}: {{namespace: SHOP-gone, data: {{A: {CANARY}}}}}");
        all
    });
    let input = tempfile::NamedTempFile::with_suffix(".json").unwrap();
    std::fs::write(input.path(), place.fill(&format!("connections:\n{connections}"))).unwrap();
    let message = tempfile::NamedTempFile::new().unwrap();
    let mut job = sc_job(&[]);
    job.env("SC_JOB_INPUT", input.path())
        .env("SC_JOB_NAMESPACE", &place.system)
        .env("SC_JOB_TERMINATION_LOG", message.path())
        .env("SC_JOB_JOB_NAME", "sc-job")
        .env("SC_JOB_JOB_UID", "11111111-0000-4000-8000-000000000001");
    let failed = run(&mut job, None).expect(79);

    let events = events(&place);
    assert_eq!(events.len(), 27, "25, how many more, and one on the Job");
    assert!(events[0]["message"].as_str().unwrap().starts_with("connection c10: SCJ2001 "), "{}", events[0]);
    assert_eq!(events[25]["message"], "15 more failed; the log of the Job has all");
    let on_job = &events[26];
    assert_eq!(
        (&on_job["involvedObject"]["kind"], &on_job["involvedObject"]["name"]),
        (&"Job".into(), &"sc-job".into())
    );
    assert!(
        on_job["message"]
            .as_str()
            .unwrap()
            .starts_with("failed (exit 79): 0 of 40 connections ready; 40 failed. c10: ")
    );

    let message = std::fs::read_to_string(message.path()).unwrap();
    assert_no_canary("the termination message", &message);
    assert!(message.len() <= 4096, "{}", message.len());
    let mut lines = message.lines();
    let first = lines.next().unwrap();
    assert_eq!(format!("ERROR {first}"), failed.last_line());
    assert!(first.contains("Also failed: c11 (SCJ2001), ") && first.contains(" and 29 more, "), "{first}");
    for (line, n) in lines.clone().zip(11..) {
        let reason = failed.stderr.lines().find_map(|line| line.strip_prefix(&format!("ERROR connection c{n}: ")));
        assert_eq!(line, format!("c{n}: {}", reason.unwrap()));
    }
    assert!(lines.count() > 5, "{message}");
}

#[test]
#[ignore = "needs an API server: scripts/test"]
fn the_last_failure_stays_and_bad_input_leaves_what_is_known_of_connections() {
    let place = place();
    let two = "connections: {a: {namespace: SHOP, data: {A: b}}, lastFailure: {namespace: SHOP, data: {A: b}}}";
    apply(&place, two).expect(0);
    let good = summary(&place)["data"].clone();
    assert_eq!(good["_summary"], "2 of 2 connections ready");
    assert_eq!(good["_lastFailure"], Value::Null);

    let failed = apply(&place, &format!("connections: {{a: {{namespace: SHOP, data: {{A: [{CANARY}]}}}}}}")).expect(78);
    let bad = summary(&place)["data"].clone();
    assert_eq!(
        bad["_summary"],
        "the last run failed before it looked at any connection (exit 78, see _lastFailure); entries beside this one are of an earlier run"
    );
    assert_eq!((&bad["a"], &bad["lastFailure"]), (&good["a"], &good["lastFailure"]));
    let failure = bad["_lastFailure"].as_str().unwrap();
    assert_no_canary("_lastFailure", failure);
    let told = failed.last_line().strip_prefix("ERROR ").unwrap();
    for part in ["time: 2", "\nexitCode: 78\ncode: SCJ1004\nmessage: ", told] {
        assert!(failure.contains(part), "no {part} in {failure}");
    }
    assert_eq!(events(&place)[0]["reason"], "SCJ1004");

    apply(&place, two).expect(0);
    let again = summary(&place)["data"].clone();
    assert_eq!((&again["_summary"], &again["_lastFailure"]), (&good["_summary"], &bad["_lastFailure"]));
    let before = version(&place.system, "configmap", "sc-connections");
    apply(&place, two).expect(0);
    assert_eq!(version(&place.system, "configmap", "sc-connections"), before, "a second run changes nothing");
}
