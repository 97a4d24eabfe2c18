//! A value stands in the text of its variable so that it cannot end there, and nothing of it is read as something else.
//! Real clients read the texts in tests/clients; here the values are random.

use std::collections::BTreeMap;

use proptest::prelude::*;
use sc_job::catalogue::{self, Cloud, Variable};
use sc_job::secret_value::SecretValue;
use url::Url;

use super::catalogue::{Choice, choice, formats};
use super::runner::check;
use super::text;

const CASES: u32 = 400;

/// Stands where a value will be, and has nothing in it that any format would escape.
const PROBE: &str = "zq0probe9qz";

type Values = BTreeMap<&'static str, String>;

/// A choice with a value for each parameter of its variables.
fn filled() -> impl Strategy<Value = (Choice, Values)> {
    choice().prop_flat_map(|choice| {
        let parameters = choice.set.parameters().into_iter();
        let value = |name| (Just(name), text::parameter(choice.target, name));
        (Just(choice), parameters.map(value).collect::<Vec<_>>())
            .prop_map(|(choice, values)| (choice, values.into_iter().collect()))
    })
}

fn public() -> Cloud {
    catalogue::cloud("AzurePublic").unwrap().unwrap()
}

fn rendered(variable: &Variable, values: &Values) -> String {
    let values = values.iter().map(|(name, value)| ((*name).to_owned(), SecretValue::from(value.as_str()))).collect();
    variable.render(&values, &public()).unwrap().expose().to_owned()
}

/// Each variable of a format, with the text that it has for the values.
fn of_format<'a>(
    choice: &Choice,
    format: &'a str,
    values: &'a Values,
) -> impl Iterator<Item = (&'static Variable, String)> {
    let variables = choice.set.variables.iter().zip(formats(choice)).filter(move |(_, known)| *known == format);
    variables.map(|(variable, _)| (variable, rendered(variable, values)))
}

/// How a value is written: the text between what stands before and behind it.
fn written(variable: &Variable, values: &Values, name: &'static str, whole: &str) -> Option<String> {
    let mut probed = values.clone();
    probed.insert(name, PROBE.to_owned());
    let around = rendered(variable, &probed);
    let (before, behind) = around.split_once(PROBE)?;
    whole.strip_prefix(before)?.strip_suffix(behind).map(str::to_owned)
}

/// Applies `property` to each value in each variable of a format: how it is written, and the value itself.
fn each(format: &'static str, property: impl Fn(&str, &str) -> bool) {
    check(CASES, filled(), |(choice, values)| {
        for (variable, whole) in of_format(&choice, format, &values) {
            let once = |name: &&str| variable.parameters().filter(|other| other == name).count() == 1;
            for name in variable.parameters().filter(once) {
                let written = written(variable, &values, name, &whole);
                let Some(written) = written else {
                    return Err(TestCaseError::fail(format!("{name} has changed the text around it: {whole}")));
                };
                // What Spring reads as `${`.
                let read = written.replace("$${:}{", "${");
                prop_assert!(property(&read, &values[name]), "{name} is written as {written}");
            }
        }
        Ok(())
    });
}

/// The text within a pair of quotes.
fn quoted(written: &str, open: char, close: char) -> Option<&str> {
    written.strip_prefix(open)?.strip_suffix(close)
}

/// The text without its backslashes, of which each keeps the character behind it or stands with it for another one;
/// `None` where a quote has none.
fn unescaped(text: &str, others: &[(char, char)]) -> Option<String> {
    let mut characters = text.chars();
    let mut plain = String::new();
    while let Some(character) = characters.next() {
        plain.push(match character {
            '\\' => {
                let kept = characters.next()?;
                others.iter().find(|(name, _)| *name == kept).map_or(kept, |(_, other)| *other)
            }
            '\'' => return None,
            other => other,
        });
    }
    Some(plain)
}

#[test]
fn a_value_of_ado_net_pairs_ends_where_it_should() {
    each("keyValue", |written, value| match quoted(written, '"', '"') {
        Some(inner) => !inner.replace("\"\"", "").contains('"') && inner.replace("\"\"", "\"") == value,
        None => written == value && !written.contains([';', '=', '"', '\'']) && written.trim() == written,
    });
}

#[test]
fn a_value_in_braces_ends_where_it_should() {
    each("braces", |written, value| match quoted(written, '{', '}') {
        Some(inner) => !inner.replace("}}", "").contains('}') && inner.replace("}}", "}") == value,
        None => written == value && !written.contains([';', '=', '{', '}']) && written.trim() == written,
    });
}

