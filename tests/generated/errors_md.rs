//! The page of the errors: what `sc-job explain CODE` says of each, in its words.

use std::fmt::Write as _;

use sc_job::error::Code;
use sc_job::exit::Exit;
use sc_job::explain::{Explanation, words};

const HEAD: &str = "<!-- Generated from src/error/codes.rs, do not edit; scripts/generate writes it anew. -->

# Errors

Every fault of sc-job has a code that does not change, the place (a path in the values, or an object), the reason, and a
remedy. `sc-job explain` lists the codes, `sc-job explain CODE` shows what stands here of one, with `-o json` for
programs. Where no code is to be seen, because the pod never ran: [troubleshooting.md](troubleshooting.md).

## Where a fault is told

No place shows a value of a Secret.

| Place | What stands there | How long |
| --- | --- | --- |
| what `helm upgrade` prints | the log of the Job. Helm's own last line is only that the Job failed | |
| `kubectl logs job/sc-job -n sc-system` | a line for each connection as it is done or refused, then the last line: exit code, counts, the first fault with its remedy, and the codes of the others | until the next upgrade |
| `kubectl describe pod -l job-name=sc-job -n sc-system` | the exit code, and as Message the last line and the faults of the other connections, up to 4 KiB | until the next upgrade |
| `kubectl describe job/sc-job -n sc-system` | among its Events the last line, with the code as reason | an hour |
| `kubectl events -n sc-system --for configmap/sc-connections` | a Warning for each failed connection, with the code as reason; 25 of a run | an hour |
| `kubectl get configmap sc-connections -n sc-system -o yaml` | outcome, code and reason of each connection; in `_lastFailure` the last failed run, which stays after later successes | until `helm uninstall` |

Events and ConfigMap say nothing of a run that could not ask the API server (SCJ3002, SCJ4001, SCJ5001), and of one that
was told to stop (SCJ4003) only if it answers within half a second; nor of a wrong setting (SCJ1011) and a panic
(SCJ5002): the log and the Message of the pod do. After a
rollback the Job is `job/sc-job-rollback`. It exits 0 whatever it found, since Helm would block every later upgrade: its
faults stand in the other places.

## Exit codes

";

/// The groups of codes, by the first digit.
const GROUPS: [(u16, &str, &str); 5] = [
    (
        1,
        "input",
        "The values are judged as a whole before anything else is done: all their faults are told in one run.",
    ),
    (2, "state of the cluster", "A fault of this group is that of one connection: the others are done."),
    (3, "permission", "What the ServiceAccount of the Job, or the person with a kubeconfig, may do."),
    (4, "API server and time", "The next run goes on where this one stopped: what is right already is left as it is."),
    (5, "the program itself", "Neither the values nor the objects are to blame."),
];

/// The page as it is committed.
pub fn text() -> String {
    let mut text = HEAD.to_owned();
    row(&mut text, &["Exit code", "Meaning", "Codes"]);
    row(&mut text, &["---"; 3]);
    for exit in Exit::ALL {
        let codes = Code::ALL.iter().filter(|code| Exit::of(**code) == exit).map(|code| link(*code));
        row(&mut text, &[&exit.code().to_string(), words::meaning(exit), &codes.collect::<Vec<_>>().join(", ")]);
    }
    for (digit, title, about) in GROUPS {
        let codes = || Code::ALL.iter().copied().filter(|code| code.number() / 1000 == digit);
        let _ = write!(text, "\n## {digit}xxx: {title}\n\n{about}\n\n");
        row(&mut text, &["Code", "Title"]);
        row(&mut text, &["---"; 2]);
        codes().for_each(|code| row(&mut text, &[&link(code), code.title()]));
        codes().for_each(|code| section(&mut text, &code.into()));
    }
    text
}

fn section(text: &mut String, explanation: &Explanation) {
    let Explanation { code, title, cause, remedy, exit, .. } = explanation;
    let _ = write!(text, "\n### {code}\n\n**{}.** {}\n\n", capital(title), prose(cause));
    let _ = write!(text, "**Remedy:** {}.\n\nExit code: {exit}\n", prose(remedy));
}

fn link(code: Code) -> String {
    format!("[{code}](#{})", code.to_string().to_lowercase())
}

fn capital(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn row(text: &mut String, cells: &[&str]) {
    let _ = writeln!(text, "| {} |", cells.join(" | "));
}

/// Text outside of a cell, whose code spans are Markdown's already, and in which nothing else is a sign.
fn prose(text: &str) -> String {
    assert!(text.matches('`').count().is_multiple_of(2), "a code span does not end: {text}");
    let outside = text.split('`').step_by(2).collect::<String>();
    assert!(!outside.contains(['<', '*', '\\', '_']), "outside of a code span this is Markdown's: {text}");
    text.to_owned()
}

#[test]
fn every_code_stands_once_in_the_table_of_its_group_and_once_as_a_section() {
    let text = text();
    for code in Code::ALL {
        let title = code.title();
        assert_eq!(text.matches(&format!("\n| {} | {title} |\n", link(*code))).count(), 1, "{code}");
        assert_eq!(text.matches(&format!("\n### {code}\n")).count(), 1, "{code}");
    }
}
