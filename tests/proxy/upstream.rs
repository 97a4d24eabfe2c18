//! The real API server behind the proxy.

use std::sync::Arc;
use std::time::Duration;

use http::header::{AUTHORIZATION, CONTENT_LENGTH, HOST, HeaderName, HeaderValue, TRANSFER_ENCODING};
use http::request::Parts;
use http::{Request, Response};
use http_body_util::BodyExt as _;
use hyper::body::Bytes;
use kube::config::{AuthInfo, KubeConfigOptions, Kubeconfig};

use crate::common::api_server::ApiServer;

/// A way to the API server, with the rights of an administrator and with none.
pub struct Upstream {
    admin: kube::Client,
    unknown: kube::Client,
    /// Held by all that may still change something.
    busy: Arc<()>,
}

/// As whom a request is carried out.
#[derive(Clone, Copy)]
pub enum Caller {
    Admin,
    /// A ServiceAccount to which nobody has granted anything.
    WithoutRights,
    /// Somebody with a token that the API server does not know.
    WithoutCredentials,
}

impl Upstream {
    pub async fn to(server: &ApiServer) -> Self {
        let kubeconfig = Kubeconfig::read_from(server.file("kubeconfig")).unwrap();
        let mut config = kube::Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await.unwrap();
        // what the job is told must be what the API server says at once
        config.default_retry = false;
        let admin = kube::Client::try_from(config.clone()).unwrap();
        config.auth_info = AuthInfo::default();
        Self { admin, unknown: kube::Client::try_from(config).unwrap(), busy: Arc::default() }
    }

    /// Keeps [`Self::is_idle`] waiting until it is dropped.
    pub fn busy(&self) -> Arc<()> {
        self.busy.clone()
    }

    /// Waits until nothing is going to be carried out any more.
    pub async fn is_idle(&self) {
        while Arc::strong_count(&self.busy) > 1 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The administrator's client, to see what is in the cluster.
    pub fn client(&self) -> kube::Client {
        self.admin.clone()
    }

    /// Carries a request out, even if the job has hung up meanwhile.
    pub fn carry_out(
        &self,
        mut head: Parts,
        body: Bytes,
        caller: Caller,
    ) -> impl Future<Output = Response<Bytes>> + use<> {
        for header in [HOST, CONTENT_LENGTH, TRANSFER_ENCODING] {
            head.headers.remove(header);
        }
        let client = match caller {
            Caller::Admin => self.admin.clone(),
            Caller::WithoutRights => {
                let nobody = HeaderValue::from_static("system:serviceaccount:default:nobody");
                head.headers.insert(HeaderName::from_static("impersonate-user"), nobody);
                self.admin.clone()
            }
            Caller::WithoutCredentials => {
                head.headers.insert(AUTHORIZATION, HeaderValue::from_static("Bearer expired"));
                self.unknown.clone()
            }
        };
        let request = Request::from_parts(head, kube::client::Body::from(body));
        let busy = self.busy();
        let exchange = async move {
            let (mut head, body) = client.send(request).await.unwrap().into_parts();
            for header in [CONTENT_LENGTH, TRANSFER_ENCODING] {
                head.headers.remove(header);
            }
            let answer = Response::from_parts(head, body.collect().await.unwrap().to_bytes());
            drop(busy);
            answer
        };
        async { tokio::spawn(exchange).await.unwrap() }
    }
}
