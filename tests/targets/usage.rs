//! The command line of `sc-job targets`, and where it writes.

use std::fs::OpenOptions;
use std::io;

use crate::common::{run, sc_job};
use crate::names;

#[test]
fn an_unknown_name_is_wrong_usage_and_answered_with_the_nearest_name_and_all_of_them() {
    let refused = run(&mut sc_job(&["targets", "storage-blobs"]), None).expect(64);
    assert_eq!(refused.stdout, "");
    let expected = format!(
        "error: invalid value 'storage-blobs' for '[NAME]': there is no such target; did you mean storage-blob? \
         Allowed: {}\n\nFor more information, try '--help'.\n",
        names().join(", ")
    );
    assert_eq!(refused.stderr, expected);
}

#[test]
fn a_name_that_resembles_none_is_answered_with_all_of_them() {
    let refused = run(&mut sc_job(&["targets", "mainframe-of-the-bank"]), None).expect(64);
    let expected = format!("there is no such target; allowed: {}\n", names().join(", "));
    assert!(refused.stderr.contains(&expected), "{}", refused.stderr);
}

#[test]
fn an_unknown_form_of_output_is_wrong_usage() {
    let refused = run(&mut sc_job(&["targets", "-o", "yaml"]), None).expect(64);
    assert!(refused.stderr.contains("[possible values: text, json]"), "{}", refused.stderr);
}

#[test]
fn text_is_the_form_where_none_is_asked_for() {
    for words in [vec!["targets"], vec!["targets", "keyvault"]] {
        let plain = run(&mut sc_job(&words), None).expect(0).stdout;
        assert_eq!(run(sc_job(&words).args(["--output", "text"]), None).expect(0).stdout, plain);
    }
}

#[test]
fn a_reader_that_has_gone_is_no_failure() {
    for words in [&["targets"][..], &["targets", "postgres", "-o", "json"]] {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let output = sc_job(words).stdout(writer).output().unwrap();
        assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap()), (Some(0), String::new()));
    }
}

#[test]
fn output_for_which_there_is_no_room_is_a_failure() {
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = sc_job(&["targets", "-o", "json"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(70));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "ERROR SCJ5002 standard output cannot be written: No space left on device (os error 28). Remedy: write it to \
         where there is room\n"
    );
}
