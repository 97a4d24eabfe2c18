//! What people are given to read names only what there is.

use std::path::Path;

use sc_job::error::Code;
use sc_job::exit::Exit;
use sc_job::explain::words;

use crate::common::{file, text};

/// The pages, with the chart's notes: whatever a person reads before an error, or because of it.
fn pages() -> Vec<(String, String)> {
    let docs = std::fs::read_dir(file("docs")).unwrap().map(|entry| entry.unwrap().path());
    let markdown = docs.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    let others = ["README.md", "CHANGELOG.md", "chart/values.yaml", "chart/templates/NOTES.txt"].map(file);
    let read = |path: &Path| (path.display().to_string(), std::fs::read_to_string(path).unwrap());
    markdown.chain(others).map(|path| read(&path)).collect()
}

/// The words that look like a code: `SCJ` and what follows of digits.
fn codes(text: &str) -> Vec<String> {
    let digits = |part: &str| part.chars().take_while(char::is_ascii_digit).collect::<String>();
    let named = text.split("SCJ").skip(1).map(digits).filter(|number| !number.is_empty());
    named.map(|number| format!("SCJ{number}")).collect()
}

#[test]
fn every_code_that_a_page_names_exists() {
    let mut named = 0;
    for (page, text) in pages() {
        for code in codes(&text) {
            assert!(code.parse::<Code>().is_ok(), "{page} names {code}, which does not exist");
            named += 1;
        }
    }
    assert!(named > Code::ALL.len(), "{named} codes are named");
}

#[test]
fn every_code_has_its_section_in_the_page_of_errors() {
    let errors = text("docs/errors.md");
    for code in Code::ALL {
        assert_eq!(errors.matches(&format!("\n### {code}\n")).count(), 1, "{code}");
    }
}

#[test]
fn every_link_between_the_pages_leads_to_a_heading_that_exists() {
    let mut links = 0;
    for page in ["README.md", "docs/errors.md", "docs/troubleshooting.md"] {
        let directory = file(page).parent().unwrap().to_path_buf();
        let text = text(page);
        let targets = text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap());
        for link in targets.filter(|link| !link.contains("://")) {
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() { file(page) } else { directory.join(path) };
            let target = std::fs::read_to_string(target).unwrap_or_else(|error| panic!("{page}, {link}: {error}"));
            let mut headings = target.lines().filter(|line| line.starts_with('#'));
            assert!(anchor.is_empty() || headings.any(|line| slug(line) == anchor), "{page} links to {link}");
            links += 1;
        }
    }
    assert!(links > Code::ALL.len(), "{links} links");
}

/// As GitHub makes anchors of headings.
fn slug(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().to_lowercase();
    kept.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c)).map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn the_readme_lists_the_exit_codes_in_the_words_of_the_program() {
    let readme = text("README.md");
    for exit in Exit::ALL {
        let row = format!("\n| {} | {} |\n", exit.code(), words::meaning(exit));
        assert!(readme.contains(&row), "{row}");
    }
}
