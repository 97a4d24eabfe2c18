//! An API server that hangs while Helm waits for the Job. The whole node suffers from
//! it, so that no other test may run on the cluster meanwhile.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

#[macro_use]
mod common;

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use common::kubernetes::{Helm, Place, eventually, get};
use common::{Outcome, file, run};

with_both_helms! {
    a_hung_api_server_fails_the_install_with_69_and_the_next_upgrade_finishes
}

/// One at a time, they take the run more than a second: time enough to pause the API server in between.
const CONNECTIONS: usize = 300;

/// Helm has heard of the end of the Job this long after the API server answers again, or it hangs until its own time-out.
const HEARD: Duration = Duration::from_secs(60);

/// The API server of the cluster under test, which answers nobody until this is dropped.
struct Paused;

impl Paused {
    fn now() -> Self {
        api("pause").expect(0);
        Self
    }
}

impl Drop for Paused {
    fn drop(&mut self) {
        assert_eq!(api("resume").code, 0, "the API server stays paused: scripts/cluster api resume");
    }
}

fn api(action: &str) -> Outcome {
    let cluster = std::env::var("SC_JOB_TEST_CLUSTER").expect("SC_JOB_TEST_CLUSTER is not set; run scripts/test");
    run(Command::new(file("scripts/cluster")).args(["--name", &cluster, "api", action]), None)
}

/// Returns when the first Secret of the namespace is there, which takes a minute at most.
fn first_secret(namespace: &str) {
    let mut watch = Command::new("kubectl")
        .args(["get", "secrets", "-n", namespace, "--watch", "--request-timeout=60s", "-o", "name"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(watch.stdout.take().unwrap()).read_line(&mut line).unwrap();
    watch.kill().unwrap();
    watch.wait().unwrap();
    assert!(line.starts_with("secret/sc-c"), "the Job wrote no Secret, but: \"{line}\"");
}

/// Whether a process of the Job runs on the node. The API server cannot be asked; its environment tells whose it is.
fn runs(place: &Place) -> bool {
    let variable = format!("SC_JOB_NAMESPACE={}", place.system);
    let processes = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    // A process that ends meanwhile, or is a zombie, has none.
    let environments = processes.filter_map(|process| fs::read(process.path().join("environ")).ok());
    environments.into_iter().any(|environment| environment.split(|byte| *byte == 0).any(|v| v == variable.as_bytes()))
}

fn a_hung_api_server_fails_the_install_with_69_and_the_next_upgrade_finishes(helm: &Helm) {
    let place = Place::new();
    let connections: Vec<_> =
        (0..CONNECTIONS).map(|n| format!("  c{n}: {{namespace: SHOP, data: {{A: b}}}}\n")).collect();
    let values = format!("connections:\n{}", connections.concat());
    let times = "job.concurrency=1,job.requestTimeoutSeconds=1,job.deadlineSeconds=8,job.activeDeadlineSeconds=120";

    let (failed, heard) = thread::scope(|scope| {
        let install = scope.spawn(|| helm.upgrade(&place, &values, &["--set", times]));
        first_secret(&place.shop);
        let paused = Paused::now();
        assert!(runs(&place), "the run was over before the API server was paused");
        eventually("the end of the run", || !runs(&place));
        drop(paused);
        let answers = Instant::now();
        (install.join().unwrap(), answers.elapsed())
    });
    assert!(heard < HEARD, "Helm ended {heard:?} after the API server answered again");
    let said = format!("{}{}", failed.stdout, failed.stderr);
    assert!(failed.code == 1 && said.contains("SCJ4001"), "Helm shows the reason:\n{said}");
    assert_eq!(helm.status(&place).0, "failed");

    assert_eq!(place.exit_code(), 69);
    let log = place.log();
    let last = log.lines().last().unwrap().strip_prefix("ERROR ").unwrap();
    assert_eq!(place.terminated("sc-job")["message"], last);
    for part in [
        "failed (exit 69): ",
        " not finished; objects: ",
        " SCJ4001 ",
        "was tried as long as the time allowed; the last failure: no answer within 1 s",
    ] {
        assert!(last.contains(part), "no \"{part}\" in {last}");
    }

    helm.upgrade(&place, &values, &[]).expect(0);
    assert_eq!(helm.status(&place), ("deployed".to_owned(), 2));
    let summary = get(&place.system, "configmap", "sc-connections").unwrap();
    assert_eq!(summary["data"]["_summary"], format!("{CONNECTIONS} of {CONNECTIONS} connections ready"));
    for n in 0..CONNECTIONS {
        assert!(summary["data"][format!("c{n}")].as_str().unwrap().starts_with("outcome: ready\n"), "{summary}");
    }
}
