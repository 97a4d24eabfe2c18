//! When a Lease that somebody else holds may be taken over: its holder has given
//! no sign of life for a term, by our own clock.

use std::time::{Duration, Instant};

/// Who does not renew a Lease for so long has lost it.
pub(super) const TERM: Duration = Duration::from_secs(15);

/// Watches a Lease of somebody else.
#[derive(Default)]
pub(super) struct Watch(Option<Seen>);

/// How the Lease was seen, and since when.
struct Seen {
    holder: String,
    version: String,
    since: Instant,
}

impl Watch {
    /// Takes note of the Lease as it is `now`, and says whether its holder has been silent for long enough. The time that
    /// stands in it counts for nothing: clocks differ.
    pub(super) fn is_over(&mut self, holder: &str, version: &str, now: Instant) -> bool {
        let same = self.0.take().filter(|seen| seen.holder == holder && seen.version == version);
        let seen = same.unwrap_or_else(|| Seen { holder: holder.to_owned(), version: version.to_owned(), since: now });
        let is_over = now.duration_since(seen.since) >= TERM;
        self.0 = Some(seen);
        is_over
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds after the first look, holder, version, and whether it may be taken.
    fn follow(looks: &[(u64, &str, &str, bool)]) {
        let start = Instant::now();
        let mut watch = Watch::default();
        for (at, holder, version, expected) in looks {
            let is_over = watch.is_over(holder, version, start + Duration::from_secs(*at));
            assert_eq!(is_over, *expected, "{at} s, {holder}, {version}");
        }
    }

    #[test]
    fn a_holder_that_is_silent_for_a_term_has_lost_it() {
        follow(&[(0, "a", "1", false), (14, "a", "1", false), (15, "a", "1", true)]);
    }

    #[test]
    fn every_renewal_and_every_other_holder_begins_a_new_term() {
        follow(&[
            (0, "a", "1", false),
            (14, "a", "2", false),
            (16, "b", "2", false),
            (30, "b", "2", false),
            (31, "b", "2", true),
        ]);
    }
}
