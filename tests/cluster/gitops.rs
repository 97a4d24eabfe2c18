//! The promises of `docs/gitops.md`: with Helm 4 and the options that Flux's helm-controller sets, and with kubectl doing
//! what Argo CD does. The controllers themselves are not run: the Go modules do not serve all of their parts.

mod argo;
mod flux;
mod sync;
