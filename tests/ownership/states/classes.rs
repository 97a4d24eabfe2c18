//! Each SecretProviderClass with the Secret beside it.

use serde_json::json;

use super::super::object::{CLASS, Object, SECRET};
use super::super::operation::Operation::{
    Adopt, Apply, DisableDelete, DisableRetain, LeaveOut, LeaveOutCluster, Move, MoveCluster, Reinstall, Rollback,
    Uninstall, Update,
};
use super::super::outcome::After::{Declared, Gone, Marked, New, Same, Theirs};
use super::super::outcome::Did::{
    Adopted, AlreadyGone, Changed, Created, Deleted, LeftAlone, Repaired, Retained, Unchanged, Untold, WithdrewBeside,
};
use super::super::outcome::{Line, done, refused};
use super::super::place::Place;
use super::super::state::{Declares, State, part};

const MOVED: Object = SECRET.away();
const MOVED_CLASS: Object = CLASS.away();

pub fn states() -> Vec<State> {
    vec![ours(), edited(), foreign()]
}

fn state(name: &'static str, about: &'static str, lines: Vec<Line>, prepare: fn(&Place, &State)) -> State {
    State { name, about, declares: Declares::Class, beside: json!({}), parts: vec![], prepare, lines }
}

fn ours() -> State {
    let lines = vec![
        done(&[Apply, Adopt, Reinstall], &[(CLASS, Unchanged, Same), (SECRET, Unchanged, Same)]),
        done(&[Update, Rollback], &[(CLASS, Changed, Declared), (SECRET, Unchanged, Same)]),
        done(&[DisableRetain, LeaveOut], &[(CLASS, Retained, Same), (SECRET, Retained, Same)]),
        done(&[DisableDelete, LeaveOutCluster, Uninstall], &[(CLASS, Deleted, Gone), (SECRET, Deleted, Gone)]),
        done(
            &[Move],
            &[(MOVED_CLASS, Created, New), (MOVED, Created, New), (CLASS, Retained, Same), (SECRET, Retained, Same)],
        ),
        done(
            &[MoveCluster],
            &[(MOVED_CLASS, Created, New), (MOVED, Created, New), (CLASS, Deleted, Gone), (SECRET, Deleted, Gone)],
        ),
    ];
    state("ours", "The SecretProviderClass as this release has made it.", lines, |place, state| state.install(place))
}

fn edited() -> State {
    let repaired = Repaired { fields: ".spec.parameters.keyvaultName", by: "kubectl-edit" };
    let withdrew = WithdrewBeside("kubectl-edit");
    let lines = vec![
        done(&[Apply, Update, Rollback, Adopt, Reinstall], &[(CLASS, repaired, Declared), (SECRET, Unchanged, Same)]),
        done(&[DisableRetain, LeaveOut], &[(CLASS, Retained, Same), (SECRET, Retained, Same)]),
        done(&[DisableDelete, LeaveOutCluster, Uninstall], &[(CLASS, withdrew, Theirs), (SECRET, Deleted, Gone)]),
        done(
            &[Move],
            &[(MOVED_CLASS, Created, New), (MOVED, Created, New), (CLASS, Retained, Same), (SECRET, Retained, Same)],
        ),
        done(
            &[MoveCluster],
            &[(MOVED_CLASS, Created, New), (MOVED, Created, New), (CLASS, withdrew, Theirs), (SECRET, Deleted, Gone)],
        ),
    ];
    State {
        parts: vec![part(&["spec", "parameters", "keyvaultName"], "theirs").of_ours()],
        ..state(
            "ours, edited",
            "Somebody has changed the name of the vault, and by that has a field in it that stays.",
            lines,
            |place, state| {
                state.install(place);
                place.edit(&CLASS, "kubectl-edit", &json!({"spec": {"parameters": {"keyvaultName": "theirs"}}}));
            },
        )
    }
}

fn foreign() -> State {
    let manager = "kubectl-create";
    let lines = vec![
        refused(
            &[Apply, Update, Rollback, Reinstall],
            "SCJ2003",
            manager,
            &[(CLASS, Untold, Same), (SECRET, Untold, Gone)],
        ),
        done(&[Adopt], &[(CLASS, Adopted { from: manager }, Marked), (SECRET, Created, New)]),
        done(&[DisableRetain, LeaveOut, LeaveOutCluster], &[(CLASS, Untold, Same), (SECRET, Untold, Gone)]),
        done(&[DisableDelete, Uninstall], &[(CLASS, LeftAlone, Same), (SECRET, AlreadyGone, Gone)]),
        done(
            &[Move, MoveCluster],
            &[(MOVED_CLASS, Created, New), (MOVED, Created, New), (CLASS, Untold, Same), (SECRET, Untold, Gone)],
        ),
    ];
    State {
        parts: vec![part(&["spec", "parameters", "theirs"], "1")],
        ..state(
            "foreign",
            "Made with `kubectl create`, for another vault and with a parameter of its own. The connection has no Secret yet.",
            lines,
            |place, _| {
                let class = json!({
                    "metadata": {}, "spec": {"provider": "azure", "parameters": {"keyvaultName": "other", "theirs": "1"}},
                });
                place.kubectl(&["create", "-f", "-"], Some(&place.complete(&CLASS, &class)));
            },
        )
    }
}
