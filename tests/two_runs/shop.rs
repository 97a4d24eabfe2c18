//! A release of three connections, whose runs can be held up in their middle.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::common::api_server::ApiServer;
use crate::common::{CANARY, Outcome};
use crate::proxy::fault::{Asked, Fault};
use crate::proxy::job::Job;
use crate::proxy::release::Release;
use crate::proxy::upstream::Upstream;
use crate::proxy::{Entry, Proxy};

/// The API paths, from their ends.
const SECRET: &str = "/secrets/sc-b-secret";
const REVIEWS: &str = "/selfsubjectrulesreviews";
const EVENTS: &str = "/events";
pub const LEASE: &str = "/leases/sc-job";

/// The release, in namespaces of its own.
pub async fn open(name: &str) -> Release {
    let server = ApiServer::shared("two-runs");
    Release::open(server, Upstream::to(server).await.client(), name.to_owned()).await
}

/// The connections a, b and c, each with one value of this upgrade.
pub fn values(upgrade: &str) -> Value {
    let connection = json!({"namespace": "SHOP", "data": {"VALUE": format!("{CANARY}-{upgrade}"), upgrade: "1"}});
    json!({"connections": {"a": connection, "b": connection, "c": connection}})
}

/// A run with a name, one request at a time, through a proxy. It waits longer for an answer than any test holds one back.
pub fn run(job: Job, name: &str, proxy: &Proxy) -> Job {
    job.env("HOSTNAME", name).env("SC_JOB_CONCURRENCY", "1").within(120).timing_out_after(90).through(proxy)
}

/// Whether the Secret of b is to be written.
pub fn is_the_secret_b(asked: &Asked) -> bool {
    asked.method == Method::PATCH && asked.path.ends_with(SECRET)
}

/// Whether it is the write in the middle: the Secret of a is written by then, and that of c is not.
pub fn is_in_the_middle(asked: &Asked) -> bool {
    is_the_secret_b(asked) && asked.time == 1
}

/// A run through this proxy is held up in its middle until `word` is given.
pub async fn held_up(release: &Release, word: &Arc<Notify>) -> Proxy {
    let word = word.clone();
    release.proxy(move |asked| if is_in_the_middle(asked) { Fault::Held(word.clone()) } else { Fault::None }).await
}

/// Waits until the run is held up.
pub async fn until_held_up(release: &Release, proxy: &Proxy) {
    proxy.until(1, "PATCH", &release.fill("/api/v1/namespaces/SHOP/secrets/sc-b-secret")).await;
}

/// A proxy that does nothing but keep its journal.
pub async fn witness(release: &Release) -> Proxy {
    release.proxy(|_| Fault::None).await
}

/// Two runs of one upgrade: the second is started in the middle of the first, and waits for it.
pub async fn first_and_second(release: &Release, input: &Path) -> [Outcome; 2] {
    let word = Arc::new(Notify::new());
    let (before_first, before_second) = (held_up(release, &word).await, witness(release).await);
    let first = run(release.job(input), "first", &before_first).start();
    until_held_up(release, &before_first).await;
    let second = run(release.job(input), "second", &before_second).start();
    second.says("INFO another run is at work (first_").await;
    word.notify_one();
    let (first, second) = (first.end().await.expect(0), second.end().await.expect(0));
    assert_in_turn(&before_first, &before_second);
    [first, second]
}

/// What a run has asked about the Lease.
pub fn about_lease(proxy: &Proxy, method: &Method) -> Vec<Entry> {
    let journal = proxy.journal().into_iter();
    journal.filter(|entry| entry.method == *method && entry.path.ends_with(LEASE)).collect()
}

/// All that a run has asked to be written, but for the Lease, and Events, which are nobody's but the run's own.
pub fn writes(proxy: &Proxy) -> Vec<Entry> {
    let is_write = |entry: &Entry| {
        entry.method != Method::GET && ![REVIEWS, EVENTS, LEASE].iter().any(|end| entry.path.ends_with(end))
    };
    proxy.journal().into_iter().filter(is_write).collect()
}

/// Every write of the first came before any write of the second.
pub fn assert_in_turn(first: &Proxy, second: &Proxy) {
    let (first, second) = (writes(first), writes(second));
    assert!(!first.is_empty() && !second.is_empty());
    assert!(first.last().unwrap().at < second[0].at);
}

/// The Secrets that are there, with what they hold; all of it is of one upgrade.
pub async fn upgrades(release: &Release) -> BTreeMap<String, String> {
    let secrets = release.list("/api/v1/namespaces/SHOP/secrets").await;
    let upgrade = |secret: &Value| {
        let value = STANDARD.decode(secret["data"]["VALUE"].as_str().unwrap()).unwrap();
        let upgrade = String::from_utf8(value).unwrap().replace(&format!("{CANARY}-"), "");
        let keys: Vec<_> = secret["data"].as_object().unwrap().keys().cloned().collect();
        assert_eq!(keys, ["VALUE", &upgrade]);
        upgrade
    };
    let name = |secret: &Value| secret["metadata"]["name"].as_str().unwrap().to_owned();
    secrets.iter().map(|secret| (name(secret), upgrade(secret))).collect()
}

/// All three Secrets are of this upgrade.
pub async fn assert_all_are_of(release: &Release, upgrade: &str) {
    let all = ["sc-a-secret", "sc-b-secret", "sc-c-secret"].map(|name| (name.to_owned(), upgrade.to_owned()));
    assert_eq!(upgrades(release).await, BTreeMap::from(all));
}
