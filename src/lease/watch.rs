//! When a Lease that somebody else holds may be taken over: its holder has given
//! no sign of life for a term, by our own clock.

use std::time::{Duration, Instant};

use k8s_openapi::api::coordination::v1::LeaseSpec;
use k8s_openapi::jiff::{SignedDuration, Timestamp};

/// Who does not renew a Lease for so long has lost it.
pub(super) const TERM: Duration = Duration::from_secs(15);

/// By its own time it was given up so long ago.
const ABANDONED: SignedDuration = SignedDuration::from_secs(60);

/// Then it is watched for a renewal only: clocks may differ.
const WATCH: Duration = Duration::from_secs(6);

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
    /// Takes note of the Lease as it is `now`, and says whether its holder has been silent for long enough. `clock` is what
    /// the time of day is said to be.
    pub(super) fn is_over(
        &mut self,
        holder: &str,
        version: &str,
        spec: &LeaseSpec,
        now: Instant,
        clock: Timestamp,
    ) -> bool {
        let same = self.0.take().filter(|seen| seen.holder == holder && seen.version == version);
        let seen = same.unwrap_or_else(|| Seen { holder: holder.to_owned(), version: version.to_owned(), since: now });
        let patience = if is_abandoned(spec, clock) { WATCH } else { TERM };
        let is_over = now.duration_since(seen.since) >= patience;
        self.0 = Some(seen);
        is_over
    }
}

fn is_abandoned(spec: &LeaseSpec, clock: Timestamp) -> bool {
    spec.renew_time.as_ref().is_none_or(|time| clock.duration_since(time.0) > ABANDONED)
}

#[cfg(test)]
mod tests {
    use k8s_openapi::apimachinery::pkg::apis::meta::v1::MicroTime;

    use super::*;

    /// Seconds after the first look, holder, version, seconds since the renewal by the clocks, and whether it may be taken.
    type Look = (u64, &'static str, &'static str, Option<i64>, bool);

    fn follow(looks: &[Look]) {
        let (start, clock) = (Instant::now(), Timestamp::UNIX_EPOCH);
        let mut watch = Watch::default();
        for (at, holder, version, renewed, expected) in looks {
            let renewed = renewed.map(|ago| MicroTime(clock - SignedDuration::from_secs(ago)));
            let spec = LeaseSpec { renew_time: renewed, ..LeaseSpec::default() };
            let now = start + Duration::from_secs(*at);
            assert_eq!(watch.is_over(holder, version, &spec, now, clock), *expected, "{at} s, {holder}, {version}");
        }
    }

    #[test]
    fn a_holder_that_is_silent_for_a_term_has_lost_it() {
        follow(&[(0, "a", "1", Some(0), false), (14, "a", "1", Some(14), false), (15, "a", "1", Some(15), true)]);
    }

    #[test]
    fn every_renewal_and_every_other_holder_begins_a_new_term() {
        follow(&[
            (0, "a", "1", Some(0), false),
            (14, "a", "2", Some(0), false),
            (16, "b", "2", Some(0), false),
            (30, "b", "2", Some(14), false),
            (31, "b", "2", Some(15), true),
        ]);
    }

    #[test]
    fn one_that_was_left_long_ago_is_watched_for_one_renewal_only() {
        follow(&[(0, "a", "1", Some(61), false), (5, "a", "1", Some(66), false), (6, "a", "1", Some(67), true)]);
        follow(&[(0, "a", "1", Some(60), false), (6, "a", "1", Some(60), false)]);
        follow(&[(0, "a", "1", None, false), (6, "a", "1", None, true)]);
    }

    #[test]
    fn a_clock_that_is_wrong_takes_nothing_from_a_holder_that_renews() {
        follow(&[
            (0, "a", "1", Some(3600), false),
            (5, "a", "2", Some(3600), false),
            (10, "a", "3", Some(3600), false),
        ]);
        follow(&[
            (0, "a", "1", Some(-3600), false),
            (14, "a", "1", Some(-3600), false),
            (15, "a", "1", Some(-3600), true),
        ]);
    }
}
