//! The command line of `sc-job explain`.

use crate::common::{run, sc_job};
use crate::shown;

/// What is answered to a code that there is not.
fn refused(code: &str) -> String {
    let refused = run(&mut sc_job(&["explain", code]), None).expect(64);
    assert_eq!(refused.stdout, "");
    refused.stderr
}

#[test]
fn a_code_may_be_written_in_letters_of_any_case_or_as_its_number() {
    let page = shown(&["SCJ4002"]);
    for word in ["scj4002", "ScJ4002", "4002"] {
        assert_eq!(shown(&[word]), page);
    }
}

#[test]
fn a_code_with_one_wrong_sign_is_wrong_usage_and_answered_with_the_nearest_code() {
    for (word, near) in [("SCJ203", "SCJ2003"), ("SC2003", "SCJ2003"), ("SCJ20003", "SCJ2003"), ("0203", "SCJ2003")] {
        let told = refused(word);
        let expected = format!(
            "error: invalid value '{word}' for '[CODE]': there is no such code; did you mean {near}? All codes: sc-job \
             explain\n\nFor more information, try '--help'.\n"
        );
        assert_eq!(told, expected);
    }
}

#[test]
fn a_word_that_resembles_no_code_is_answered_with_the_command_that_lists_them() {
    for word in ["SCJ9999", "", "conflict", "79"] {
        let expected = "': there is no such code; all codes: sc-job explain\n\nFor more information, try '--help'.\n";
        let told = refused(word);
        let expected = format!("error: invalid value '{word}' for '[CODE]{expected}");
        assert_eq!(told, expected);
    }
}

#[test]
fn text_is_the_form_where_none_is_asked_for() {
    for words in [vec![], vec!["1009"]] {
        assert_eq!(shown(&[words.as_slice(), &["--output", "text"]].concat()), shown(&words));
    }
}
