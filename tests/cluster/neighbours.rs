//! Two releases of the chart in one cluster.

use serde_json::json;

use crate::common::kubernetes::{Helm, Place, get, kubectl, secret_data, version};
use crate::common::package::Package;
use crate::common::{Outcome, run};

with_both_helms! {
    releases_of_two_namespaces_share_namespaces_of_connections_and_do_not_touch_each_other
    a_second_release_in_one_namespace_is_refused_and_leaves_nothing
}

fn releases_of_two_namespaces_share_namespaces_of_connections_and_do_not_touch_each_other(helm: &Helm) {
    let (first, second) = (Place::new(), Place::new());
    helm.upgrade(&first, "connections: {a: {namespace: SHOP, data: {A: first}}}", &[]).expect(0);
    let before = version(&first.shop, "secret", "sc-a-secret");
    let beside = "connections: {b: {namespace: SHOP, data: {A: second}}}\ndeletionPolicy: Delete\nuninstall: {deletionPolicy: Delete}";
    // In the namespace of the first one's connections.
    helm.upgrade(&second, &first.fill(beside), &[]).expect(0);
    assert_eq!(secret_data(&first.shop, "sc-b-secret")["A"], "second");

    let taken = first.fill("connections: {a: {namespace: SHOP, data: {A: second}}, b: {namespace: SHOP, data: {A: second}}}\nuninstall: {deletionPolicy: Delete}");
    let refused = helm.upgrade(&second, &taken, &[]).expect(1);
    let said = format!("{}{}", refused.stdout, refused.stderr);
    assert!(said.contains(&format!("connection a: SCJ2003 Secret {}/sc-a-secret: ", first.shop)), "{said}");
    assert_eq!(version(&first.shop, "secret", "sc-a-secret"), before);

    helm.run(&second, &["uninstall", "sc-extension"]).expect(0);
    assert_eq!(get(&first.shop, "secret", "sc-b-secret"), None);
    assert_eq!(version(&first.shop, "secret", "sc-a-secret"), before);
    helm.upgrade(&first, "connections: {a: {namespace: SHOP, data: {A: changed}}}", &[]).expect(0);
    assert_eq!(json!(secret_data(&first.shop, "sc-a-secret")), json!({"A": "changed"}));
    assert_eq!(helm.history(&first), ["superseded", "deployed"]);
}

fn a_second_release_in_one_namespace_is_refused_and_leaves_nothing(helm: &Helm) {
    let place = Place::new();
    helm.upgrade(&place, "connections: {a: {namespace: SHOP, data: {A: b}}}", &[]).expect(0);
    let kinds = "secrets,configmaps,serviceaccounts,roles,rolebindings,leases,jobs";
    let each = "jsonpath={range .items[*]}{.kind}/{.metadata.name}={.metadata.resourceVersion}\n{end}";
    let listed = || kubectl(&["get", kinds, "-n", &place.system, "-o", each]).expect(0).stdout;
    let before = listed();
    let reason =
        place.fill("namespace SYSTEM: has the release \"sc-extension\" of this chart, and no room for another");
    for args in [[].as_slice(), &["--take-ownership"]] {
        let refused = install_second(helm, &place, args).expect(1).stderr;
        assert!(refused.contains(&reason), "{refused}");
        assert_eq!(listed(), before);
    }
    assert_eq!(get(&place.warehouse, "role", &format!("sc-job.{}.second", place.system)), None);
    assert_eq!(get(&place.warehouse, "secret", "sc-b-secret"), None);
    assert_eq!(helm.history(&place), ["deployed"]);
}

fn install_second(helm: &Helm, place: &Place, args: &[&str]) -> Outcome {
    let mut install = helm.command(&["upgrade", "--install", "second", "-n", &place.system, "-f", "-"]);
    let values = place.fill("connections: {b: {namespace: WAREHOUSE, data: {A: b}}}");
    run(install.args(Package::under_test().args()).args(args), Some(&values))
}
