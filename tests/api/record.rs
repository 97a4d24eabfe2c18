//! Helm's record of a release with many keys: where the chart begins to refuse, Helm has ended.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::common::keys::FORMS;
use crate::common::kubernetes::{Helm, Place, get};
use crate::common::{file, run};

with_both_helms! {
    helm_records_no_release_that_the_chart_just_lets_through
    helm_records_a_little_less
    the_smallest_release_is_as_large_as_the_chart_supposes
}

/// What Helm says to a release with `count(most)` connections of each form, `most` being the last that the chart takes.
fn install(helm: &Helm, count: impl Fn(usize) -> usize, judge: impl Fn(i32, &str)) {
    for keys in FORMS {
        let place = Place::new();
        let mut command = helm.command(&["install", "sc-extension", "--no-hooks", "--namespace", &place.system]);
        command.args(["--set", "image.registry=registry.example,rbac.guard=false", "--values", "-"]).arg(file("chart"));
        let values = keys.values(count(keys.most)).replace("\"shop\"", &format!("\"{}\"", place.shop));
        let said = run(&mut command, Some(&values));
        judge(said.code, &said.stderr);
    }
}

fn helm_records_no_release_that_the_chart_just_lets_through(helm: &Helm) {
    install(
        helm,
        |most| most,
        |code, said| {
            assert_eq!(code, 1, "{said}");
            assert!(said.contains("data: Too long: may not be more than 1048576 bytes"), "{said}");
        },
    );
}

fn helm_records_a_little_less(helm: &Helm) {
    install(helm, |most| most * 8 / 9, |code, said| assert_eq!(code, 0, "{said}"));
}

/// `_record.tpl` begins to count there: were a release smaller, the chart would refuse what Helm takes.
fn the_smallest_release_is_as_large_as_the_chart_supposes(helm: &Helm) {
    let place = Place::new();
    let mut command = helm.command(&["install", "sc-extension", "--no-hooks", "--namespace", &place.system]);
    run(command.args(["--set", "image.registry=r,rbac.create=false"]).arg(file("chart")), None).expect(0);
    let record = get(&place.system, "secret", "sh.helm.release.v1.sc-extension.v1").unwrap();
    let bytes = STANDARD.decode(record["data"]["release"].as_str().unwrap()).unwrap().len();
    assert!(bytes > 71_000, "{bytes}");
}
