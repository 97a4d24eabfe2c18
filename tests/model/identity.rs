//! The objects that there may be: their names are few, so that what happens meets what happened before.

use std::fmt;

/// The kinds of object that connections are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    ServiceAccount,
    Secret,
}

/// The namespaces of connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Namespace {
    Shop,
    Warehouse,
}

/// The clients of workload identity, each with a ServiceAccount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Client {
    One,
    Two,
}

/// Kind, namespace and name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Id {
    pub kind: Kind,
    pub namespace: Namespace,
    pub name: &'static str,
}

/// The names of connections.
pub const CONNECTIONS: [&str; 3] = ["a", "b", "c"];

/// A Secret's name that any connection may ask for.
pub const OWN: &str = "own";

impl Namespace {
    pub const ALL: [Self; 2] = [Self::Shop, Self::Warehouse];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shop => "shop",
            Self::Warehouse => "warehouse",
        }
    }
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ServiceAccount => "ServiceAccount",
            Self::Secret => "Secret",
        }
    }

    pub fn plural(self) -> &'static str {
        match self {
            Self::ServiceAccount => "serviceaccounts",
            Self::Secret => "secrets",
        }
    }
}

impl Client {
    pub fn id(self) -> &'static str {
        match self {
            Self::One => "0a0b0c0d-0000-4000-8000-000000000001",
            Self::Two => "0a0b0c0d-0000-4000-8000-000000000002",
        }
    }

    fn account(self) -> &'static str {
        match self {
            Self::One => "sc-account-0a0b0c0d-0000-4000-8000-000000000001",
            Self::Two => "sc-account-0a0b0c0d-0000-4000-8000-000000000002",
        }
    }
}

impl Id {
    pub fn secret(namespace: Namespace, name: &'static str) -> Self {
        Self { kind: Kind::Secret, namespace, name }
    }

    /// The Secret of a connection that gives it no name.
    pub fn secret_of(namespace: Namespace, connection: &str) -> Self {
        let name = match connection {
            "a" => "sc-a-secret",
            "b" => "sc-b-secret",
            "c" => "sc-c-secret",
            other => panic!("there is no connection {other}"),
        };
        Self::secret(namespace, name)
    }

    pub fn account_of(namespace: Namespace, client: Client) -> Self {
        Self { kind: Kind::ServiceAccount, namespace, name: client.account() }
    }

    /// Every object that there may be.
    pub fn all() -> impl Iterator<Item = Self> {
        Namespace::ALL.into_iter().flat_map(|namespace| {
            let accounts = [Client::One, Client::Two].map(|client| Self::account_of(namespace, client));
            let secrets = CONNECTIONS.map(|connection| Self::secret_of(namespace, connection));
            accounts.into_iter().chain(secrets).chain([Self::secret(namespace, OWN)])
        })
    }

    /// The object of this kind, namespace and name; the test asks for no other.
    pub fn find(kind: &str, namespace: &str, name: &str) -> Self {
        let is = |id: &Self| id.kind.as_str() == kind && id.namespace.as_str() == namespace && id.name == name;
        Self::all().find(is).unwrap_or_else(|| panic!("nobody has asked for {kind} {namespace}/{name}"))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}/{}", self.kind.as_str(), self.namespace.as_str(), self.name)
    }
}
