//! The reference of the image, from each place that may give it.

use super::rendering::{refuse, render};
use crate::common::kubernetes::Helm;

with_both_helms! {
    the_image_is_what_the_values_say
    without_a_registry_the_chart_says_how_to_push_the_image
    a_scheme_before_the_image_is_refused
}

const DIGEST: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn the_image_is_what_the_values_say(helm: &Helm) {
    let digest = format!("image.digest={DIGEST}");
    let marketplace = format!(
        "global.azure.images.scJob.registry=acr.example,global.azure.images.scJob.image=vendor/sc-job,global.azure.images.scJob.digest={DIGEST}"
    );
    let version = env!("CARGO_PKG_VERSION");
    let cases: [(&[&str], String); 12] = [
        (&[], format!("registry.example/sc-job:{version}")),
        (&["image.registry=registry.example/team/"], format!("registry.example/team/sc-job:{version}")),
        (&["image.registry=,image.repository=registry.example/sc-job"], format!("registry.example/sc-job:{version}")),
        (&["image.tag=edge"], "registry.example/sc-job:edge".to_owned()),
        (&[&digest], format!("registry.example/sc-job@{DIGEST}")),
        (&["image.tag=edge", &digest], format!("registry.example/sc-job@{DIGEST}")),
        (&["image.tag=edge", &marketplace], format!("acr.example/vendor/sc-job@{DIGEST}")),
        (&["global.azure.images.other.registry=acr.example"], format!("registry.example/sc-job:{version}")),
        (&["global=x"], format!("registry.example/sc-job:{version}")),
        (&["global.azure=x"], format!("registry.example/sc-job:{version}")),
        (&["global.azure.images=x"], format!("registry.example/sc-job:{version}")),
        (&["global.azure.images.scJob=x"], format!("registry.example/sc-job:{version}")),
    ];
    for (settings, expected) in cases {
        let args: Vec<_> = settings.iter().flat_map(|setting| ["--set", setting]).collect();
        let values = "{uninstall: {deletionPolicy: Delete}, connections: {a: {data: {K: v}}}}";
        let rendered = render(helm, values, &args);
        for job in ["sc-job", "sc-job-rollback", "sc-job-check", "sc-job-uninstall"] {
            let container = &rendered.get("Job", job)["spec"]["template"]["spec"]["containers"][0];
            assert_eq!(container["image"], expected, "{settings:?}");
            assert_eq!(container["imagePullPolicy"], "IfNotPresent");
        }
        let annotations = &rendered.get("ConfigMap", "sc-connections")["metadata"]["annotations"];
        assert_eq!(annotations["sc-extension/image"], expected);
    }
}

fn without_a_registry_the_chart_says_how_to_push_the_image(helm: &Helm) {
    let said = refuse(helm, "connections: {}", &["--set", "image.registry="]);
    let sentence = "no public registry carries the image yet: build and push it with scripts/image --push REGISTRY in the sources, then set image.registry (and image.digest)";
    assert!(said.contains(sentence), "{said}");
}

/// Helm would install it, and the pod would wait in `InvalidImageName` until the Job's end.
fn a_scheme_before_the_image_is_refused(helm: &Helm) {
    for setting in [
        "image.registry=https://registry.example/team",
        "image.registry=,image.repository=https://registry.example/team/sc-job",
        "global.azure.images.scJob.registry=https://registry.example/team,global.azure.images.scJob.image=sc-job",
    ] {
        let said = refuse(helm, "connections: {}", &["--set", setting]);
        let sentence = "an image has no scheme: write registry.example/team/sc-job in place of https://registry.example/team/sc-job (image.registry, image.repository)";
        assert!(said.contains(sentence), "{said}");
    }
}
