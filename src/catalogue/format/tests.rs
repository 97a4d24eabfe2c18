//! Each format is read back by a parser written from the format's own rules.

use std::iter::Peekable;
use std::str::Chars;

use super::Format;

const AWKWARD: &str = r#"p@s;s w'"%&=/\ord"#;

/// The awkward password, and every string of up to three of the characters that mean something somewhere.
fn corpus() -> Vec<String> {
    let alphabet: Vec<char> = "a;='\"\\{}%&+ \n\tü".chars().collect();
    let mut all = vec![String::new()];
    let mut last = all.clone();
    for _ in 0..3 {
        last = last.iter().flat_map(|head| alphabet.iter().map(move |tail| format!("{head}{tail}"))).collect();
        all.extend_from_slice(&last);
    }
    all.extend([AWKWARD.to_owned(), "back\\slash".to_owned(), "{{ }}".to_owned(), " both ends ".to_owned()]);
    all
}

fn quoted(chars: &mut Peekable<Chars>, close: char) -> String {
    let mut value = String::new();
    while let Some(c) = chars.next() {
        if c == close && chars.next_if_eq(&close).is_none() {
            return value;
        }
        value.push(c);
    }
    panic!("the quoted value does not end");
}

/// `key=value;` pairs; a value that begins with a quote (or brace) ends with it, which doubles inside.
fn pairs(text: &str, quotes: &[(char, char)]) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut chars = text.chars().peekable();
    while chars.peek().is_some() {
        let key: String = chars.by_ref().take_while(|c| *c != '=').collect();
        let quote = chars.peek().and_then(|c| quotes.iter().find(|(open, _)| open == c));
        let value = if let Some((_, close)) = quote {
            chars.next();
            let value = quoted(&mut chars, *close);
            assert_eq!(chars.next(), Some(';'), "text follows the quoted value of {key}");
            value
        } else {
            let plain: String = chars.by_ref().take_while(|c| *c != ';').collect();
            plain.trim().to_owned()
        };
        pairs.push((key, value));
    }
    pairs
}

fn libpq(text: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut chars = text.chars().peekable();
    while chars.peek().is_some() {
        let key: String = chars.by_ref().take_while(|c| *c != '=').collect();
        let quoted = chars.next_if_eq(&'\'').is_some();
        let mut value = String::new();
        while let Some(c) = chars.next() {
            match c {
                '\\' => value.push(chars.next().unwrap()),
                '\'' if quoted => break,
                ' ' | '\n' | '\t' if !quoted => break,
                c => value.push(c),
            }
        }
        while chars.next_if(char::is_ascii_whitespace).is_some() {}
        pairs.push((key.trim().to_owned(), value));
    }
    pairs
}

/// As `URLDecoder` does: a plus is a blank, so that one in a value must be encoded too.
fn url_component(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut chars = text.bytes();
    while let Some(byte) = chars.next() {
        match byte {
            b'%' => {
                let digits = [chars.next().unwrap(), chars.next().unwrap()];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
            }
            b'+' => bytes.push(b' '),
            other => bytes.push(other),
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn jaas(text: &str) -> String {
    let mut value = String::new();
    let mut chars = text.strip_prefix('\'').unwrap().chars();
    while let Some(c) = chars.next() {
        match c {
            '\'' => {
                assert_eq!(chars.as_str(), ";", "text follows the quoted value");
                return value;
            }
            '\n' | '\r' => panic!("a quoted word ends with its line"),
            '\\' => value.push(match chars.next().unwrap() {
                'n' => '\n',
                'r' => '\r',
                other => other,
            }),
            other => value.push(other),
        }
    }
    panic!("the quoted value does not end");
}

fn pair(key: &str, value: &str) -> (String, String) {
    (key.to_owned(), value.to_owned())
}

#[test]
fn every_value_survives_ado_net_pairs() {
    for value in corpus() {
        let text = format!("Host=h;Password={};Port=1;", Format::KeyValue.escape(&value));
        let read = pairs(&text, &[('"', '"'), ('\'', '\'')]);
        assert_eq!(read, [pair("Host", "h"), pair("Password", &value), pair("Port", "1")], "{text}");
    }
}

#[test]
fn every_value_survives_braces() {
    for value in corpus() {
        let text = format!("server=h;PWD={};port=1;", Format::Braces.escape(&value));
        let read = pairs(&text, &[('{', '}')]);
        assert_eq!(read, [pair("server", "h"), pair("PWD", &value), pair("port", "1")], "{text}");
    }
}

#[test]
fn every_value_survives_libpq_keywords() {
    for value in corpus() {
        let text = format!("host=h password={} port=1", Format::Libpq.escape(&value));
        assert_eq!(libpq(&text), [pair("host", "h"), pair("password", &value), pair("port", "1")], "{text}");
    }
}

#[test]
fn every_value_survives_a_url_and_leaves_its_delimiters_alone() {
    for value in corpus() {
        let text = Format::Url.escape(&value);
        assert!(!text.contains(|c: char| ":/?#[]@!$&'()*+,;=\\\" ".contains(c)), "{text}");
        assert_eq!(url_component(&text), value);
    }
}

#[test]
fn every_value_survives_a_jaas_option() {
    for value in corpus() {
        assert_eq!(jaas(&format!("'{}';", Format::Jaas.escape(&value))), value);
    }
}

#[test]
fn an_ordinary_value_is_written_as_it_is_and_plain_writes_every_value_so() {
    for format in [Format::Plain, Format::KeyValue, Format::Braces, Format::Libpq, Format::Url, Format::Jaas] {
        for value in ["orders", "aad_shop", "5432", "a-b.c~d", "11111111-2222-3333-4444-555555555555"] {
            assert_eq!(format.escape(value), value);
        }
    }
    assert_eq!(Format::Plain.escape(AWKWARD), AWKWARD);
}
