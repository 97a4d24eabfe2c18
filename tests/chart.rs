//! The chart as both majors of Helm render it, without a cluster, and the
//! corpus of values that Helm and the binary judge alike.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod common;

/// Each test is run with Helm 3 and with Helm 4.
macro_rules! with_both_helms {
    ($($name:ident)+) => {
        mod helm3 { $(#[test] #[ignore = "needs Helm: scripts/test"] fn $name() { super::$name(&crate::common::kubernetes::Helm::new(3)); })+ }
        mod helm4 { $(#[test] #[ignore = "needs Helm: scripts/test"] fn $name() { super::$name(&crate::common::kubernetes::Helm::new(4)); })+ }
    };
}

mod chart {
    mod corpus;
    mod deletion;
    mod examples;
    mod guard;
    mod hooks;
    mod image;
    mod input;
    mod job;
    mod lookup;
    mod metadata;
    mod names;
    mod namespaces;
    mod notes;
    mod objects;
    mod operation;
    mod record;
    mod rendering;
    mod resources;
    mod resync;
    mod rights;
    mod roles;
    mod scope;
    mod stolen_token;
    mod stub_api;
    mod texts;
    mod uninstall;
    mod values;
}
