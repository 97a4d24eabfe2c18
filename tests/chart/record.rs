//! Inputs that do not go into Helm's record of a release: the chart refuses them where Helm would, before it does.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::operation::{ID, create};
use super::stub_api::{Namespaces, helm_with};
use crate::common::Outcome;
use crate::common::keys::{FORMS, Keys};
use crate::common::kubernetes::Helm;
use crate::common::operation::{secret, settings};

with_both_helms! {
    connections_beyond_helms_record_are_refused_with_their_counts
    who_only_renders_has_no_record_and_is_refused_nothing
    resources_beyond_helms_record_are_refused_with_their_size
    what_compresses_well_is_left_to_helm
    an_installer_who_may_not_see_whether_there_is_a_cluster_reads_the_way_out
}

const CLUSTER: Option<Namespaces> = Some(&[("default", "Active"), ("shop", "Active")]);

/// What Helm says to `values` on a cluster.
fn judge(helm: &Helm, values: &str) -> Outcome {
    helm_with(helm, "template", CLUSTER, values, &["--dry-run=server"]).0
}

/// What a template says to `values` that it refuses.
fn refusal(helm: &Helm, values: &str) -> String {
    let said = judge(helm, values).expect(1).stderr;
    let (_, words) = said.lines().next().unwrap().split_once("): ").unwrap();
    words.to_owned()
}

fn beyond(keys: &Keys) -> String {
    keys.values(keys.most + 1)
}

fn connections_beyond_helms_record_are_refused_with_their_counts(helm: &Helm) {
    for keys in FORMS {
        judge(helm, &keys.values(keys.most)).expect(0);
        let (count, values, bytes) = (keys.most + 1, 2 * (keys.most + 1), keys.beyond);
        assert_eq!(
            refusal(helm, &beyond(&keys)),
            format!(
                "connections: {count} of them with {values} different values inline make at least {bytes} bytes in Helm's record of the release, which has all of it twice and can have 1048576: give credentials by reference (valueFrom)"
            )
        );
    }
}

/// Argo CD renders and keeps nothing: to it, and without a cluster, only the Secrets of the input have a limit.
fn who_only_renders_has_no_record_and_is_refused_nothing(helm: &Helm) {
    for keys in FORMS {
        helm_with(helm, "template", CLUSTER, &beyond(&keys), &[]).0.expect(0);
    }
}

fn resources_beyond_helms_record_are_refused_with_their_size(helm: &Helm) {
    let large = |count: usize| {
        let keys: Value = serde_json::from_str(&FORMS[1].values(count)).unwrap();
        let keys = keys["connections"].as_object().unwrap();
        let data: Value =
            keys.iter().map(|(name, settings)| (name.clone(), settings["parameters"]["accountKey"].clone())).collect();
        settings("Orders_db.1", ID, "create", &secret("ordersdb1", "shop", &data))
    };
    judge(helm, &large(200).to_string()).expect(0);
    let record = "in Helm's record of the release, which has all of it twice and can have 1048576";
    assert_eq!(
        refusal(helm, &large(210).to_string()),
        format!(
            "resources: 576652 bytes make at least 1060184 bytes {record}: declare the connection in connections, with credentials given by reference (valueFrom)"
        )
    );
    let mut values = large(200);
    values["connections"] = serde_json::from_str::<Value>(&FORMS[1].values(12)).unwrap()["connections"].take();
    assert_eq!(
        refusal(helm, &values.to_string()),
        format!(
            "connections: 12 of them with 224 different values inline, and resources of 549196 bytes, make at least 1059966 bytes {record}: give credentials by reference (valueFrom)"
        )
    );
}

fn what_compresses_well_is_left_to_helm(helm: &Helm) {
    let key = "0Zt5bWjK8pQn".repeat(7);
    let same: Value = (0..6_000).map(|index| (format!("c{index}"), json!({"data": {"KEY": key}}))).collect();
    judge(helm, &json!({"connections": same}).to_string()).expect(0);
    let prose = "Connect to https://Server1.example.com/Shop2, and on failure to https://Server2.example.com/Shop2.\n";
    let files: Value =
        (0..60).map(|index| (format!("c{index}"), json!({"data": {"FILE": prose.repeat(150)}}))).collect();
    judge(helm, &json!({"connections": files}).to_string()).expect(0);
    let counted = |connection: usize| {
        let data = (0..20).map(|index| (format!("K{index}"), format!("SettingAbcdefgh{:08}", connection * 20 + index)));
        (format!("c{connection}"), json!({"data": data.collect::<BTreeMap<_, _>>()}))
    };
    let counted: Value = (0..3_700).map(counted).collect();
    judge(helm, &json!({"connections": counted}).to_string()).expect(0);
}

/// No template can catch a look-up that fails, but the trace that Helm prints names the templates it went through.
fn an_installer_who_may_not_see_whether_there_is_a_cluster_reads_the_way_out(helm: &Helm) {
    let args = ["--dry-run=server", "--set", "rbac.namespaceCheck=false"];
    let said = helm_with(helm, "template", None, &beyond(&FORMS[2]), &args).0.expect(1).stderr;
    let way_out = "sc-extension.helm-keeps-1048576-bytes-of-a-release-give-credentials-by-valueFrom";
    assert!(said.contains(way_out) && said.contains("cannot get resource"), "{said}");
    helm_with(helm, "template", None, &create(&super::operation::whole()).to_string(), &args).0.expect(0);
}
