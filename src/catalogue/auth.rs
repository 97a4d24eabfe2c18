//! How a workload proves to a target who it is.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A way to authenticate, in the words of `az aks connection`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Auth {
    /// Values that the Secrets Store CSI driver mounts from a Key Vault.
    Csi,
    /// A connection string, an access key, or user and password.
    Secret,
    /// Client id, client secret and tenant of an application.
    ServicePrincipal,
    /// A managed identity, federated with a ServiceAccount.
    WorkloadIdentity,
}

impl Auth {
    /// Every auth, sorted by name.
    pub const ALL: [Self; 4] = [Self::Csi, Self::Secret, Self::ServicePrincipal, Self::WorkloadIdentity];

    /// The word in the values.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csi => "csi",
            Self::Secret => "secret",
            Self::ServicePrincipal => "service-principal",
            Self::WorkloadIdentity => "workload-identity",
        }
    }

    /// Parameters without which the auth cannot work, whatever the variables hold: the ServiceAccount
    /// is named and annotated by the client id, and the CSI driver must know whose vault it reads as whom.
    pub(super) const fn needs(self) -> &'static [&'static str] {
        match self {
            Self::Csi => &["clientId", "tenantId", "vault"],
            Self::WorkloadIdentity => &["clientId"],
            Self::Secret | Self::ServicePrincipal => &[],
        }
    }

    /// Parameters that the auth takes where they are given: the webhook has a default tenant.
    pub(super) const fn takes(self) -> &'static [&'static str] {
        match self {
            Self::WorkloadIdentity => &["tenantId"],
            Self::Csi | Self::Secret | Self::ServicePrincipal => &[],
        }
    }
}

impl fmt::Display for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_auth_is_written_and_read_by_the_same_word() {
        for auth in Auth::ALL {
            assert_eq!(crate::yaml::from_str::<Auth>(auth.as_str()).unwrap(), auth);
            assert_eq!(serde_json::to_value(auth).unwrap(), auth.to_string());
        }
    }
}
