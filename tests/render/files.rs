//! Files that cannot be read, are no YAML, or are made to cost much.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use super::judges::{faults, faults_of, judge};
use crate::common::{CANARY, sc_job};

const MIB: usize = 1024 * 1024;

fn assert_only(faults: &[String], beginning: &str) {
    assert!(faults.len() == 1 && faults[0].starts_with(beginning), "wanted: {beginning}\nfound: {faults:.2000?}");
}

#[test]
fn a_text_that_is_no_yaml_is_refused_with_its_place_and_without_a_word_of_it() {
    let c = CANARY;
    for (text, told) in [
        (format!("connections: {{a: \"{c}"), "the text is not valid YAML at line 1, column 32"),
        (format!("connections:\n\ta: {c}"), "the text is not valid YAML at line 2, column 1"),
        (format!("connections: {c}: {c}"), "the text is not valid YAML at line 1, column 27"),
        (format!("connections: *{c}"), "the text is not valid YAML at line 1, column 14"),
        (format!("---\na: {c}\n---\nb: {c}\n"), "the text is not valid YAML"),
        (format!("a: {c}\0"), "the text is not valid YAML at line 1, column 1"),
        (format!("a: !!int {c}"), "the text is not valid YAML at line 1, column 4"),
        (format!("a: \"\\{c}\""), "the text is not valid YAML at line 1, column 5"),
        (format!("a: &{c} b\nc: *{c}x"), "the text is not valid YAML at line 2, column 4"),
        (format!("%YAML {c}"), "the text is not valid YAML at line 1, column 7"),
        (format!("connections: &x [*x, {c}]"), "the text is nested too deeply at line 1, column 14"),
    ] {
        assert_only(&faults(&text), &format!("SCJ1002 FILE: {told}. Remedy: "));
    }
}

#[test]
fn bytes_that_are_no_utf_8_are_refused_with_the_advice_to_save_the_file_as_utf_8() {
    let found = faults([b"connections: {a: {data: {A: '", CANARY.as_bytes(), b"\xff'}}}"].concat());
    assert_eq!(
        found,
        ["SCJ1001 FILE: cannot be read: stream did not contain valid UTF-8. Remedy: save the file as UTF-8"]
    );
}

#[test]
fn a_key_that_stands_twice_is_refused_at_every_level_in_yaml_and_in_json() {
    let c = CANARY;
    for (text, key) in [
        (format!("connections: {{a: {{data: {{A: {c}}}}}}}\nconnections: {{}}"), "connections"),
        (format!("connections: {{a: {{data: {{A: {c}}}}}, a: {{data: {{A: {c}}}}}}}"), "a"),
        (format!("connections: {{a: {{namespace: {c}, namespace: {c}}}}}"), "namespace"),
        (format!("connections: {{a: {{data: {{A: {c}, 'A': {c}}}}}}}"), "A"),
        (format!("{{\"connections\": {{\"a\": {{\"data\": {{\"A\": \"{c}\", \"A\": \"{c}\"}}}}}}}}"), "A"),
    ] {
        let found = faults(&text);
        assert_only(&found, &format!("SCJ1002 FILE: duplicate entry with key \"{key}\""));
        assert!(found[0].contains(": each key may stand once. Remedy: "), "{found:?}");
    }
}

#[test]
fn a_document_that_is_no_mapping_is_refused_as_a_whole() {
    for text in [format!("[{CANARY}]"), CANARY.to_owned(), "905210771".to_owned(), format!("!x {CANARY}")] {
        assert_only(&faults(&text), "SCJ1004 FILE: the document must be a mapping. Remedy: ");
    }
}

