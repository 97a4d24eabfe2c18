//! A second release in the namespace of the first: refused before Helm makes anything, whatever Helm is told to take.

use crate::common::kubernetes::{Helm, Place, kubectl, kubectl_with};
use crate::common::{Outcome, file, run};

with_both_helms! {
    a_second_release_in_one_namespace_is_refused_also_with_take_ownership
    what_somebody_else_has_made_of_the_chart_can_be_taken_over
}

const ONE: &str = "connections: {a: {namespace: SHOP, data: {K: v}}}";

fn command(helm: &Helm, place: &Place, words: &[&str], args: &[&str]) -> Outcome {
    let mut command = helm.command(words);
    // Nothing here would run the Jobs.
    command.args(["--namespace", &place.system, "--no-hooks", "--set", "image.registry=registry.example"]);
    run(command.args(["--values", "-"]).args(args).arg(file("chart")), Some(&place.fill(ONE)))
}

fn upgrade(helm: &Helm, place: &Place, release: &str, args: &[&str]) -> Outcome {
    command(helm, place, &["upgrade", "--install", release], args)
}

fn listed(place: &Place) -> String {
    let each = "jsonpath={range .items[*]}{.kind}/{.metadata.name}={.metadata.resourceVersion}\n{end}";
    kubectl(&["get", "secrets,configmaps,serviceaccounts,roles,leases", "-n", &place.system, "-o", each])
        .expect(0)
        .stdout
}

fn a_second_release_in_one_namespace_is_refused_also_with_take_ownership(helm: &Helm) {
    let place = Place::new();
    upgrade(helm, &place, "sc-extension", &[]).expect(0);
    let before = listed(&place);
    let refusal = place.fill(
        "namespace SYSTEM: has the release \"sc-extension\" of this chart, and no room for another, also not with --take-ownership: install \"second\" into a namespace of its own, or uninstall \"sc-extension\" before; if Helm does not know it any more, helm upgrade --install sc-extension goes on with what it has left",
    );
    for args in [[].as_slice(), &["--take-ownership"]] {
        let said = upgrade(helm, &place, "second", args).expect(1).stderr;
        assert!(said.contains(&refusal), "{said}");
        assert_eq!(listed(&place), before);
    }
    upgrade(helm, &place, "sc-extension", &[]).expect(0);
    assert_eq!(helm.history(&place), ["superseded", "deployed"]);
}

/// As after an installation by `kubectl apply` or Argo CD.
fn what_somebody_else_has_made_of_the_chart_can_be_taken_over(helm: &Helm) {
    let place = Place::new();
    let rendered = command(helm, &place, &["template", "sc-extension"], &[]).expect(0).stdout;
    kubectl_with(&["apply", "-f", "-"], &rendered).expect(0);
    let take: &[&str] =
        if helm.major == 3 { &["--take-ownership"] } else { &["--take-ownership", "--force-conflicts"] };
    upgrade(helm, &place, "sc-extension", take).expect(0);
    assert_eq!(helm.history(&place), ["deployed"]);
}
