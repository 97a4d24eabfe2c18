//! Secrets under our name that somebody else has made, each in the way of another tool.

use serde_json::{Value, json};

use super::super::object::{Object, SECRET};
use super::super::operation::Operation::{
    Adopt, Apply, DisableDelete, DisableRetain, LeaveOut, LeaveOutCluster, Move, MoveCluster, Reinstall, Rollback,
    Uninstall, Update,
};
use super::super::outcome::After::{Marked, New, Same, Theirs};
use super::super::outcome::Did::{
    Adopted, Changed, Created, LeftAlone, Retained, Unchanged, Untold, WithdrewFromAdopted,
};
use super::super::outcome::{Line, done, refused};
use super::super::place::Place;
use super::super::state::{Declares, Part, State, Version, encoded, key, part};
use super::ours::{of_another_release, of_others, theirs};

const MOVED: Object = SECRET.away();

pub fn states() -> Vec<State> {
    vec![
        foreign("kubectl create", "Made with `kubectl create`.", by("kubectl-create"), |place, _| {
            place.kubectl(&["create", "-f", "-"], Some(&place.complete(&SECRET, &of_others())));
        }),
        State {
            parts: with(&[part(
                &["metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"],
                Value::Null,
            )]),
            ..foreign("kubectl apply", "Made with `kubectl apply`.", by("kubectl-client-side-apply"), |place, _| {
                place.kubectl(&["apply", "-f", "-"], Some(&place.complete(&SECRET, &of_others())));
            })
        },
        foreign(
            "kubectl apply --server-side",
            "Made with `kubectl apply --server-side`.",
            by("kubectl"),
            |place, _| {
                place.kubectl(&["apply", "--server-side", "-f", "-"], Some(&place.complete(&SECRET, &of_others())));
            },
        ),
        State {
            parts: with(&[part(&["metadata", "annotations", "meta.helm.sh/release-name"], "theirs")]),
            ..foreign("Helm 3", "Made by a chart with Helm 3, which writes by updates.", by("helm"), |place, _| {
                place.create(&SECRET, "helm", &of_helm());
            })
        },
        State {
            parts: with(&[part(&["metadata", "annotations", "meta.helm.sh/release-name"], "theirs")]),
            ..foreign("Helm 4", "Made by a chart with Helm 4, which applies server-side.", by("helm"), |place, _| {
                place.apply(&SECRET, "helm", &of_helm());
            })
        },
        foreign("another controller", "Made by another controller, by an update.", by("reflector"), |place, _| {
            place.create(&SECRET, "reflector", &of_others());
        }),
        foreign(
            "another release",
            "Made by another release of this chart.",
            by("sc-job:OTHER:sc-extension"),
            |place, _| {
                place.job(&of_another_release(), &[("SC_JOB_NAMESPACE", &place.other)]).expect(0);
            },
        ),
        foreign(
            "a hand-edited inventory",
            "Made with `kubectl create`, and somebody has written it, with its UID, into the inventory of this release.",
            claimed(),
            |place, _| {
                place.kubectl(&["create", "-f", "-"], Some(&place.complete(&SECRET, &of_others())));
                place.claim(&SECRET);
            },
        ),
        copied(),
        recreated(),
        immutable(),
        of_another_type(),
        adopted(),
        adopted_and_reinstalled(),
    ]
}

fn of_helm() -> Value {
    let mut secret = of_others();
    secret["metadata"]["labels"]["app.kubernetes.io/managed-by"] = "Helm".into();
    secret["metadata"]["annotations"]["meta.helm.sh/release-name"] = "theirs".into();
    secret
}

fn foreign(name: &'static str, about: &'static str, lines: Vec<Line>, prepare: fn(&Place, &State)) -> State {
    State { name, about, declares: Declares::Secret, beside: json!({}), parts: with(&[]), prepare, lines }
}

/// What of theirs survives adoption: a key with our value stays both's, one with another value is ours then.
fn with(more: &[Part]) -> Vec<Part> {
    theirs().into_iter().chain([key("C", "c").of_ours()]).chain(more.iter().cloned()).collect()
}

/// The outcome where `manager` has made the object, and this release has never had one.
fn by(manager: &'static str) -> Vec<Line> {
    vec![
        refused(&[Apply, Update, Rollback, Reinstall], "SCJ2003", manager, &[(SECRET, Untold, Same)]),
        done(&[Adopt], &[(SECRET, Adopted { from: manager }, Marked)]),
        done(&[DisableRetain, LeaveOut, LeaveOutCluster], &[(SECRET, Untold, Same)]),
        done(&[DisableDelete, Uninstall], &[(SECRET, LeftAlone, Same)]),
        done(&[Move, MoveCluster], &[(MOVED, Created, New), (SECRET, Untold, Same)]),
    ]
}

