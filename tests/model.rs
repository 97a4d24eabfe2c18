//! Random sequences of what a person, Helm and others do to a cluster. After
//! every step a model of the cluster and the real one agree, `sc-job plan` has
//! foretold what the run did, and nothing of anyone else's is lost.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod common;

mod model {
    mod act;
    mod aims;
    mod candidates;
    mod cluster;
    mod connection;
    mod field;
    mod forecast;
    mod identity;
    mod intent;
    mod invariants;
    mod inventory;
    mod object;
    mod outcome;
    mod place;
    mod plan;
    mod prediction;
    mod removal;
    mod run;
    mod sequence;
    mod snapshot;
    mod standing;
    mod step;
    mod strategies;
    mod tally;
    mod values;
    mod world;
}
