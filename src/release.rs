//! The Helm release that a run belongs to: it names the field manager and the
//! two labels by which the next run knows its objects again.

/// A release of the chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// The release's name.
    pub name: String,
    /// The release's namespace.
    pub namespace: String,
}

impl Default for Release {
    fn default() -> Self {
        Self { name: "sc-extension".to_owned(), namespace: "sc-system".to_owned() }
    }
}

impl Release {
    /// The label that names the release.
    pub const NAME_LABEL: &'static str = "sc-extension/release";
    /// The label that names the release's namespace.
    pub const NAMESPACE_LABEL: &'static str = "sc-extension/release-namespace";

    /// The release whose manager this is.
    #[must_use]
    pub fn of_field_manager(manager: &str) -> Option<Self> {
        let (namespace, name) = manager.strip_prefix("sc-job:")?.split_once(':')?;
        Some(Self { name: name.to_owned(), namespace: namespace.to_owned() })
    }

    /// The manager of server-side apply. The release is part of it: under one name for all,
    /// a second release would take over the first one's fields without a conflict.
    #[must_use]
    pub fn field_manager(&self) -> String {
        format!("sc-job:{}:{}", self.namespace, self.name)
    }

    /// What `kubectl -l` takes, to find the objects of the release.
    #[must_use]
    pub fn selector(&self) -> String {
        format!("{}={},{}={}", Self::NAME_LABEL, self.name, Self::NAMESPACE_LABEL, self.namespace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_known_by_its_field_manager() {
        let release = Release { name: "other".into(), namespace: "sys-2".into() };
        assert_eq!(Release::of_field_manager(&release.field_manager()), Some(release));
        for manager in ["kubectl", "helm", "sc-job:sc-system"] {
            assert_eq!(Release::of_field_manager(manager), None, "{manager}");
        }
    }
}
