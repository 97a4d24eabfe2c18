//! Input that only the binary can judge: nothing is written, and what there was stays.

use super::reason::of_run;
use crate::common::CANARY;
use crate::common::kubernetes::{Helm, Place, get, kubectl, secret_data, version};

with_both_helms! {
    bad_values_fail_with_78_and_leave_all_as_it_was
}

fn good(value: &str) -> String {
    format!("  good: {{namespace: SHOP, data: {{A: '{value}-{CANARY}'}}}}\n")
}

const NO_GUID: &str = "  blob: {namespace: SHOP, target: storage-blob, auth: workload-identity, parameters: {account: store1, clientId: no-guid}}\n";

fn bad_values_fail_with_78_and_leave_all_as_it_was(helm: &Helm) {
    let place = Place::new();
    let summary = || get(&place.system, "configmap", "sc-connections").unwrap()["data"].clone();
    let no_guid = of_run("SCJ1008", "connections.blob.parameters.clientId: is not of the right form: ");
    let failed = helm.upgrade(&place, &format!("connections:\n{}{NO_GUID}", good("old")), &[]).expect(1);
    place.assert_failed(&failed, 78, &[no_guid]);
    assert_eq!(helm.status(&place).0, "failed");
    let log = place.log();
    assert!(log.starts_with("ERROR failed (exit 78): nothing was written. SCJ1008 "), "{log}");
    assert_eq!(log.lines().count(), 1, "one fault is told once:\n{log}");
    assert_eq!(get(&place.shop, "secret", "sc-good-secret"), None, "nothing is written");
    let after_failure = summary();

    helm.upgrade(&place, &format!("connections:\n{}", good("old")), &[]).expect(0);
    assert_eq!(helm.status(&place).0, "deployed");
    assert_eq!(get(&place.system, "job", "sc-job"), None);
    assert_eq!(secret_data(&place.shop, "sc-good-secret")["A"], format!("old-{CANARY}"));
    let after_success = summary();
    assert_eq!(after_success["_summary"], "1 of 1 connections ready");
    assert_eq!(after_success["_lastFailure"], after_failure["_lastFailure"], "it survives");
    let events = kubectl(&["get", "events", "-n", &place.system]).expect(0).stdout;
    assert!(events.contains("SCJ1008"), "Events remain:\n{events}");

    let secret = version(&place.shop, "secret", "sc-good-secret");
    let no_base64 = format!("  dial: {{namespace: SHOP, data: {{A: {{base64: '{CANARY}'}}}}}}\n");
    let values = format!("connections:\n{}{NO_GUID}{no_base64}", good("new"));
    let failed = helm.upgrade(&place, &values, &[]).expect(1);
    let no_base64 = of_run("SCJ1012", "connections.dial.data.A.base64: is not base64 of UTF-8 text. ");
    place.assert_failed(&failed, 78, &[no_guid, no_base64]);
    let stale = summary();
    assert_eq!(
        stale["_summary"],
        "the last run failed before it looked at any connection (exit 78, see _lastFailure); entries beside this one \
         are of an earlier run"
    );
    assert_eq!(stale["good"], after_success["good"]);
    assert_eq!(version(&place.shop, "secret", "sc-good-secret"), secret);
    place.assert_no_canary(helm);
}
