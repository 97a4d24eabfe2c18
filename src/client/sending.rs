//! Sending one request: the fence before it, the time-out of its own, and the
//! tries after what passes.

use std::fmt;
use std::time::{Duration, Instant};

use http::StatusCode;
use http_body_util::BodyExt as _;
use kube::core::Status;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::Api;
use crate::refusal;
use crate::retry::{self, PATIENCE};

pub(super) struct Answer<T> {
    pub(super) code: StatusCode,
    pub(super) retried: bool,
    pub(super) body: T,
}

#[derive(Debug)]
struct NoAnswer(Duration);

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no answer within {} s", self.0.as_secs())
    }
}

impl std::error::Error for NoAnswer {}

impl Api {
    pub(super) async fn send<T: DeserializeOwned>(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<Answer<T>, kube::Error> {
        let (answer, retried) = self.send_telling(request).await;
        answer.map(|(code, body)| Answer { code, retried, body })
    }

    /// Tells beside the answer whether an earlier try went without one of its own.
    pub(super) async fn send_telling<T: DeserializeOwned>(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> (Result<(StatusCode, T), kube::Error>, bool) {
        let mut retried = false;
        let notify = |error: &kube::Error, pause: Duration| {
            // 429 and a missing right are answers: nothing was done.
            retried |= !matches!(error, kube::Error::Api(status) if status.code < 500);
            self.failed(&request, error, pause);
        };
        let begin = Instant::now();
        let once = || async {
            match self.once(request.clone()).await {
                Err(kube::Error::Service(error))
                    if error.is::<NoAnswer>() && begin.elapsed() >= PATIENCE && self.answers_others().await =>
                {
                    Err(silent_on_this(&error))
                }
                answer => answer,
            }
        };
        let answer = retry::until_done(&self.budget, retry::classify, once, notify).await;
        (answer, retried)
    }

    /// Whether the API server answers at all, as far as there is time to ask: anybody may ask for its version.
    async fn answers_others(&self) -> bool {
        let Ok(request) = http::Request::get("/version").body(Vec::new()) else { return false };
        !self.budget.is_spent() && matches!(self.once::<IgnoredAny>(request).await, Ok(_) | Err(kube::Error::Api(_)))
    }

    /// Sends what the run can do without: it is not tried again when a right is missing.
    pub(super) async fn ask<T: DeserializeOwned>(&self, request: http::Request<Vec<u8>>) -> Result<T, kube::Error> {
        let notify = |error: &kube::Error, pause: Duration| self.failed(&request, error, pause);
        let once = || self.once(request.clone());
        let (_, body) = retry::until_done(&self.budget, retry::classify_question, once, notify).await?;
        Ok(body)
    }

    pub(super) fn failed(&self, request: &http::Request<Vec<u8>>, error: &kube::Error, pause: Duration) {
        let failure = format!("{} {}: {}", request.method(), request.uri().path(), refusal::in_short(error));
        tracing::debug!("{failure}; trying again in {} ms", pause.as_millis());
        self.last_failure.replace(Some(failure));
    }

    pub(super) async fn once<T: DeserializeOwned>(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<(StatusCode, T), kube::Error> {
        self.fence.pass(&request, &self.budget).await?;
        let exchange = async {
            let response = self.client.send(request.map(kube::client::Body::from)).await?;
            let (head, body) = response.into_parts();
            let bytes = body.collect().await?.to_bytes();
            if head.status.is_success() {
                let answer = serde_json::from_slice(&bytes).map_err(kube::Error::SerdeError)?;
                Ok((head.status, answer))
            } else {
                let refusal = refusal::of(&head, &bytes).map_err(|error| kube::Error::Service(Box::new(error)))?;
                Err(kube::Error::Api(refusal.boxed()))
            }
        };
        let answer = tokio::time::timeout(self.timeout, exchange).await;
        answer.unwrap_or_else(|_| Err(kube::Error::Service(Box::new(NoAnswer(self.timeout)))))
    }
}

/// Silence on one request while others are answered, as what it mostly is: an admission webhook that hangs as long as
/// the request may take. The API server would answer 500 if it were given the time.
fn silent_on_this(error: &dyn fmt::Display) -> kube::Error {
    let words = format!("{error}, though the API server answers other requests: an admission webhook may hang");
    kube::Error::Api(Status::failure(&words, "").with_code(StatusCode::INTERNAL_SERVER_ERROR.as_u16()).boxed())
}
