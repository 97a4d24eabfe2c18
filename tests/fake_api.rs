//! What a real API server does not do on demand: refuse for a while, hang,
//! vanish. The server here is a fake, and only for that.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod common;

mod fake_api {
    mod input;
    mod operation;
    mod outage;
    mod past;
    mod signal;
    mod webhooks;
}

use std::process::Command;

use common::CANARY;
use common::fake_api::{SECRET, SUMMARY, in_background, job_over, willing};
use serde_json::json;

/// A job over one connection that is pointed at `server`, with a deadline in seconds.
fn job(server: &str, folder: &std::path::Path, deadline: u32) -> Command {
    job_over(&json!({"a": {"namespace": "shop", "data": {"A": CANARY}}}), server, folder, deadline)
}
