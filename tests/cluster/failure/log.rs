//! The log as machines read it.

use serde_json::{Value, json};

use crate::common::CANARY;
use crate::common::kubernetes::{Helm, Place, kubectl};

with_both_helms! {
    a_json_log_has_the_outcome_of_each_connection_in_fields_and_no_value_at_any_level
}

fn a_json_log_has_the_outcome_of_each_connection_in_fields_and_no_value_at_any_level(helm: &Helm) {
    let place = Place::new();
    kubectl(&["create", "secret", "generic", "sc-orders-secret", "-n", &place.shop, "--from-literal=THEIRS=1"])
        .expect(0);
    let values = format!(
        "connections: {{orders: {{namespace: SHOP, data: {{A: {CANARY}}}}}, pictures: {{namespace: SHOP, data: {{A: {CANARY}}}}}}}"
    );
    helm.upgrade(&place, &values, &["--set", "log.format=json,log.level=trace"]).expect(1);
    let log = place.log();
    let mut lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for line in &mut lines {
        assert!(line.as_object_mut().unwrap().remove("timestamp").is_some(), "{line}");
    }
    let of = |connection: &str| lines.iter().filter(|line| line["connection"] == connection).collect::<Vec<_>>();

    let objects = place.fill("created Secret SHOP/sc-pictures-secret (A)");
    assert_eq!(
        of("pictures"),
        [&json!({
            "level": "INFO", "connection": "pictures", "outcome": "created", "objects": objects,
            "message": format!("connection pictures: {objects}"),
        })]
    );
    let reason = lines.iter().find_map(|line| line["message"].as_str()?.strip_prefix("connection orders: ")).unwrap();
    assert!(
        reason.starts_with(&place.fill("SCJ2003 Secret SHOP/sc-orders-secret: it was not made by this release ")),
        "{reason}"
    );
    assert_eq!(
        of("orders"),
        [&json!({
            "level": "ERROR", "connection": "orders", "outcome": "failed", "code": "SCJ2003", "objects": "",
            "message": format!("connection orders: {reason}"),
        })]
    );
    let conclusion =
        format!("failed (exit 79): 1 of 2 connections ready; 1 failed; objects: 1 created. orders: {reason}");
    assert_eq!(*lines.last().unwrap(), json!({"level": "ERROR", "exit": 79, "code": "SCJ2003", "message": conclusion}));
    place.assert_no_canary(helm);
}