/// The outcome where the inventory has an object that somebody else has made with `kubectl create`.
fn claimed() -> Vec<Line> {
    vec![
        refused(&[Apply, Update, Rollback, Reinstall], "SCJ2003", "kubectl-create", &[(SECRET, Untold, Same)]),
        done(&[Adopt], &[(SECRET, Adopted { from: "kubectl-create" }, Marked)]),
        done(&[DisableRetain, LeaveOut], &[(SECRET, Retained, Same)]),
        done(&[DisableDelete, LeaveOutCluster, Uninstall], &[(SECRET, LeftAlone, Same)]),
        done(&[Move], &[(MOVED, Created, New), (SECRET, Retained, Same)]),
        done(&[MoveCluster], &[(MOVED, Created, New), (SECRET, LeftAlone, Same)]),
    ]
}

fn copied() -> State {
    State {
        parts: vec![],
        ..foreign(
            "a copy of our manifest",
            "A copy of what this release makes, labels and values included, made with `kubectl create`.",
            by("kubectl-create"),
            |place, state| {
                let (_, manifest) = place.intents(&state.values(Version::Now)).into_iter().next().unwrap();
                place.kubectl(&["create", "-f", "-"], Some(&manifest));
            },
        )
    }
}

fn recreated() -> State {
    foreign(
        "ours, re-created by somebody",
        "The Secret of this release was deleted, and somebody has made another one under its name with `kubectl create`.",
        claimed(),
        |place, state| {
            state.install(place);
            place.delete(&SECRET);
            place.kubectl(&["create", "-f", "-"], Some(&place.complete(&SECRET, &of_others())));
        },
    )
}

/// The outcome where not even `adopt: true` can write the object.
fn unwritable(why: &'static str) -> Vec<Line> {
    let adopt = refused(&[Adopt], "SCJ2007", why, &[(SECRET, Untold, Same)]);
    let others = by("kubectl-create").into_iter().filter(|line| line.operations != [Adopt]);
    others.chain([adopt]).collect()
}

fn immutable() -> State {
    foreign(
        "foreign and immutable",
        "Made with `kubectl create`, with `immutable: true`.",
        unwritable("field is immutable when `immutable` is set"),
        |place, _| {
            let mut secret = place.complete(&SECRET, &of_others());
            secret["immutable"] = true.into();
            place.kubectl(&["create", "-f", "-"], Some(&secret));
        },
    )
}

fn of_another_type() -> State {
    foreign(
        "foreign, of another type",
        "Made with `kubectl create`, of type `kubernetes.io/tls`. No Secret can change its type.",
        unwritable("type: Invalid value: \"Opaque\": field is immutable"),
        |place, _| {
            let mut secret = place.complete(&SECRET, &of_others());
            secret["type"] = "kubernetes.io/tls".into();
            secret["data"] = json!({"tls.crt": encoded("theirs"), "tls.key": encoded("theirs")});
            place.kubectl(&["create", "-f", "-"], Some(&secret));
        },
    )
}

/// Somebody's Secret, and a run that takes it over. The values say `adopt` no longer then.
fn adopt(place: &Place, state: &State) {
    place.kubectl(&["create", "-f", "-"], Some(&place.complete(&SECRET, &of_others())));
    place.job(&Adopt.values(state), &[]).expect(0);
}

fn adopted() -> State {
    let lines = vec![
        done(&[Apply, Adopt, Reinstall], &[(SECRET, Unchanged, Same)]),
        done(&[Update, Rollback], &[(SECRET, Changed, Marked)]),
        done(&[DisableRetain, LeaveOut], &[(SECRET, Retained, Same)]),
        done(&[DisableDelete, LeaveOutCluster, Uninstall], &[(SECRET, WithdrewFromAdopted, Theirs)]),
        done(&[Move], &[(MOVED, Created, New), (SECRET, Retained, Same)]),
        done(&[MoveCluster], &[(MOVED, Created, New), (SECRET, WithdrewFromAdopted, Theirs)]),
    ];
    foreign(
        "adopted",
        "Made with `kubectl create`, and then taken over with `adopt: true`, which the values say no longer. The key that \
         adoption has replaced is ours, and goes with us.",
        lines,
        adopt,
    )
}

fn adopted_and_reinstalled() -> State {
    State {
        name: "adopted, uninstalled, installed again",
        about: "The same after `helm uninstall` with `uninstall.deletionPolicy: Retain` and another install: the inventory \
                is a new one, the mark on the object is not.",
        prepare: |place, state| {
            adopt(place, state);
            place.forget();
            state.install(place);
        },
        ..adopted()
    }
}
