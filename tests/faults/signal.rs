//! SIGTERM, or the end of the work, while the API server does not answer.

use std::time::Duration;

use super::fault::{Asked, Fault};
use super::proxy::Proxy;
use super::shop::Shop;

/// Waits until `count` requests of this method have come.
async fn until(proxy: &Proxy, count: usize, method: &str, path: &str) {
    let come = async {
        while proxy.journal().iter().filter(|entry| entry.method == method && entry.path.starts_with(path)).count()
            < count
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), come).await.expect("the requests have not come");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn sigterm_while_requests_hang_ends_the_run_with_75_what_is_done_and_what_is_not() {
    let shop = Shop::open("stopped").await;
    let silent = |asked: &Asked| match (asked.method.as_str(), asked.secret()) {
        ("PATCH", Some(10..) | None) => Fault::Silence(None),
        _ => Fault::None,
    };
    let proxy = shop.proxy(silent).await;
    // The times are longer than the test is patient: it is the signal that ends the run.
    let mut running = shop.job(&proxy).within(600).timing_out_after(300).start();
    until(&proxy, 31, "PATCH", "/api/v1/namespaces/stopped/").await;
    for n in 0..10 {
        running.says(&format!("connection c{n:02}: created Secret stopped/sc-c{n:02}-secret")).await;
    }
    running.terminate().await;
    let ended = running.end().await.expect(75);
    let told = ended.last_line();
    assert!(told.starts_with("ERROR failed (exit 75): 10 of 30 connections ready; 20 not finished; objects: 10 created. SCJ4003 SIGTERM was received. Remedy: "), "{told}");
    shop.assert_ten_are_told_as_done_and_the_rest_as_left(&ended);
    shop.assert_nothing_is_lost(&proxy, &ended).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn sigterm_while_the_outcome_is_recorded_ends_the_run_with_75_though_all_is_done() {
    let shop = Shop::open("stopped-late").await;
    let summary = "/api/v1/namespaces/stopped-late-system/configmaps/sc-connections";
    let silent = move |asked: &Asked| if asked.path == summary { Fault::Silence(None) } else { Fault::None };
    let proxy = shop.proxy(silent).await;
    let mut running = shop.job(&proxy).within(600).timing_out_after(300).start();
    until(&proxy, 1, "PATCH", summary).await;
    running.terminate().await;
    let ended = running.end().await.expect(75);
    let told = ended.last_line();
    assert!(told.starts_with("ERROR failed (exit 75): 30 of 30 connections ready; objects: 31 created. SCJ4003 SIGTERM was received. Remedy: "), "{told}");
    shop.assert_nothing_is_lost(&proxy, &ended).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn an_outcome_that_cannot_be_recorded_is_a_warning() {
    let shop = Shop::open("unrecorded").await;
    let summary = "/api/v1/namespaces/unrecorded-system/configmaps/sc-connections";
    let silent = move |asked: &Asked| if asked.path == summary { Fault::Silence(None) } else { Fault::None };
    let proxy = shop.proxy(silent).await;
    let ended = shop.job(&proxy).timing_out_after(20).run().await.expect(0);
    assert!(ended.last_line().ends_with(": 30 of 30 connections ready; objects: 31 created"), "{}", ended.last_line());
    assert!(ended.stderr.contains(" WARN the outcome could not be recorded within 5s"), "{}", ended.stderr);
    shop.assert_nothing_is_lost(&proxy, &ended).await;
}
