//! Text in columns, for a terminal of 100.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use tabwriter::TabWriter;

/// The columns of the terminal that everything but a value keeps to.
pub const WIDTH: usize = 100;

/// Aligns the cells of tab-separated lines.
pub fn align(lines: &str) -> io::Result<String> {
    let mut writer = TabWriter::new(Vec::new()).minwidth(0).padding(2);
    writer.write_all(lines.as_bytes())?;
    let bytes = writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

/// Terms, and beside them two paragraphs that explain each.
pub fn definitions(terms: &[(String, [String; 2])]) -> io::Result<String> {
    let longest = terms.iter().map(|(term, _)| term.chars().count()).max().unwrap_or_default();
    let mut lines = String::new();
    for (term, paragraphs) in terms {
        let mut term = term.as_str();
        for line in paragraphs.iter().flat_map(|paragraph| wrap(paragraph, WIDTH.saturating_sub(longest + 4))) {
            let _ = writeln!(lines, "  {term}\t{line}");
            term = "";
        }
    }
    align(&lines)
}

/// Appends a paragraph, the first line after `first`, the others after as many blanks.
pub fn paragraph(text: &mut String, first: &str, words: &str) {
    let mut before = first.to_owned();
    for line in wrap(words, WIDTH - first.len()) {
        let _ = writeln!(text, "{before}{line}");
        before = " ".repeat(first.len());
    }
}

/// Breaks at blanks, into lines of `width` where no word is longer.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_at_blanks_and_long_words_are_left_whole() {
        assert_eq!(wrap("ab cd ef", 5), ["ab cd", "ef"]);
        assert_eq!(wrap("ab cd ef", 4), ["ab", "cd", "ef"]);
        assert_eq!(wrap("a longerword b", 4), ["a", "longerword", "b"]);
    }

    #[test]
    fn what_follows_a_paragraphs_first_line_stands_below_it() {
        let mut text = String::new();
        paragraph(&mut text, "- ", "word ".repeat(21).trim_end());
        assert_eq!(text, format!("- {}\n  {}\n", ["word"; 19].join(" "), ["word"; 2].join(" ")));
    }

    #[test]
    fn explanations_stand_in_a_column_beside_the_terms() {
        let term = |name: &str, about: [&str; 2]| (name.to_owned(), about.map(str::to_owned));
        let terms = [term("a", ["first", "second"]), term("bcd", ["third", "fourth"])];
        assert_eq!(definitions(&terms).unwrap(), "  a    first\n       second\n  bcd  third\n       fourth\n");
    }
}
