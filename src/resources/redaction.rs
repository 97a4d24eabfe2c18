//! Somebody else's words without the values of an object. An admission webhook may
//! quote what it was shown, cut off or in an encoding of its own, so that not only
//! whole values are looked for.

use std::collections::HashMap;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use serde_json::Value;

use crate::catalogue::Format;

/// A shorter value is no credential, and stands in many words by chance.
const SHORTEST_VALUE: usize = 4;

/// So many bytes of a value, or of an encoding of it, are taken out wherever they stand.
const RUN: usize = 8;

/// `text` with `***` in place of whatever it has of the values.
pub(super) fn without<'a>(text: &str, values: impl Iterator<Item = &'a str>) -> String {
    let lower = text.to_ascii_lowercase();
    let mut places: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (place, run) in lower.as_bytes().windows(RUN).enumerate() {
        places.entry(run).or_default().push(place);
    }
    let mut hidden = vec![false; text.len()];
    for form in values.flat_map(forms).filter(|form| form.len() >= SHORTEST_VALUE) {
        if form.len() < RUN {
            text.match_indices(&form).for_each(|(place, _)| hidden[place..place + form.len()].fill(true));
            continue;
        }
        for run in form.to_ascii_lowercase().as_bytes().windows(RUN) {
            for place in places.get(run).into_iter().flatten() {
                hidden[*place..place + RUN].fill(true);
            }
        }
    }
    let mut shown = String::with_capacity(text.len());
    let mut before = false;
    for (place, c) in text.char_indices() {
        let now = hidden[place..place + c.len_utf8()].contains(&true);
        match (before, now) {
            (false, true) => shown.push_str("***"),
            (_, false) => shown.push(c),
            (true, true) => {}
        }
        before = now;
    }
    shown
}

/// A value as it is and as programs write it into their messages.
fn forms(plain: &str) -> Vec<String> {
    let json = |text: &str| inner(&Value::from(text).to_string());
    let html = plain.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let mut forms = vec![
        plain.to_owned(),
        inner(&format!("{plain:?}")),
        json(plain),
        json(&json(plain)),
        Format::Url.within(plain).into_owned(),
        html.replace('"', "&quot;").replace('\'', "&#39;"),
        html.replace('"', "&#34;").replace('\'', "&apos;"),
        hexadecimal(plain),
    ];
    // Within a longer text the groups of base64 begin at another byte.
    for shift in 0..3 {
        let shifted: Vec<u8> = std::iter::repeat_n(0, shift).chain(plain.bytes()).collect();
        // Characters that depend on what stands before.
        let first = (shift * 8).div_ceil(6);
        forms.extend([STANDARD.encode(&shifted), URL_SAFE.encode(&shifted)].map(|form| form[first..].to_owned()));
    }
    forms
}

fn hexadecimal(plain: &str) -> String {
    plain.bytes().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

fn inner(quoted: &str) -> String {
    quoted[1..quoted.len() - 1].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUE: &str = "pass+word/quoted&<77aa>\"x'";

    #[test]
    fn a_value_is_taken_out_in_every_encoding() {
        for form in forms(VALUE) {
            assert_eq!(without(&format!("denied: ({form})"), [VALUE].into_iter()), "denied: (***)", "{form}");
        }
        let around = STANDARD.encode(format!("password={VALUE};"));
        let shown = without(&around, [VALUE].into_iter());
        assert!(shown.contains("***") && !around.contains(shown.trim_end_matches('*')), "{shown}");
    }

    #[test]
    fn a_part_of_a_value_is_taken_out_and_so_is_one_in_other_letters() {
        let shown = |text: &str| without(text, [VALUE].into_iter());
        assert_eq!(shown("found pass+word/qu... in it"), "found ***... in it");
        assert_eq!(shown("found PASS+WORD/QUOTED in it"), "found *** in it");
        assert_eq!(shown("the password is wrong"), "the password is wrong");
    }

    #[test]
    fn a_short_value_is_taken_out_whole_and_one_that_stands_in_many_words_is_left() {
        assert_eq!(without("hunter and ab, ähunterä", ["hunter", "ab"].into_iter()), "*** and ab, ä***ä");
        assert_eq!(without("kein Schlüsselwert hier", ["Schlüsselwert"].into_iter()), "kein *** hier");
    }
}
