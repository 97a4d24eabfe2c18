//! An API server that is far away, or slow.

use std::time::Duration;

use super::shop::Shop;
use crate::proxy::fault::{Asked, Fault};

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn answers_that_take_5_20_or_100_ms_change_nothing_of_what_is_done() {
    for milliseconds in [5, 20, 100] {
        let shop = Shop::open(&format!("late-{milliseconds}")).await;
        let proxy = shop.proxy(move |_| Fault::Late(Duration::from_millis(milliseconds))).await;
        let done = shop.job(&proxy).run().await.expect(0);
        assert!(done.last_line().ends_with("30 of 30 connections ready; objects: 31 created"), "{}", done.last_line());
        shop.assert_complete().await;
        let requests = proxy.journal();
        let writes = requests.iter().filter(|entry| entry.method == "PATCH" && !entry.path.ends_with("/leases/sc-job"));
        let mut written: Vec<_> = writes.map(|entry| &entry.path).collect();
        let count = written.len();
        written.sort();
        written.dedup();
        assert_eq!((count, written.len()), (34, 33), "31 objects and the summary once each, the inventory twice");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_run_that_is_too_slow_for_its_deadline_ends_there_and_says_how_far_it_came() {
    let shop = Shop::open("too-slow").await;
    let slow = |asked: &Asked| match asked.writes_secret() {
        Some(10..) => Fault::Late(Duration::from_millis(900)),
        _ => Fault::None,
    };
    let proxy = shop.proxy(slow).await;
    let job = shop.job(&proxy).env("SC_JOB_CONCURRENCY", "1").within(12).timing_out_after(3);
    let ended = job.run().await.expect(75);
    let told = ended.last_line();
    assert!(told.starts_with("ERROR failed (exit 75): ") && told.contains(" not finished; objects: "), "{told}");
    assert!(told.contains(" SCJ4002 12 s have passed"), "{told}");
    assert!(ended.stderr.contains(" WARN not finished: "), "{}", ended.stderr);
    shop.assert_nothing_is_lost(&proxy, &ended).await;
}
