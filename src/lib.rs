//! sc-job: the in-cluster half of Azure Service Connector. The way of the data is
//! one direction: settings → connections → resources → plan → apply → report.

pub mod anchor;
pub mod apply;
pub mod catalogue;
pub mod cli;
pub mod client;
pub mod connections;
pub mod error;
pub mod execution;
pub mod exit;
pub mod explain;
pub mod failure;
pub mod forecast;
pub mod input;
pub mod inventory;
pub mod lease;
pub mod object;
pub mod observed;
pub mod outcome;
pub mod ownership;
pub mod past;
pub mod plan;
pub mod preflight;
pub mod preview;
pub mod references;
pub mod refusal;
pub mod release;
pub mod remarks;
pub mod remove;
pub mod render;
pub mod report;
pub mod resources;
pub mod retry;
pub mod run;
pub mod secret_value;
pub mod settings;
pub mod survey;
pub mod targets;
pub mod telemetry;
pub mod withdraw;
pub mod wording;
pub mod work;
pub mod yaml;

mod table;
