//! Secrets that this release has made, and what others did to them.

use serde_json::json;

use super::super::object::SECRET;
use super::super::operation::Operation::{
    Adopt, Apply, DisableDelete, DisableRetain, LeaveOut, LeaveOutCluster, Move, MoveCluster, Reinstall, Rollback,
    Uninstall, Update,
};
use super::super::outcome::After::{Declared, Gone, New, Same, Theirs};
use super::super::outcome::Did::{
    AlreadyGone, Changed, Created, Deleted, Repaired, Retained, Unchanged, Untold, WithdrewBeside,
};
use super::super::outcome::{Did, Line, done, refused, senseless};
use super::super::state::{Declares, Part, State, Version, encoded, key, part, value};

const MOVED: super::super::object::Object = SECRET.away();

pub fn states() -> Vec<State> {
    vec![absent(), deleted(), ours(), shared(), edited(), taken(), agreed(), immutable()]
}

fn state(name: &'static str, about: &'static str, lines: Vec<Line>) -> State {
    State {
        name,
        about,
        declares: Declares::Secret,
        beside: json!({}),
        parts: Vec::new(),
        prepare: |place, state| state.install(place),
        lines,
    }
}

fn absent() -> State {
    let nothing = "nothing is installed before";
    let lines = vec![
        done(&[Apply, Adopt], &[(SECRET, Created, New)]),
        done(&[DisableRetain], &[(SECRET, Untold, Gone)]),
        done(&[DisableDelete, Uninstall], &[(SECRET, AlreadyGone, Gone)]),
        senseless(&[Update, Rollback, LeaveOut, LeaveOutCluster, Move, MoveCluster, Reinstall], nothing),
    ];
    State {
        prepare: |_, _| {},
        ..state("absent", "Nothing was installed before, and there is no Secret of this name.", lines)
    }
}

fn deleted() -> State {
    let lines = vec![
        done(&[Apply, Update, Rollback, Adopt, Reinstall], &[(SECRET, Created, New)]),
        done(&[DisableRetain, LeaveOut], &[(SECRET, Retained, Gone)]),
        done(&[DisableDelete, LeaveOutCluster, Uninstall], &[(SECRET, AlreadyGone, Gone)]),
        done(&[Move], &[(MOVED, Created, New), (SECRET, Retained, Gone)]),
        done(&[MoveCluster], &[(MOVED, Created, New), (SECRET, AlreadyGone, Gone)]),
    ];
    State {
        prepare: |place, state| {
            state.install(place);
            place.delete(&SECRET);
        },
        ..state("ours, deleted by somebody", "The Secret of this release was deleted with kubectl.", lines)
    }
}

fn ours() -> State {
    let lines = vec![
        done(&[Apply, Adopt, Reinstall], &[(SECRET, Unchanged, Same)]),
        done(&[Update, Rollback], &[(SECRET, Changed, Declared)]),
        done(&[DisableRetain, LeaveOut], &[(SECRET, Retained, Same)]),
        done(&[DisableDelete, LeaveOutCluster, Uninstall], &[(SECRET, Deleted, Gone)]),
        done(&[Move], &[(MOVED, Created, New), (SECRET, Retained, Same)]),
        done(&[MoveCluster], &[(MOVED, Created, New), (SECRET, Deleted, Gone)]),
    ];
    state("ours", "The Secret as this release has made it.", lines)
}

fn shared() -> State {
    let lines = vec![
        done(&[Apply, Adopt, Reinstall], &[(SECRET, Unchanged, Same)]),
        done(&[Update, Rollback], &[(SECRET, Changed, Declared)]),
        done(&[DisableRetain, LeaveOut], &[(SECRET, Retained, Same)]),
        done(&[DisableDelete, LeaveOutCluster, Uninstall], &[(SECRET, WithdrewBeside("reflector"), Theirs)]),
        done(&[Move], &[(MOVED, Created, New), (SECRET, Retained, Same)]),
        done(&[MoveCluster], &[(MOVED, Created, New), (SECRET, WithdrewBeside("reflector"), Theirs)]),
    ];
    State {
        parts: theirs(),
        prepare: |place, state| {
            state.install(place);
            let theirs = json!({
                "data": {"THEIRS": encoded("theirs")},
                "metadata": {"labels": {"theirs": "1"}, "annotations": {"theirs": "1"}},
            });
            place.edit(&SECRET, "reflector", &theirs);
        },
        ..state(
            "ours, with others' keys",
            "Another controller, `reflector`, has written a key, a label and an annotation of its own into it.",
            lines,
        )
    }
}

/// What others add to an object of ours.
pub fn theirs() -> Vec<Part> {
    vec![
        key("THEIRS", "theirs"),
        part(&["metadata", "labels", "theirs"], "1"),
        part(&["metadata", "annotations", "theirs"], "1"),
    ]
}

