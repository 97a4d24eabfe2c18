//! Two runs of one release at once: they take turns, the newer upgrade has the
//! last word, and nothing that one has written is lost to the other.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod common;
mod proxy;

mod two_runs {
    mod ended;
    mod held;
    mod lost;
    mod operation;
    mod order;
    mod shop;
}
