//! Rights that a person has not granted, who has kept the chart from doing it.

use super::reason::of;
use crate::common::CANARY;
use crate::common::kubernetes::{Helm, Place, get, kubectl, kubectl_with, secret_data};

with_both_helms! {
    each_missing_right_is_named_until_all_are_granted
}

/// The Role `name` of the job, which allows one thing.
fn grant(place: &Place, namespace: &str, name: &str, allowed: &str) {
    let role = format!(
        "{{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {{name: {name}}}, rules: [{{apiGroups: ['', coordination.k8s.io], {allowed}}}]}}"
    );
    kubectl_with(&["create", "-n", namespace, "-f", "-"], &role).expect(0);
    let subject = format!("--serviceaccount={}:sc-job", place.system);
    kubectl(&["create", "rolebinding", name, "-n", namespace, &format!("--role={name}"), &subject]).expect(0);
}

fn each_missing_right_is_named_until_all_are_granted(helm: &Helm) {
    let place = Place::new();
    let without = ["--set", "rbac.create=false"];
    let a = format!("connections:\n  a: {{namespace: SHOP, data: {{A: {CANARY}}}}}\n");

    // Without any right the job cannot write Events and sc-connections either: log, pod and Helm tell.
    let failed = helm.upgrade(&place, &a, &without).expect(1);
    let log = place.log();
    let conclusion = log.lines().last().unwrap().strip_prefix("ERROR ").unwrap();
    let reason = place.fill(
        "failed (exit 77): 0 of 1 connections ready; 1 not finished. SCJ3001 Lease SYSTEM/sc-job: the job may not get and \
         patch leases sc-job in namespace SYSTEM; the job may not get and patch configmaps sc-connections in namespace \
         SYSTEM; the job may not get and create and patch configmaps sc-connections-0 in namespace SYSTEM. Remedy: with \
         rbac.create=false the rights are yours to give: grant get, create and patch on leases sc-job and configmaps \
         sc-connections and configmaps sc-connections-0 in namespace SYSTEM to the ServiceAccount sc-job; ",
    );
    assert!(conclusion.starts_with(&reason), "{log}");
    assert!(format!("{}{}", failed.stdout, failed.stderr).contains(conclusion), "{}{}", failed.stdout, failed.stderr);
    let terminated = place.terminated("sc-job");
    assert_eq!((&terminated["exitCode"], &terminated["message"]), (&77.into(), &conclusion.into()));
    assert_eq!(get(&place.system, "configmap", "sc-connections").unwrap().get("data"), None);

    // What it needs to tell in the cluster is granted, and what it needs for one of three connections.
    let summary = "resources: [configmaps], resourceNames: [sc-connections], verbs: [get, patch]";
    grant(&place, &place.system, "summary", summary);
    let inventory =
        "resources: [configmaps], resourceNames: [sc-connections-0, sc-connections-1], verbs: [get, create, patch]";
    grant(&place, &place.system, "inventory", inventory);
    grant(&place, &place.system, "lease", "resources: [leases], resourceNames: [sc-job], verbs: [get, patch]");
    grant(&place, &place.system, "events", "resources: [events], verbs: [create]");
    let secrets = "resources: [secrets], resourceNames: [sc-b-secret, sc-c-secret], verbs: [get, create, patch]";
    grant(&place, &place.shop, "secrets", secrets);
    kubectl(&["create", "secret", "generic", "creds", "-n", &place.system, &format!("--from-literal=key={CANARY}")])
        .expect(0);
    let all = format!(
        "{a}  b: {{namespace: SHOP, data: {{A: {{valueFrom: {{secretKeyRef: {{name: creds, key: key}}}}}}}}}}
  c: {{namespace: SHOP, data: {{A: {CANARY}}}}}
"
    );
    let failed = helm.upgrade(&place, &all, &without).expect(1);
    let at_work =
        "Secret SHOP/sc-a-secret: the job may not get and patch secrets sc-a-secret in namespace SHOP. Remedy: ";
    let at_home = "Secret SYSTEM/creds: connections.b.data.A.valueFrom refers to it, and the job may not read secrets creds in \
                   namespace SYSTEM: ";
    place.assert_failed(&failed, 77, &[of("a", "SCJ3001", at_work), of("b", "SCJ3001", at_home)]);
    assert_eq!(secret_data(&place.shop, "sc-c-secret")["A"], CANARY);

    grant(&place, &place.shop, "a", "resources: [secrets], resourceNames: [sc-a-secret], verbs: [get, create, patch]");
    grant(&place, &place.system, "creds", "resources: [secrets], resourceNames: [creds], verbs: [get]");
    helm.upgrade(&place, &all, &without).expect(0);
    assert_eq!(secret_data(&place.shop, "sc-b-secret")["A"], CANARY);
    place.assert_no_canary(helm);
}
