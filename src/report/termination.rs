//! The termination message, which `kubectl describe pod` shows. Kubernetes takes it
//! from a file.

use std::path::PathBuf;

/// Names the file. It is read apart from the other settings, since it is needed when those cannot be read.
const FILE: &str = "SC_JOB_TERMINATION_LOG";

/// Leaves a message, if there is a place for it. Failing to do so is a warning: the log says the same.
pub fn leave(message: &str) {
    let Some(file) = std::env::var_os(FILE).filter(|file| !file.is_empty()).map(PathBuf::from) else { return };
    if let Err(error) = std::fs::write(&file, message) {
        tracing::warn!("the termination message could not be written to {}: {error}", file.display());
    }
}
