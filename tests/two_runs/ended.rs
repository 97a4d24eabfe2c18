//! A Lease that is given back, or that is not there.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::Method;
use serde_json::Value;
use tokio::sync::Notify;
use tokio::time::timeout;

use super::shop::{self, about_lease, assert_all_are_of, held_up, open, run, until_held_up, values, witness};
use crate::proxy::PATIENCE;
use crate::proxy::fault::{Asked, Fault};
use crate::proxy::release::LEASE;

const HOLDER: &[u8] = b"\"holderIdentity\"";

/// Whether the Lease is given back: who takes or renews it names itself.
fn returns(asked: &Asked) -> bool {
    let names_a_holder = || asked.body.windows(HOLDER.len()).any(|part| part == HOLDER);
    asked.method == Method::PATCH && asked.path.ends_with(shop::LEASE) && !names_a_holder()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_run_that_is_told_to_stop_gives_its_lease_back() {
    let release = open("told-to-stop").await;
    let input = release.upgrade(&values("one")).await;
    let word = Arc::new(Notify::new());
    let (before_first, before_second) = (held_up(&release, &word).await, witness(&release).await);
    let mut first = run(release.job(&input), "first", &before_first).start();
    until_held_up(&release, &before_first).await;
    first.terminate().await;
    let first = first.end().await.expect(75);
    let told = "ERROR failed (exit 75): 1 of 3 connections ready; 2 not finished; objects: 1 created. SCJ4003 SIGTERM was \
                received. Remedy: ";
    assert!(first.last_line().starts_with(told), "{}", first.stderr);
    before_first.settle().await;
    assert_eq!(release.get(LEASE).await["spec"]["holderIdentity"], Value::Null);

    let second = run(release.job(&input), "second", &before_second).run().await.expect(0);
    assert!(second.last_line().ends_with("objects: 2 created, 1 unchanged"), "{}", second.stderr);
    // it has not waited
    assert_eq!(about_lease(&before_second, &Method::GET).len(), 1);
    assert_all_are_of(&release, "one").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_run_gives_its_lease_back_to_an_api_server_that_takes_its_time() {
    let release = open("late-return").await;
    let input = release.upgrade(&values("one")).await;
    let late = Arc::new(AtomicBool::new(false));
    let is_late = late.clone();
    let script = move |asked: &Asked| {
        if !returns(asked) {
            return Fault::None;
        }
        is_late.store(true, Ordering::Relaxed);
        Fault::Late(Duration::from_secs(2))
    };
    let proxy = release.proxy(script).await;
    run(release.job(&input), "first", &proxy).run().await.expect(0);
    assert!(late.load(Ordering::Relaxed));
    assert_eq!(release.get(LEASE).await["spec"]["holderIdentity"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_run_that_is_told_to_stop_while_it_gives_its_lease_back_has_done_its_work() {
    let release = open("stopped-late").await;
    let input = release.upgrade(&values("one")).await;
    let [word, come] = [(); 2].map(|()| Arc::new(Notify::new()));
    let (held, comes) = (word.clone(), come.clone());
    let script = move |asked: &Asked| {
        if !returns(asked) {
            return Fault::None;
        }
        comes.notify_one();
        Fault::Held(held.clone())
    };
    let proxy = release.proxy(script).await;
    let mut run = run(release.job(&input), "first", &proxy).start();
    timeout(PATIENCE, come.notified()).await.expect("the Lease is not given back");
    run.terminate().await;
    let done = run.end().await.expect(0);
    assert!(done.last_line().ends_with("objects: 3 created"), "{}", done.stderr);
    word.notify_one();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn without_a_lease_a_run_warns_and_does_its_work() {
    let release = open("no-lease").await;
    let input = release.upgrade(&values("one")).await;
    release.delete(LEASE).await;
    let proxy = witness(&release).await;
    let done = run(release.job(&input), "first", &proxy).run().await.expect(0);
    let told = release.fill(
        " WARN Lease SYSTEM/sc-job is not there, so that another run could write at the same time; the next helm upgrade makes \
         it anew\n",
    );
    assert!(done.stderr.contains(&told), "{}", done.stderr);
    assert!(done.last_line().ends_with("objects: 3 created"), "{}", done.stderr);
    assert_eq!(about_lease(&proxy, &Method::PATCH).len(), 0);
    assert_all_are_of(&release, "one").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn two_runs_without_a_lease_that_make_the_same_objects_lose_nothing() {
    let release = open("no-lease-twice").await;
    let input = release.upgrade(&values("one")).await;
    release.delete(LEASE).await;
    let word = Arc::new(Notify::new());
    let proxy = held_up(&release, &word).await;
    let first = run(release.job(&input), "first", &proxy).start();
    until_held_up(&release, &proxy).await;
    // The first has seen no Secret b and c, and will find those that the second makes.
    let second = release.job(&input).run().await.expect(0);
    assert!(second.last_line().ends_with("objects: 2 created, 1 unchanged"), "{}", second.stderr);
    word.notify_one();
    let first = first.end().await.expect(0);
    assert!(first.last_line().contains(": 3 of 3 connections ready; "), "{}", first.stderr);
    assert_all_are_of(&release, "one").await;
}
