//! Connections that break or go dead, and answers that do not come whole.

use std::time::Duration;

use super::shop::Shop;
use crate::proxy::fault::{Asked, Fault};

const ALL: &str = "30 of 30 connections ready; objects: 31 created";

/// Every request meets the fault when it is made first, and the run is done all the same.
async fn is_overcome(name: &str, fault: impl Fn(&Asked) -> Fault + Send + Sync + 'static) {
    let shop = Shop::open(name).await;
    let proxy = shop.proxy(move |asked| if asked.time == 1 { fault(asked) } else { Fault::None }).await;
    let done = shop.job(&proxy).timing_out_after(3).run().await.expect(0);
    assert!(done.last_line().ends_with(ALL), "{}", done.last_line());
    proxy.end().await;
    shop.assert_complete().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_request_whose_connection_is_reset_is_made_again() {
    is_overcome("reset", |_| Fault::Reset).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn an_object_that_was_created_before_the_connection_was_reset_is_known_as_our_own() {
    is_overcome("answer-lost", |_| Fault::AnswerLost).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn an_answer_that_ends_before_its_length_is_asked_for_again() {
    is_overcome("answer-broken", |_| Fault::AnswerBroken).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn an_answer_that_stalls_in_its_middle_is_asked_for_again() {
    is_overcome("answer-stalled", |asked| match asked.secret() {
        Some(n) if n % 3 == 0 => Fault::AnswerStalled,
        _ => Fault::None,
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn an_answer_that_is_half_a_document_is_asked_for_again() {
    is_overcome("answer-halved", |_| Fault::AnswerHalved).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_request_that_is_never_answered_is_made_again() {
    is_overcome(
        "silence",
        |asked| if asked.secret().is_some_and(|n| n % 3 == 0) { Fault::Silence(None) } else { Fault::None },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn an_unanswered_request_that_is_carried_out_at_once_or_after_the_next_one_changes_nothing() {
    is_overcome("silence-then-done", |asked| match asked.writes_secret() {
        Some(n @ 0..6) => Fault::Silence(Some(Duration::from_secs(4 * u64::from(n % 2 == 0)))),
        _ => Fault::None,
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn an_api_server_that_answers_no_more_ends_the_run_with_69_and_what_was_done() {
    let shop = Shop::open("silence-for-good").await;
    let silent = |asked: &Asked| match asked.writes_secret() {
        Some(10..) => Fault::Silence(None),
        _ => Fault::None,
    };
    let proxy = shop.proxy(silent).await;
    let ended = shop.job(&proxy).within(16).timing_out_after(2).run().await.expect(69);
    let told = ended.last_line();
    assert!(
        told.starts_with("ERROR failed (exit 69): 10 of 30 connections ready; 20 not finished; objects: 11 created. SCJ4001 Secret silence-for-good/sc-c"),
        "{told}"
    );
    assert!(told.contains("no answer within 2 s"), "{told}");
    shop.assert_ten_are_told_as_done_and_the_rest_as_left(&ended);
    shop.assert_nothing_is_lost(&proxy, &ended).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn an_api_server_that_answers_nothing_at_all_ends_the_run_with_69_and_nothing_written() {
    let shop = Shop::open("silence-throughout").await;
    let proxy = shop.proxy(|_| Fault::Silence(None)).await;
    let ended = shop.job(&proxy).within(6).timing_out_after(2).run().await.expect(69);
    let told = ended.last_line();
    assert!(told.starts_with("ERROR failed (exit 69): 0 of 30 connections ready; 30 not finished. SCJ4001 "), "{told}");
    assert!(told.contains("no answer within 2 s"), "{told}");
    assert!(!proxy.journal().iter().any(|entry| entry.method == "PATCH"));
    shop.assert_nothing_is_lost(&proxy, &ended).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn connections_that_are_reset_time_and_again_end_the_run_with_69_and_what_was_done() {
    let shop = Shop::open("reset-for-good").await;
    let reset = |asked: &Asked| match asked.writes_secret() {
        Some(10..) => Fault::Reset,
        _ => Fault::None,
    };
    let proxy = shop.proxy(reset).await;
    let ended = shop.job(&proxy).within(14).timing_out_after(3).run().await.expect(69);
    let told = ended.last_line();
    let start = "ERROR failed (exit 69): 10 of 30 connections ready; 20 not finished; objects: 11 created. SCJ4001 \
                 Secret reset-for-good/sc-c";
    assert!(told.starts_with(start) && told.contains("Connection reset by peer"), "{told}");
    shop.assert_nothing_is_lost(&proxy, &ended).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn connections_that_are_refused_for_two_seconds_are_made_again() {
    let shop = Shop::open("away").await;
    let away = |asked: &Asked| match (asked.writes_secret(), asked.time) {
        (Some(15), 1) => Fault::Away(Duration::from_secs(2)),
        _ => Fault::None,
    };
    let proxy = shop.proxy(away).await;
    let done = shop.job(&proxy).env("SC_JOB_CONCURRENCY", "4").run().await.expect(0);
    assert!(done.last_line().ends_with(ALL), "{}", done.last_line());
    assert!(done.stderr.contains("Connection refused"), "{}", done.stderr);
    shop.assert_complete().await;
}
