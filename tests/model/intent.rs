//! What the values say of each object.

use std::collections::{BTreeMap, BTreeSet};

use super::connection::{Connection, Identity, TOKEN, secret};
use super::field::{Field, Fields, Group};
use super::identity::Id;
use super::values::Values;

/// The release, whose labels every object bears.
pub const RELEASE: (&str, &str) = ("sc-extension/release", "sc-extension");
pub const RELEASE_NAMESPACE: (&str, &str) = ("sc-extension/release-namespace", "sc-system");

/// The mark of an object that was somebody else's.
pub const ADOPTED: &str = "sc-extension/adopted";

/// The label of the connection that a Secret belongs to.
pub const CONNECTION: &str = "sc-extension/connection";

/// The annotations of a ServiceAccount.
pub const CLIENT_ID: &str = "azure.workload.identity/client-id";
const EXPIRATION: &str = "azure.workload.identity/service-account-token-expiration";

/// An object as it is declared.
#[derive(Clone, Debug)]
pub struct Intent {
    pub fields: Fields,
    pub connections: BTreeSet<String>,
    /// Whether somebody else's object is taken over.
    pub adopt: bool,
}

impl Intent {
    /// The intent for each object of the enabled connections.
    pub fn all(values: &Values) -> BTreeMap<Id, Self> {
        let mut intents = BTreeMap::<Id, Self>::new();
        for (name, connection) in values.enabled() {
            let account = connection.account().zip(connection.identity).map(|(id, own)| (id, account(own)));
            let secret = (connection.secret(name), secret_of(name, connection));
            for (id, fields) in account.into_iter().chain([secret]) {
                let intent = intents.entry(id).or_insert_with(|| Self {
                    fields: Fields::new(),
                    connections: BTreeSet::new(),
                    adopt: false,
                });
                // what one user of an account leaves open the other may say
                intent.fields.extend(fields);
                intent.connections.insert(name.to_owned());
                intent.adopt |= connection.adopt;
            }
        }
        intents
    }

    /// The fields to apply, with the mark of an object that was somebody else's or without.
    pub fn marked(&self, adopted: bool) -> Fields {
        let mut fields = self.fields.clone();
        if adopted {
            fields.insert(Field::annotation(ADOPTED), "true".to_owned());
        }
        fields
    }
}

fn labels() -> impl Iterator<Item = (Field, String)> {
    let own = [("app.kubernetes.io/managed-by", "sc-job"), ("app.kubernetes.io/part-of", "sc-extension")];
    own.into_iter().chain([RELEASE, RELEASE_NAMESPACE]).map(|(key, value)| (Field::label(key), value.to_owned()))
}

fn account(identity: Identity) -> Fields {
    let mut fields: Fields = labels().collect();
    fields.insert(Field::label("azure.workload.identity/use"), "true".to_owned());
    fields.insert(Field::annotation(CLIENT_ID), identity.client.id().to_owned());
    if identity.expires {
        fields.insert(Field::annotation(EXPIRATION), TOKEN.to_string());
    }
    fields
}

fn secret_of(name: &str, connection: &Connection) -> Fields {
    let mut fields: Fields = labels().collect();
    fields.insert(Field::label(CONNECTION), name.to_owned());
    fields.insert(Field::of(Group::Type), "Opaque".to_owned());
    fields.extend(connection.data.iter().map(|(key, number)| (Field::data(key), secret(*number))));
    if let Some(identity) = connection.identity {
        let endpoint = "https://store1.blob.core.windows.net/";
        fields.insert(Field::data("AZURE_STORAGEBLOB_RESOURCEENDPOINT"), endpoint.to_owned());
        fields.insert(Field::data("AZURE_STORAGEBLOB_CLIENTID"), identity.client.id().to_owned());
    }
    fields.extend(connection.team.map(|team| (Field::label("team"), team.to_owned())));
    fields.extend(connection.note.map(|note| (Field::annotation("note"), note.to_owned())));
    fields
}
