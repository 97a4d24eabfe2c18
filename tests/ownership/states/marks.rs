//! Secrets of ours that have lost one of the two marks by which they are known.

use serde_json::json;

use super::super::object::{Object, SECRET};
use super::super::operation::Operation::{
    self, Adopt, Apply, DisableDelete, DisableRetain, LeaveOut, LeaveOutCluster, Move, MoveCluster, Reinstall,
    Rollback, Uninstall, Update,
};
use super::super::outcome::After::{Declared, Marked, New, Same};
use super::super::outcome::Did::{Adopted, Changed, Created, LeftAlone, Repaired, Retained, Untold};
use super::super::outcome::{Did, Line, done, refused};
use super::super::place::Place;
use super::super::state::{Declares, State, key};

const MOVED: Object = SECRET.away();

/// What is said of an object without managers.
const UNMANAGED: &str = "it names no manager";
const UNAPPLIED: &str = "its managedFields no longer say that this release has applied it";
const UNLABELLED: &str = "this release has applied it, but its label sc-extension/release or sc-extension/release-namespace was \
                          changed";

pub fn states() -> Vec<State> {
    let repaired = Repaired { fields: ".data.A", by: "" };
    vec![
        State {
            // Nobody's now, as nothing tells that they were ours.
            parts: vec![key("C", "c").of_ours()],
            ..known(
                "ours, managedFields stripped",
                "Somebody has emptied `managedFields`. The labels and the UID in the inventory tell that it is ours; enough to \
                 write it, and not to delete it. The key that the values no longer have stays: nothing tells any more \
                 that it was ours.",
                UNMANAGED,
                repaired,
                strip,
            )
        },
        unknown(
            "ours, managedFields stripped, inventory gone",
            "The same, and the inventory is gone: the labels alone could be a copy's.",
            UNMANAGED,
            |place, state| {
                strip(place, state);
                place.forget();
            },
        ),
        known(
            "ours, label removed",
            "Somebody has removed the label `sc-extension/release`. `managedFields` and the UID in the inventory tell that it \
             is ours; enough to write it, and not to delete it.",
            UNLABELLED,
            Changed,
            unlabel,
        ),
        unknown(
            "ours, label removed, inventory gone",
            "The same, and the inventory is gone. The remedy that is told gives the label back.",
            UNLABELLED,
            |place, state| {
                unlabel(place, state);
                place.forget();
            },
        ),
    ]
}

fn strip(place: &Place, state: &State) {
    state.install(place);
    place.strip(&SECRET);
}

fn unlabel(place: &Place, state: &State) {
    state.install(place);
    place.kubectl(&["label", "secret", "sc-a-secret", "sc-extension/release-"], None);
}

fn state(name: &'static str, about: &'static str, lines: Vec<Line>, prepare: fn(&Place, &State)) -> State {
    State { name, about, declares: Declares::Secret, beside: json!({}), parts: vec![], prepare, lines }
}

/// The inventory makes up for the mark that is lost.
fn known(
    name: &'static str,
    about: &'static str,
    why: &'static str,
    updated: Did,
    prepare: fn(&Place, &State),
) -> State {
    let doubt = if why == UNLABELLED { why } else { UNAPPLIED };
    let lines = vec![
        done(&[Apply, Adopt], &[(SECRET, Changed, Declared)]),
        done(&[Update, Rollback], &[(SECRET, updated, Declared)]),
        refused(&[Reinstall], "SCJ2003", why, &[(SECRET, Untold, Same)]),
        done(&[DisableRetain, LeaveOut], &[(SECRET, Retained, Same)]),
        refused(&[DisableDelete, LeaveOutCluster], "SCJ2003", doubt, &[(SECRET, Untold, Same)]),
        unrecorded(why, &[Uninstall]),
        done(&[Move], &[(MOVED, Created, New), (SECRET, Retained, Same)]),
        refused(&[MoveCluster], "SCJ2003", doubt, &[(MOVED, Created, New), (SECRET, Untold, Same)]),
    ];
    state(name, about, lines, prepare)
}

/// Without the inventory a Secret that nobody manages may be anybody's, and one without a label says whose it was.
fn unrecorded(why: &'static str, operations: &[Operation]) -> Line {
    if why == UNLABELLED {
        refused(operations, "SCJ2003", why, &[(SECRET, Untold, Same)])
    } else {
        done(operations, &[(SECRET, LeftAlone, Same)])
    }
}

fn unknown(name: &'static str, about: &'static str, why: &'static str, prepare: fn(&Place, &State)) -> State {
    let lines = vec![
        refused(&[Apply, Update, Rollback, Reinstall], "SCJ2003", why, &[(SECRET, Untold, Same)]),
        done(&[Adopt], &[(SECRET, Adopted { from: "" }, Marked)]),
        done(&[DisableRetain, LeaveOut, LeaveOutCluster], &[(SECRET, Untold, Same)]),
        unrecorded(why, &[DisableDelete, Uninstall]),
        done(&[Move, MoveCluster], &[(MOVED, Created, New), (SECRET, Untold, Same)]),
    ];
    state(name, about, lines, prepare)
}
