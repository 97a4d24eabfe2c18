//! Runs a property on a fixed number of random cases, and shrinks a case that fails.

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

/// A case of a whole connection shrinks for minutes, and is readable long before.
const SHRINKS: u32 = 400;

/// Panics with the smallest failing case, and the seed with which proptest finds it again.
pub fn check<S: Strategy>(cases: u32, strategy: S, property: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: SHRINKS, ..Config::default() };
    let seed = match config.rng_seed {
        RngSeed::Fixed(seed) => seed,
        RngSeed::Random => rand_seed(),
    };
    let mut runner = TestRunner::new(Config { rng_seed: RngSeed::Fixed(seed), ..config });
    if let Err(failure) = runner.run(&strategy, property) {
        panic!("{failure}\nthe same cases again: PROPTEST_RNG_SEED={seed}");
    }
}

/// The keys of a standard map are the standard library's only random numbers.
fn rand_seed() -> u64 {
    use std::hash::{BuildHasher as _, RandomState};
    RandomState::new().hash_one(0)
}
