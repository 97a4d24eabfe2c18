//! ServiceAccounts: of one connection with what others have in them, and shared by two.

use serde_json::{Value, json};

use super::super::object::{ACCOUNT, Object, SECRET, SECRET_OF_B};
use super::super::operation::Operation::{
    Adopt, Apply, DisableDelete, DisableRetain, LeaveOut, LeaveOutCluster, Move, MoveCluster, Reinstall, Rollback,
    Uninstall, Update,
};
use super::super::outcome::After::{Declared, Gone, Marked, New, Same, Theirs};
use super::super::outcome::Did::{
    Adopted, AlreadyGone, Changed, Created, Deleted, LeftAlone, Retained, Unchanged, Untold, WithdrewBeside,
};
use super::super::outcome::{After, Did, Line, done, refused};
use super::super::state::{Declares, Part, State, Version, part};

const MOVED: Object = SECRET.away();
const MOVED_ACCOUNT: Object = ACCOUNT.away();
const SHARED: Object = ACCOUNT.of(&["a", "b"]);
const LEFT_TO_B: Object = ACCOUNT.of(&["b"]);

pub fn states() -> Vec<State> {
    vec![ours(), annotated(), foreign(), shared(), shared_with_deleted(), shared_with_retained()]
}

fn state(name: &'static str, about: &'static str, lines: Vec<Line>) -> State {
    State {
        name,
        about,
        declares: Declares::Account,
        beside: json!({}),
        parts: Vec::new(),
        prepare: |place, state| state.install(place),
        lines,
    }
}

/// The outcome where the ServiceAccount is removed in this way, and the Secret beside it deleted.
fn of_one(removed: (Did, After)) -> Vec<Line> {
    let (did, after) = removed;
    vec![
        done(&[Apply, Adopt, Reinstall], &[(ACCOUNT, Unchanged, Same), (SECRET, Unchanged, Same)]),
        done(&[Update, Rollback], &[(ACCOUNT, Changed, Declared), (SECRET, Unchanged, Same)]),
        done(&[DisableRetain, LeaveOut], &[(ACCOUNT, Retained, Same), (SECRET, Retained, Same)]),
        done(&[DisableDelete, LeaveOutCluster, Uninstall], &[(ACCOUNT, did, after), (SECRET, Deleted, Gone)]),
        done(
            &[Move],
            &[
                (MOVED_ACCOUNT, Created, New),
                (MOVED, Created, New),
                (ACCOUNT, Retained, Same),
                (SECRET, Retained, Same),
            ],
        ),
        done(
            &[MoveCluster],
            &[(MOVED_ACCOUNT, Created, New), (MOVED, Created, New), (ACCOUNT, did, after), (SECRET, Deleted, Gone)],
        ),
    ]
}

fn ours() -> State {
    state("ours", "The ServiceAccount as this release has made it.", of_one((Deleted, Gone)))
}

/// What others have in a ServiceAccount.
fn theirs() -> (Value, Vec<Part>) {
    let pulls = json!([{"name": "registry"}]);
    let object = json!({
        "metadata": {"annotations": {"eks.amazonaws.com/role-arn": "theirs"}, "labels": {"theirs": "1"}},
        "imagePullSecrets": pulls,
    });
    let parts = vec![
        part(&["metadata", "annotations", "eks.amazonaws.com/role-arn"], "theirs"),
        part(&["metadata", "labels", "theirs"], "1"),
        part(&["imagePullSecrets"], pulls),
    ];
    (object, parts)
}

fn annotated() -> State {
    State {
        parts: theirs().1,
        prepare: |place, state| {
            state.install(place);
            place.edit(&ACCOUNT, "reflector", &theirs().0);
        },
        ..state(
            "ours, with others' annotations",
            "Another controller, `reflector`, has written an annotation, a label and `imagePullSecrets` of its own into it.",
            of_one((WithdrewBeside("reflector"), Theirs)),
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
            &[(ACCOUNT, Untold, Same), (SECRET, Untold, Gone)],
        ),
        done(&[Adopt], &[(ACCOUNT, Adopted { from: manager }, Marked), (SECRET, Created, New)]),
        done(&[DisableRetain, LeaveOut, LeaveOutCluster], &[(ACCOUNT, Untold, Same), (SECRET, Untold, Gone)]),
        done(&[DisableDelete, Uninstall], &[(ACCOUNT, LeftAlone, Same), (SECRET, AlreadyGone, Gone)]),
        done(
            &[Move, MoveCluster],
            &[(MOVED_ACCOUNT, Created, New), (MOVED, Created, New), (ACCOUNT, Untold, Same), (SECRET, Untold, Gone)],
        ),
    ];
    State {
        parts: theirs().1,
        prepare: |place, _| {
            let mut account = place.complete(&ACCOUNT, &theirs().0);
            account["metadata"]["annotations"]["azure.workload.identity/client-id"] = "theirs".into();
            place.kubectl(&["create", "-f", "-"], Some(&account));
        },
        ..state(
            "foreign",
            "Made with `kubectl create`, with another client id, an annotation, a label and `imagePullSecrets`. The \
             connection has no Secret yet.",
            lines,
        )
    }
}

/// Connection `b`, of the same identity.
fn beside(settings: &Value) -> Value {
    let mut connection = Declares::Account.connection(Version::Now);
    connection.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
    json!({"connections": {"b": connection}})
}

