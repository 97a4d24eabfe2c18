//! The sample workloads of Microsoft's guide, on the objects that the demo values make.

use super::demo::demo;
use crate::common::kubernetes::{Helm, Place, kubectl, kubectl_with};
use crate::common::{CANARY, text};

with_both_helms! {
    the_guides_sample_jobs_see_the_variables
}

fn the_guides_sample_jobs_see_the_variables(helm: &Helm) {
    let place = Place::new();
    helm.upgrade(&place, &demo(&place).replace(CANARY, "demo"), &[]).expect(0);
    let image = std::env::var("SC_JOB_TEST_SHELL_IMAGE").expect("SC_JOB_TEST_SHELL_IMAGE is not set; run scripts/test");
    let account = "sc-account-0a0b0c0d-0000-4000-8000-000000000002";
    let samples = [
        (
            "scripts/samples/secret-job.yaml",
            "sc-sample-job",
            &place.shop,
            "sc-orders-secret",
            "AZURE_POSTGRESQL_CONNECTIONSTRING=dbname=orders ",
        ),
        (
            "scripts/samples/workload-identity-job.yaml",
            "sc-sample-job-identity",
            &place.warehouse,
            "sc-pictures-secret",
            "AZURE_STORAGEBLOB_RESOURCEENDPOINT=https://demopictures.blob.core.windows.net/",
        ),
    ];
    for (manifest, job, namespace, secret, variable) in samples {
        let manifest =
            text(manifest).replace("IMAGE", &image).replace("SECRET", secret).replace("SERVICE_ACCOUNT", account);
        kubectl_with(&["create", "-n", namespace, "-f", "-"], &manifest).expect(0);
        kubectl(&["wait", "--for=condition=complete", &format!("job/{job}"), "-n", namespace, "--timeout=60s"])
            .expect(0);
        let log = kubectl(&["logs", &format!("job/{job}"), "-n", namespace]).expect(0).stdout;
        assert!(log.contains(variable), "{log}");
    }
}
