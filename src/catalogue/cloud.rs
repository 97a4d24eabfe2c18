//! The Azure clouds: what differs between them is the end of host names.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::embedded::{self, CatalogueError};

const CLOUDS: &str = include_str!("clouds.yaml");
const NAMES: [&str; 3] = ["AzureChina", "AzurePublic", "AzureUSGovernment"];

/// One cloud and its host names.
#[derive(Clone, Debug)]
pub struct Cloud {
    /// The cloud's name in the values.
    pub name: &'static str,
    /// The cloud's name for the Azure provider of the Secrets Store CSI driver.
    pub environment: String,
    hosts: BTreeMap<String, String>,
}

/// A cloud in the table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    environment: String,
    hosts: BTreeMap<String, String>,
}

/// The names of all clouds, sorted.
#[must_use]
pub fn cloud_names() -> &'static [&'static str] {
    &NAMES
}

/// The cloud of that name, if there is one.
///
/// # Errors
/// The embedded table of clouds is defective.
pub fn cloud(name: &str) -> Result<Option<Cloud>, CatalogueError> {
    let Some(name) = NAMES.iter().find(|known| **known == name) else { return Ok(None) };
    let mut clouds: BTreeMap<String, Row> = embedded::parse("clouds", CLOUDS)?;
    let row = clouds.remove(*name).ok_or_else(|| CatalogueError::new("clouds", format!("{name} is missing")))?;
    Ok(Some(Cloud { name, environment: row.environment, hosts: row.hosts }))
}

impl Cloud {
    /// The host name or its end that templates know as `{cloud.<key>}`.
    #[must_use]
    pub fn host(&self, key: &str) -> Option<&str> {
        self.hosts.get(key).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_cloud_is_in_the_table_with_the_same_keys_and_no_other_is() {
        let table: BTreeMap<String, Row> = embedded::parse("clouds", CLOUDS).unwrap();
        assert_eq!(table.keys().collect::<Vec<_>>(), NAMES);
        let public: Vec<_> = table["AzurePublic"].hosts.keys().collect();
        for name in cloud_names() {
            assert_eq!(cloud(name).unwrap().unwrap().hosts.keys().collect::<Vec<_>>(), public, "{name}");
        }
    }

    #[test]
    fn an_unknown_cloud_is_none() {
        assert!(cloud("AzureGermany").unwrap().is_none());
    }
}
