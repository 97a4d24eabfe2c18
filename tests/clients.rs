//! The variables of a connection as the client libraries that people use read them: each gives back host, user,
//! database and password as they were declared. Program and pinned packages of a language are below tests/clients.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod common;

mod clients {
    mod connections;
    mod go;
    mod java;
    mod node;
    mod programs;
    mod python;
    mod spring;
}
