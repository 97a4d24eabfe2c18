//! `helm lint --strict`, by both majors of Helm.

use std::path::Path;

use super::subjects::{IMAGE, examples};
use crate::common::kubernetes::Helm;
use crate::common::{Outcome, file, run_unchecked};

fn lint(helm: &Helm, chart: &Path, args: &[&str]) -> Outcome {
    let mut command = helm.command(&["lint", "--strict", "--namespace", "sc-system"]);
    run_unchecked(command.args(args).arg(chart), None)
}

#[test]
#[ignore = "needs Helm: scripts/test"]
fn helm_has_nothing_to_say_of_the_chart() {
    for helm in [Helm::new(3), Helm::new(4)] {
        let mut ways = vec![vec!["--set".to_owned(), IMAGE.to_owned()]];
        ways.extend(examples().iter().map(|path| vec!["--values".to_owned(), path.to_str().unwrap().to_owned()]));
        for way in ways {
            let args: Vec<_> = way.iter().map(String::as_str).collect();
            let said = lint(&helm, &file("chart"), &args).expect(0).stdout;
            let findings: Vec<_> = said.lines().filter(|line| line.starts_with('[')).collect();
            assert!(said.contains("1 chart(s) linted, 0 chart(s) failed"), "{said}");
            assert_eq!(findings, Vec::<&str>::new(), "Helm {}, {}", helm.major, way[1]);
        }
    }
}

#[test]
#[ignore = "needs Helm: scripts/test"]
fn a_chart_without_an_icon_is_told_apart() {
    let folder = tempfile::TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("templates")).unwrap();
    std::fs::write(folder.path().join("values.yaml"), "").unwrap();
    std::fs::write(folder.path().join("Chart.yaml"), "{apiVersion: v2, name: bare, version: 0.1.0}").unwrap();
    for helm in [Helm::new(3), Helm::new(4)] {
        let said = lint(&helm, folder.path(), &[]).stdout;
        assert!(said.lines().any(|line| line == "[INFO] Chart.yaml: icon is recommended"), "{said}");
    }
}
