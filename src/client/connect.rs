//! The way to the API server: the pod's ServiceAccount, or a person's kubeconfig.

use std::cell::RefCell;

use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use kube::client::ConfigExt as _;
use kube::config::KubeconfigError;
use tower::{BoxError, ServiceBuilder};

use super::Api;
use super::fence::Fence;
use crate::error::{Code, Fault};
use crate::refusal;
use crate::retry::Budget;
use crate::settings::Settings;

impl Api {
    /// Connects as the pod's ServiceAccount, or through the kubeconfig of a person on a laptop.
    ///
    /// # Errors
    /// A fault when neither is there, or it cannot be used.
    pub async fn connect(settings: &Settings, budget: Budget) -> Result<Self, Fault> {
        // In a pod a stray KUBECONFIG must not decide where Secrets go.
        let config = if std::env::var_os("KUBERNETES_SERVICE_HOST").is_some() {
            kube::Config::incluster().map_err(|error| setup(&error))
        } else {
            kube::Config::from_kubeconfig(&kube::config::KubeConfigOptions::default()).await.map_err(
                |error| match error {
                    // The parser quotes the lines around the place, and a token may be among them.
                    KubeconfigError::Parse(_) => {
                        unreachable_api("the kubeconfig is not valid YAML, or not of its form")
                    }
                    error => setup(&error),
                },
            )
        };
        let mut config = config?;
        // Two layers of retries would multiply; ours knows the deadline of the run.
        config.default_retry = false;
        // One time-out for connecting, asking and answering together: see `once`.
        config.connect_timeout = None;
        config.read_timeout = None;
        config.write_timeout = None;
        if config.proxy_url.is_some() {
            let fault = unreachable_api("a proxy is set, and sc-job connects directly");
            return Err(fault.remedy("unset HTTPS_PROXY and HTTP_PROXY, or remove proxy-url from the kubeconfig"));
        }
        let client = client(&config).map_err(|error| match error {
            kube::Error::Auth(_) => unreachable_api(&refusal::in_words(&error)),
            error => setup(&error),
        })?;
        let (timeout, rbac_create) = (settings.request_timeout(), settings.rbac_create);
        Ok(Self {
            client,
            timeout,
            budget,
            rbac_create,
            rehearsal: false,
            fence: Fence::default(),
            last_failure: RefCell::default(),
        })
    }
}

fn setup(error: &dyn std::error::Error) -> Fault {
    let mut words = error.to_string();
    // Some of kube's errors tell their cause themselves, others leave it to the reader.
    if let Some(cause) = error.source().map(ToString::to_string).filter(|cause| !words.contains(cause)) {
        words = format!("{words}: {cause}");
    }
    unreachable_api(&words)
}

/// The client that kube makes of a configuration, but for one setting of its sockets: without it the kernel holds the body
/// of a request back until the API server has acknowledged the head, which it does after 40 ms.
fn client(config: &kube::Config) -> Result<kube::Client, kube::Error> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    let https = config.rustls_https_connector_with_connector(tcp)?;
    let service = ServiceBuilder::new()
        .layer(config.base_uri_layer())
        .option_layer(config.auth_layer()?)
        .layer(config.extra_headers_layer()?)
        .map_err(BoxError::from)
        .service(hyper_util::client::legacy::Client::builder(TokioExecutor::new()).build(https));
    Ok(kube::Client::new(service, config.default_namespace.clone()))
}

fn unreachable_api(words: &str) -> Fault {
    Fault::run(Code::ClientSetup, format!("no way to the API server: {words}"))
}
