//! The summary for people, kept in the ConfigMap `sc-connections`: what each
//! connection is and how it stands. Names of variables only, never a value.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use super::entry::{Aim, Entry};
use super::{State, leftovers};
use crate::anchor::{NAME, SUMMARY};
use crate::client::Api;
use crate::connections::Connection;
use crate::object::{Kind, ObjectId};
use crate::refusal;
use crate::release::Release;
use crate::yaml;

/// A ConfigMap holds 1 MiB at most; the rest is left to its metadata.
const LARGEST: usize = 800 * 1024;

/// What a connection is.
#[derive(Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct About {
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth: Option<&'static str>,
    #[serde(skip_serializing_if = "String::is_empty")]
    namespace: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    secret: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    further_secrets: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_account: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_provider_class: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    variables: Vec<String>,
}

#[derive(Serialize)]
struct Stand<'a> {
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(flatten)]
    about: &'a About,
}

impl About {
    pub(super) fn of(connection: &Connection) -> Self {
        let service = connection.service.as_ref();
        Self {
            target: service.map(|service| service.target.name),
            client_type: service.map(|service| service.client_type.clone()),
            auth: service.map(|service| service.auth.as_str()),
            namespace: connection.namespace.clone(),
            secret: connection.secret_name.clone().unwrap_or_default(),
            further_secrets: connection.linker_secrets.values().cloned().collect(),
            service_account: connection.service_account.as_ref().map(|account| account.name.clone()),
            secret_provider_class: connection.csi.as_ref().map(|csi| csi.secret_provider_class.clone()),
            variables: connection.keys().map(Cow::into_owned).collect(),
        }
    }
}

impl About {
    /// What is known of a connection that only its objects tell of.
    pub(super) fn of_objects(objects: &[&ObjectId]) -> Self {
        let name = |kind| objects.iter().find(|id| id.kind == kind).map(|id| id.name.clone());
        Self {
            namespace: objects.first().map(|id| id.namespace.clone()).unwrap_or_default(),
            secret: name(Kind::Secret).unwrap_or_default(),
            secret_provider_class: name(Kind::SecretProviderClass),
            ..Self::default()
        }
    }
}

impl Entry {
    fn outcome(&self) -> &'static str {
        match (&self.fault, self.ready(), self.aim) {
            (Some(_), ..) => "failed",
            (None, true, Aim::Ready) => "ready",
            (None, true, Aim::Removed) => "removed",
            (None, true, Aim::Earlier) => "executed earlier",
            (None, false, _) if self.held_back => "held back",
            (None, false, _) => "not finished",
        }
    }

    fn stand(&self) -> Stand<'_> {
        let fault = self.fault.as_ref();
        Stand {
            outcome: self.outcome(),
            code: fault.map(|fault| fault.code().to_string()),
            reason: fault.map(ToString::to_string),
            about: &self.about,
        }
    }
}

impl State {
    /// The entries of the ConfigMap. Connections that are not ready come first where room is short.
    pub(super) fn summary(&self, release: &Release) -> BTreeMap<String, String> {
        let mut entries: Vec<_> = self.connections.iter().collect();
        entries.sort_by_key(|(_, entry)| entry.ready());
        let mut data = BTreeMap::new();
        data.extend(leftovers::text(&self.leftovers, release).map(|text| (leftovers::KEY.to_owned(), text)));
        let mut size = data.values().map(String::len).sum::<usize>();
        let listed = data.len();
        for (name, entry) in entries {
            let Ok(text) = yaml::write(&entry.stand()) else { continue };
            size += name.len() + text.len();
            if size <= LARGEST {
                data.insert(name.clone(), text);
            }
        }
        let left_out = self.connections.len() + listed - data.len();
        let cut = if left_out == 0 { String::new() } else { format!("; {left_out} not listed for want of room") };
        data.insert(SUMMARY.to_owned(), format!("{}{cut}", self.tally_of_connections()));
        data
    }
}

/// Whether a right that is missing may still be on its way.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rights {
    AreThere,
    MayCome,
}

/// Applies entries of the ConfigMap, each part by its own manager, and tells the ConfigMap's UID, or why it failed. Others'
/// entries stay, but for those that are among these.
pub(super) async fn write(
    api: &Api,
    release: &Release,
    parts: &[(&String, BTreeMap<String, String>)],
    rights: Rights,
) -> Result<Option<String>, String> {
    let id = ObjectId::new(Kind::ConfigMap, &release.namespace, NAME);
    let mut uid = None;
    for (manager, data) in parts {
        let body = serde_json::json!({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": id.name, "namespace": id.namespace},
            "data": data,
        });
        let written = match rights {
            Rights::AreThere => api.note(&id, manager, &body).await,
            Rights::MayCome => api.apply(&id, manager, true, &body).await.map(|applied| applied.metadata),
        };
        uid = written.map_err(|error| refusal::in_words(&error))?.uid;
    }
    Ok(uid)
}
