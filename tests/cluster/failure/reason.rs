//! The reasons of a failure, as they must stand in every place where a person may look.

use serde_json::{Value, json};

use super::shown::{Shown, run_of};
use crate::common::Outcome;
use crate::common::kubernetes::Place;

/// The kubelet keeps this many bytes of a termination message.
const LONGEST_MESSAGE: usize = 4096;

/// Why a connection failed or, without one, the whole run.
#[derive(Clone, Copy)]
pub struct Reason<'a> {
    connection: Option<&'a str>,
    code: &'a str,
    /// How it goes on after the code. SYSTEM, SHOP and WAREHOUSE stand for the namespaces.
    words: &'a str,
}

/// Why `connection` failed.
pub const fn of<'a>(connection: &'a str, code: &'a str, words: &'a str) -> Reason<'a> {
    Reason { connection: Some(connection), code, words }
}

/// Why the whole run failed.
pub const fn of_run<'a>(code: &'a str, words: &'a str) -> Reason<'a> {
    Reason { connection: None, code, words }
}

impl Place {
    /// Panics unless the run of an upgrade failed with `exit` for these reasons, the first one being that of the whole
    /// run, and all the places tell them.
    pub fn assert_failed(&self, helm: &Outcome, exit: i64, reasons: &[Reason]) {
        let shown = Shown::of(self, "sc-job", helm);
        assert_eq!(shown.exit, exit);
        let conclusion = shown.log.lines().last().and_then(|line| line.strip_prefix("ERROR "));
        let conclusion = conclusion.unwrap_or_else(|| panic!("the last line tells of no failure:\n{}", shown.log));
        self.assert_told(&shown, "sc-job", conclusion, exit, reasons);
    }

    /// The same after a rollback, whose Job has succeeded.
    pub fn assert_failed_after_rollback(&self, helm: &Outcome, exit: i64, reasons: &[Reason]) {
        let shown = Shown::of(self, "sc-job-rollback", helm);
        assert_eq!(shown.exit, 0);
        let lines: Vec<_> = shown.log.lines().collect();
        let [.., conclusion, all_the_same] = lines.as_slice() else { panic!("{}", shown.log) };
        assert!(all_the_same.starts_with(" INFO exit 0 all the same: "), "{}", shown.log);
        let conclusion = conclusion.strip_prefix("ERROR ").unwrap();
        self.assert_told(&shown, "sc-job-rollback", conclusion, exit, reasons);
    }

    fn assert_told(&self, shown: &Shown, job: &str, conclusion: &str, exit: i64, reasons: &[Reason]) {
        let anchor = shown.object("ConfigMap", "sc-connections");
        let [on_job] = shown.events_on(shown.object("Job", job))[..] else { panic!("not one Event on the Job") };
        let mut on_anchor = shown.events_on(anchor);
        on_anchor.retain(|event| run_of(event) == run_of(on_job));
        let said: Vec<_> = on_anchor.iter().map(|event| event["message"].as_str().unwrap()).collect();
        assert_eq!(said.len(), reasons.len(), "one Event for each reason: {said:#?}");
        let texts: Vec<_> = reasons.iter().zip(&said).map(|(reason, said)| self.whole(reason, said)).collect();
        for ((reason, text), event) in reasons.iter().zip(&texts).zip(&on_anchor) {
            assert_eq!(event["reason"], reason.code);
            reason.assert_shown(text, shown);
            if let Some(name) = reason.connection {
                let entry: Value = serde_yaml::from_str(anchor["data"][name].as_str().unwrap()).unwrap();
                let stands = (&entry["outcome"], &entry["code"], &entry["reason"]);
                assert_eq!(stands, (&json!("failed"), &json!(reason.code), &json!(text)));
            }
        }

        let code = reasons[0].code;
        let others = reasons[1..].iter().filter_map(|reason| Some(format!("{} ({})", reason.connection?, reason.code)));
        let others = others.collect::<Vec<_>>().join(", ");
        let also = if others.is_empty() { String::new() } else { format!(". Also failed: {others}") };
        let begin = format!("failed (exit {exit}): ");
        let end = format!(". {}{also}", reasons[0].after_name(&texts[0]));
        assert!(conclusion.starts_with(&begin) && conclusion.ends_with(&end), "not {begin}…{end}, but {conclusion}");
        let (helm, message, pod) = (&shown.helm, &shown.message, &shown.pod);
        assert!(helm.contains(conclusion), "Helm does not show the last line:\n{helm}");
        assert!(message.lines().next() == Some(conclusion) && message.len() <= LONGEST_MESSAGE, "{message}");
        assert!(message.lines().all(|line| pod.contains(line)), "{pod}");
        assert_eq!((&on_job["reason"], &on_job["message"]), (&json!(code), &json!(conclusion)));
        assert_listed(&shown.job, code, "sc-job", conclusion);
        let kept: Value = serde_yaml::from_str(anchor["data"]["_lastFailure"].as_str().unwrap()).unwrap();
        assert_eq!(kept, json!({"time": kept["time"], "exitCode": exit, "code": code, "message": message}));
        assert!(kept["time"].as_str().unwrap().ends_with('Z'), "{kept}");
    }

    /// The whole text of a reason, from its Event.
    fn whole(&self, reason: &Reason, said: &str) -> String {
        let begin = self.fill(&format!("{} {}", reason.code, reason.words));
        let text = said.strip_prefix(&reason.owner()).unwrap_or_default();
        assert!(text.starts_with(&begin) && text.contains(". Remedy: "), "not \"{begin}\", but \"{said}\"");
        text.to_owned()
    }
}

impl Reason<'_> {
    /// As the log and an Event put it before the code.
    fn owner(&self) -> String {
        self.connection.map_or_else(String::new, |name| format!("connection {name}: "))
    }

    /// As the last line and the termination message put it.
    fn after_name(&self, text: &str) -> String {
        self.connection.map_or_else(|| text.to_owned(), |name| format!("{name}: {text}"))
    }

    fn assert_shown(&self, text: &str, shown: &Shown) {
        let line = format!("{}{text}", self.owner());
        let after_name = self.after_name(text);
        for (place, content, words) in [
            ("the log", &shown.log, &line),
            ("Helm's output", &shown.helm, &line),
            ("the termination message", &shown.message, &after_name),
        ] {
            assert!(content.contains(words), "{place} lacks {words}:\n{content}");
        }
        assert_listed(&shown.events, self.code, "configmap/sc-connections", &line);
        assert_listed(&shown.anchor, self.code, "sc-job", &line);
    }
}

/// Panics unless a line of a table of Events has all of it.
fn assert_listed(table: &str, code: &str, other: &str, message: &str) {
    let whole = |line: &str| ["Warning", code, other, message].iter().all(|word| line.contains(word));
    assert!(table.lines().any(whole), "no Event {code} of {other}, \"{message}\", in:\n{table}");
}
