//! An API server that is restarted while the job runs.

use serde_json::json;

use crate::common::CANARY;
use crate::common::api_server::ApiServer;
use crate::proxy::job::Job;

const CONNECTIONS: usize = 400;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn a_restart_of_the_api_server_that_the_deadline_outlives_is_no_fault() {
    let server = ApiServer::start("faults-restart");
    let folder = tempfile::tempdir().unwrap();
    let connections: serde_json::Map<_, _> =
        (0..CONNECTIONS).map(|n| (format!("c{n}"), json!({"data": {"A": CANARY}}))).collect();
    let input = folder.path().join("in.json");
    std::fs::write(&input, json!({"allowSystemNamespaces": ["default"], "connections": connections}).to_string())
        .unwrap();

    let job = Job::of(server.job(&input), folder.path()).env("SC_JOB_CONCURRENCY", "1").within(170);
    let running = job.start();
    running.says("created Secret default/sc-c").await;
    server.script(&["api", "stop"]);
    server.script(&["api", "start"]);
    let done = running.end().await.expect(0);
    let told = format!("{CONNECTIONS} of {CONNECTIONS} connections ready; objects: {CONNECTIONS} created");
    assert!(done.last_line().ends_with(&told), "{}", done.last_line());
    // On a busy machine the API server may be back before it is asked again.
    assert!(done.stderr.contains("; trying again in "), "{}", done.stderr);
    let secrets = server.exec(&["kubectl", "get", "secrets", "-o", "name"]).expect(0).stdout;
    assert_eq!(secrets.lines().count(), CONNECTIONS);
}
