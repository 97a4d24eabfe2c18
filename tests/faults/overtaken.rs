//! An object that somebody makes between our look at it and our write, with the
//! same value for our key: nothing of it conflicts.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::common::api_server::ApiServer;
use crate::common::{CANARY, Outcome};
use crate::proxy::fault::{Asked, Fault};
use crate::proxy::release::Release;
use crate::proxy::upstream::Upstream;

const SECRET: &str = "/api/v1/namespaces/SHOP/secrets/sc-a-secret";

/// A run that reflector overtakes, and the Secret after it.
async fn overtaken(name: &str, adopt: bool) -> (Release, Outcome, Value) {
    let server = ApiServer::shared("faults");
    let release = Release::open(server, Upstream::to(server).await.client(), name.to_owned()).await;
    let connection = json!({"namespace": "SHOP", "data": {"OURS": CANARY}, "adopt": adopt});
    let input = release.upgrade(&json!({"connections": {"a": connection}})).await;
    let word = Arc::new(Notify::new());
    let (held, path) = (word.clone(), release.fill(SECRET));
    let is_first = move |asked: &Asked| asked.method == "PATCH" && asked.path == path && asked.time == 1;
    let script = move |asked: &Asked| if is_first(asked) { Fault::Held(held.clone()) } else { Fault::None };
    let proxy = release.proxy(script).await;
    let run = release.job(&input).through(&proxy).within(120).timing_out_after(90).start();
    proxy.until(1, "PATCH", &release.fill(SECRET)).await;
    let (collection, _) = SECRET.rsplit_once('/').unwrap();
    let theirs =
        json!({"metadata": {"name": "sc-a-secret"}, "type": "Opaque", "stringData": {"OURS": CANARY, "THEIRS": "1"}});
    release.create(&release.fill(collection), "reflector", &theirs).await;
    let before = release.get(&release.fill(SECRET)).await;
    word.notify_one();
    (release, run.end().await, before)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn an_object_that_somebody_makes_in_this_moment_is_as_if_this_run_had_not_been() {
    let (release, ended, before) = overtaken("overtaken", false).await;
    let ended = ended.expect(79);
    let told = release.fill(
        "SCJ2003 Secret SHOP/sc-a-secret: somebody else created it in this very moment (reflector); what this run had added to \
         it was taken out again. Remedy: ",
    );
    assert!(ended.last_line().contains(&told), "{}", ended.stderr);
    let after = release.get(&release.fill(SECRET)).await;
    assert_eq!((&after["data"], &after["metadata"]["labels"]), (&before["data"], &Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn an_object_that_somebody_makes_in_this_moment_is_taken_over_where_the_values_say_so() {
    let (release, ended, before) = overtaken("overtaken-adopt", true).await;
    let ended = ended.expect(0);
    let told =
        release.fill(" INFO connection a: adopted Secret SHOP/sc-a-secret (OURS), managed by reflector before\n");
    assert!(ended.stderr.contains(&told), "{}", ended.stderr);
    assert!(ended.last_line().ends_with("1 of 1 connections ready; objects: 1 adopted"), "{}", ended.stderr);
    let after = release.get(&release.fill(SECRET)).await;
    assert_eq!(after["data"], before["data"]);
    assert_eq!(after["metadata"]["annotations"], json!({"sc-extension/adopted": "true"}));
}
