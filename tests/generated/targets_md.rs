//! The page of the targets: what `sc-job targets NAME` says of each, in its words.

use std::fmt::Write as _;

use sc_job::catalogue::Auth;
use sc_job::targets::{self, Entry, Parameter, Set, Sheet, Variable, words};

const HEAD: &str = "<!-- Generated from src/catalogue, do not edit; scripts/generate writes it anew. -->

# Targets

What a connection can be made of: for each target the parameters, and the variables that its Secret holds for an auth and
a client type. `sc-job targets` and `sc-job targets NAME` show the same, with `-o json` for programs.

";

/// The page as it is committed.
pub fn text() -> String {
    let entries = targets::entries().unwrap();
    let mut text = HEAD.to_owned();
    row(&mut text, &["Target", "Service", "Auths", "`az aks connection` on AKS"].map(str::to_owned));
    row(&mut text, &["---"; 4].map(str::to_owned));
    for entry in &entries {
        row(&mut text, &overview(entry));
    }
    let _ = writeln!(text, "\n{}", prose(words::PLACES));
    for entry in &entries {
        section(&mut text, &targets::sheet(entry.name).unwrap());
    }
    text
}

fn overview(entry: &Entry) -> [String; 4] {
    let list = |auths: &[Auth]| auths.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let azure_cli = match &entry.azure_cli {
        None => "not offered".to_owned(),
        Some(offer) if offer.auths != entry.auths => format!("{} only", list(offer.auths)),
        Some(offer) if offer.target != entry.name => format!("as {}", code(offer.target)),
        Some(_) => "the same".to_owned(),
    };
    [format!("[{0}](#{0})", entry.name), prose(entry.title), list(&entry.auths), azure_cli]
}

fn section(text: &mut String, sheet: &Sheet) {
    let azure_cli = sheet.azure_cli.as_ref().map(words::command).as_deref().map(code);
    let azure_cli = azure_cli.unwrap_or_else(|| words::NOT_OFFERED.to_owned());
    let _ = writeln!(text, "\n## {}\n\n{}: {azure_cli}", sheet.name, prose(sheet.title));
    for note in sheet.notes {
        let _ = write!(text, "\n- {}", prose(note));
    }
    if !sheet.notes.is_empty() {
        text.push('\n');
    }
    text.push('\n');
    row(text, &["Parameter", "Required or optional", "Default", "Example", "Description"].map(str::to_owned));
    row(text, &["---"; 5].map(str::to_owned));
    for parameter in &sheet.parameters {
        row(text, &described(sheet, parameter));
    }
    for set in &sheet.sets {
        variables(text, sheet, set);
    }
}

fn described(sheet: &Sheet, parameter: &Parameter) -> [String; 5] {
    let mark = if parameter.sensitive { ", sensitive" } else { "" };
    [
        format!("{}{mark}", code(parameter.name)),
        words::need(sheet, parameter),
        parameter.default.map(code).unwrap_or_default(),
        code(parameter.example),
        prose(parameter.description),
    ]
}

fn variables(text: &mut String, sheet: &Sheet, set: &Set) {
    let _ = writeln!(text, "\n### {}\n", prose(&words::heading(set)));
    if let Some(lack) = words::not_offered(sheet, set) {
        let _ = writeln!(text, "{}.\n", prose(&lack));
    }
    row(text, &["Variable", "Value"].map(str::to_owned));
    row(text, &["---"; 2].map(str::to_owned));
    for variable in &set.variables {
        row(text, &[marked(variable), code(variable.value)]);
    }
}

fn marked(variable: &Variable) -> String {
    let mut cell = code(variable.name);
    if variable.sensitive {
        cell.push_str(", sensitive");
    }
    if let Some(linker) = variable.linker {
        let _ = write!(cell, ", linker {}", code(linker));
    }
    cell
}

fn row(text: &mut String, cells: &[String]) {
    let _ = writeln!(text, "| {} |", cells.join(" | "));
}

/// Text in which nothing is a table's, a tag's or an emphasis's sign.
fn prose(text: &str) -> String {
    let escape = |c: char| if "|<*`\\".contains(c) { vec!['\\', c] } else { vec![c] };
    text.chars().flat_map(escape).collect()
}

/// Text as it stands. In a cell even the bar of a code span ends the cell.
fn code(text: &str) -> String {
    assert!(!text.contains('`') && !text.is_empty(), "no code span holds {text:?}");
    format!("`{}`", text.replace('|', r"\|"))
}

#[test]
fn every_row_has_the_cells_of_its_head() {
    let text = text();
    let cells = |line: &str| line.replace(r"\|", "").matches('|').count();
    let lines: Vec<&str> = text.lines().collect();
    let mut rows = 0;
    for pair in lines.windows(2).filter(|pair| pair.iter().all(|line| line.starts_with('|'))) {
        assert_eq!(cells(pair[0]), cells(pair[1]), "{}", pair[1]);
        rows += 1;
    }
    assert!(rows > 1000, "{rows} rows");
}

#[test]
fn every_link_of_the_overview_has_its_section() {
    let text = text();
    for entry in targets::entries().unwrap() {
        assert!(text.contains(&format!("\n| [{0}](#{0}) | ", entry.name)), "{}", entry.name);
        assert_eq!(text.matches(&format!("\n## {}\n", entry.name)).count(), 1, "{}", entry.name);
    }
}
