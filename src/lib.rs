//! sc-job: the in-cluster half of Azure Service Connector. The way of the data is
//! one direction: settings → connections → resources → plan → apply → report.

pub mod catalogue;
pub mod connections;
pub mod error;
pub mod exit;
pub mod object;
pub mod release;
pub mod resources;
pub mod secret_value;
pub mod settings;
pub mod yaml;
