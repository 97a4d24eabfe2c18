//! The command line itself.

use crate::common::{file, run, sc_job};

#[test]
fn the_demo_values_render() {
    let demo = file("scripts/demo.values.yaml");
    let shown = run(sc_job(&["render", "-f"]).arg(demo), None).expect(0);
    assert_eq!(shown.stdout.matches("kind: Secret").count(), 4);
    assert_eq!(shown.stdout.matches("kind: ServiceAccount").count(), 1);
}

#[test]
fn wrong_words_end_with_64_and_help_with_0() {
    assert!(run(&mut sc_job(&["rendr"]), None).expect(64).stderr.contains("render"));
    run(&mut sc_job(&["render"]), None).expect(64);
    assert!(run(&mut sc_job(&["--help"]), None).expect(0).stdout.contains("Without a command: the run"));
    assert_eq!(
        run(&mut sc_job(&["--version"]), None).expect(0).stdout,
        concat!("sc-job ", env!("CARGO_PKG_VERSION"), "\n")
    );
}
