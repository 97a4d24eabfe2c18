//! An API server whose certificate changes while the job runs.

use super::shop::Shop;
use crate::proxy::certificate::Signer;
use crate::proxy::fault::{Asked, Fault};

/// Another certificate from the write of c15 on.
fn changing(signer: Signer) -> impl Fn(&Asked) -> Fault {
    move |asked| match (asked.writes_secret(), asked.time) {
        (Some(15), 1) => Fault::Certificate(signer),
        _ => Fault::None,
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_renewed_certificate_of_the_same_authority_changes_nothing() {
    let shop = Shop::open("renewed").await;
    let proxy = shop.proxy(changing(Signer::SameAuthority)).await;
    let done = shop.job(&proxy).env("SC_JOB_CONCURRENCY", "4").run().await.expect(0);
    let told = done.last_line();
    assert!(told.ends_with("30 of 30 connections ready; objects: 31 created"), "{told}");
    shop.assert_complete().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_certificate_of_another_authority_ends_the_run_with_69_and_is_named() {
    let shop = Shop::open("other-authority").await;
    let proxy = shop.proxy(changing(Signer::OtherAuthority)).await;
    let ended = shop.job(&proxy).env("SC_JOB_CONCURRENCY", "4").within(14).timing_out_after(3).run().await.expect(69);
    let told = ended.last_line();
    assert!(
        told.starts_with("ERROR failed (exit 69): ") && told.contains(" SCJ4001 Secret other-authority/sc-c"),
        "{told}"
    );
    assert!(told.contains("invalid peer certificate: UnknownIssuer"), "{told}");
    assert!(
        ended.stderr.contains(" INFO connection c00: created Secret other-authority/sc-c00-secret (PASSWORD)\n"),
        "{}",
        ended.stderr
    );
    shop.assert_nothing_is_lost(&proxy, &ended).await;
}
