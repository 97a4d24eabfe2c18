//! The examples of `docs/gitops.md`, against the schemas of Flux and Argo CD.

use std::collections::BTreeSet;

use serde_json::Value;

use super::kubeconform::findings;
use super::subjects::Subjects;
use crate::common::kubernetes::Helm;
use crate::common::{file, run_unchecked, text};

/// The blocks of YAML of the page, as one text.
fn examples() -> String {
    let page = text("docs/gitops.md");
    let blocks = page.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks.collect::<Vec<_>>().join("---\n")
}

#[test]
#[ignore = "needs the linters: scripts/test"]
fn flux_and_argo_cd_take_the_examples() {
    let subjects = Subjects::of(&examples());
    let kinds: BTreeSet<_> =
        subjects.objects().iter().map(|object| object["kind"].as_str().unwrap().to_owned()).collect();
    assert_eq!(
        kinds.iter().map(String::as_str).collect::<Vec<_>>(),
        ["Application", "HelmRelease", "OCIRepository", "Secret"]
    );
    let found = findings(&subjects);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
#[ignore = "needs the linters: scripts/test"]
fn a_misspelled_field_and_an_unknown_word_are_found() {
    for (right, wrong, kind) in [
        ("releaseName: sc-extension\n  chartRef", "releasename: sc-extension\n  chartRef", "HelmRelease"),
        ("name: RetryOnFailure", "name: RetryForever", "HelmRelease"),
        ("operation: copy", "operation: move", "OCIRepository"),
        ("valuesObject:", "valueObject:", "Application"),
        ("selfHeal: true", "selfHeal: often", "Application"),
    ] {
        let examples = examples();
        assert!(examples.contains(right), "{right}");
        let found = findings(&Subjects::of(&examples.replace(right, wrong)));
        let [finding] = found.as_slice() else { panic!("{wrong}: {found:?}") };
        assert_eq!(finding.object, format!("{kind}/sc-extension"), "{}", finding.said);
    }
}

#[test]
#[ignore = "needs Helm: scripts/test"]
fn the_chart_takes_the_values_of_the_examples() {
    let objects = Subjects::of(&examples()).objects();
    let values: Vec<_> = ["/spec/values", "/spec/source/helm/valuesObject"]
        .into_iter()
        .flat_map(|place| objects.iter().filter_map(move |object| object.pointer(place)))
        .collect();
    assert_eq!(values.len(), 2);
    for values in values {
        let mut command =
            Helm::new(4).command(&["template", "sc-extension", "--namespace", "sc-system", "--values", "-"]);
        let rendered = run_unchecked(command.arg(file("chart")), Some(&values.to_string())).expect(0).stdout;
        assert!(rendered.contains("name: sc-job-input-0"), "{rendered}");
    }
}

#[test]
fn the_version_in_the_examples_is_the_charts() {
    let chart: Value = serde_yaml::from_str(&text("chart/Chart.yaml")).unwrap();
    let version = chart["version"].as_str().unwrap();
    let page = text("docs/gitops.md");
    for place in
        [format!("tag: {version}\n"), format!("targetRevision: {version}\n"), format!("sc-extension-{version}.tgz")]
    {
        assert!(page.contains(&place), "docs/gitops.md: {place}");
    }
}
