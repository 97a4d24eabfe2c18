//! A Lease that is held, and for how long.

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use k8s_openapi::jiff::Timestamp;
use serde_json::json;
use tokio::sync::Notify;

use super::shop::{about_lease, assert_all_are_of, assert_in_turn, held_up, open, run, until_held_up, values, witness};
use crate::proxy::release::LEASE;

/// Who does not renew a Lease for so long has lost it.
const TERM: Duration = Duration::from_secs(15);

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_run_that_another_one_lets_no_room_ends_with_75_and_has_written_nothing() {
    let release = open("no-room").await;
    let input = release.upgrade(&values("one")).await;
    let now = format!("{:.6}", Timestamp::now());
    let spec = json!({"holderIdentity": "another", "leaseDurationSeconds": 15, "renewTime": now});
    release.edit(LEASE, "another", &json!({"spec": spec})).await;
    let before = release.versions().await;
    let proxy = witness(&release).await;
    let ended = run(release.job(&input), "late", &proxy).within(4).timing_out_after(1).run().await.expect(75);
    let told = release.fill(
        "ERROR failed (exit 75): 0 of 3 connections ready; 3 not finished. SCJ4005 Lease SYSTEM/sc-job: it is held by another, \
         and was renewed until now. Remedy: ",
    );
    assert!(ended.last_line().starts_with(&told), "{}", ended.stderr);
    assert_eq!(about_lease(&proxy, &Method::PATCH).len(), 0);
    assert_eq!(release.versions().await, before);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_run_that_takes_longer_than_the_term_keeps_its_lease() {
    let release = open("long").await;
    let input = release.upgrade(&values("one")).await;
    let word = Arc::new(Notify::new());
    let (before_first, before_second) = (held_up(&release, &word).await, witness(&release).await);
    let first = run(release.job(&input), "first", &before_first).start();
    until_held_up(&release, &before_first).await;
    let second = run(release.job(&input), "second", &before_second).start();
    // one a second
    before_second.until(18, "GET", &release.fill(LEASE)).await;
    assert_eq!(about_lease(&before_second, &Method::PATCH).len(), 0);
    word.notify_one();
    let (first, second) = (first.end().await.expect(0), second.end().await.expect(0));
    assert!(first.last_line().ends_with("objects: 3 created"), "{}", first.stderr);
    assert!(second.last_line().ends_with("objects: 3 unchanged"), "{}", second.stderr);
    assert_in_turn(&before_first, &before_second);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn the_lease_of_a_run_that_was_killed_is_taken_over_after_its_term_and_not_before() {
    let release = open("killed").await;
    let input = release.upgrade(&values("one")).await;
    let word = Arc::new(Notify::new());
    let (before_first, before_second) = (held_up(&release, &word).await, witness(&release).await);
    let first = run(release.job(&input), "first", &before_first).start();
    let killed = first.end_unless(until_held_up(&release, &before_first)).await;
    assert!(killed.is_none());
    before_first.settle().await;
    let second = run(release.job(&input), "second", &before_second).run().await.expect(0);
    assert!(second.stderr.contains("INFO another run is at work (first_"), "{}", second.stderr);
    assert!(second.last_line().ends_with("objects: 2 created, 1 unchanged"), "{}", second.stderr);
    let (asked, taken) = (about_lease(&before_second, &Method::GET), about_lease(&before_second, &Method::PATCH));
    assert!(taken[0].at - asked[0].at >= TERM);
    assert_all_are_of(&release, "one").await;
}
