//! A proxy between the job and a real API server, which does to each request what
//! a script of the test says. This is the listener: connections that are met with
//! a certificate, cut, or refused.
#![allow(dead_code, reason = "each test file that uses it is a crate of its own and uses a part of this")]

pub mod certificate;
mod exchange;
pub mod fault;
pub mod job;
pub mod release;
pub mod upstream;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::common::api_server::ApiServer;
pub use exchange::Entry;
use exchange::{Exchange, Happening};
use fault::{Asked, Fault};

/// Requests that have not come after this time do not come any more.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A proxy before the API server. It ends with the test.
pub struct Proxy {
    exchange: Arc<Exchange>,
    kubeconfig: PathBuf,
    listening: JoinHandle<()>,
    /// of the kubeconfig
    _folder: tempfile::TempDir,
}

impl Proxy {
    /// A proxy that asks `script` what to do with each request.
    pub async fn before(server: &'static ApiServer, script: impl Fn(&Asked) -> Fault + Send + Sync + 'static) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let exchange = Arc::new(Exchange::before(server, Box::new(script), folder.path().to_owned()).await);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let kubeconfig = folder.path().join("kubeconfig");
        std::fs::write(&kubeconfig, pointed_at(address, server)).unwrap();
        let listening = tokio::spawn(listen(listener, address, exchange.clone()));
        Self { exchange, kubeconfig, listening, _folder: folder }
    }

    /// The kubeconfig that leads here.
    pub fn kubeconfig(&self) -> &Path {
        &self.kubeconfig
    }

    /// Every request until now, in their order.
    pub fn journal(&self) -> Vec<Entry> {
        self.exchange.journal()
    }

    /// Waits until `count` requests of this method have come for what begins with `path`.
    pub async fn until(&self, count: usize, method: &str, path: &str) {
        let asked = |entry: &Entry| entry.method == method && entry.path.starts_with(path);
        let come = async {
            while self.journal().into_iter().filter(asked).count() < count {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, come).await.expect("the requests have not come");
    }

    /// When the Secret of connection `n` was to be written.
    pub fn writes_of(&self, n: usize) -> Vec<Instant> {
        let name = format!("/secrets/sc-c{n:02}-secret");
        let writes = |entry: &Entry| entry.method == "PATCH" && entry.path.ends_with(&name);
        self.journal().into_iter().filter(writes).map(|entry| entry.at).collect()
    }

    /// Resets all connections, and waits until nothing that came through them is going to be carried out any more.
    pub async fn settle(&self) {
        self.exchange.end().await;
    }

    /// Ends it, and waits until nothing that came through it is going to be carried out any more.
    pub async fn end(&self) {
        self.listening.abort();
        self.settle().await;
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// The API server's kubeconfig with another address.
fn pointed_at(address: SocketAddr, server: &ApiServer) -> String {
    let original = std::fs::read_to_string(server.file("kubeconfig")).unwrap();
    let (before, rest) = original.split_once("server: ").unwrap();
    let (_, after) = rest.split_once('\n').unwrap();
    format!("{before}server: https://{address}\n{after}")
}

async fn listen(mut listener: TcpListener, address: SocketAddr, exchange: Arc<Exchange>) {
    let mut happenings = exchange.happenings();
    loop {
        tokio::select! {
            accepted = listener.accept() => drop(tokio::spawn(serve(accepted.unwrap().0, exchange.clone()))),
            Ok(()) = happenings.changed() => {
                let happening = *happenings.borrow_and_update();
                if let Happening::Away(pause) = happening {
                    drop(listener);
                    tokio::time::sleep(pause).await;
                    listener = TcpListener::bind(address).await.unwrap();
                }
            }
        }
    }
}

async fn serve(stream: TcpStream, exchange: Arc<Exchange>) {
    let _busy = exchange.busy();
    let mut happenings = exchange.happenings();
    // A client that does not like the certificate hangs up.
    let Ok(stream) = exchange.acceptor().accept(stream).await else { return };
    let answer = service_fn(|request| exchange.answer(request));
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), answer);
    let cut = tokio::select! {
        ended = pin!(&mut connection) => ended.is_err(),
        _ = happenings.changed() => true,
    };
    if cut {
        let stream = connection.into_parts().io.into_inner();
        // closed so, the client hears of a reset instead of an end
        stream.get_ref().0.set_zero_linger().unwrap();
    }
}
