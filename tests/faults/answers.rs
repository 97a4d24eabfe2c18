//! An API server that answers, and says that it cannot.

use std::time::Duration;

use super::shop::Shop;
use crate::proxy::fault::{Asked, Fault, Refusal};

const ALL: &str = "30 of 30 connections ready; objects: 31 created";

/// What the API server's own overload filter says.
fn too_many(pause: u16) -> Refusal {
    Refusal::plain(429, "Too many requests, please try again later.\n").retry_after(pause)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_pause_that_the_api_server_asks_for_is_kept() {
    let shop = Shop::open("overload").await;
    let busy = |asked: &Asked| match (asked.writes_secret(), asked.time) {
        (Some(_), 1) => too_many(1).into(),
        _ => Fault::None,
    };
    let proxy = shop.proxy(busy).await;
    let done = shop.job(&proxy).run().await.expect(0);
    assert!(done.last_line().ends_with(ALL), "{}", done.last_line());
    shop.assert_complete().await;
    for n in 0..30 {
        let [refused, done] = proxy.writes_of(n)[..] else { panic!("c{n:02} was not written twice") };
        assert!(done - refused >= Duration::from_secs(1), "c{n:02}: {:?}", done - refused);
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_pause_that_is_longer_than_the_run_ends_it_with_69_and_what_was_said() {
    let shop = Shop::open("long-pause").await;
    let busy = |asked: &Asked| match asked.writes_secret() {
        Some(10..) => Refusal::status(429, "TooManyRequests", "the server has too much to do").retry_after(3600).into(),
        _ => Fault::None,
    };
    let proxy = shop.proxy(busy).await;
    let ended = shop.job(&proxy).within(20).run().await.expect(69);
    let told = ended.last_line();
    assert!(told.starts_with("ERROR failed (exit 69): ") && told.contains(" SCJ4001 Secret long-pause/sc-c"), "{told}");
    assert!(told.contains("the server has too much to do"), "{told}");
    for n in 10..30 {
        assert!(proxy.writes_of(n).len() <= 1, "c{n:02} was not given up at once");
    }
    shop.assert_nothing_is_lost(&proxy, &ended).await;
}

/// The first two answers to each request are no help.
async fn burst(name: &str, refusal: impl Fn() -> Refusal + Send + Sync + 'static) {
    let shop = Shop::open(name).await;
    let proxy = shop.proxy(move |asked| if asked.time <= 2 { refusal().into() } else { Fault::None }).await;
    let done = shop.job(&proxy).run().await.expect(0);
    assert!(done.last_line().ends_with(ALL), "{}", done.last_line());
    proxy.end().await;
    shop.assert_complete().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_burst_of_500_is_overcome() {
    burst("burst-500", || Refusal::status(500, "InternalError", "etcdserver: leader changed")).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_burst_of_503_of_a_load_balancer_is_overcome() {
    burst("burst-503", || Refusal::plain(503, "<html>no server is available</html>")).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn answers_that_are_not_from_the_api_server_are_overcome_whatever_they_mean() {
    for code in [200, 403, 404] {
        burst(&format!("burst-page-{code}"), move || Refusal::plain(code, "<html>please log in</html>")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn answers_that_are_never_from_the_api_server_end_the_run_with_69() {
    let shop = Shop::open("pages").await;
    let proxy = shop.proxy(|_| Refusal::plain(200, "<html>please log in</html>").into()).await;
    let ended = shop.job(&proxy).within(8).timing_out_after(3).run().await.expect(69);
    let told = ended.last_line();
    let start = "ERROR failed (exit 69): 0 of 30 connections ready; 30 not finished. SCJ4001 ";
    assert!(told.starts_with(start) && told.contains("the answer is not of the expected form"), "{told}");
    shop.assert_nothing_is_lost(&proxy, &ended).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_500_for_one_object_that_does_not_pass_is_the_fault_of_its_connection_only() {
    let shop = Shop::open("lasting-500").await;
    let failing = |asked: &Asked| match asked.writes_secret() {
        Some(7) => Refusal::status(500, "InternalError", "etcdserver: mvcc: corrupt page").into(),
        _ => Fault::None,
    };
    let proxy = shop.proxy(failing).await;
    let ended = shop.job(&proxy).within(60).run().await.expect(79);
    let told = "failed (exit 79): 29 of 30 connections ready; 1 failed; objects: 30 created. c07: SCJ2009 Secret \
                lasting-500/sc-c07-secret: patch failed each time that it was tried: etcdserver: mvcc: corrupt page. Remedy: ";
    assert!(ended.last_line().contains(told), "{}", ended.last_line());
    assert!(
        ended.stderr.contains("ERROR connection c07: SCJ2009 Secret lasting-500/sc-c07-secret: "),
        "{}",
        ended.stderr
    );
    shop.assert_nothing_is_lost(&proxy, &ended).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_503_that_does_not_pass_ends_the_run_with_69_and_what_was_done() {
    let shop = Shop::open("lasting-503").await;
    let away = |asked: &Asked| match asked.writes_secret() {
        Some(10..) => Refusal::status(503, "ServiceUnavailable", "the apiserver is shutting down").into(),
        _ => Fault::None,
    };
    let proxy = shop.proxy(away).await;
    let ended = shop.job(&proxy).within(20).timing_out_after(3).run().await.expect(69);
    let told = ended.last_line();
    let start = "ERROR failed (exit 69): 10 of 30 connections ready; 20 not finished; objects: 11 created. SCJ4001 Secret lasting-503/sc-c";
    assert!(told.starts_with(start) && told.contains("the apiserver is shutting down. Remedy: "), "{told}");
    shop.assert_nothing_is_lost(&proxy, &ended).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn an_answer_of_410_is_the_fault_of_its_connection_and_not_asked_for_again() {
    let shop = Shop::open("gone").await;
    let gone = |asked: &Asked| match asked.writes_secret() {
        Some(7) => Refusal::status(410, "Expired", "the resource version is too old").into(),
        _ => Fault::None,
    };
    let proxy = shop.proxy(gone).await;
    let ended = shop.job(&proxy).run().await.expect(79);
    let told = "failed (exit 79): 29 of 30 connections ready; 1 failed; objects: 30 created. c07: SCJ2007 Secret \
                gone/sc-c07-secret: patch was refused: the resource version is too old. Remedy: ";
    assert!(ended.last_line().contains(told), "{}", ended.last_line());
    assert_eq!(proxy.writes_of(7).len(), 1);
    shop.assert_nothing_is_lost(&proxy, &ended).await;
}
