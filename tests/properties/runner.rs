//! Runs a property on a fixed number of random cases, and shrinks a case that fails.

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

/// A case of a whole connection shrinks for minutes, and is readable long before.
const SHRINKS: u32 = 400;

/// The same cases in every run, so that a run judges the change and not its luck; `PROPTEST_RNG_SEED=N` tries others.
const SEED: u64 = 5;

/// Panics with the smallest failing case, and the seed with which proptest finds it again.
pub fn check<S: Strategy>(cases: u32, strategy: S, property: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: SHRINKS, ..Config::default() };
    let seed = match config.rng_seed {
        RngSeed::Fixed(seed) => seed,
        RngSeed::Random => SEED,
    };
    let mut runner = TestRunner::new(Config { rng_seed: RngSeed::Fixed(seed), ..config });
    if let Err(failure) = runner.run(&strategy, property) {
        panic!("{failure}\nthe same cases again: PROPTEST_RNG_SEED={seed}");
    }
}
