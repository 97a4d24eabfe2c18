//! Which failures of a request pass, and how long to wait for that. The backoff
//! crate is used here and nowhere else.

use std::cell::Cell;
use std::future::Future;
use std::time::{Duration, Instant};

use backoff::ExponentialBackoff;

use crate::refusal;

/// What a failure asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may pass: try again, after this time if the server named one.
    Retry(Option<Duration>),
    /// The API server is out of reach: try again. When it is back, it may not know at once who may do what.
    RetryOutage,
    /// It is about one object, such as a webhook that is down: try again, but not at the cost of all others.
    RetryBriefly,
    /// It may pass while rights and accounts are still on their way to the API server that was asked.
    RetryWhileUnsettled,
    /// It will not pass.
    Permanent,
}

/// Rights that Helm created a moment ago are in force after at most this time, and so are all rights after
/// a restart of the API server.
pub const RIGHTS_SPREAD: Duration = Duration::from_secs(5);

/// How often it is asked within that time.
const SETTLING: Duration = Duration::from_millis(500);

/// One object is not waited for longer than this while others can be done.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Judges a failure of one request.
///
/// Connection errors, time-outs, answers that are cut off, 429 and 502 to 504 concern the API server as a
/// whole, and are tried again; 500 is mostly a webhook that is down, and is tried again for [`PATIENCE`];
/// an account that is not known and a right that is missing only for [`RIGHTS_SPREAD`] after the run began
/// or the API server came back; every other answer is final.
#[must_use]
pub fn classify(error: &kube::Error) -> Verdict {
    match error {
        kube::Error::Api(status) => match status.code {
            429 => Verdict::Retry(retry_after(status)),
            502..=504 => retry_after(status).map_or(Verdict::RetryOutage, |pause| Verdict::Retry(Some(pause))),
            500 => Verdict::RetryBriefly,
            401 => Verdict::RetryWhileUnsettled,
            403 if refusal::by_authoriser(status) => Verdict::RetryWhileUnsettled,
            _ => Verdict::Permanent,
        },
        kube::Error::Service(_) | kube::Error::HyperError(_) | kube::Error::SerdeError(_) => Verdict::RetryOutage,
        _ => Verdict::Permanent,
    }
}

/// The same for a question whose answer the run can do without: a right that is missing is an answer.
#[must_use]
pub fn classify_question(error: &kube::Error) -> Verdict {
    match error {
        kube::Error::Api(status) if status.code == 403 => Verdict::Permanent,
        other => classify(other),
    }
}

fn retry_after(status: &kube::core::Status) -> Option<Duration> {
    let seconds = status.details.as_ref()?.retry_after_seconds;
    (seconds > 0).then(|| Duration::from_secs(seconds.into()))
}

/// The time that retries may take, counted from the start of the run.
#[derive(Clone, Debug)]
pub struct Budget {
    end: Instant,
    unsettled_until: Cell<Instant>,
}

impl Budget {
    /// A budget that starts now.
    #[must_use]
    pub fn starting_now(length: Duration) -> Self {
        let start = Instant::now();
        Self { end: start + length, unsettled_until: Cell::new(start + RIGHTS_SPREAD) }
    }

    fn left(&self) -> Duration {
        self.end.saturating_duration_since(Instant::now())
    }

    /// Whether a request that begins now may outlast the run.
    #[must_use]
    pub fn is_spent(&self) -> bool {
        self.left().is_zero()
    }

    fn is_settled(&self) -> bool {
        Instant::now() >= self.unsettled_until.get()
    }

    /// The API server was out of reach, and is asked again after `pause`.
    fn unsettle(&self, pause: Duration) {
        let until = Instant::now() + pause + RIGHTS_SPREAD;
        self.unsettled_until.set(until.max(self.unsettled_until.get()));
    }
}

/// Runs `request` until it succeeds, fails for good as `judge` says, or the budget is used up; the last
/// failure is returned. `notify` hears of each failure that is tried again, and after which pause.
///
/// # Errors
/// The failure of the last try.
pub async fn until_done<T, E, F, R>(
    budget: &Budget,
    judge: impl Fn(&E) -> Verdict,
    mut request: R,
    mut notify: impl FnMut(&E, Duration),
) -> Result<T, E>
where
    R: FnMut() -> F,
    F: Future<Output = Result<T, E>>,
{
    let policy = ExponentialBackoff {
        initial_interval: Duration::from_millis(100),
        current_interval: Duration::from_millis(100),
        max_interval: Duration::from_secs(5),
        max_elapsed_time: Some(budget.left()),
        ..ExponentialBackoff::default()
    };
    let begin = Instant::now();
    let judge = &judge;
    let attempt = move || {
        let running = request();
        async move { running.await.map_err(|error| wrap(judge(&error), error, budget, begin)) }
    };
    let notify = |error: E, pause| {
        if judge(&error) == Verdict::RetryOutage {
            budget.unsettle(pause);
        }
        notify(&error, pause);
    };
    backoff::future::retry_notify(policy, attempt, notify).await
}

fn wrap<E>(verdict: Verdict, error: E, budget: &Budget, begin: Instant) -> backoff::Error<E> {
    match verdict {
        Verdict::Retry(None) | Verdict::RetryOutage => backoff::Error::transient(error),
        // A pause that the server asks for is not bounded by the policy's own clock.
        Verdict::Retry(Some(pause)) if pause < budget.left() => backoff::Error::retry_after(error, pause),
        Verdict::RetryBriefly if begin.elapsed() < PATIENCE => backoff::Error::transient(error),
        // The policy's own pause may have grown beyond that time in an outage before.
        Verdict::RetryWhileUnsettled if !budget.is_settled() => backoff::Error::retry_after(error, SETTLING),
        _ => backoff::Error::permanent(error),
    }
}

#[cfg(test)]
mod tests;