#[test]
fn a_path_that_holds_no_connections_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("none");
    let told = "SCJ1001 FILE: cannot be read: No such file or directory (os error 2). Remedy: ";
    assert_only(&faults_of(&missing, &[]), told);

    fs::write(folder.path().join("values.yaml"), CANARY).unwrap();
    let run = judge(sc_job(&[]).env("SC_JOB_INPUT", folder.path()).env("KUBECONFIG", "none"), &[]).expect(78);
    let told = format!("SCJ1001 {}: the directory holds no connections (*.json). Remedy: ", folder.path().display());
    assert!(run.last_line().contains(&told), "{}", run.stderr);
    let render = judge(sc_job(&["render", "-f"]).arg(folder.path()), &[]).expect(78);
    assert!(render.last_line().contains(&told), "{}", render.stderr);
}

#[test]
fn a_file_without_the_right_to_read_it_is_refused() {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(&file, CANARY).unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o000)).unwrap();
    // Root reads every file, unless it gives that up.
    let may_read = fs::read(&file).is_ok();
    let without = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"];
    let told = "SCJ1001 FILE: cannot be read: Permission denied (os error 13). Remedy: ";
    assert_only(&faults_of(file.path(), if may_read { &without } else { &[] }), told);
}

#[test]
fn depth_and_aliases_that_are_made_to_cost_much_end_in_bounded_time() {
    let deep = MIB / 4;
    let laughs = (1..30).fold(format!("a0: &a0 [{CANARY}]\n"), |text, n| {
        let before = format!("*a{},", n - 1);
        format!("{text}a{n}: &a{n} [{}]\n", before.repeat(9))
    });
    for (text, told) in [
        ("[".repeat(deep), "the text is nested too deeply at line 1, column 128."),
        ("{\"a\":".repeat(deep), "the text is nested too deeply at line 1, column 636."),
        ("{a: ".repeat(deep), "the text is nested too deeply at line 1, column "),
        ("a: [\n".repeat(deep), "the text is nested too deeply at line "),
        ("- ".repeat(deep), "the text is nested too deeply at line 1, column 257."),
        (laughs, "the text is not valid YAML"),
        (
            format!("a: &a [{}]\nb: [{}]\n", "x,".repeat(5_000), "*a,".repeat(5_000)),
            "its aliases stand for more than 1000000 values.",
        ),
    ] {
        assert_only(&faults(&text), &format!("SCJ1002 FILE: {told}"));
    }
}

#[test]
fn five_mebibytes_of_rubbish_are_refused() {
    // Printable characters in an order that a linear congruential generator gives.
    let mut state = 5_u32;
    let mut character = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b' ' + u8::try_from(state >> 24).unwrap() % 95)
    };
    let noise: String = (0..5 * MIB).map(|_| character()).collect();
    for text in [noise, "x".repeat(5 * MIB), format!("connections: {}", "*a ".repeat(2 * MIB))] {
        let found = faults(&text);
        assert!(found.len() == 1 && found[0].len() < 300, "{} faults: {found:.300?}", found.len());
    }
}

#[test]
fn five_mebibytes_of_connections_are_taken() {
    let long = format!("{CANARY}{}", "x".repeat(220));
    let connection = |n: u32| (format!("c{n:05}"), json!({"namespace": "shop", "data": {"KEY": long}}));
    let mut connections: serde_json::Map<_, _> = (0..20_000).map(connection).collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("values.json");
    fs::write(&file, json!({"connections": connections}).to_string()).unwrap();
    assert!(fs::metadata(&file).unwrap().len() > 5 * MIB as u64);
    let shown = judge(sc_job(&["render", "-f"]).arg(&file), &[]).expect(0);
    assert_eq!(shown.stdout.matches("\nkind: Secret\n").count(), 20_000);

    connections["c19999"]["namespace"] = format!("Shop {CANARY}").into();
    let found = faults(json!({"connections": connections}).to_string());
    assert_only(&found, "SCJ1006 connections.c19999.namespace: ");
}

#[test]
fn a_file_that_declares_nothing_renders_nothing() {
    for text in ["", "\n# nothing\n", "{}", "connections:", "connections: {}", "connections: {a: null}", "null"] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("values.yaml");
        fs::write(&file, text).unwrap();
        let shown = judge(sc_job(&["render", "-f"]).arg(&file), &[]).expect(0);
        assert_eq!(shown.stdout, "", "{text}");
    }
}
