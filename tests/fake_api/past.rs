//! What earlier runs have left, where it cannot be read.

use serde_json::json;
use wiremock::matchers::{method, path, path_regex};
use wiremock::{Mock, ResponseTemplate};

use crate::common::fake_api::{SUMMARY, in_background, refusal, willing};
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
