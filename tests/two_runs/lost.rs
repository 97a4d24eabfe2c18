//! A Lease that is taken from a run in its middle.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::Method;
use k8s_openapi::jiff::Timestamp;
use serde_json::json;
use tokio::sync::Notify;

use super::shop::{
    LEASE as LEASE_PATH, assert_all_are_of, assert_in_turn, held_up, is_in_the_middle, is_the_secret_b, open, run,
    until_held_up, values, witness, writes,
};
use crate::proxy::fault::{Asked, Fault};
use crate::proxy::release::LEASE;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_run_whose_lease_somebody_else_takes_stops_and_writes_nothing_more() {
    let release = open("taken").await;
    let input = release.upgrade(&values("one")).await;
    let word = Arc::new(Notify::new());
    let proxy = held_up(&release, &word).await;
    let first = run(release.job(&input), "first", &proxy).start();
    until_held_up(&release, &proxy).await;
    let now = format!("{:.6}", Timestamp::now());
    release.edit(LEASE, "another", &json!({"spec": {"holderIdentity": "another", "renewTime": now}})).await;
    let before = release.versions().await;
    let ended = first.end().await.expect(75);
    let told = release.fill(
        "ERROR failed (exit 75): 1 of 3 connections ready; 2 not finished; objects: 1 created. SCJ4006 Lease SYSTEM/sc-job: it \
         is held by another now; this run has stopped writing. Remedy: ",
    );
    assert!(ended.last_line().starts_with(&told), "{}", ended.stderr);
    proxy.settle().await;
    assert_eq!(release.versions().await, before);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_renewal_whose_answer_is_lost_costs_a_run_nothing() {
    let release = open("answer-lost").await;
    let input = release.upgrade(&values("one")).await;
    let word = Arc::new(Notify::new());
    let held = word.clone();
    let script = move |asked: &Asked| match (asked.path.ends_with(LEASE_PATH), asked.time) {
        (true, 2) if asked.method == Method::PATCH => Fault::AnswerLost,
        _ if is_in_the_middle(asked) => Fault::Held(held.clone()),
        _ => Fault::None,
    };
    let proxy = release.proxy(script).await;
    let first = run(release.job(&input), "first", &proxy).start();
    // taken, renewed, tried again; then it has asked who holds it
    proxy.until(3, "PATCH", &release.fill(LEASE)).await;
    proxy.until(2, "GET", &release.fill(LEASE)).await;
    word.notify_one();
    let done = first.end().await.expect(0);
    assert!(done.last_line().ends_with("objects: 3 created"), "{}", done.stderr);
    assert!(release.get(LEASE).await["spec"]["holderIdentity"].is_null(), "it was given back");
    assert_all_are_of(&release, "one").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_run_that_cannot_renew_its_lease_has_stopped_when_another_one_takes_it_over() {
    let release = open("cut-off").await;
    let older = release.upgrade(&values("older")).await;
    let back = Arc::new(AtomicBool::new(false));
    let is_back = back.clone();
    let script = move |asked: &Asked| match (asked.path.ends_with(LEASE_PATH), asked.time) {
        (true, 2..) if asked.method == Method::PATCH && !is_back.load(Ordering::SeqCst) => Fault::Silence(None),
        _ if is_the_secret_b(asked) => Fault::Silence(None),
        _ => Fault::None,
    };
    let (before_older, before_newer) = (release.proxy(script).await, witness(&release).await);
    let first = run(release.job(&older), "older", &before_older).timing_out_after(5).start();
    until_held_up(&release, &before_older).await;
    let newer = release.upgrade(&values("newer")).await;
    let second = run(release.job(&newer), "newer", &before_newer).run().await.expect(0);
    assert!(second.last_line().ends_with("objects: 2 created, 1 changed"), "{}", second.stderr);
    back.store(true, Ordering::SeqCst);
    let first = first.end().await.expect(75);
    assert!(first.last_line().contains(&release.fill(" SCJ4006 Lease SYSTEM/sc-job: ")), "{}", first.stderr);
    assert_in_turn(&before_older, &before_newer);
    assert_all_are_of(&release, "newer").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_run_that_was_held_up_by_its_node_for_longer_than_the_term_writes_nothing_when_it_goes_on() {
    let release = open("paused").await;
    let older = release.upgrade(&values("older")).await;
    let word = Arc::new(Notify::new());
    let held = word.clone();
    // the last question before the first write
    let is_last = |asked: &Asked| asked.method == Method::GET && asked.path.ends_with("/secrets/sc-c-secret");
    let before_older =
        release.proxy(move |asked| if is_last(asked) { Fault::Held(held.clone()) } else { Fault::None }).await;
    let before_newer = witness(&release).await;
    let first = run(release.job(&older), "older", &before_older).start();
    before_older.until(1, "GET", &release.fill("/api/v1/namespaces/SHOP/secrets/sc-c-secret")).await;
    first.pause().await;
    let newer = release.upgrade(&values("newer")).await;
    run(release.job(&newer), "newer", &before_newer).run().await.expect(0);
    let before = release.versions().await;
    word.notify_one();
    first.resume().await;
    let first = first.end().await.expect(75);
    assert!(first.last_line().contains(&release.fill(" SCJ4006 Lease SYSTEM/sc-job: ")), "{}", first.stderr);
    assert_eq!(writes(&before_older), []);
    assert_eq!(release.versions().await, before);
}
