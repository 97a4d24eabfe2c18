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

    /// The manager of server-side apply. The release is part of it: under one name for all,
    /// a second release would take over the first one's fields without a conflict.
    #[must_use]
    pub fn field_manager(&self) -> String {
        format!("sc-job:{}:{}", self.namespace, self.name)
    }
}
