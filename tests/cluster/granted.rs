//! Who may grant what: an installer with rights in some namespaces only, and an administrator in place of the chart.

use crate::common::account::Account;
use crate::common::kubernetes::{Helm, Place, get, kubectl, kubectl_with, secret_data};
use crate::common::{file, run};

with_both_helms! {
    an_installer_of_its_namespaces_needs_three_values_and_reads_which
    the_rights_of_a_rendering_are_all_that_the_jobs_need
}

const ONE: &str = "connections: {a: {namespace: SHOP, data: {A: b}}}";

/// Somebody who is `admin` of the release's namespace and of a connection's.
fn installer(place: &Place) -> Account {
    kubectl(&["create", "serviceaccount", "installer", "-n", &place.system]).expect(0);
    let subject = format!("--serviceaccount={}:installer", place.system);
    for namespace in [&place.system, &place.shop] {
        kubectl(&["create", "rolebinding", "installer", "-n", namespace, "--clusterrole=admin", &subject]).expect(0);
    }
    let token = kubectl(&["create", "token", "installer", "-n", &place.system]).expect(0).stdout;
    let view = ["config", "view", "--raw", "--flatten", "--minify", "-o", "json"];
    Account::with_token(&token, &kubectl(&view).expect(0).stdout)
}

fn an_installer_of_its_namespaces_needs_three_values_and_reads_which(helm: &Helm) {
    let place = Place::new();
    let installer = installer(&place);
    let upgrade = |settings: &str| {
        helm.upgrade(
            &place,
            ONE,
            &["--kubeconfig", installer.kubeconfig(), "--set", settings, "--set", "log.level=debug"],
        )
    };
    for (settings, said) in [
        ("log.format=text", "sc-extension.namespaces-are-listed-unless-rbac.namespaceCheck-is-false"),
        ("rbac.namespaceCheck=false", "cannot get resource \"clusterroles\""),
        ("rbac.namespaceCheck=false,rbac.clusterRead=false", "cannot get resource \"validatingadmissionpolicies\""),
    ] {
        let refused = upgrade(settings).expect(1).stderr;
        assert!(refused.contains(said), "{settings}: {refused}");
        assert_eq!(get(&place.system, "configmap", "sc-connections"), None, "nothing of the release was made");
    }
    upgrade("rbac.namespaceCheck=false,rbac.clusterRead=false,rbac.guard=false").expect(0);
    assert_eq!(secret_data(&place.shop, "sc-a-secret")["A"], "b");
}

fn the_rights_of_a_rendering_are_all_that_the_jobs_need(helm: &Helm) {
    let place = Place::new();
    let ungranted = ["--set", "rbac.create=false,uninstall.deletionPolicy=Delete,deletionPolicy=Delete"];
    let installed = helm.upgrade(&place, ONE, &ungranted).expect(1);
    assert!(format!("{}{}", installed.stdout, installed.stderr).contains("SCJ3001"), "{}", installed.stderr);

    let mut template = helm.command(&["template", "sc-extension", "-n", &place.system, "-f", "-"]);
    template.arg(file("chart")).args(ungranted).args(["--set", "rbac.create=true,image.registry=registry.example"]);
    let rendered = run(&mut template, Some(&place.fill(ONE))).expect(0).stdout;
    let rights = "app.kubernetes.io/component=rights";
    let applied = kubectl_with(&["apply", "-f", "-", "-l", rights, "-o", "name"], &rendered).expect(0).stdout;
    assert_eq!(
        applied.lines().count(),
        12,
        "two Roles, two ClusterRoles and two policies, with their bindings: {applied}"
    );

    helm.upgrade(&place, ONE, &ungranted).expect(0);
    assert_eq!(secret_data(&place.shop, "sc-a-secret")["A"], "b");
    helm.run(&place, &["test", "sc-extension"]).expect(0);
    helm.run(&place, &["uninstall", "sc-extension"]).expect(0);
    assert_eq!(get(&place.shop, "secret", "sc-a-secret"), None);
}
