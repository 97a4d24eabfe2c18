//! Failures as Events, for `kubectl events` and `kubectl describe`: each on the
//! ConfigMap `sc-connections`, and the last word of the run on its Job.

use futures_util::stream::{self, StreamExt as _};
use k8s_openapi::api::core::v1::{Event, EventSource, ObjectReference};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, Time};
use k8s_openapi::jiff::Timestamp;

use super::State;
use super::conclusion::Conclusion;
use crate::client::Api;
use crate::error::Code;
use crate::refusal;
use crate::wording;

/// Who tells.
const SOURCE: &str = "sc-job";

/// More Events of one run would push those of others out of sight.
const MOST: usize = 25;

/// Bytes of a message: what events.k8s.io/v1 allows, and so what people see whole.
const LONGEST: usize = 1024;

/// Requests in flight: an API server may limit Events.
const WIDTH: usize = 8;

/// The object that an Event is about.
pub(super) struct About {
    pub(super) api_version: &'static str,
    pub(super) kind: &'static str,
    pub(super) namespace: String,
    pub(super) name: String,
    /// `None` if it could not be asked for: `kubectl describe` then does not find the Event, `kubectl events` does.
    pub(super) uid: Option<String>,
}

impl State {
    /// The failures of the run, each on the summary. `now` is one time for all Events of a run, which tells its Events from
    /// those of others.
    pub(super) fn events(&self, summary: &About, now: Timestamp) -> Vec<Event> {
        let faults = self.faults().take(MOST).map(|(connection, fault)| {
            let whose = connection.map_or_else(String::new, |name| format!("connection {name}: "));
            (fault.code(), format!("{whose}{fault}"))
        });
        let rest = self.faults().nth(MOST).map(|(_, fault)| {
            (fault.code(), format!("{} more failed; the log of the Job has all", self.faults().count() - MOST))
        });
        let numbered = faults.chain(rest).enumerate();
        numbered.map(|(number, (code, message))| event(summary, code, &message, now, number)).collect()
    }
}

/// The last word of a run that failed, on its Job.
pub(super) fn conclusion(job: &About, conclusion: &Conclusion, now: Timestamp) -> Option<Event> {
    conclusion.code.map(|code| event(job, code, &conclusion.text, now, 0))
}

/// Two Events of one run differ by their number, those of two runs by the time.
fn event(about: &About, code: Code, message: &str, now: Timestamp, number: usize) -> Event {
    Event {
        metadata: ObjectMeta {
            name: Some(format!("{}.{:x}{number:02x}", about.name, now.as_nanosecond())),
            namespace: Some(about.namespace.clone()),
            ..ObjectMeta::default()
        },
        involved_object: ObjectReference {
            api_version: Some(about.api_version.to_owned()),
            kind: Some(about.kind.to_owned()),
            namespace: Some(about.namespace.clone()),
            name: Some(about.name.clone()),
            uid: about.uid.clone(),
            ..ObjectReference::default()
        },
        type_: Some("Warning".to_owned()),
        reason: Some(code.to_string()),
        message: Some(wording::cut(message, LONGEST)),
        count: Some(1),
        first_timestamp: Some(Time(now)),
        last_timestamp: Some(Time(now)),
        reporting_component: Some(SOURCE.to_owned()),
        source: Some(EventSource { component: Some(SOURCE.to_owned()), ..EventSource::default() }),
        ..Event::default()
    }
}

/// Writes Events. Failing to do so is a warning: the log says the same.
pub(super) async fn write(api: &Api, namespace: &str, events: Vec<Event>) {
    let collection = format!("/api/v1/namespaces/{namespace}/events");
    let failures: Vec<kube::Error> = stream::iter(events)
        .map(|event| {
            let collection = &collection;
            async move { api.create(collection, &event).await.err() }
        })
        .buffered(WIDTH)
        .filter_map(std::future::ready)
        .collect()
        .await;
    if let Some(error) = failures.first() {
        tracing::warn!("{} Events could not be written: {}", failures.len(), refusal::in_words(error));
    }
}
