//! `rbac.guard` on a real API server: what the rights of the chart allow in
//! other hands, and that the job itself misses nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod common;

mod guard {
    mod install;
    mod requests;
    mod run;
}
