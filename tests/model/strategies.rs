//! Random steps. Names and values are few, and what is likely to meet something is likely.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::act::Act;
use super::connection::{Change, Connection, Identity, secret};
use super::field::{Field, Fields, Group};
use super::identity::{CONNECTIONS, Client, Id, Kind, Namespace, OWN};
use super::intent::{ADOPTED, CLIENT_ID, RELEASE, RELEASE_NAMESPACE};
use super::step::{Step, Tampering};
use super::values::{Deletion, Policy, Scope};

/// Who updates, and who applies.
const EDITORS: [&str; 2] = ["kubectl-edit", "reflector"];
const APPLIERS: [&str; 2] = ["argocd", "sc-job:other:sc-extension"];

/// Steps of a part of a sequence. A sequence that fails is shortened by whole parts first, which takes a few attempts.
const PART: usize = 8;

/// Sequences of at most `longest` steps. What there is to do harm to comes first.
pub fn steps(longest: usize) -> impl Strategy<Value = Vec<Step>> {
    let begin = ["a", "b"].map(|name| connection().prop_map(move |connection| Step::Declare { name, connection }));
    let rest = vec(vec(step(), 1..=PART), 0..=(longest - begin.len()) / PART);
    (begin, rest).prop_map(|(begin, rest)| [begin.to_vec(), rest.concat()].concat())
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => Just(Step::Again),
        3 => (name(), connection()).prop_map(|(name, connection)| Step::Declare { name, connection }),
        5 => (name(), change()).prop_map(|(name, change)| Step::Change { name, change }),
        1 => name().prop_map(|name| Step::LeaveOut { name }),
        1 => policy().prop_map(Step::Policy),
        10 => id().prop_flat_map(|id| act(id.kind).prop_map(move |act| Step::Act { id, act })),
        1 => tampering().prop_map(Step::Tamper),
        1 => any::<bool>().prop_map(|deleting| Step::Uninstall { deleting }),
    ]
}

fn name() -> impl Strategy<Value = &'static str> {
    prop_oneof![4 => Just("a"), 3 => Just("b"), 1 => Just("c")]
}

fn namespace() -> impl Strategy<Value = Namespace> {
    prop_oneof![8 => Just(Namespace::Shop), 1 => Just(Namespace::Warehouse)]
}

fn client() -> impl Strategy<Value = Client> {
    prop_oneof![4 => Just(Client::One), 1 => Just(Client::Two)]
}

fn id() -> impl Strategy<Value = Id> {
    let secret = prop_oneof![
        6 => (namespace(), name()).prop_map(|(namespace, name)| Id::secret_of(namespace, name)),
        1 => namespace().prop_map(|namespace| Id::secret(namespace, OWN)),
    ];
    let account = (namespace(), client()).prop_map(|(namespace, client)| Id::account_of(namespace, client));
    prop_oneof![3 => secret, 1 => account]
}

fn deletion() -> impl Strategy<Value = Deletion> {
    prop_oneof![Just(Deletion::Retain), Just(Deletion::Delete)]
}

fn own_deletion() -> impl Strategy<Value = Option<Deletion>> {
    prop_oneof![2 => Just(None), 1 => Just(Some(Deletion::Retain)), 3 => Just(Some(Deletion::Delete))]
}

fn own_name() -> impl Strategy<Value = Option<&'static str>> {
    prop_oneof![5 => Just(None), 1 => Just(Some(OWN))]
}

fn data() -> impl Strategy<Value = BTreeMap<&'static str, u8>> {
    btree_map(select(vec!["A", "B"]), 1..=2_u8, 1..=2)
}

fn identity() -> impl Strategy<Value = Option<Identity>> {
    option::of((client(), any::<bool>()).prop_map(|(client, expires)| Identity { client, expires }))
}

fn entry() -> impl Strategy<Value = Option<&'static str>> {
    prop_oneof![3 => Just(None), 1 => Just(Some("x")), 1 => Just(Some("y"))]
}

fn connection() -> impl Strategy<Value = Connection> {
    let names = (namespace(), own_name(), identity());
    let flags = (prop::bool::weighted(0.1), prop::bool::weighted(0.2), own_deletion());
    (names, data(), entry(), entry(), flags).prop_map(|((namespace, secret, identity), data, team, note, flags)| {
        let (disabled, adopt, deletion) = flags;
        Connection { enabled: !disabled, namespace, secret, data, identity, team, note, adopt, deletion }
    })
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        6 => prop::bool::weighted(0.7).prop_map(Change::Enabled),
        2 => namespace().prop_map(Change::Namespace),
        1 => own_name().prop_map(Change::Secret),
        3 => data().prop_map(Change::Data),
        3 => identity().prop_map(Change::Identity),
        1 => entry().prop_map(Change::Team),
        2 => entry().prop_map(Change::Note),
        2 => any::<bool>().prop_map(Change::Adopt),
        2 => own_deletion().prop_map(Change::Deletion),
    ]
}

