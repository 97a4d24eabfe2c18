//! Random sequences, as many as the steps that are asked for; one that fails is made as short as can be.

use std::cell::{Cell, RefCell};
use std::fmt;

use proptest::strategy::Strategy as _;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};
use tokio::runtime::Runtime;

use super::place::{self, Place};
use super::step::Step;
use super::strategies;
use super::tally::Tally;
use super::world::World;
use crate::common::api_server::ApiServer;

/// The same sequences in every run, so that a run judges the change and not its luck; `PROPTEST_RNG_SEED=N` tries others.
const SEED: u64 = 8;

/// Steps of a short run; `SC_JOB_TEST_STEPS=N` takes more.
const STEPS: usize = 200;

/// An object has a long life in so many steps.
const LONGEST: usize = 60;

/// A sequence is readable before it is the shortest of all.
const SHRINKS: u32 = 600;
const SHRINKING_MS: u32 = 300_000;

#[test]
#[ignore = "needs an API server of its own: scripts/test"]
fn after_every_step_the_model_and_the_cluster_agree() {
    let wanted = std::env::var("SC_JOB_TEST_STEPS").map_or(STEPS, |steps| steps.parse().unwrap());
    let config = Config {
        failure_persistence: None,
        max_shrink_iters: SHRINKS,
        max_shrink_time: SHRINKING_MS,
        ..Config::default()
    };
    let seed = match config.rng_seed {
        RngSeed::Fixed(seed) => seed,
        RngSeed::Random => SEED,
    };
    let mut runner = TestRunner::new(Config { rng_seed: RngSeed::Fixed(seed), ..config });
    let sequences = Sequences::start();
    let mut last = 0;
    while sequences.tally.steps() < wanted {
        let sequence = strategies::steps(LONGEST).new_tree(&mut runner).unwrap();
        if let Err(failure) = runner.run_one(sequence, |steps| sequences.take(&steps)) {
            let told = sequences.failed.borrow().as_ref().map_or_else(|| failure.to_string(), Failed::to_string);
            panic!("{told}\nthe same sequence again: PROPTEST_RNG_SEED={seed}\n{}", sequences.tally);
        }
        if sequences.tally.steps() / 500 > last {
            last = sequences.tally.steps() / 500;
            println!("seed {seed}: {}", sequences.tally);
        }
    }
    println!("seed {seed}: {}", sequences.tally);
}

/// What the sequences share: an API server, where each has namespaces of its own.
struct Sequences {
    server: ApiServer,
    runtime: Runtime,
    client: kube::Client,
    count: Cell<usize>,
    failed: RefCell<Option<Failed>>,
    tally: Tally,
}

/// A sequence that has failed at its last step, in words.
struct Failed {
    steps: Vec<String>,
    why: String,
}

impl Sequences {
    fn start() -> Self {
        let server = ApiServer::start("model");
        let runtime = Runtime::new().unwrap();
        let client = runtime.block_on(place::client(&server));
        Self { server, runtime, client, count: Cell::new(0), failed: RefCell::default(), tally: Tally::default() }
    }

    /// Takes all steps, from an empty cluster.
    fn take(&self, steps: &[Step]) -> Result<(), TestCaseError> {
        let words: Vec<_> = steps.iter().map(ToString::to_string).collect();
        // what comes after the step that fails need not be tried without
        if let Some(failed) = self.failed.borrow().as_ref().filter(|failed| words.starts_with(&failed.steps)) {
            return Err(TestCaseError::fail(failed.why.clone()));
        }
        self.count.set(self.count.get() + 1);
        let taken = self.runtime.block_on(async {
            let place = Place::new(&self.server, self.client.clone(), self.count.get()).await;
            let mut world = World::new(place, &self.tally).await;
            for (number, step) in steps.iter().enumerate() {
                world.step(step).await.map_err(|why| (number, why))?;
            }
            Ok(())
        });
        taken.map_err(|(number, why): (usize, String)| {
            self.failed.replace(Some(Failed { steps: words[..=number].to_vec(), why: why.clone() }));
            TestCaseError::fail(why)
        })
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, step) in self.steps.iter().enumerate() {
            writeln!(f, "{}. {step}", number + 1)?;
        }
        write!(f, "{}", self.why)
    }
}
