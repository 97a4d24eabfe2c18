//! Runs that come one after the other, whenever they are started.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::Method;
use tokio::sync::Notify;

use super::shop::{
    LEASE, about_lease, assert_all_are_of, assert_in_turn, first_and_second, held_up, open, run, until_held_up, values,
    witness, writes,
};
use crate::proxy::fault::{Asked, Fault};

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn an_upgrade_that_is_started_twice_is_done_once() {
    let release = open("twice").await;
    let input = release.upgrade(&values("one")).await;
    let [first, second] = first_and_second(&release, &input).await;
    assert!(first.last_line().ends_with(": 3 of 3 connections ready; objects: 3 created"), "{}", first.stderr);
    assert!(second.last_line().ends_with(": 3 of 3 connections ready; objects: 3 unchanged"), "{}", second.stderr);
    assert_all_are_of(&release, "one").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn of_two_runs_that_find_the_lease_free_at_the_same_time_one_gets_it() {
    let release = open("race").await;
    let input = release.upgrade(&values("one")).await;
    let word = Arc::new(Notify::new());
    let come = Arc::new(AtomicUsize::new(0));
    // Neither gets to write the Lease before both have read it.
    let script = || {
        let (word, come) = (word.clone(), come.clone());
        move |asked: &Asked| {
            if asked.method != Method::PATCH || !asked.path.ends_with(LEASE) || asked.time > 1 {
                return Fault::None;
            }
            if come.fetch_add(1, Ordering::SeqCst) == 1 {
                word.notify_one();
                return Fault::None;
            }
            Fault::Held(word.clone())
        }
    };
    let (before_first, before_second) = (release.proxy(script()).await, release.proxy(script()).await);
    let first = run(release.job(&input), "first", &before_first).start();
    let second = run(release.job(&input), "second", &before_second).start();
    let (first, second) = (first.end().await.expect(0), second.end().await.expect(0));
    let mut runs = [(first, before_first), (second, before_second)];
    runs.sort_by_key(|(run, _)| run.stderr.contains("another run is at work"));
    let [(winner, before_winner), (loser, before_loser)] = &runs;
    assert!(winner.last_line().ends_with("objects: 3 created"), "{}", winner.stderr);
    assert!(loser.last_line().ends_with("objects: 3 unchanged"), "{}", loser.stderr);
    assert_in_turn(before_winner, before_loser);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn an_upgrade_that_starts_while_an_older_one_is_at_work_has_the_last_word() {
    let release = open("newer").await;
    let older = release.upgrade(&values("older")).await;
    let word = Arc::new(Notify::new());
    let (before_older, before_newer) = (held_up(&release, &word).await, witness(&release).await);
    let first = run(release.job(&older), "older", &before_older).start();
    until_held_up(&release, &before_older).await;
    let newer = release.upgrade(&values("newer")).await;
    let second = run(release.job(&newer), "newer", &before_newer).start();
    second.says("another run is at work (older_").await;
    word.notify_one();
    let (first, second) = (first.end().await.expect(0), second.end().await.expect(0));
    assert!(first.last_line().ends_with("objects: 3 created"), "{}", first.stderr);
    assert!(second.last_line().ends_with("objects: 3 changed"), "{}", second.stderr);
    assert_in_turn(&before_older, &before_newer);
    assert_all_are_of(&release, "newer").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_run_with_an_older_input_than_the_release_has_is_superseded_and_writes_nothing() {
    let release = open("superseded").await;
    let older = release.upgrade(&values("older")).await;
    let newer = release.upgrade(&values("newer")).await;
    let word = Arc::new(Notify::new());
    let (before_newer, before_older) = (held_up(&release, &word).await, witness(&release).await);
    let upgrade = run(release.job(&newer), "upgrade", &before_newer).start();
    until_held_up(&release, &before_newer).await;
    let resync = run(release.job(&older), "resync", &before_older).start();
    resync.says("another run is at work (upgrade_").await;
    word.notify_one();
    upgrade.end().await.expect(0);
    let resync = resync.end().await.expect(0);
    let told = "superseded: the release has a newer input than this run, and the Job of that one applies it; nothing was \
                written";
    assert!(resync.last_line().ends_with(told), "{}", resync.stderr);
    assert!(!resync.stderr.contains("ERROR") && !resync.stderr.contains("WARN"), "{}", resync.stderr);
    assert_eq!(writes(&before_older), []);
    // the Lease is taken, and given back
    assert_eq!(about_lease(&before_older, &Method::PATCH).len(), 2);
    assert_all_are_of(&release, "newer").await;
}
