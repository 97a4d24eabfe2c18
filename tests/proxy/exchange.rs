//! Requests and answers: what has been asked, and what becomes of it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::stream::{self, StreamExt as _};
use http::header::{CONTENT_LENGTH, HeaderValue};
use http::{Method, Request, Response};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::Bytes;
use hyper::body::{Frame, Incoming};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use super::certificate;
use super::fault::{Asked, Fault, Refusal};
use super::upstream::{Caller, Upstream};
use crate::common::api_server::ApiServer;

/// Says what happens to each request.
pub type Script = Box<dyn Fn(&Asked) -> Fault + Send + Sync>;

/// A request that came.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub method: Method,
    pub path: String,
    pub at: Instant,
}

/// What happens to all connections at once.
#[derive(Clone, Copy)]
pub enum Happening {
    /// They are reset.
    Cut,
    /// They are reset, and new ones refused for so long.
    Away(Duration),
}

/// Said to hyper, it ends a connection without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection is reset")]
pub struct Reset;

type Answer = Result<Response<UnsyncBoxBody<Bytes, Reset>>, Reset>;

/// What lies between the job and the API server.
pub struct Exchange {
    server: &'static ApiServer,
    script: Script,
    upstream: Upstream,
    folder: PathBuf,
    journal: Mutex<Vec<Entry>>,
    acceptor: Mutex<TlsAcceptor>,
    happening: watch::Sender<Happening>,
}

impl Exchange {
    /// `folder` is for a certificate of another authority.
    pub async fn before(server: &'static ApiServer, script: Script, folder: PathBuf) -> Self {
        Self {
            server,
            script,
            upstream: Upstream::to(server).await,
            folder,
            journal: Mutex::default(),
            acceptor: Mutex::new(certificate::own(server)),
            happening: watch::Sender::new(Happening::Cut),
        }
    }

    /// Every request until now, in their order.
    pub fn journal(&self) -> Vec<Entry> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps [`Self::end`] waiting until it is dropped.
    pub fn busy(&self) -> Arc<()> {
        self.upstream.busy()
    }

    /// Resets all connections, and waits for what is still being carried out.
    pub async fn end(&self) {
        self.happening.send_replace(Happening::Cut);
        self.upstream.is_idle().await;
    }

    /// How new connections are met.
    pub fn acceptor(&self) -> TlsAcceptor {
        self.acceptor.lock().unwrap().clone()
    }

    /// Hears of what happens to all connections from now on.
    pub fn happenings(&self) -> watch::Receiver<Happening> {
        self.happening.subscribe()
    }

    /// Answers a request, or not.
    pub async fn answer(&self, request: Request<Incoming>) -> Answer {
        let (head, body) = request.into_parts();
        // A client that has gone away in the middle of its request is not asking.
        let Ok(body) = body.collect().await.map(http_body_util::Collected::to_bytes) else { return Err(Reset) };
        let fault = (self.script)(&self.enter(&head.method, head.uri.path(), &body));
        let carry_out = |caller| self.upstream.carry_out(head, body, caller);
        match fault {
            Fault::None => Ok(whole(carry_out(Caller::Admin).await)),
            Fault::WithoutRights => Ok(whole(carry_out(Caller::WithoutRights).await)),
            Fault::WithoutCredentials => Ok(whole(carry_out(Caller::WithoutCredentials).await)),
            Fault::Late(pause) => {
                tokio::time::sleep(pause).await;
                Ok(whole(carry_out(Caller::Admin).await))
            }
            Fault::Held(word) => {
                word.notified().await;
                Ok(whole(carry_out(Caller::Admin).await))
            }
            Fault::Refused(refusal) => Ok(refused(refusal)),
            Fault::Reset => Err(Reset),
            Fault::AnswerLost => {
                carry_out(Caller::Admin).await;
                Err(Reset)
            }
            Fault::AnswerBroken => {
                // hyper sends what it has when there is nothing more for a moment, and not when the answer fails at once
                Ok(half(carry_out(Caller::Admin).await, tokio::time::sleep(Duration::from_millis(20))))
            }
            Fault::AnswerStalled => Ok(half(carry_out(Caller::Admin).await, std::future::pending())),
            Fault::AnswerHalved => {
                let (head, body) = carry_out(Caller::Admin).await.into_parts();
                Ok(whole(Response::from_parts(head, body.slice(..body.len() / 2))))
            }
            Fault::Silence(until) => {
                if let Some(pause) = until {
                    let carried_out = carry_out(Caller::Admin);
                    // in a task of its own, as the job hangs up meanwhile
                    tokio::spawn(async move {
                        tokio::time::sleep(pause).await;
                        carried_out.await;
                    });
                }
                std::future::pending().await
            }
            Fault::Away(pause) => {
                self.happening.send_replace(Happening::Away(pause));
                std::future::pending().await
            }
            Fault::Certificate(signer) => {
                *self.acceptor.lock().unwrap() = certificate::of(signer, self.server, &self.folder);
                self.happening.send_replace(Happening::Cut);
                std::future::pending().await
            }
        }
    }

    fn enter(&self, method: &Method, path: &str, body: &Bytes) -> Asked {
        let mut journal = self.journal.lock().unwrap();
        journal.push(Entry { method: method.clone(), path: path.to_owned(), at: Instant::now() });
        let time = journal.iter().filter(|entry| entry.method == *method && entry.path == path).count();
        Asked { method: method.clone(), path: path.to_owned(), body: body.clone(), time }
    }
}

fn whole(answer: Response<Bytes>) -> Response<UnsyncBoxBody<Bytes, Reset>> {
    answer.map(|body| Full::new(body).map_err(|never| match never {}).boxed_unsync())
}

fn refused(refusal: Refusal) -> Response<UnsyncBoxBody<Bytes, Reset>> {
    let mut answer = Response::new(Bytes::from(refusal.body));
    *answer.status_mut() = refusal.code.try_into().unwrap();
    answer.headers_mut().extend(refusal.header);
    whole(answer)
}

/// Half of an answer, under the length of all of it; the connection ends with `end`.
fn half(
    answer: Response<Bytes>,
    end: impl Future<Output = ()> + Send + 'static,
) -> Response<UnsyncBoxBody<Bytes, Reset>> {
    let (mut head, body) = answer.into_parts();
    head.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    let half = stream::iter([Ok(Frame::data(body.slice(..body.len() / 2)))]);
    let reset = stream::once(async {
        end.await;
        Err(Reset)
    });
    Response::from_parts(head, StreamBody::new(half.chain(reset)).boxed_unsync())
}
