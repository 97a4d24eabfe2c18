//! The certificates with which the proxy presents itself.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::common::api_server::ApiServer;
use crate::common::run;

/// Who has signed a certificate that comes in the place of the API server's own.
#[derive(Clone, Copy)]
pub enum Signer {
    /// The cluster's authority, which the job trusts.
    SameAuthority,
    /// One that the job does not know.
    OtherAuthority,
}

/// The API server's own certificate.
pub fn own(server: &ApiServer) -> TlsAcceptor {
    acceptor(&server.file("pki/apiserver.crt"), &server.file("pki/apiserver.key"))
}

/// A certificate in its place.
pub fn of(signer: Signer, server: &ApiServer, folder: &Path) -> TlsAcceptor {
    match signer {
        // scripts/cluster makes each of its certificates good for a server too
        Signer::SameAuthority => acceptor(&server.file("pki/admin.crt"), &server.file("pki/admin.key")),
        Signer::OtherAuthority => {
            let (certificate, key) = self_signed(folder);
            acceptor(&certificate, &key)
        }
    }
}

fn self_signed(folder: &Path) -> (PathBuf, PathBuf) {
    let (certificate, key) = (folder.join("other.crt"), folder.join("other.key"));
    let words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=other \
                 -addext basicConstraints=critical,CA:FALSE -addext subjectAltName=IP:127.0.0.1";
    let mut openssl = Command::new("openssl");
    openssl.args(words.split_whitespace()).arg("-keyout").arg(&key).arg("-out").arg(&certificate);
    run(&mut openssl, None).expect(0);
    (certificate, key)
}

fn acceptor(certificate: &Path, key: &Path) -> TlsAcceptor {
    let chain = CertificateDer::pem_file_iter(certificate).unwrap().collect::<Result<_, _>>().unwrap();
    let key = PrivateKeyDer::from_pem_file(key).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}
