//! What holds for random input: for every valid connection, and for every text whatsoever.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod common;

mod properties {
    mod catalogue;
    mod collisions;
    mod connection;
    mod declaring;
    mod formats;
    mod kubernetes;
    mod names;
    mod nesting;
    mod resources;
    mod runner;
    mod text;
    mod texts;
    mod trees;
    mod valid;
}
