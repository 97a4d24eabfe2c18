//! What earlier runs have left, where it cannot be read.

use serde_json::json;
use wiremock::matchers::{method, path, path_regex};
use wiremock::{Mock, ResponseTemplate};

use crate::common::fake_api::{SECRET, SUMMARY, in_background, job_over, refusal, willing};
use crate::common::operation::{secret, settings};
use crate::common::sc_job;
use crate::job;

#[tokio::test]
async fn a_run_with_an_older_input_is_superseded_whatever_becomes_of_the_inventory() {
    let no_right = "configmaps \"sc-connections-0\" is forbidden: User \"u\" cannot get resource \"configmaps\" in API group \"\" \
                    in the namespace \"sc-system\"";
    for inventory in [
        refusal(403, "Forbidden", no_right),
        refusal(400, "BadRequest", "no"),
        // It is lost, though an earlier run has left its outcome.
        refusal(404, "NotFound", "not found"),
    ] {
        let server = willing().await;
        let metadata = json!({
            "uid": "c", "annotations": {"sc-extension/input-sha256": "of another input"},
            "managedFields": [{
                "manager": "sc-job:sc-system:sc-extension", "operation": "Apply", "fieldsType": "FieldsV1",
                "fieldsV1": {"f:data": {"f:_summary": {}}},
            }],
        });
        let anchor = ResponseTemplate::new(200).set_body_json(json!({"metadata": metadata}));
        Mock::given(method("GET")).and(path(SUMMARY)).respond_with(anchor).with_priority(1).mount(&server).await;
        let shards = Mock::given(method("GET")).and(path_regex("/configmaps/sc-connections-"));
        shards.respond_with(inventory).with_priority(1).mount(&server).await;
        let folder = tempfile::tempdir().unwrap();
        let ended = in_background(job(&server.uri(), folder.path(), 30)).await.expect(0);
        let told = "superseded: the release has a newer input than this run, and the Job of that one applies it; nothing was \
                    written";
        assert!(ended.last_line().ends_with(told), "{}", ended.stderr);
        assert!(!ended.stderr.contains("WARN") && !ended.stderr.contains("ERROR"), "{}", ended.stderr);
        let requests = server.received_requests().await.unwrap();
        let written = requests.iter().filter(|asked| asked.method.as_str() == "PATCH").map(|asked| asked.url.path());
        assert!(written.clone().all(|place| place.ends_with("/leases/sc-job")), "{:?}", written.collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn an_operation_is_not_executed_beside_a_config_map_that_cannot_be_read_and_a_plan_foretells_it() {
    let server = willing().await;
    let unreadable = Mock::given(method("GET")).and(path(SUMMARY)).respond_with(refusal(400, "BadRequest", "no"));
    unreadable.with_priority(1).mount(&server).await;
    let folder = tempfile::tempdir().unwrap();
    let job = job_over(&json!({}), &server.uri(), folder.path(), 4);
    let mut values = settings("a", "id-1", "create", &secret("a", "shop", &json!({"A": "b"})));
    values["connections"] = json!({"own": {"namespace": "shop", "data": {"A": "b"}}});
    std::fs::write(folder.path().join("in.json"), values.to_string()).unwrap();
    let why = "SCJ2007 ConfigMap sc-system/sc-connections: get was refused: no. Remedy: ";
    let told = "connection a: SCJ2015 correlationid: that the operation begins could not be recorded, so that it was not \
                executed; and SCJ2007 ConfigMap sc-system/sc-connections: get was refused: no. Remedy: look at ";
    let mut plan = sc_job(&["plan", "-f"]);
    plan.arg(folder.path().join("in.json")).env("KUBECONFIG", folder.path().join("kubeconfig"));
    let planned = in_background(plan).await.expect(79);
    assert!(planned.stdout.contains(&format!("refused: {told}")), "{}", planned.stdout);
    let ended = in_background(job).await.expect(79);
    assert!(ended.stderr.contains(&format!("ERROR {told}")), "{}", ended.stderr);
    for said in [&planned.stderr, &ended.stderr] {
        assert!(said.contains(&format!("WARN what this run makes is not remembered: {why}")), "{said}");
        assert!(!said.contains("what earlier runs have made") && !said.contains("is not there"), "{said}");
    }
    assert!(ended.stderr.contains("connection own: created Secret shop/sc-own-secret (A)\n"), "{}", ended.stderr);
    let requests = server.received_requests().await.unwrap();
    assert!(!requests.iter().any(|asked| asked.method.as_str() == "PATCH" && asked.url.path() == SECRET));
}
