//! What the places where a person may look show of a run.

use serde_json::Value;

use crate::common::Outcome;
use crate::common::kubernetes::{Place, kubectl};

/// All that is shown of one Job of a release.
pub struct Shown {
    pub helm: String,
    pub log: String,
    /// The container's exit code and its termination message.
    pub exit: i64,
    pub message: String,
    /// What kubectl describes.
    pub pod: String,
    pub job: String,
    pub anchor: String,
    /// `kubectl get events`.
    pub events: String,
    objects: Vec<Value>,
}

impl Shown {
    pub fn of(place: &Place, job: &str, helm: &Outcome) -> Self {
        let ask = |words: &[&str]| kubectl(&[words, &["-n", &place.system]].concat()).expect(0).stdout;
        let objects: Value = serde_json::from_str(&ask(&["get", "configmaps,jobs,pods,events", "-o", "json"])).unwrap();
        let objects = objects["items"].as_array().unwrap().clone();
        let mut pods =
            objects.iter().filter(|object| object["metadata"]["labels"]["job-name"] == job && object["kind"] == "Pod");
        let terminated = &pods.next().unwrap()["status"]["containerStatuses"][0]["state"]["terminated"];
        Self {
            // Helm 4 shows the log as one quoted string.
            helm: format!("{}{}", helm.stdout, helm.stderr).replace("\\\"", "\""),
            log: place.log_of(job),
            exit: terminated["exitCode"].as_i64().unwrap(),
            message: terminated["message"].as_str().unwrap().to_owned(),
            pod: ask(&["describe", "pods", "-l", &format!("job-name={job}")]),
            job: ask(&["describe", "job", job]),
            anchor: ask(&["describe", "configmap", "sc-connections"]),
            events: ask(&["get", "events"]),
            objects,
        }
    }

    pub fn object(&self, kind: &str, name: &str) -> &Value {
        let found = self.objects.iter().find(|object| object["kind"] == kind && object["metadata"]["name"] == name);
        found.unwrap_or_else(|| panic!("no {kind} {name}"))
    }

    /// The Events of sc-job about an object, in the order in which they were written.
    pub fn events_on(&self, object: &Value) -> Vec<&Value> {
        let name = |event: &&Value| event["metadata"]["name"].as_str().unwrap().to_owned();
        let mut events: Vec<_> = self
            .objects
            .iter()
            .filter(|event| event["kind"] == "Event" && event["source"]["component"] == "sc-job")
            .filter(|event| event["involvedObject"]["uid"] == object["metadata"]["uid"])
            .collect();
        events.sort_by_key(name);
        for event in &events {
            assert_eq!(event["type"], "Warning");
            assert!(
                event["firstTimestamp"].is_string() && event["firstTimestamp"] == event["lastTimestamp"],
                "{event}"
            );
        }
        events
    }
}

/// Which run an Event is from: its name ends with the time of the run, and a number of two digits within it.
pub fn run_of(event: &Value) -> &str {
    let (_, suffix) = event["metadata"]["name"].as_str().unwrap().rsplit_once('.').unwrap();
    &suffix[..suffix.len() - 2]
}
