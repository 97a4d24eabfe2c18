//! `rbac.guard`: what RBAC cannot say of the job's requests, a policy does.

use serde_json::{Value, json};

use super::rendering::{Rendering, render};
use super::roles::NAME;
use super::uninstall::NAME as UNINSTALL;
use crate::common::kubernetes::Helm;

with_both_helms! {
    the_policy_is_exactly_this
    the_account_after_an_uninstall_has_a_policy_of_its_own
    the_policy_knows_no_other_account_than_that_of_its_release
    without_guard_or_rbac_there_is_no_policy
    values_of_a_chart_without_the_guard_have_it
}

const VALUES: &str = "
uninstall: {deletionPolicy: Delete}
connections: {a: {namespace: shop, data: {K: v}}}
";

pub const POLICY: &str = "ValidatingAdmissionPolicy";
pub const BINDING: &str = "ValidatingAdmissionPolicyBinding";

fn policy<'a>(rendered: &'a Rendering, name: &str) -> &'a Value {
    rendered.find(POLICY, None, name).unwrap()
}

/// Policies and bindings, by name.
fn names(rendered: &Rendering) -> Vec<String> {
    let objects = rendered.all(POLICY).chain(rendered.all(BINDING));
    objects.map(|object| format!("{} {}", object["kind"], object["metadata"]["name"]).replace('"', "")).collect()
}

fn the_policy_is_exactly_this(helm: &Helm) {
    let rendered = render(helm, VALUES, &[]);
    let rule = |group: &str, resource: &str, operations: &[&str]| json!({"apiGroups": [group], "apiVersions": ["v1"], "operations": operations, "resources": [resource]});
    let validation = |expression: &str, words: &str| {
        let message = format!("the job of release sc-system/sc-extension {words} (rbac.guard)");
        json!({"expression": expression, "message": message, "reason": "Forbidden"})
    };
    assert_eq!(
        policy(&rendered, NAME)["spec"],
        json!({
            "failurePolicy": "Fail",
            "matchConstraints": {"resourceRules": [
                rule("", "secrets", &["CREATE", "UPDATE", "DELETE"]),
                rule("secrets-store.csi.x-k8s.io", "secretproviderclasses", &["CREATE", "UPDATE"]),
                rule("", "serviceaccounts", &["CREATE", "UPDATE"]),
                rule("", "namespaces", &["UPDATE"]),
            ]},
            "matchConditions": [
                {"name": "the-job", "expression": r#"request.userInfo.username == "system:serviceaccount:sc-system:sc-job""#},
            ],
            "variables": [
                {"name": "subject", "expression": "request.operation == 'DELETE' ? dyn(oldObject) : dyn(object)"},
                {"name": "before", "expression": "request.operation == 'UPDATE' ? dyn(oldObject) : dyn({})"},
                {"name": "synced", "expression": "variables.subject.?spec.?secretObjects.orValue([])"},
            ],
            "validations": [
                validation(
                    "request.resource.resource != 'secrets' || variables.subject.type == 'Opaque'",
                    "writes and deletes Secrets of type Opaque only",
                ),
                validation(
                    "request.resource.resource != 'secretproviderclasses' \
                     || variables.synced == variables.before.?spec.?secretObjects.orValue([]) \
                     || variables.synced.all(secret, secret.all(field, field in ['secretName', 'type', 'data']) \
                     && secret.type == 'Opaque' \
                     && ['-csi-secret', '-secret'].exists(end, \
                     secret.secretName == variables.subject.metadata.name.replace('-secretprovider', end)))",
                    "has the CSI driver make Opaque Secrets under the name of the class only",
                ),
                validation(
                    "request.operation == 'DELETE' || ['finalizers', 'ownerReferences'].all(field, \
                     variables.subject.metadata[?field] == variables.before.?metadata[?field])",
                    "sets no finalizers and no owners",
                ),
                validation("request.resource.resource != 'namespaces'", "makes namespaces and changes none"),
            ],
        })
    );
    let binding = rendered.find(BINDING, None, NAME).unwrap();
    assert_eq!(binding["spec"], json!({"policyName": NAME, "validationActions": ["Deny"]}));
}

/// By then the policy of the release is gone.
fn the_account_after_an_uninstall_has_a_policy_of_its_own(helm: &Helm) {
    let rendered = render(helm, VALUES, &[]);
    let (mut main, mut uninstall) = (policy(&rendered, NAME).clone(), policy(&rendered, UNINSTALL).clone());
    assert_eq!(
        uninstall["spec"]["matchConditions"][0]["expression"].take(),
        r#"request.userInfo.username == "system:serviceaccount:sc-system:sc-job-uninstall""#
    );
    main["spec"]["matchConditions"][0]["expression"].take();
    assert_eq!(uninstall["spec"], main["spec"]);
    let binding = rendered.find(BINDING, None, UNINSTALL).unwrap();
    assert_eq!(binding["spec"], json!({"policyName": UNINSTALL, "validationActions": ["Deny"]}));
    let plain = render(helm, VALUES, &["--set", "uninstall.deletionPolicy=Retain"]);
    assert_eq!(names(&plain), [format!("{POLICY} {NAME}"), format!("{BINDING} {NAME}")]);
}

fn the_policy_knows_no_other_account_than_that_of_its_release(helm: &Helm) {
    let rendered = render(helm, VALUES, &["--namespace", "other-system"]);
    let policy = policy(&rendered, "sc-job.other-system.sc-extension");
    assert_eq!(
        policy["spec"]["matchConditions"],
        json!([{"name": "the-job", "expression": r#"request.userInfo.username == "system:serviceaccount:other-system:sc-job""#}])
    );
    assert!(!policy.to_string().contains("sc-system"), "{policy}");
}

fn without_guard_or_rbac_there_is_no_policy(helm: &Helm) {
    for settings in ["rbac.guard=false", "rbac.create=false", "rbac.create=false,rbac.guard=true"] {
        assert_eq!(names(&render(helm, VALUES, &["--set", settings])), Vec::<String>::new(), "{settings}");
    }
    let cluster = render(helm, VALUES, &["--set", "rbac.scope=cluster,rbac.clusterRead=false"]);
    assert_eq!(names(&cluster).len(), 4, "no other right decides on it");
}

/// With --reuse-values a release has no value that the chart has got since.
fn values_of_a_chart_without_the_guard_have_it(helm: &Helm) {
    let rendered = render(helm, VALUES, &["--set", "rbac.guard=null"]);
    assert_eq!(rendered.objects(), render(helm, VALUES, &[]).objects());
}
