//! What may happen to a request on its way, and to its answer.

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use http::header::{HeaderName, HeaderValue};
use hyper::body::Bytes;
use serde_json::json;
use tokio::sync::Notify;

use super::certificate::Signer;

/// What happens to one request.
pub enum Fault {
    /// Nothing: it is carried out and answered.
    None,
    /// It is carried out after a while.
    Late(Duration),
    /// It is carried out once somebody gives the word.
    Held(Arc<Notify>),
    /// It is answered with this instead of being carried out.
    Refused(Refusal),
    /// The connection is reset instead.
    Reset,
    /// It is carried out, and the connection is reset instead of an answer.
    AnswerLost,
    /// It is carried out, and its answer ends in the middle, together with the connection.
    AnswerBroken,
    /// It is carried out, and its answer goes no further than to the middle.
    AnswerStalled,
    /// It is carried out, and answered with the first half of the answer, whose length is said to be just that.
    AnswerHalved,
    /// It is never answered, and not carried out, or only after a while.
    Silence(Option<Duration>),
    /// It is carried out as somebody without rights: what the API server's authoriser says is real.
    WithoutRights,
    /// It is carried out with a token that the API server does not know: what it says to that is real.
    WithoutCredentials,
    /// All connections are reset, and new ones refused for a while.
    Away(Duration),
    /// All connections are reset, and new ones are met with another certificate.
    Certificate(Signer),
}

/// An answer that is no success.
pub struct Refusal {
    pub code: u16,
    pub header: Option<(HeaderName, HeaderValue)>,
    pub body: String,
}

impl Refusal {
    /// As the API server puts it.
    pub fn status(code: u16, reason: &str, message: &str) -> Self {
        let body = json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": message, "reason": reason, "code": code,
        });
        Self { code, header: None, body: body.to_string() }
    }

    /// As something before the API server, or its overload filter, puts it.
    pub fn plain(code: u16, body: &str) -> Self {
        Self { code, header: None, body: body.to_owned() }
    }

    pub fn retry_after(mut self, seconds: u16) -> Self {
        self.header = Some((http::header::RETRY_AFTER, seconds.into()));
        self
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// A request, as a script sees it.
pub struct Asked {
    pub method: Method,
    pub path: String,
    pub body: Bytes,
    /// 1 for the first request with this method and path.
    pub time: usize,
}

impl Asked {
    /// The number of the connection whose Secret is to be written.
    pub fn writes_secret(&self) -> Option<usize> {
        if self.method == Method::PATCH { self.secret() } else { None }
    }

    /// The number of the connection whose Secret is asked for or to be written.
    pub fn secret(&self) -> Option<usize> {
        let (_, name) = self.path.split_once("/secrets/sc-c")?;
        name.strip_suffix("-secret")?.parse().ok()
    }

    /// Whether it is about the objects of a namespace, or about the rights to them.
    pub fn concerns(&self, namespace: &str) -> bool {
        let place = format!("/namespaces/{namespace}/");
        let named = format!("\"namespace\":\"{namespace}\"");
        self.path.contains(&place)
            || (self.path.ends_with("/selfsubjectrulesreviews") && String::from_utf8_lossy(&self.body).contains(&named))
    }
}
