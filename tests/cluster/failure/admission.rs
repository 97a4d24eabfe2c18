//! Objects that admission refuses: by a quota, by a policy, or since a webhook cannot be asked.

use serde_json::json;

use super::fixture::Fixture;
use super::reason::of;
use crate::common::CANARY;
use crate::common::kubernetes::{Helm, Place};

with_both_helms! {
    quota_policy_and_absent_webhook_each_have_a_code_of_their_own
}

fn quota_policy_and_absent_webhook_each_have_a_code_of_their_own(helm: &Helm) {
    let place = Place::new();
    let web = place.fill("SHOP-web");
    let _quota = Fixture::quota(&place.warehouse, "count/secrets");
    let _policy = Fixture::policy(&place.shop);
    let _namespace = Fixture::namespace(&web);
    let absent = json!({"service": {"namespace": place.shop, "name": "absent"}});
    let _webhook = Fixture::webhook(&web, "Fail", &absent);
    let connection = |name, namespace| format!("  {name}: {{namespace: {namespace}, data: {{A: {CANARY}}}}}\n");
    let values = [("policy", "SHOP"), ("quota", "WAREHOUSE"), ("webhook", "SHOP-web")]
        .map(|(name, namespace)| connection(name, namespace));
    // A webhook is waited for 20 s, unless the run has less time.
    let times = "job.requestTimeoutSeconds=2,job.deadlineSeconds=8,job.activeDeadlineSeconds=60";
    let values = format!("connections:\n{}", values.concat());
    let failed = helm.upgrade(&place, &values, &["--set", times]).expect(1);
    place.assert_failed(
        &failed,
        79,
        &[
            of("policy", "SCJ2013", "Secret SHOP/sc-policy-secret: patch was refused: secrets \"sc-policy-secret\" is forbidden: ValidatingAdmissionPolicy 'SHOP' with binding 'SHOP' denied request: only the vault may hold ***. Remedy: "),
            of("quota", "SCJ2012", "Secret WAREHOUSE/sc-quota-secret: patch was refused: secrets \"sc-quota-secret\" is forbidden: exceeded quota: none, "),
            of("webhook", "SCJ2009", "Secret SHOP-web/sc-webhook-secret: an admission webhook could not be asked"),
        ],
    );
    let log = place.log();
    assert!(log.contains("failed calling webhook \"secrets.example.com\": "), "{log}");
    assert!(!log.contains("20 s"), "the run had 6 s for it:\n{log}");
    place.assert_no_canary(helm);
}
