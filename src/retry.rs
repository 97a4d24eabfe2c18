//! Which failures of a request pass, and how long to wait for that. The backoff
//! crate is used here and nowhere else.

use std::future::Future;
use std::time::{Duration, Instant};

use backoff::ExponentialBackoff;

use crate::refusal;

/// What a failure asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may pass: try again, after this time if the server named one.
    Retry(Option<Duration>),
    /// It is about one object, such as a webhook that is down: try again, but not at the cost of all others.
    RetryBriefly,
    /// It may pass within the first seconds after rights were granted: authorisers cache.
    RetryWhileRightsSpread,
    /// It will not pass.
    Permanent,
}

/// Rights that Helm created a moment ago are in force after at most this time.
pub const RIGHTS_SPREAD: Duration = Duration::from_secs(5);

/// One object is not waited for longer than this while others can be done.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Judges a failure of one request.
///
/// Connection errors, time-outs, 429 and 502 to 504 concern the API server as a whole, and are tried
/// again; 500 is mostly a webhook that is down, and is tried again for [`PATIENCE`]; a missing right
/// only in the first [`RIGHTS_SPREAD`] of the run; every other answer is final.
#[must_use]
pub fn classify(error: &kube::Error) -> Verdict {
    match error {
        kube::Error::Api(status) => match status.code {
            429 | 502..=504 => Verdict::Retry(retry_after(status)),
            500 => Verdict::RetryBriefly,
            403 if refusal::by_authoriser(status) => Verdict::RetryWhileRightsSpread,
            _ => Verdict::Permanent,
        },
        kube::Error::Service(_) | kube::Error::HyperError(_) => Verdict::Retry(None),
        _ => Verdict::Permanent,
    }
}

fn retry_after(status: &kube::core::Status) -> Option<Duration> {
    let seconds = status.details.as_ref()?.retry_after_seconds;
    (seconds > 0).then(|| Duration::from_secs(seconds.into()))
}

/// The time that retries may take, counted from the start of the run.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    start: Instant,
    end: Instant,
}

impl Budget {
    /// A budget that starts now.
    #[must_use]
    pub fn starting_now(length: Duration) -> Self {
        let start = Instant::now();
        Self { start, end: start + length }
    }

    fn left(&self) -> Duration {
        self.end.saturating_duration_since(Instant::now())
    }
}

/// Runs `request` until it succeeds, fails for good, or the budget is used up; the last failure is returned.
/// `notify` hears of each failure that is tried again, and after which pause.
///
/// # Errors
/// The failure of the last try.
pub async fn until_done<T, F, R>(
    budget: Budget,
    mut request: R,
    mut notify: impl FnMut(&kube::Error, Duration),
) -> Result<T, kube::Error>
where
    R: FnMut() -> F,
    F: Future<Output = Result<T, kube::Error>>,
{
    let policy = ExponentialBackoff {
        initial_interval: Duration::from_millis(100),
        current_interval: Duration::from_millis(100),
        max_interval: Duration::from_secs(5),
        max_elapsed_time: Some(budget.left()),
        ..ExponentialBackoff::default()
    };
    let begin = Instant::now();
    let attempt = move || {
        let running = request();
        async move { running.await.map_err(|error| judge(error, budget, begin)) }
    };
    backoff::future::retry_notify(policy, attempt, |error, pause| notify(&error, pause)).await
}

fn judge(error: kube::Error, budget: Budget, begin: Instant) -> backoff::Error<kube::Error> {
    match classify(&error) {
        Verdict::Retry(None) => backoff::Error::transient(error),
        // A pause that the server asks for is not bounded by the policy's own clock.
        Verdict::Retry(Some(pause)) if pause < budget.left() => backoff::Error::retry_after(error, pause),
        Verdict::RetryBriefly if begin.elapsed() < PATIENCE => backoff::Error::transient(error),
        Verdict::RetryWhileRightsSpread if budget.start.elapsed() < RIGHTS_SPREAD => backoff::Error::transient(error),
        _ => backoff::Error::permanent(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kube::core::Status;

    fn api(code: u16, message: &str) -> kube::Error {
        kube::Error::Api(Status::failure(message, "").with_code(code).boxed())
    }

    #[test]
    fn answers_are_judged_by_this_table() {
        for code in [429, 502, 503, 504] {
            assert_eq!(classify(&api(code, "")), Verdict::Retry(None), "{code}");
        }
        for code in [400, 401, 404, 405, 409, 410, 415, 422, 501] {
            assert_eq!(classify(&api(code, "")), Verdict::Permanent, "{code}");
        }
        assert_eq!(classify(&api(500, "failed calling webhook \"w\"")), Verdict::RetryBriefly);
        let no_right = "secrets \"a\" is forbidden: User \"u\" cannot patch resource \"secrets\"";
        assert_eq!(classify(&api(403, no_right)), Verdict::RetryWhileRightsSpread);
        assert_eq!(classify(&api(403, "ValidatingAdmissionPolicy 'p' denied request")), Verdict::Permanent);
        let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        assert_eq!(classify(&kube::Error::Service(Box::new(refused))), Verdict::Retry(None));
    }

    #[tokio::test]
    async fn a_passing_failure_is_tried_again_and_the_last_failure_is_reported() {
        let mut tries = 0;
        let budget = Budget::starting_now(Duration::from_secs(60));
        let result = until_done(
            budget,
            || {
                tries += 1;
                let n = tries;
                async move { if n < 3 { Err(api(503, "busy")) } else { Ok(n) } }
            },
            |_, _| {},
        )
        .await;
        assert_eq!(result.unwrap(), 3);

        let spent = Budget::starting_now(Duration::ZERO);
        let result: Result<(), _> = until_done(spent, || async { Err(api(503, "busy")) }, |_, _| {}).await;
        assert!(matches!(result, Err(kube::Error::Api(status)) if status.message == "busy"));
    }

    #[tokio::test]
    async fn a_pause_beyond_the_budget_is_not_waited_for() {
        let status: Status =
            serde_json::from_str(r#"{"status": "Failure", "code": 429, "details": {"retryAfterSeconds": 3600}}"#)
                .unwrap();
        let budget = Budget::starting_now(Duration::from_secs(5));
        let mut pauses = Vec::new();
        let result: Result<(), _> = until_done(
            budget,
            || {
                let e = kube::Error::Api(status.clone().boxed());
                async { Err(e) }
            },
            |_, pause| pauses.push(pause),
        )
        .await;
        assert!(result.is_err());
        assert!(pauses.is_empty());
    }
}
