//! Writing the outcome to the cluster: the ConfigMap `sc-connections`, and Events.

use std::time::Duration;

use k8s_openapi::jiff::Timestamp;

use super::summary::{self, Rights};
use super::{Report, events, last_failure};
use crate::anchor;
use crate::client::Api;
use crate::error::Code;
use crate::exit::Exit;
use crate::object::{Kind, ObjectId};
use crate::settings::Settings;

/// The UID of the summary is asked for no longer: whoever stops a run waits.
const ASKING: Duration = Duration::from_millis(200);

impl Report {
    /// Writes the summary, and what failed, to the cluster. Failing to do so is a warning: the connections themselves
    /// are what counts.
    pub async fn record(&self, api: &Api, settings: &Settings) {
        let release = settings.release();
        let (summary, failure, conclusion) = {
            let state = self.state.borrow();
            let conclusion = state.conclusion(self.seconds());
            let failed = conclusion.exit != Exit::Done;
            // The summary is that of the run which holds the Lease.
            let alone = !state.waits && !state.ended_by.iter().any(|fault| fault.code() == Code::LeaseLost);
            let failure = (failed && alone).then(|| state.last_failure(&conclusion));
            ((state.looked_at_connections() && alone).then(|| state.summary(&release)), failure, conclusion)
        };
        let about = |api_version, kind, name: &str, uid| events::About {
            api_version,
            kind,
            namespace: release.namespace.clone(),
            name: name.to_owned(),
            uid,
        };
        let now = Timestamp::now();
        let job = settings.job().map(|(name, uid)| about("batch/v1", "Job", name, Some(uid.to_owned())));
        let on_job = job.and_then(|job| events::conclusion(&job, &conclusion, now)).into_iter().collect();
        let managers = [release.field_manager(), last_failure::field_manager(&release)];
        let parts: Vec<_> =
            managers.iter().zip([summary, failure]).filter_map(|(manager, data)| Some((manager, data?))).collect();
        let on_summary = async {
            let written = summary::write(api, &release, &parts, Rights::AreThere).await;
            // Rights may still be on their way; that must keep no Event back.
            let again = async {
                if written.is_err()
                    && let Err(words) = summary::write(api, &release, &parts, Rights::MayCome).await
                {
                    tracing::warn!("the outcome could not be written to ConfigMap {}: {words}", anchor::NAME);
                }
            };
            let told = async {
                if conclusion.exit == Exit::Done {
                    return;
                }
                let id = ObjectId::new(Kind::ConfigMap, &release.namespace, anchor::NAME);
                // One that cannot be written, since it is immutable for instance, can still be told of.
                let uid = match &written {
                    Ok(Some(uid)) => Some(uid.clone()),
                    // The Event is worth more than that `kubectl describe` finds it.
                    Ok(None) | Err(_) => tokio::time::timeout(ASKING, api.uid(&id)).await.ok().flatten(),
                };
                let events =
                    self.state.borrow().events(&about(id.kind.api_version(), id.kind.as_str(), &id.name, uid), now);
                events::write(api, &release.namespace, events).await;
            };
            tokio::join!(again, told);
        };
        tokio::join!(events::write(api, &release.namespace, on_job), on_summary);
    }
}
