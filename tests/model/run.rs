//! The run as a process, and what its log tells.

use std::collections::BTreeMap;

use serde_json::Value;

use super::identity::Id;
use super::outcome::Word;
use super::place::Place;
use crate::common::{Outcome as Ended, run};

/// How a run ended, and what it has told.
#[derive(Debug)]
pub struct Run {
    pub exit: i32,
    pub words: BTreeMap<Id, Word>,
    /// The connections that failed, with the code; `None` is the run as a whole.
    pub refused: BTreeMap<Option<String>, String>,
    pub log: String,
}

impl Run {
    /// A run over the values of the place, or the Job that comes after an uninstallation.
    pub fn of(place: &Place, uninstall: bool) -> Self {
        let mut command = place.command(&[]);
        command
            .env("SC_JOB_INPUT", place.input())
            .env("SC_JOB_NAMESPACE", place.system())
            .env("SC_JOB_UNINSTALL", uninstall.to_string())
            .env("SC_JOB_LOG_FORMAT", "json");
        let Ended { code, stderr, .. } = run(&mut command, None);
        let log = stderr.replace(&place.prefix, "");
        let mut told = Self { exit: code, words: BTreeMap::new(), refused: BTreeMap::new(), log: String::new() };
        for line in log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
            told.hear(&line);
        }
        Self { log, ..told }
    }

    fn hear(&mut self, line: &Value) {
        let connection = line["connection"].as_str().map(str::to_owned);
        // the last line tells the first fault: that of a connection again, or that of the run
        let of_run = line["exit"].is_number() && line["code"] == "SCJ2014";
        if let Some(code) = line["code"].as_str().filter(|_| connection.is_some() || of_run) {
            self.refused.insert(connection, code.to_owned());
        }
        let objects = line["objects"].as_str().unwrap_or_default();
        for id in Id::all() {
            let is_told = |word: &Word| {
                let told = word.told(&id.to_string());
                objects.starts_with(&told) || objects.contains(&format!(", {told}"))
            };
            if let Some(word) = Word::ALL.into_iter().find(is_told) {
                self.words.insert(id, word);
            }
        }
    }
}
