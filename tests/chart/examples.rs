//! The examples of `chart/ci`: to both Helms and to the binary.

use super::rendering::Rendering;
use crate::common::kubernetes::Helm;
use crate::common::{file, run, run_unchecked, sc_job, text};

fn examples() -> Vec<String> {
    let folder = std::fs::read_dir(file("chart/ci")).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<_> = folder.map(|name| format!("chart/ci/{}", name.into_string().unwrap())).collect();
    names.sort();
    assert!(names.len() > 5, "{names:?}");
    names
}

#[test]
fn each_says_what_it_is_for_and_is_found_by_chart_testing() {
    for example in examples() {
        assert!(text(&example).starts_with("# "), "{example}");
        assert!(example.ends_with("-values.yaml"), "{example}: ct lint takes ci/*-values.yaml");
    }
}

#[test]
fn the_binary_takes_each() {
    for example in examples() {
        let rendered = run(&mut sc_job(&["render", "--values", file(&example).to_str().unwrap()]), None).expect(0);
        assert!(!rendered.stdout.is_empty(), "{example}");
    }
}

#[test]
#[ignore = "needs Helm: scripts/test"]
fn both_helms_render_the_same_of_each_without_further_values() {
    for example in examples() {
        let [helm3, helm4] = [3, 4].map(|major| {
            let mut command = Helm::new(major).command(&["template", "sc-extension", "--namespace", "sc-system"]);
            command.arg("--values").arg(file(&example)).arg(file("chart"));
            Rendering::parse(&run_unchecked(&mut command, None).expect(0).stdout)
        });
        assert!(helm4.objects().len() > 8, "{example}");
        let sorted = |rendering: &Rendering| {
            let mut objects: Vec<_> = rendering.objects().iter().map(ToString::to_string).collect();
            objects.sort();
            objects
        };
        assert_eq!(sorted(&helm3), sorted(&helm4), "{example}");
    }
}
