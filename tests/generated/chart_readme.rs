//! The README of the chart: each value with its default and its comment in `chart/values.yaml`. Names and defaults come
//! from the YAML library, which drops comments: these are read by lines, and must stand above their keys.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_yaml::Value;

const VALUES: &str = include_str!("../../chart/values.yaml");
const CHART: &str = include_str!("../../chart/Chart.yaml");

const EXAMPLE: &str = include_str!("../../chart/ci/references-values.yaml");

const HEAD: &str = "<!-- Generated from Chart.yaml and values.yaml: edit these. -->\n\n";

const INSTALL: &str = "
```sh
helm upgrade --install sc-extension CHART --namespace sc-system --create-namespace --values values.yaml
```

`CHART` is this directory, its package (`sc-extension-….tgz`) or where a registry has that (`oci://…`). One release per
namespace. The notes of the release tell what to write in the pods that use the connections. Values may look like this:

```yaml
";

const FURTHER: &str = "```

The image tells the rest, `sc-job` being `docker run --rm REGISTRY/sc-job:VERSION`: `sc-job targets [NAME]` which targets there
are, what each needs and which variables it makes; `sc-job explain [CODE]` what a code of a fault means; `sc-job --help` how
to see the objects of a values file, and what a run would change. The documentation in the sources goes through ownership,
upgrades, GitOps and troubleshooting.

## Values
";

/// The README as it is committed.
pub fn text() -> String {
    let chart: Value = serde_yaml::from_str(CHART).unwrap();
    let field = |name: &str| chart[name].as_str().unwrap();
    let mut text = format!(
        "{HEAD}# {}\n\n{}.\n\nKubernetes: `{}`. Helm: 3.18 or newer, or 4.2.2 or newer. Licence: {}.\n{INSTALL}{EXAMPLE}{FURTHER}",
        field("name"),
        prose(field("description")),
        field("kubeVersion"),
        chart["annotations"]["artifacthub.io/license"].as_str().unwrap(),
    );
    let values: Value = serde_yaml::from_str(VALUES).unwrap();
    let comments = comments();
    for (key, value) in values.as_mapping().unwrap() {
        section(&mut text, key.as_str().unwrap(), value, &comments);
    }
    text
}

/// A key of the top level, with all that has a comment below it.
fn section(text: &mut String, key: &str, value: &Value, comments: &BTreeMap<String, Vec<&str>>) {
    let _ = writeln!(text, "\n### {key}");
    let below = documented(key, value, comments);
    if below.is_empty() {
        let _ = write!(text, "\nDefault: `{}`\n", json(value));
    }
    if let Some(comment) = comments.get(key) {
        let _ = write!(text, "\n{}", body(comment, ""));
    }
    for (path, value) in below {
        let _ = write!(text, "\n- `{path}`, default `{}`\n\n{}", json(value), body(&comments[&path], "  "));
    }
}

/// The values below `path`, which end where a key has no comment: what stands deeper is an example of its form.
fn documented<'a>(path: &str, value: &'a Value, comments: &BTreeMap<String, Vec<&str>>) -> Vec<(String, &'a Value)> {
    let mut found = Vec::new();
    for (key, value) in value.as_mapping().into_iter().flatten() {
        let path = format!("{path}.{}", key.as_str().unwrap());
        if comments.contains_key(&path) {
            found.push((path.clone(), value));
        }
        found.extend(documented(&path, value, comments));
    }
    found
}

fn json(value: &Value) -> String {
    serde_json::to_string(value).unwrap()
}

/// The lines of the comment directly above each key, without their sign, by the path of the key.
fn comments() -> BTreeMap<String, Vec<&'static str>> {
    let mut comments = BTreeMap::new();
    let mut path: Vec<&str> = Vec::new();
    let mut above = Vec::new();
    for line in VALUES.lines() {
        let content = line.trim_start();
        if let Some(comment) = content.strip_prefix('#') {
            above.push(comment.strip_prefix(' ').unwrap_or(comment));
            continue;
        }
        let key = content.split_once(':').map(|(key, _)| key);
        if let Some(key) = key.filter(|key| !key.starts_with('-')) {
            path.truncate((line.len() - content.len()) / 2);
            path.push(key);
            if !above.is_empty() {
                comments.insert(path.join("."), std::mem::take(&mut above));
            }
        }
        above.clear();
    }
    comments
}

/// A comment as Markdown: paragraphs, and lines that are indented as a block of code.
fn body(comment: &[&str], margin: &str) -> String {
    let mut text = String::new();
    for block in comment.chunk_by(|line, next| kind(line) == kind(next)) {
        let lines = match kind(block[0]) {
            Kind::Blank => continue,
            Kind::Prose => vec![prose(&block.join(" "))],
            Kind::Code => {
                let indent = block.iter().map(|line| line.len() - line.trim_start().len()).min().unwrap();
                let code = block.iter().map(|line| line[indent..].to_owned());
                ["```text".to_owned()].into_iter().chain(code).chain(["```".to_owned()]).collect()
            }
        };
        if !text.is_empty() {
            text.push('\n');
        }
        for line in lines {
            let _ = writeln!(text, "{margin}{line}");
        }
    }
    text
}

#[derive(PartialEq)]
enum Kind {
    Blank,
    Prose,
    Code,
}

fn kind(line: &str) -> Kind {
    match line {
        "" => Kind::Blank,
        _ if line.starts_with(' ') => Kind::Code,
        _ => Kind::Prose,
    }
}

/// Text whose code spans are Markdown's already, and in which nothing else is a tag's or an emphasis's sign.
fn prose(text: &str) -> String {
    assert!(text.matches('`').count().is_multiple_of(2), "a code span does not end: {text}");
    let escape = |c: char| if "<*\\".contains(c) { vec!['\\', c] } else { vec![c] };
    let parts = text.split('`').enumerate().map(|(index, part)| match index % 2 {
        0 => part.chars().flat_map(escape).collect(),
        _ => part.to_owned(),
    });
    parts.collect::<Vec<String>>().join("`")
}

#[test]
fn every_value_has_a_comment_or_stands_below_one_that_is_no_mere_group() {
    let values: Value = serde_yaml::from_str(VALUES).unwrap();
    let comments = comments();
    let mut lacking = Vec::new();
    for (key, value) in values.as_mapping().unwrap() {
        let key = key.as_str().unwrap();
        let fields =
            value.as_mapping().into_iter().flatten().map(|(field, _)| format!("{key}.{}", field.as_str().unwrap()));
        let fields: Vec<_> = fields.collect();
        if fields.is_empty() {
            lacking.extend((!comments.contains_key(key)).then(|| key.to_owned()));
        }
        lacking.extend(fields.into_iter().filter(|field| !comments.contains_key(field)));
    }
    assert_eq!(lacking, Vec::<String>::new(), "no comment directly above");
}

#[test]
fn every_comment_that_stands_above_a_key_is_in_the_readme() {
    let text = text();
    let comments = comments();
    assert!(comments.len() > 30, "{} comments", comments.len());
    for path in comments.keys() {
        let shown = [format!("\n### {path}\n"), format!("\n- `{path}`, default ")];
        assert!(shown.iter().any(|shown| text.contains(shown)), "{path}");
    }
}