fn edited() -> State {
    const REPAIRED: Did = Repaired { fields: ".data.A", by: "kubectl-edit" };
    let withdrew = WithdrewBeside("kubectl-edit");
    let lines = vec![
        done(&[Apply, Update, Rollback, Adopt, Reinstall], &[(SECRET, REPAIRED, Declared)]),
        done(&[DisableRetain, LeaveOut], &[(SECRET, Retained, Same)]),
        done(&[DisableDelete, LeaveOutCluster, Uninstall], &[(SECRET, withdrew, Theirs)]),
        done(&[Move], &[(MOVED, Created, New), (SECRET, Retained, Same)]),
        done(&[MoveCluster], &[(MOVED, Created, New), (SECRET, withdrew, Theirs)]),
    ];
    State {
        parts: vec![key("A", "edited").of_ours()],
        prepare: |place, state| {
            state.install(place);
            let editor = format!("sed -i 's,{},{},'", encoded("now"), encoded("edited"));
            place.kubectl_editing(&["edit", "secret", "sc-a-secret"], None, &editor);
        },
        ..state(
            "ours, edited",
            "Somebody has changed the value of a key of ours with `kubectl edit`. The key is theirs by that: what is \
             removed leaves it.",
            lines,
        )
    }
}

fn taken() -> State {
    let conflict = "other applies the same with another value: .data.A; the object was left untouched";
    let withdrew = WithdrewBeside("other");
    let lines = vec![
        refused(&[Apply, Update, Rollback, Reinstall], "SCJ2004", conflict, &[(SECRET, Untold, Same)]),
        done(&[Adopt], &[(SECRET, Repaired { fields: ".data.A", by: "other" }, Declared)]),
        done(&[DisableRetain, LeaveOut], &[(SECRET, Retained, Same)]),
        done(&[DisableDelete, LeaveOutCluster, Uninstall], &[(SECRET, withdrew, Theirs)]),
        done(&[Move], &[(MOVED, Created, New), (SECRET, Retained, Same)]),
        done(&[MoveCluster], &[(MOVED, Created, New), (SECRET, withdrew, Theirs)]),
    ];
    State {
        parts: vec![key("A", "taken").of_ours()],
        prepare: |place, state| {
            state.install(place);
            place.apply(&SECRET, "other", &json!({"data": {"A": encoded("taken")}}));
        },
        ..state(
            "ours, a key taken by another applier",
            "Another manager, a GitOps tool for instance, has taken a key of ours by server-side apply, with a value of \
             its own.",
            lines,
        )
    }
}

fn agreed() -> State {
    let conflict = "other applies the same with another value: .data.A; the object was left untouched";
    let withdrew = WithdrewBeside("other");
    let lines = vec![
        done(&[Apply, Adopt, Reinstall], &[(SECRET, Unchanged, Same)]),
        refused(&[Update, Rollback], "SCJ2004", conflict, &[(SECRET, Untold, Same)]),
        done(&[DisableRetain, LeaveOut], &[(SECRET, Retained, Same)]),
        done(&[DisableDelete, LeaveOutCluster, Uninstall], &[(SECRET, withdrew, Theirs)]),
        done(&[Move], &[(MOVED, Created, New), (SECRET, Retained, Same)]),
        done(&[MoveCluster], &[(MOVED, Created, New), (SECRET, withdrew, Theirs)]),
    ];
    State {
        parts: vec![key("A", "now").of_ours()],
        prepare: |place, state| {
            state.install(place);
            place.apply(&SECRET, "other", &json!({"data": {"A": encoded("now")}}));
        },
        ..state(
            "ours, a key applied by another too",
            "Another manager applies a key of ours with the same value, so that it is both's.",
            lines,
        )
    }
}

fn immutable() -> State {
    let fixed = "field is immutable when `immutable` is set";
    let lines = vec![
        done(&[Apply, Adopt, Reinstall], &[(SECRET, Unchanged, Same)]),
        refused(&[Update, Rollback], "SCJ2007", fixed, &[(SECRET, Untold, Same)]),
        done(&[DisableRetain, LeaveOut], &[(SECRET, Retained, Same)]),
        done(&[DisableDelete, LeaveOutCluster, Uninstall], &[(SECRET, Deleted, Gone)]),
        done(&[Move], &[(MOVED, Created, New), (SECRET, Retained, Same)]),
        done(&[MoveCluster], &[(MOVED, Created, New), (SECRET, Deleted, Gone)]),
    ];
    State {
        prepare: |place, state| {
            state.install(place);
            place.edit(&SECRET, "kubectl-patch", &json!({"immutable": true}));
        },
        ..state("ours, made immutable", "Somebody has set `immutable: true` on it.", lines)
    }
}

/// The Secret that somebody else has under our name: one key with another value than ours, one with the same, one that we
/// do not have.
pub fn of_others() -> serde_json::Value {
    json!({
        "type": "Opaque",
        "data": {"A": encoded("theirs"), "C": encoded("c"), "THEIRS": encoded("theirs")},
        "metadata": {"labels": {"theirs": "1"}, "annotations": {"theirs": "1"}},
    })
}

/// The same as a connection of another release.
pub fn of_another_release() -> serde_json::Value {
    let mut connection = Declares::Secret.connection(Version::Now);
    connection["data"] = json!({"A": value("theirs"), "C": value("c"), "THEIRS": value("theirs")});
    connection["labels"] = json!({"theirs": "1"});
    connection["annotations"] = json!({"theirs": "1"});
    json!({"connections": {"a": connection}})
}
