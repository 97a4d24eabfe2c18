//! One target for a terminal.

use std::fmt::Write as _;
use std::io;

use super::{Parameter, Set, Sheet, Variable, words};
use crate::table::{self, WIDTH};

/// Title, parameters, variables, notes.
pub fn text(sheet: &Sheet) -> io::Result<String> {
    let azure_cli = sheet.azure_cli.as_ref().map_or_else(|| words::NOT_OFFERED.to_owned(), words::command);
    let mut text = format!("{}: {}\n{azure_cli}\n\nPARAMETERS\n", sheet.name, sheet.title);
    let parameters: Vec<_> = sheet.parameters.iter().map(|parameter| term(sheet, parameter)).collect();
    text.push_str(&table::definitions(&parameters)?);
    text.push_str("\nVARIABLES\n");
    table::paragraph(&mut text, "", words::PLACES);
    for set in &sheet.sets {
        text.push('\n');
        table::paragraph(&mut text, "", &words::heading(set));
        if let Some(lack) = words::not_offered(sheet, set) {
            table::paragraph(&mut text, "", &lack);
        }
        text.push_str(&variables(set)?);
    }
    if !sheet.notes.is_empty() {
        text.push_str("\nNOTES\n");
    }
    for note in sheet.notes {
        table::paragraph(&mut text, "- ", note);
    }
    Ok(text)
}

fn term(sheet: &Sheet, parameter: &Parameter) -> (String, [String; 2]) {
    let mark = if parameter.sensitive { " (sensitive)" } else { "" };
    let default = parameter.default.map(|default| format!("default {default}; ")).unwrap_or_default();
    let about = format!("{}; {default}example {}", words::need(sheet, parameter), parameter.example);
    (format!("{}{mark}", parameter.name), [parameter.description.to_owned(), about])
}

/// Names beside values, and a value for which the line is too short below its name, unbroken: values are copied.
fn variables(set: &Set) -> io::Result<String> {
    let names: Vec<String> = set.variables.iter().map(marked).collect();
    let rows = || names.iter().zip(&set.variables);
    let mut cells = String::new();
    for (name, variable) in rows() {
        let _ = writeln!(cells, "  {name}\t{}", variable.value);
    }
    let mut text = String::new();
    for (line, (name, variable)) in table::align(&cells)?.lines().zip(rows()) {
        let _ = match line.chars().count() {
            0..=WIDTH => writeln!(text, "{line}"),
            _ => writeln!(text, "  {name}\n      {}", variable.value),
        };
    }
    Ok(text)
}

fn marked(variable: &Variable) -> String {
    let linker = variable.linker.map(|linker| format!("linker {linker}"));
    let marks: Vec<String> = variable.sensitive.then(|| "sensitive".to_owned()).into_iter().chain(linker).collect();
    if marks.is_empty() { variable.name.to_owned() } else { format!("{} ({})", variable.name, marks.join(", ")) }
}
