//! SIGTERM, or the end of the work, while the API server does not answer.

use super::shop::Shop;
use crate::proxy::fault::{Asked, Fault};

fn silent_on_the_summary(asked: &Asked) -> Fault {
    let is_written = asked.method == "PATCH" && asked.path.ends_with("/configmaps/sc-connections");
    if is_written { Fault::Silence(None) } else { Fault::None }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn sigterm_while_requests_hang_ends_the_run_with_75_what_is_done_and_what_is_not() {
    let shop = Shop::open("stopped").await;
    let silent = |asked: &Asked| match (asked.method.as_str(), asked.secret()) {
        ("PATCH", Some(10..) | None) if asked.concerns("stopped") => Fault::Silence(None),
        _ => Fault::None,
    };
    let proxy = shop.proxy(silent).await;
    // The times are longer than the test is patient: it is the signal that ends the run.
    let mut running = shop.job(&proxy).within(600).timing_out_after(300).start();
    proxy.until(31, "PATCH", "/api/v1/namespaces/stopped/").await;
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
    let proxy = shop.proxy(silent_on_the_summary).await;
    let mut running = shop.job(&proxy).within(600).timing_out_after(300).start();
    // the inventory, before and after, and the summary
    proxy.until(3, "PATCH", "/api/v1/namespaces/stopped-late-system/configmaps/sc-connections").await;
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
    let proxy = shop.proxy(silent_on_the_summary).await;
    let ended = shop.job(&proxy).timing_out_after(20).run().await.expect(0);
    assert!(ended.last_line().ends_with(": 30 of 30 connections ready; objects: 31 created"), "{}", ended.last_line());
    assert!(ended.stderr.contains(" WARN the outcome could not be recorded within 5s"), "{}", ended.stderr);
    shop.assert_nothing_is_lost(&proxy, &ended).await;
}
