//! The objects of a cell, by the names that the values give them.

use sc_job::object::{Kind, ObjectId};

use super::place::Place;

/// The identity of the connections with workload identity.
pub const IDENTITY: &str = "0a0b0c0d-0000-4000-8000-000000000001";

/// An object, and the connections that it is for.
#[derive(Clone, Copy)]
pub struct Object {
    pub kind: Kind,
    pub name: &'static str,
    away: bool,
    pub connections: &'static [&'static str],
}

/// The Secret of connection `a`.
pub const SECRET: Object = Object::new(Kind::Secret, "sc-a-secret");
/// That of connection `b`.
pub const SECRET_OF_B: Object = Object::new(Kind::Secret, "sc-b-secret").of(&["b"]);
pub const ACCOUNT: Object = Object::new(Kind::ServiceAccount, "sc-account-0a0b0c0d-0000-4000-8000-000000000001");
pub const CLASS: Object = Object::new(Kind::SecretProviderClass, "sc-a-secretprovider");
pub const NAMESPACE: Object = Object::new(Kind::Namespace, "");

impl Object {
    const fn new(kind: Kind, name: &'static str) -> Self {
        Self { kind, name, away: false, connections: &["a"] }
    }

    /// The same in the namespace that the connection moves to.
    pub const fn away(self) -> Self {
        Self { away: true, ..self }
    }

    /// The same for other connections.
    pub const fn of(self, connections: &'static [&'static str]) -> Self {
        Self { connections, ..self }
    }

    pub fn id(&self, place: &Place) -> ObjectId {
        let namespace = if self.away { &place.away } else { &place.shop };
        match self.kind {
            Kind::Namespace => ObjectId::of_namespace(namespace),
            kind => ObjectId::new(kind, namespace, self.name),
        }
    }

    /// Where the API server has it.
    pub fn path(&self, place: &Place) -> String {
        let id = self.id(place);
        format!("{}/{}", id.collection(), id.name)
    }

    /// For the page: which of the objects of a cell it is.
    pub fn title(&self) -> String {
        let kind = self.kind.as_str();
        match self.name {
            _ if self.away => format!("new {kind}"),
            name if name == SECRET_OF_B.name => format!("{kind} of the other connection"),
            _ => kind.to_owned(),
        }
    }
}