fn policy() -> impl Strategy<Value = Policy> {
    let scope = prop_oneof![1 => Just(Scope::Objects), 3 => Just(Scope::Cluster)];
    let most = prop_oneof![6 => Just(10), 2 => Just(1), 1 => Just(0)].prop_map(|most: u8| usize::from(most));
    (deletion(), scope, most).prop_map(|(deletion, scope, most)| Policy { deletion, scope, most })
}

fn tampering() -> impl Strategy<Value = Tampering> {
    prop_oneof![
        1 => Just(Tampering::Delete),
        1 => Just(Tampering::Garbage),
        3 => (id(), select(CONNECTIONS.to_vec()), prop::bool::weighted(0.2))
            .prop_map(|(id, connection, adopted)| Tampering::Record { id, connection, adopted }),
    ]
}

fn act(kind: Kind) -> impl Strategy<Value = Act> {
    let editor = || select(EDITORS.to_vec());
    let edits = btree_map(field(kind), prop::bool::weighted(0.7), 1..=2);
    let edit = (editor(), edits, any::<bool>()).prop_map(move |(who, edits, second)| {
        let changes = edits.into_iter().map(|(field, sets)| {
            let (field, values) = fields(kind).swap_remove(field);
            (field, sets.then(|| values[usize::from(second)].clone()))
        });
        Act::Edit { who, changes: changes.collect() }
    });
    let apply = (select(APPLIERS.to_vec()), some(kind), any::<bool>());
    let apply = apply.prop_map(|(who, fields, force)| Act::Apply { who, fields, force });
    let replace = (editor(), some(kind), any::<bool>()).prop_map(|(who, mut fields, copied)| {
        if copied {
            fields.extend([RELEASE, RELEASE_NAMESPACE].map(|(key, value)| (Field::label(key), value.to_owned())));
        }
        Act::Replace { who, fields }
    });
    prop_oneof![
        24 => edit,
        8 => apply,
        2 => replace,
        4 => Just(Act::Delete),
        2 => Just(Act::Strip),
        1 => Just(Act::Hold),
        1 => Just(Act::LetGo),
    ]
}

/// The number of a field: the first ones, which are ours too, are the likeliest.
fn field(kind: Kind) -> impl Strategy<Value = usize> {
    prop_oneof![3 => 0..2_usize, 2 => 0..fields(kind).len()]
}

/// Some fields with values.
fn some(kind: Kind) -> impl Strategy<Value = Fields> {
    btree_map(field(kind), any::<bool>(), 0..=3).prop_map(move |chosen| {
        let chosen = chosen.into_iter().map(|(field, second)| {
            let (field, values) = fields(kind).swap_remove(field);
            (field, values[usize::from(second)].clone())
        });
        chosen.collect()
    })
}

/// The fields that others write, each with two values: one may be ours too.
fn fields(kind: Kind) -> Vec<(Field, [String; 2])> {
    let texts = |one: &str, two: &str| [one.to_owned(), two.to_owned()];
    let secrets = || [secret(1), secret(2)];
    let shared = [
        (Field::label("team"), texts("x", "y")),
        (Field::label(RELEASE.0), texts(RELEASE.1, "other")),
        (Field::annotation("note"), texts("x", "y")),
        (Field::annotation("theirs"), texts("x", "y")),
        (Field::annotation(ADOPTED), texts("true", "false")),
    ];
    let own = match kind {
        Kind::Secret => vec![
            (Field::data("A"), secrets()),
            (Field::data("B"), secrets()),
            (Field::data("THEIRS"), secrets()),
            (Field::data("AZURE_STORAGEBLOB_CLIENTID"), texts(Client::One.id(), Client::Two.id())),
            (Field::of(Group::Immutable), texts("true", "false")),
        ],
        Kind::ServiceAccount => vec![
            (Field::annotation(CLIENT_ID), texts(Client::Two.id(), Client::One.id())),
            (Field::label("azure.workload.identity/use"), texts("true", "false")),
            (Field::of(Group::PullSecrets), texts("x", "y")),
        ],
    };
    own.into_iter().chain(shared).collect()
}
