//! The two that judge values, `sc-job render` and a run, over the same file.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::common::{Outcome, run, sc_job};

/// Seconds after which a judge counts as hanging. It is killed then, and so ends with none of its own exit codes.
const PATIENCE: &str = "60";

/// The faults of a file, which both judges refuse in the same words, without a value of it, and write nothing. FILE stands for its path.
pub fn faults(content: impl AsRef<[u8]>) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("values.yaml");
    std::fs::write(&file, content).unwrap();
    faults_of(&file, &[])
}

/// The same of a path, where `wrapper` is what starts the judges.
pub fn faults_of(path: &Path, wrapper: &[&str]) -> Vec<String> {
    let rendered = judge(sc_job(&["render", "-f"]).arg(path), wrapper).expect(78);
    assert_eq!(rendered.stdout, "");
    let rendered = errors(&rendered, path);
    let run = judge(sc_job(&[]).env("SC_JOB_INPUT", path).env("KUBECONFIG", "none"), wrapper).expect(78);
    let mut run = errors(&run, path);
    let last = run.pop().unwrap_or_default();
    let count = if run.is_empty() { String::new() } else { format!("{} faults, ", run.len()) };
    let first = rendered.first().cloned().unwrap_or_default();
    assert_eq!(last, format!("failed (exit 78): {count}nothing was written. {first}"));
    assert!(run.is_empty() || run == rendered, "run:\n{}\nrender:\n{}", run.join("\n"), rendered.join("\n"));
    rendered
}

/// The same of connections that have nothing to do with each other: `c000`, `c001` and so on.
pub fn faults_of_each(connections: Vec<Value>) -> Vec<String> {
    let named = connections.into_iter().enumerate().map(|(n, mut connection)| {
        if connection["namespace"] == "shop" {
            connection["namespace"] = format!("shop-{n}").into();
        }
        (format!("c{n:03}"), connection)
    });
    faults(json!({"connections": named.collect::<serde_json::Map<_, _>>()}).to_string())
}

/// Runs a judge, but not for ever.
pub fn judge(command: &Command, wrapper: &[&str]) -> Outcome {
    let mut bounded = Command::new("timeout");
    bounded.args(["--signal=KILL", PATIENCE]).args(wrapper).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => bounded.env(name, value),
            None => bounded.env_remove(name),
        };
    }
    run(&mut bounded, None)
}

fn errors(outcome: &Outcome, path: &Path) -> Vec<String> {
    let lines = outcome.stderr.lines().filter_map(|line| line.trim().strip_prefix("ERROR "));
    lines.map(|line| line.replace(&path.display().to_string(), "FILE")).collect()
}
