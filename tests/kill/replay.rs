//! An operation whose run is killed, another one of its connection, and the first
//! again: it would undo the other one.

use http::Method;

use super::operations::{creation, update};
use super::snapshot;
use super::stroke::{Moment, Stroke};
use crate::common::api_server::ApiServer;
use crate::proxy::fault::{Asked, Fault};
use crate::proxy::job::Job;
use crate::proxy::release::Release;
use crate::proxy::upstream::Upstream;

/// Where it is recorded that an operation begins and that it was executed.
const INVENTORY: &str = "/api/v1/namespaces/SYSTEM/configmaps/sc-connections-0";
const SECRET: &str = "/api/v1/namespaces/SHOP/secrets/sc-db-secret";

fn is_record(method: &Method, path: &str) -> bool {
    *method == Method::PATCH && path.ends_with("/configmaps/sc-connections-0")
}

async fn open(name: String) -> Release {
    let server = ApiServer::shared("kill");
    Release::open(server, Upstream::to(server).await.client(), name).await
}

/// The creation, one request at a time.
async fn create(release: &Release) -> Job {
    let input = release.upgrade(&creation().values).await;
    release.job(&input).env("SC_JOB_CONCURRENCY", "1").within(120).timing_out_after(90)
}

/// How many requests there are from the one that records the beginning on, before the one that records the end.
async fn requests() -> usize {
    let release = open("replay".to_owned()).await;
    let proxy = release.proxy(|_| Fault::None).await;
    create(&release).await.through(&proxy).run().await.expect(0);
    let journal = proxy.journal().into_iter().enumerate();
    let records = journal.filter(|(_, entry)| is_record(&entry.method, &entry.path));
    let [begin, end] = records.map(|(place, _)| place).collect::<Vec<_>>()[..] else { panic!("not two") };
    end - begin
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn an_operation_whose_run_is_killed_between_its_beginning_and_its_end_is_refused_after_a_later_one() {
    let requests = requests().await;
    assert!(requests > 2, "both Secrets are written in between");
    for request in 1..=requests {
        let release = open(format!("replay-{request}")).await;
        let stroke = Stroke::at(Moment::After);
        let falling = stroke.clone();
        let script = move |asked: &Asked| {
            if is_record(&asked.method, &asked.path) && asked.time == 1 {
                falling.arm(request);
            }
            falling.fall(asked)
        };
        let proxy = release.proxy(script).await;
        let ended = create(&release).await.through(&proxy).start().end_unless(stroke.has_come()).await;
        assert!(ended.is_none(), "it is killed at request {request}");
        proxy.settle().await;
        release.give_lease_back().await;
        let later = release.upgrade(&update().values).await;
        release.job(&later).run().await.expect(0);
        let (left, _) = snapshot::of(&release).await;
        let of_later = "Secret shop/sc-db-secret (HOST PASSWORD) of sc-job";
        assert_eq!(left.ours(), [of_later, "Secret shop/sc-own-secret (PASSWORD) of sc-job"], "request {request}");
        let records = [
            r#"{"begun":"id-1","operation":"create","connection":"db"}"#,
            r#"{"executed":"id-2","operation":"update","connection":"db"}"#,
        ];
        assert_eq!(left.operations(), records, "request {request}");
        let before = [release.get(SECRET).await, release.get(INVENTORY).await];
        let refused = create(&release).await.run().await.expect(79);
        let told = "connection db: SCJ1008 correlationid: is that of an operation which was begun before another one of connection \
                    db was executed (update with correlationid id-2), and would undo that one. ";
        assert!(refused.stderr.contains(told), "request {request}: {}", refused.stderr);
        assert_eq!([release.get(SECRET).await, release.get(INVENTORY).await], before, "request {request}");
    }
}
