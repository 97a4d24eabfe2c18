//! The identity of a Kubernetes object, as people write it: `Secret shop/sc-blobdemo-secret`.

use std::fmt;

/// The kinds of object that a run writes or reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `v1` Namespace: the only kind that is in no namespace.
    Namespace,
    /// `secrets-store.csi.x-k8s.io/v1` SecretProviderClass.
    SecretProviderClass,
    /// `v1` ServiceAccount. Sorts before Secret: a pod that finds its Secret finds its account too.
    ServiceAccount,
    /// `v1` Secret.
    Secret,
    /// `v1` ConfigMap.
    ConfigMap,
    /// `coordination.k8s.io/v1` Lease.
    Lease,
}

/// What Kubernetes and the chart call a kind: all that is known of it outside its own module.
struct Words {
    kind: &'static str,
    plural: &'static str,
    /// Where the API server serves the group and version.
    root: &'static str,
    api_version: &'static str,
    /// The field of a connection that gives the object another name.
    setting: Option<&'static str>,
    /// What brings the kind into a cluster that does not know it.
    origin: Option<&'static str>,
}

impl Kind {
    fn words(self) -> Words {
        let core = Words { kind: "", plural: "", root: "/api/v1", api_version: "v1", setting: None, origin: None };
        match self {
            Self::SecretProviderClass => Words {
                kind: "SecretProviderClass",
                plural: "secretproviderclasses",
                root: "/apis/secrets-store.csi.x-k8s.io/v1",
                api_version: "secrets-store.csi.x-k8s.io/v1",
                setting: None,
                origin: Some(
                    "the Secrets Store CSI driver: `az aks enable-addons --addons azure-keyvault-secrets-provider \
                     --name CLUSTER --resource-group GROUP`",
                ),
            },
            Self::ServiceAccount => Words {
                kind: "ServiceAccount",
                plural: "serviceaccounts",
                setting: Some("serviceAccount.name"),
                ..core
            },
            Self::Secret => Words { kind: "Secret", plural: "secrets", setting: Some("secretName"), ..core },
            Self::ConfigMap => Words { kind: "ConfigMap", plural: "configmaps", ..core },
            Self::Namespace => Words { kind: "Namespace", plural: "namespaces", ..core },
            Self::Lease => Words {
                kind: "Lease",
                plural: "leases",
                root: "/apis/coordination.k8s.io/v1",
                api_version: "coordination.k8s.io/v1",
                ..core
            },
        }
    }

    /// The kind's name in manifests.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.words().kind
    }

    /// The kind's name in paths of the API, in RBAC rules, and for kubectl.
    #[must_use]
    pub fn plural(self) -> &'static str {
        self.words().plural
    }

    /// The group and version in manifests.
    #[must_use]
    pub fn api_version(self) -> &'static str {
        self.words().api_version
    }

    /// The group alone, as rules of RBAC name it: empty for the core group.
    #[must_use]
    pub fn group(self) -> &'static str {
        self.api_version().split_once('/').map_or("", |(group, _)| group)
    }

    /// Where the API server serves the group and version.
    #[must_use]
    pub fn root(self) -> &'static str {
        self.words().root
    }

    /// The field of a connection that gives the object a name of its own.
    #[must_use]
    pub fn setting(self) -> Option<&'static str> {
        self.words().setting
    }

    /// What brings the kind into a cluster, where Kubernetes itself does not have it.
    #[must_use]
    pub fn origin(self) -> Option<&'static str> {
        self.words().origin
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

    /// A namespace as an object.
    pub fn of_namespace(name: impl Into<String>) -> Self {
        Self::new(Kind::Namespace, "", name)
    }

    /// The path of all objects of this kind in this namespace.
    #[must_use]
    pub fn collection(&self) -> String {
        let words = self.kind.words();
        match self.kind {
            Kind::Namespace => format!("{}/{}", words.root, words.plural),
            _ => format!("{}/namespaces/{}/{}", words.root, self.namespace, words.plural),
        }
    }

    /// The end of a kubectl command that is about the object, such as `secrets sc-a-secret -n shop`.
    #[must_use]
    pub fn for_kubectl(&self) -> String {
        let (plural, name) = (self.kind.plural(), &self.name);
        match self.kind {
            Kind::Namespace => format!("{plural} {name}"),
            _ => format!("{plural} {name} -n {}", self.namespace),
        }
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Namespace => write!(f, "{} {}", self.kind.as_str(), self.name),
            kind => write!(f, "{} {}/{}", kind.as_str(), self.namespace, self.name),
        }
    }
}
