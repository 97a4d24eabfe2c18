//! An API server that does not know the job, or lets it do nothing: its own answers, given for a while or for good.

use std::time::{Duration, Instant};

use super::shop::Shop;
use crate::proxy::fault::{Asked, Fault};

/// Of the five in which it is asked again.
fn in_the_first_two_seconds(fault: fn() -> Fault) -> impl Fn(&Asked) -> Fault + Send + Sync {
    let begin = Instant::now();
    move |_| if begin.elapsed() < Duration::from_secs(2) { fault() } else { Fault::None }
}

const ALL: &str = "30 of 30 connections ready; objects: 31 created";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn credentials_that_are_never_accepted_end_the_run_with_77_and_nothing_written() {
    let shop = Shop::open("unknown").await;
    let proxy = shop.proxy(|_| Fault::WithoutCredentials).await;
    let ended = shop.job(&proxy).within(30).run().await.expect(77);
    let told = ended.last_line();
    assert!(told.starts_with("ERROR failed (exit 77): 0 of 30 connections ready; 30 not finished. SCJ3002 "), "{told}");
    assert!(told.contains(": Unauthorized. Remedy: "), "{told}");
    assert!(!proxy.journal().iter().any(|entry| entry.method == "PATCH"));
    shop.assert_nothing_is_lost(&proxy, &ended).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn credentials_that_expire_in_the_middle_end_the_run_with_77_and_what_was_done() {
    let shop = Shop::open("expired").await;
    let expired = |asked: &Asked| match asked.writes_secret() {
        Some(10..) => Fault::WithoutCredentials,
        _ => Fault::None,
    };
    let proxy = shop.proxy(expired).await;
    let ended = shop.job(&proxy).within(30).run().await.expect(77);
    let told = ended.last_line();
    let start = "ERROR failed (exit 77): 10 of 30 connections ready; 20 not finished; objects: 11 created. SCJ3002 ";
    assert!(told.starts_with(start) && told.contains(": Unauthorized. Remedy: "), "{told}");
    shop.assert_ten_are_told_as_done_and_the_rest_as_left(&ended);
    shop.assert_nothing_is_lost(&proxy, &ended).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn an_account_that_the_api_server_gets_to_know_in_the_first_seconds_is_no_fault() {
    let shop = Shop::open("unknown-at-first").await;
    let proxy = shop.proxy(in_the_first_two_seconds(|| Fault::WithoutCredentials)).await;
    let done = shop.job(&proxy).run().await.expect(0);
    assert!(done.last_line().ends_with(ALL), "{}", done.last_line());
    shop.assert_complete().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn an_api_server_that_knows_neither_account_nor_rights_when_it_comes_back_is_asked_again() {
    let shop = Shop::open("unknown-again").await;
    let script = |asked: &Asked| match (asked.writes_secret(), asked.time) {
        // longer than the first seconds, in which all is asked again anyway
        (Some(15), 1) => Fault::Away(Duration::from_secs(6)),
        (Some(15..), 2) => Fault::WithoutCredentials,
        (Some(15..), 3) => Fault::WithoutRights,
        _ => Fault::None,
    };
    let proxy = shop.proxy(script).await;
    let done = shop.job(&proxy).env("SC_JOB_CONCURRENCY", "4").run().await.expect(0);
    assert!(done.last_line().ends_with(ALL), "{}", done.last_line());
    shop.assert_complete().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn rights_that_come_into_force_in_the_first_seconds_are_no_fault() {
    let shop = Shop::open("powerless-at-first").await;
    let proxy = shop.proxy(in_the_first_two_seconds(|| Fault::WithoutRights)).await;
    let done = shop.job(&proxy).run().await.expect(0);
    assert!(done.last_line().ends_with(ALL), "{}", done.last_line());
    shop.assert_complete().await;
}

/// The job has no right at all in the namespace of its connections.
async fn powerless(name: &'static str, rbac_create: &str, exit: i32, code: &str) {
    let shop = Shop::open(name).await;
    let proxy = shop.proxy(move |asked| if asked.concerns(name) { Fault::WithoutRights } else { Fault::None }).await;
    let ended = shop.job(&proxy).env("SC_JOB_RBAC_CREATE", rbac_create).within(30).run().await.expect(exit);
    let told = ended.last_line();
    let start = format!(
        "ERROR failed (exit {exit}): 0 of 30 connections ready; 30 failed. c00: {code} Secret {name}/sc-c00-secret: "
    );
    assert!(told.starts_with(&start), "{told}");
    assert!(!proxy.journal().iter().any(|entry| entry.method == "PATCH" && entry.path.contains(&format!("/{name}/"))));
    shop.assert_nothing_is_lost(&proxy, &ended).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_namespace_without_any_right_is_the_fault_of_its_connections_where_the_chart_grants_them() {
    powerless("powerless", "true", 79, "SCJ2011").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_namespace_without_any_right_is_a_missing_right_where_a_person_grants_them() {
    powerless("powerless-by-hand", "false", 77, "SCJ3001").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_right_that_is_lost_in_the_middle_is_the_fault_of_the_connections_that_need_it() {
    let shop = Shop::open("right-lost").await;
    let lost = |asked: &Asked| if asked.writes_secret() == Some(7) { Fault::WithoutRights } else { Fault::None };
    let proxy = shop.proxy(lost).await;
    let ended = shop.job(&proxy).within(30).run().await.expect(79);
    let told = ended.last_line();
    let start = "ERROR failed (exit 79): 29 of 30 connections ready; 1 failed; objects: 30 created. c07: SCJ3001 Secret right-lost/sc-c07-secret: ";
    let cause = "User \"system:serviceaccount:default:nobody\" cannot patch resource \"secrets\"";
    assert!(told.starts_with(start) && told.contains(cause), "{told}");
    shop.assert_nothing_is_lost(&proxy, &ended).await;
}
