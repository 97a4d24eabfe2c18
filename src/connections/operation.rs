//! The four settings of Service Connector's own extension (`connection`,
//! `correlationid`, `operation`, `resources`): one connection, and what is to be
//! done with it. It becomes a [`Connection`] like those of the values, and all
//! that follows treats it alike. `resources` is protected as a whole: of what it
//! holds, faults name the fields that are known and quote nothing.

mod class;
mod resources;

use std::collections::BTreeMap;

use super::fields::Fields;
use super::path::Path;
use super::{Connection, Origin, names, policy};
use crate::error::{Code, Fault};

/// The settings, at the top level of the values.
const SETTINGS: [&str; 4] = ["connection", "correlationid", "operation", "resources"];

/// One operation on one connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The connection's name.
    pub connection: String,
    /// What tells this operation from every other one: it is executed once.
    pub correlation_id: String,
    /// What is to be done.
    pub verb: Verb,
    /// Whether `resources` asks for a pod, which there is no need of.
    pub asks_for_pod: bool,
}

/// What is to be done with a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each says what it is")]
pub enum Verb {
    Create,
    Update,
    Delete,
}

impl Verb {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Create, Self::Update, Self::Delete];

    /// The word in the values.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

/// What to do about a fault in one of the settings, whose remedies are not those of the other values.
const REMEDY: &str = "correct it and give all four settings again, `resources` as base64 of its JSON; docs/extension.md \
                      lists what they hold";

/// Takes the four settings, if they are there.
pub(super) fn take(top: &mut Fields, faults: &mut Vec<Fault>) -> Option<(Operation, Connection)> {
    let mut own = Vec::new();
    let taken = read(top, &mut own);
    faults.extend(own.into_iter().map(|fault| fault.or_remedy(REMEDY)));
    taken
}

fn read(top: &mut Fields, faults: &mut Vec<Fault>) -> Option<(Operation, Connection)> {
    let missing: Vec<&str> = SETTINGS.into_iter().filter(|setting| !top.given(setting)).collect();
    let connection = names::take(top, "connection", &names::CONNECTION, faults);
    let correlation_id = names::take(top, "correlationid", &names::CONNECTION, faults);
    let verb = policy::choice(top, "operation", Verb::ALL.map(|verb| (verb.as_str(), verb)), faults);
    let encoded = top.text("resources", faults);
    if missing.len() == SETTINGS.len() {
        return None;
    }
    for setting in missing {
        let cause = format!("{} come together, and it is not given", SETTINGS.join(", "));
        faults.push(Fault::at(Code::Missing, Path::default().child(setting), cause));
    }
    let (connection, correlation_id, verb, encoded) = (connection?, correlation_id?, verb?, encoded?);
    let made = resources::read(&encoded, &connection, verb, faults)?;
    let declared = Connection {
        name: connection.clone(),
        origin: Origin::Operation,
        enabled: verb != Verb::Delete,
        adopt: false,
        deletion_policy: None,
        namespace: made.namespace,
        service: None,
        customized_keys: BTreeMap::new(),
        key_infix: false,
        data: made.data,
        secret_name: made.has_secret.then(|| names::secret(&connection)),
        linker_secrets: BTreeMap::new(),
        service_account: None,
        csi: made.csi,
        labels: BTreeMap::new(),
        annotations: BTreeMap::new(),
    };
    Some((Operation { connection, correlation_id, verb, asks_for_pod: made.asks_for_pod }, declared))
}
