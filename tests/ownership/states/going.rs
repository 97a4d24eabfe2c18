//! Secrets and namespaces that are on their way out, or gone.

use serde_json::json;

use super::super::object::{NAMESPACE, Object, SECRET};
use super::super::operation::Operation::{
    Adopt, Apply, DisableDelete, DisableRetain, LeaveOut, LeaveOutCluster, Move, MoveCluster, Reinstall, Rollback,
    Uninstall, Update,
};
use super::super::outcome::After::{Gone, New, Same};
use super::super::outcome::Did::{AlreadyGone, Created, Deleted, Leaving, Retained, Untold};
use super::super::outcome::{Line, done, refused, senseless};
use super::super::place::Place;
use super::super::state::{Declares, State};

const MOVED: Object = SECRET.away();

pub fn states() -> Vec<State> {
    vec![terminating(), in_terminating_namespace(), in_missing_namespace(), in_namespace_to_be_made()]
}

fn state(name: &'static str, about: &'static str, lines: Vec<Line>, prepare: fn(&Place, &State)) -> State {
    State { name, about, declares: Declares::Secret, beside: json!({}), parts: vec![], prepare, lines }
}

fn terminating() -> State {
    let why = "it is being deleted, and a finalizer holds it back";
    let lines = vec![
        refused(&[Apply, Update, Rollback, Adopt, Reinstall], "SCJ2008", why, &[(SECRET, Untold, Same)]),
        done(&[DisableRetain, LeaveOut], &[(SECRET, Retained, Same)]),
        done(&[DisableDelete, LeaveOutCluster, Uninstall], &[(SECRET, Leaving, Same)]),
        done(&[Move], &[(MOVED, Created, New), (SECRET, Retained, Same)]),
        done(&[MoveCluster], &[(MOVED, Created, New), (SECRET, Leaving, Same)]),
    ];
    state(
        "ours, being deleted",
        "Somebody has deleted the Secret, and a finalizer of theirs holds it back.",
        lines,
        |place, state| {
            state.install(place);
            place.edit(&SECRET, "theirs", &json!({"metadata": {"finalizers": ["example.com/theirs"]}}));
            place.delete(&SECRET);
        },
    )
}

fn in_terminating_namespace() -> State {
    let why = "is being deleted";
    let lines = vec![
        refused(&[Apply, Update, Rollback, Adopt, Reinstall], "SCJ2002", why, &[(SECRET, Untold, Same)]),
        done(&[DisableRetain, LeaveOut], &[(SECRET, Retained, Same)]),
        done(&[DisableDelete, LeaveOutCluster, Uninstall], &[(SECRET, Deleted, Gone)]),
        done(&[Move], &[(MOVED, Created, New), (SECRET, Retained, Same)]),
        done(&[MoveCluster], &[(MOVED, Created, New), (SECRET, Deleted, Gone)]),
    ];
    state(
        "ours, in a terminating namespace",
        "The namespace of the connection is being deleted, and the Secret is still there.",
        lines,
        |place, state| {
            state.install(place);
            place.delete(&NAMESPACE);
        },
    )
}

/// The namespace is deleted with all that was in it.
fn delete_namespace(place: &Place, state: &State) {
    state.install(place);
    place.delete(&SECRET);
    place.delete(&NAMESPACE);
    place.finalize(&NAMESPACE);
}

fn in_missing_namespace() -> State {
    let why = "does not exist";
    let lines = vec![
        refused(&[Apply, Update, Rollback, Adopt, Reinstall], "SCJ2001", why, &[(SECRET, Untold, Gone)]),
        done(&[DisableRetain, LeaveOut], &[(SECRET, Retained, Gone)]),
        done(&[DisableDelete, LeaveOutCluster, Uninstall], &[(SECRET, AlreadyGone, Gone)]),
        done(&[Move], &[(MOVED, Created, New), (SECRET, Retained, Gone)]),
        done(&[MoveCluster], &[(MOVED, Created, New), (SECRET, AlreadyGone, Gone)]),
    ];
    let about = "The namespace of the connection was deleted.";
    state("ours, namespace missing", about, lines, delete_namespace)
}

fn in_namespace_to_be_made() -> State {
    let scope = "`missingNamespace: create` needs `rbac.scope: cluster`";
    let lines = vec![
        done(&[Apply, Update, Rollback, Adopt, Reinstall], &[(NAMESPACE, Created, New), (SECRET, Created, New)]),
        done(&[DisableRetain], &[(NAMESPACE, Untold, Gone), (SECRET, Retained, Gone)]),
        done(&[DisableDelete, LeaveOutCluster, Uninstall], &[(NAMESPACE, Untold, Gone), (SECRET, AlreadyGone, Gone)]),
        done(&[MoveCluster], &[(NAMESPACE, Untold, Gone), (MOVED, Created, New), (SECRET, AlreadyGone, Gone)]),
        senseless(&[LeaveOut, Move], scope),
    ];
    State {
        beside: json!({"missingNamespace": "create", "rbac": {"scope": "cluster"}}),
        ..state(
            "ours, namespace missing, and to be made",
            "The same with `missingNamespace: create`.",
            lines,
            delete_namespace,
        )
    }
}
