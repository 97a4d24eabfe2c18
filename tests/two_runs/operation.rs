//! Two runs of one upgrade that carries an operation.

use serde_json::json;

use super::shop::{assert_all_are_of, first_and_second, open, values};
use crate::common::CANARY;
use crate::common::operation::secret;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn of_two_runs_with_one_operation_the_first_executes_it_and_the_second_finds_it_executed() {
    let release = open("operation").await;
    let mut upgrade = values("one");
    let operation = json!({
        "connection": "db", "correlationid": "id-1", "operation": "create",
        "resources": secret("db", "DEPOT", &json!({"PASSWORD": CANARY})),
    });
    upgrade.as_object_mut().unwrap().extend(operation.as_object().unwrap().clone());
    let input = release.upgrade(&upgrade).await;
    let [first, second] = first_and_second(&release, &input).await;
    assert!(first.last_line().ends_with(": 4 of 4 connections ready; objects: 4 created"), "{}", first.stderr);
    let told = "connection db: already executed: create with correlationid id-1; ";
    assert!(second.stderr.contains(told), "{}", second.stderr);
    let told = ": 3 of 3 connections ready; 1 executed earlier; objects: 3 unchanged";
    assert!(second.last_line().ends_with(told), "{}", second.stderr);
    assert_all_are_of(&release, "one").await;
    let inventory = release.get("/api/v1/namespaces/SYSTEM/configmaps/sc-connections-0").await;
    let executed = r#"{"executed":"id-1","operation":"create","connection":"db"}"#;
    assert_eq!(inventory["data"]["objects"].as_str().unwrap().lines().next(), Some(executed));
    assert_eq!(inventory["data"]["objects"].as_str().unwrap().matches("id-1").count(), 1);
}
