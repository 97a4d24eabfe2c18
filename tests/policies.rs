//! The chart as public linters and policies judge it: with its defaults, and with each of the examples in `chart/ci`.
//! What they find stands in `policies/exceptions.yaml` with its reason, or is mended.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod common;

mod policies {
    mod azure;
    mod checkov;
    mod exceptions;
    mod gitops;
    mod helm_lint;
    mod kube_score;
    mod kubeconform;
    mod subjects;
}