fn shared() -> State {
    let of_b = [(LEFT_TO_B, Unchanged, Same), (SECRET_OF_B, Unchanged, Same)];
    let with_b = |objects: &[(Object, Did, After)]| [objects, &of_b].concat();
    let lines = vec![
        done(
            &[Apply, Adopt, Reinstall],
            &[(SHARED, Unchanged, Same), (SECRET, Unchanged, Same), (SECRET_OF_B, Unchanged, Same)],
        ),
        done(
            &[Update, Rollback],
            &[(SHARED, Changed, Declared), (SECRET, Unchanged, Same), (SECRET_OF_B, Unchanged, Same)],
        ),
        done(&[DisableRetain, LeaveOut], &with_b(&[(SECRET, Retained, Same)])),
        done(&[DisableDelete, LeaveOutCluster], &with_b(&[(SECRET, Deleted, Gone)])),
        done(&[Move], &with_b(&[(MOVED_ACCOUNT, Created, New), (MOVED, Created, New), (SECRET, Retained, Same)])),
        done(&[MoveCluster], &with_b(&[(MOVED_ACCOUNT, Created, New), (MOVED, Created, New), (SECRET, Deleted, Gone)])),
        done(&[Uninstall], &[(SHARED, Deleted, Gone), (SECRET, Deleted, Gone), (SECRET_OF_B, Deleted, Gone)]),
    ];
    State {
        beside: beside(&json!({})),
        ..state("shared", "Another connection of the same identity and namespace uses it too.", lines)
    }
}

/// Both connections were installed, and then `b` was disabled as the values say.
fn with_b_disabled(name: &'static str, about: &'static str, policy: &str, lines: Vec<Line>) -> State {
    State {
        beside: beside(&json!({"enabled": false, "deletionPolicy": policy})),
        prepare: |place, state| {
            let mut values = state.values(Version::Now);
            values["connections"]["b"]["enabled"] = true.into();
            place.job(&values, &[]).expect(0);
            state.install(place);
        },
        ..state(name, about, lines)
    }
}

fn shared_with_deleted() -> State {
    let of_b = [(SECRET_OF_B, AlreadyGone, Gone)];
    let with_b = |objects: &[(Object, Did, After)]| [objects, &of_b].concat();
    let lines = vec![
        done(&[Apply, Adopt, Reinstall], &with_b(&[(ACCOUNT, Unchanged, Same), (SECRET, Unchanged, Same)])),
        done(&[Update, Rollback], &with_b(&[(ACCOUNT, Changed, Declared), (SECRET, Unchanged, Same)])),
        done(&[DisableRetain, LeaveOut], &with_b(&[(ACCOUNT, Retained, Same), (SECRET, Retained, Same)])),
        done(&[DisableDelete, Uninstall], &with_b(&[(SHARED, Deleted, Gone), (SECRET, Deleted, Gone)])),
        done(&[LeaveOutCluster], &with_b(&[(LEFT_TO_B, Deleted, Gone), (SECRET, Deleted, Gone)])),
        done(
            &[Move],
            &with_b(&[
                (MOVED_ACCOUNT, Created, New),
                (MOVED, Created, New),
                (ACCOUNT, Retained, Same),
                (SECRET, Retained, Same),
            ]),
        ),
        done(
            &[MoveCluster],
            &with_b(&[
                (MOVED_ACCOUNT, Created, New),
                (MOVED, Created, New),
                (LEFT_TO_B, Deleted, Gone),
                (SECRET, Deleted, Gone),
            ]),
        ),
    ];
    with_b_disabled(
        "shared, the other connection removed with Delete",
        "The other connection is disabled with `deletionPolicy: Delete`, and its Secret is gone.",
        "Delete",
        lines,
    )
}

fn shared_with_retained() -> State {
    let of_b = [(SECRET_OF_B, Retained, Same)];
    let with_b = |objects: &[(Object, Did, After)]| [objects, &of_b].concat();
    let untold = (SECRET_OF_B, Untold, Same);
    let lines = vec![
        done(&[Apply, Adopt], &with_b(&[(ACCOUNT, Unchanged, Same), (SECRET, Unchanged, Same)])),
        done(&[Reinstall], &[(ACCOUNT, Unchanged, Same), (SECRET, Unchanged, Same), untold]),
        done(&[Update, Rollback], &with_b(&[(ACCOUNT, Changed, Declared), (SECRET, Unchanged, Same)])),
        done(&[DisableRetain, LeaveOut], &with_b(&[(SHARED, Retained, Same), (SECRET, Retained, Same)])),
        done(&[DisableDelete, LeaveOutCluster], &with_b(&[(SHARED, Retained, Same), (SECRET, Deleted, Gone)])),
        done(
            &[Move],
            &with_b(&[
                (MOVED_ACCOUNT, Created, New),
                (MOVED, Created, New),
                (SHARED, Retained, Same),
                (SECRET, Retained, Same),
            ]),
        ),
        done(
            &[MoveCluster],
            &with_b(&[
                (MOVED_ACCOUNT, Created, New),
                (MOVED, Created, New),
                (SHARED, Retained, Same),
                (SECRET, Deleted, Gone),
            ]),
        ),
        done(&[Uninstall], &[(ACCOUNT, Untold, Same), (SECRET, Deleted, Gone), untold]),
    ];
    with_b_disabled(
        "shared, the other connection removed with Retain",
        "The other connection is disabled with `deletionPolicy: Retain`: its Secret stays, and so does the ServiceAccount.",
        "Retain",
        lines,
    )
}
