//! 5xxx: the process itself.

use sc_job::error::Code;

use super::case::Case;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new(Code::ClientSetup, 70, "no way to the API server: ").set("KUBECONFIG", "FOLDER/none").unrecorded(),
        // The standard streams and one more: no runtime can be made of that.
        Case::new(Code::Internal, 70, "the runtime cannot be started: Too many open files (os error 24).")
            .within("ulimit -n 4")
            .unrecorded(),
    ]
}
