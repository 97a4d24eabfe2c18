//! What Service Connector knows: every target, how workloads authenticate to it,
//! and the variables that each client type reads. The knowledge is data
//! (`catalogue/targets/*.yaml`, `parameters.yaml`, `clouds.yaml`), embedded as text;
//! a target is parsed when it is first asked for, and once.

mod auth;
mod cloud;
mod embedded;
mod format;
mod parameter;
mod target;
mod template;
mod variable;

pub use auth::Auth;
pub use cloud::{Cloud, cloud, cloud_names};
pub use embedded::{CatalogueError, client_types, names, target};
pub use format::Format;
pub use parameter::{LINE_BREAK, Parameter, Pattern, Scalar};
pub use target::{AzureCli, Set, Target};
pub use variable::Variable;

#[cfg(test)]
mod tests;