#[test]
fn a_value_of_libpq_keywords_ends_where_it_should() {
    each("libpq", |written, value| match quoted(written, '\'', '\'') {
        Some(inner) => unescaped(inner, &[]).is_some_and(|plain| plain == value),
        None => written == value && !written.contains(['\'', '\\']) && !written.contains(char::is_whitespace),
    });
}

#[test]
fn a_value_of_a_jaas_option_ends_where_it_should() {
    each("jaas", |written, value| {
        let plain = unescaped(written, &[('n', '\n'), ('r', '\r')]);
        plain.is_some_and(|plain| plain == value) && !written.contains(['\n', '\r'])
    });
}

#[test]
fn a_value_in_a_url_has_none_of_the_characters_that_a_url_is_made_of() {
    each("url", |written, _| written.chars().all(|c| c.is_ascii_alphanumeric() || "-._~%".contains(c)));
}

/// The values in a URL, decoded, and what is left of it: its shape.
fn parts(url: &Url) -> (Vec<String>, Vec<String>) {
    let path = url.path_segments().into_iter().flatten().map(percent_decoded);
    let authority = [url.username(), url.password().unwrap_or_default(), url.host_str().unwrap_or_default()];
    let values = authority.map(percent_decoded);
    let query = url.query_pairs().map(|(_, value)| value.into_owned());
    let shape =
        [url.scheme().to_owned(), format!("{:?} {:?}", url.port(), url.fragment()), path.clone().count().to_string()];
    let keys = url.query_pairs().map(|(key, _)| key.into_owned());
    (values.into_iter().chain(path).chain(query).collect(), shape.into_iter().chain(keys).collect())
}

/// A component as a form field, which is decoded alike but for `+`, and no value has a bare one.
fn percent_decoded(component: &str) -> String {
    let pair = format!("v={}", component.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(pair.as_bytes()).map(|(_, value)| value.into_owned()).collect()
}

#[test]
fn a_url_has_the_parts_of_its_template_and_each_value_is_in_one_of_them() {
    let parse = |text: &str| {
        let url = Url::parse(text.trim_start_matches("jdbc:"));
        url.map(|url| parts(&url)).map_err(|error| TestCaseError::fail(format!("{error}: {text}")))
    };
    check(CASES, filled(), |(choice, values)| {
        // The port is part of the shape.
        let example = |(name, value): (&&'static str, &String)| {
            (*name, if *name == "port" { value.clone() } else { choice.target.parameters[*name].example.clone() })
        };
        let examples: Values = values.iter().map(example).collect();
        for (variable, text) in of_format(&choice, "url", &values) {
            let (found, shape) = parse(&text)?;
            prop_assert_eq!(shape, parse(&rendered(variable, &examples))?.1, "{}", text);
            for name in variable.parameters().filter(|name| *name != "port") {
                prop_assert!(found.iter().any(|part| part.contains(&values[name])), "{name} is not in {text}");
            }
        }
        Ok(())
    });
}

/// Storage, Service Bus, App Configuration and StackExchange.Redis split their strings without any quoting.
#[test]
fn a_value_that_cannot_be_quoted_has_no_separator_in_it() {
    check(CASES, filled(), |(choice, values)| {
        for (variable, text) in of_format(&choice, "plain", &values) {
            let pairs = |separator: &char| variable.template().split(*separator).any(|pair| pair.contains("={"));
            let Some(separator) = [';', ','].into_iter().filter(|c| variable.template().contains(*c)).find(pairs)
            else {
                continue;
            };
            let segments = |text: &str| text.split(separator).count();
            prop_assert_eq!(segments(&text), segments(variable.template()), "{}", text);
        }
        Ok(())
    });
}

#[test]
fn a_client_secret_cannot_end_its_segment_of_a_string_without_quoting() {
    let signalr = catalogue::target("signalr").unwrap().unwrap();
    let accepts = |secret: &str| signalr.parameters["clientSecret"].accepts(secret);
    assert!(accepts("a~B8.c_D-9") && !accepts("a;Endpoint=https://elsewhere") && !accepts("a b"));
}

/// A client of HTTP takes such a segment away, and the one before it.
#[test]
fn no_value_of_an_address_is_a_segment_that_clients_resolve() {
    let address = |variable: &&Variable| variable.template().starts_with("https://");
    for choice in super::catalogue::CHOICES.iter() {
        for name in choice.set.variables.iter().filter(address).flat_map(Variable::parameters) {
            for dots in [".", ".."] {
                assert!(!choice.target.parameters[name].accepts(dots), "{choice:?}: {name} may be {dots}");
            }
        }
    }
}
