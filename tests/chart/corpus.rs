//! One corpus of good and bad values for Helm and for the binary. A bad file
//! begins with who refuses it and with what; who is not named takes it:
//!
//! - `# schema: TEXT`: Helm, by the schema, and its message holds the text
//! - `# template: TEXT`: Helm, by a template
//! - `# binary: SCJnnnn PATH`: `sc-job render`, with this code at this path

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use super::rendering::{Rendering, template};
use super::roles::{EVERYWHERE, objects_of, writable};
use crate::common::kubernetes::Helm;
use crate::common::{file, run, sc_job};

with_both_helms! {
    good_values_are_taken_and_the_rights_are_those_of_the_objects
    bad_values_are_refused_by_schema_or_template_as_they_say
}

/// How Helm begins when the schema refuses.
const SCHEMA: &str = "values don't meet the specifications of the schema(s)";

/// Stands for a credential that was written as a number.
const NUMBER: &str = "90210771";

fn files(verdict: &str) -> Vec<(PathBuf, String)> {
    let folder = file("tests/data/values").join(verdict);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    files.into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

/// What the comments at the head of a bad file say of one judge.
fn verdict<'a>(text: &'a str, judge: &str) -> BTreeSet<&'a str> {
    let head = text.lines().map_while(|line| line.strip_prefix("# "));
    head.filter_map(|line| line.strip_prefix(judge)?.strip_prefix(": ")).collect()
}

/// Panics with all files of a verdict that are not judged as they should be.
fn assert_each(verdict: &str, judge: impl Fn(&str) -> Result<(), String>) {
    let wrong: Vec<_> = files(verdict)
        .iter()
        .filter_map(|(path, text)| {
            judge(text).err().map(|why| format!("{}: {why}", path.file_name().unwrap().display()))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn good_values_are_taken_and_the_rights_are_those_of_the_objects(helm: &Helm) {
    assert_each("good", |text| {
        let taken = template(helm, text, &[]);
        if taken.code != 0 {
            return Err(taken.stderr);
        }
        let (rights, mut objects) = (writable(&Rendering::parse(&taken.stdout)), objects_of(text));
        if text.contains("scope: cluster") {
            objects = objects.into_iter().map(|(_, resource, name)| (EVERYWHERE.to_owned(), resource, name)).collect();
        }
        if rights == objects { Ok(()) } else { Err(format!("rights {rights:?}, objects {objects:?}")) }
    });
}

fn bad_values_are_refused_by_schema_or_template_as_they_say(helm: &Helm) {
    assert_each("bad", |text| {
        let [by_schema, by_template] = ["schema", "template"].map(|judge| verdict(text, judge));
        let judged = template(helm, text, &[]);
        let refused = i32::from(!by_schema.is_empty() || !by_template.is_empty());
        let said = &judged.stderr;
        let by_its_judge = said.contains(SCHEMA) != by_schema.is_empty();
        let told = by_schema.iter().chain(&by_template).all(|wanted| said.contains(wanted));
        let right = judged.code == refused && by_its_judge && told && !said.contains(NUMBER);
        if right { Ok(()) } else { Err(format!("Helm ended with {} and said {said}", judged.code)) }
    });
}

#[test]
fn bad_values_are_refused_by_the_binary_as_they_say() {
    assert_each("bad", |text| {
        let wanted = verdict(text, "binary");
        let judged = run(&mut sc_job(&["render", "--values", "-"]), Some(text));
        let said = &judged.stderr;
        let found: BTreeSet<_> = said.lines().filter_map(place).collect();
        let refused = if wanted.is_empty() { 0 } else { 78 };
        let right = judged.code == refused && found == wanted && !said.contains(NUMBER);
        if right { Ok(()) } else { Err(format!("sc-job ended with {} and said {said}", judged.code)) }
    });
}

/// Code and path of a fault in the log.
fn place(line: &str) -> Option<&str> {
    let fault = line.trim_start_matches("ERROR").trim();
    fault.starts_with("SCJ").then(|| fault.split_once(": ").map_or(fault, |(place, _)| place))
}

#[test]
fn every_bad_file_says_who_refuses_it() {
    assert_each("bad", |text| {
        let [schema, template, binary] = ["schema", "template", "binary"].map(|judge| verdict(text, judge).len());
        match (schema, template, binary) {
            (0, 0, 0) => Err("nobody refuses it".to_owned()),
            (1.., 1.., _) => Err("the schema judges before any template".to_owned()),
            _ => Ok(()),
        }
    });
}
