//! The value of a variable with places to fill in: `{parameter}`, `{cloud.key}`,
//! and `{{`, `}}` for the braces themselves.

use serde::Deserialize;

/// A parsed template.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Template {
    text: String,
    parts: Vec<Part>,
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Text that is written as it stands.
    Literal(String),
    /// The value of a parameter.
    Parameter(String),
    /// A host name of the cloud.
    Cloud(String),
}

impl Template {
    /// The template as the catalogue writes it.
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The parameters it names, as often as it names them.
    pub(super) fn parameters(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Parameter(name) => Some(name.as_str()),
            Part::Literal(_) | Part::Cloud(_) => None,
        })
    }
}

impl TryFrom<String> for Template {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text.as_str();
        while let Some(at) = rest.find(['{', '}']) {
            literal.push_str(&rest[..at]);
            let (brace, doubled) = (&rest[at..=at], rest[at + 1..].starts_with(&rest[at..=at]));
            if doubled {
                literal.push_str(brace);
                rest = &rest[at + 2..];
                continue;
            }
            let place = rest[at..].strip_prefix('{').and_then(|inner| inner.split_once('}'));
            let Some((name, after)) = place else {
                return Err(format!("a single {brace} in {text}: write {brace}{brace} for the character itself"));
            };
            if !literal.is_empty() {
                parts.push(Part::Literal(std::mem::take(&mut literal)));
            }
            parts.push(part(name).ok_or_else(|| format!("{{{name}}} in {text} is no name of a parameter"))?);
            rest = after;
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            parts.push(Part::Literal(literal));
        }
        Ok(Self { text, parts })
    }
}

fn part(name: &str) -> Option<Part> {
    let word = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric());
    match name.strip_prefix("cloud.") {
        Some(key) => word(key).then(|| Part::Cloud(key.to_owned())),
        None => word(name).then(|| Part::Parameter(name.to_owned())),
    }
}

#[cfg(test)]
mod properties;

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Template, String> {
        Template::try_from(text.to_owned())
    }

    #[test]
    fn literals_parameters_and_the_cloud_are_told_apart() {
        let template = parse("https://{account}.blob.{cloud.storage}/").unwrap();
        let literal = |text: &str| Part::Literal(text.to_owned());
        assert_eq!(
            template.parts(),
            [
                literal("https://"),
                Part::Parameter("account".to_owned()),
                literal(".blob."),
                Part::Cloud("storage".to_owned()),
                literal("/"),
            ]
        );
        assert_eq!(template.parameters().collect::<Vec<_>>(), ["account"]);
    }

    #[test]
    fn doubled_braces_are_braces() {
        let template = parse("Driver={{ODBC Driver 17}};UID={{{clientId}}}").unwrap();
        assert_eq!(
            template.parts(),
            [
                Part::Literal("Driver={ODBC Driver 17};UID={".to_owned()),
                Part::Parameter("clientId".to_owned()),
                Part::Literal("}".to_owned())
            ]
        );
    }

    #[test]
    fn single_braces_and_malformed_names_are_refused() {
        for text in ["{", "a}b", "{a", "{}", "{a b}", "{cloud.}", "{cloud.a.b}", "{a{b}"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
