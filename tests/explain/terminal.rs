//! What a person sees.

use sc_job::error::Code;

use crate::shown;

const FOREIGN_OBJECT: &str = "\
SCJ2003: the object belongs to somebody else

CAUSE
  An object stands under the name that the connection needs, and this release has not made it, or
  somebody has changed the labels by which it knows its own. It was left untouched. The connections
  that need it were left out whole, unless it came into being in the middle of the run; all others
  are done.

REMEDY
  give the connection its own secretName or serviceAccount.name; or take the object over with adopt:
  true, which `sc-job plan` shows beforehand; or, if nobody needs it, delete it; then run the same
  helm upgrade again

EXIT CODE
  79: some connections failed; the others are done
";

#[test]
fn the_list_has_a_line_for_each_code_in_the_order_of_numbers_and_names_the_command_for_more() {
    let list = shown(&[]);
    let (lines, foot) = list.split_once("\n\n").unwrap();
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(lines[0], "CODE     EXIT  TITLE");
    assert_eq!(lines.len(), 1 + Code::ALL.len());
    for (line, code) in lines[1..].iter().zip(Code::ALL) {
        assert!(line.starts_with(&format!("{code}  ")) && line.ends_with(&format!("  {}", code.title())), "{line}");
    }
    assert_eq!(lines[1], "SCJ1001  78    the connections cannot be read");
    assert_eq!(lines[lines.len() - 1], "SCJ5002  70    a defect of sc-job");
    assert_eq!(foot, "Cause and remedy of one: sc-job explain CODE\n");
}

#[test]
fn a_page_has_title_cause_remedy_and_exit_code() {
    assert_eq!(shown(&["SCJ2003"]), FOREIGN_OBJECT);
}

#[test]
fn every_page_has_all_that_is_known_of_its_code_within_a_terminal_of_100_columns() {
    for code in Code::ALL {
        let page = shown(&[&code.to_string()]);
        assert!(page.lines().all(|line| line.chars().count() <= 100), "{page}");
        let words = page.split_whitespace().collect::<Vec<_>>().join(" ");
        for text in [code.title(), code.cause(), code.remedy()] {
            assert!(words.contains(text), "{code} lacks: {text}\n{page}");
        }
    }
}
