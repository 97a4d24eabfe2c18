//! The identity of a Kubernetes object, as people write it: `Secret shop/sc-blobdemo-secret`.

use std::fmt;

/// The kinds of object that a run writes or reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `v1` ServiceAccount. Sorts first: a pod that finds its Secret finds its account too.
    ServiceAccount,
    /// `v1` Secret.
    Secret,
    /// `v1` ConfigMap.
    ConfigMap,
}

impl Kind {
    /// The kind's name in manifests.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ServiceAccount => "ServiceAccount",
            Self::Secret => "Secret",
            Self::ConfigMap => "ConfigMap",
        }
    }

    /// The kind's name in paths of the API and in RBAC rules.
    #[must_use]
    pub fn plural(self) -> &'static str {
        match self {
            Self::ServiceAccount => "serviceaccounts",
            Self::Secret => "secrets",
            Self::ConfigMap => "configmaps",
        }
    }
}

/// Kind, namespace and name: what the API server knows an object by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    /// The object's kind.
    pub kind: Kind,
    /// The object's namespace.
    pub namespace: String,
    /// The object's name.
    pub name: String,
}

impl ObjectId {
    /// Puts the three parts together.
    pub fn new(kind: Kind, namespace: impl Into<String>, name: impl Into<String>) -> Self {
        Self { kind, namespace: namespace.into(), name: name.into() }
    }

    /// The path of all objects of this kind in this namespace. All kinds of [`Kind`] are in the core group.
    #[must_use]
    pub fn collection(&self) -> String {
        format!("/api/v1/namespaces/{}/{}", self.namespace, self.kind.plural())
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}/{}", self.kind.as_str(), self.namespace, self.name)
    }
}
