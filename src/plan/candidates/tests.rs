use super::*;
use crate::connections::Document;
use crate::ownership::Memory;
use crate::release::Release;

const CLIENT: &str = "0a0b0c0d-0000-4000-8000-000000000002";

fn declared(text: &str) -> Declared {
    let text = text.replace(
        "WI",
        &format!("target: storage-blob, auth: workload-identity, parameters: {{account: store1, clientId: {CLIENT}}}"),
    );
    let document = Document::of_chart("0.json".into(), text);
    Declared::check(vec![document], &Release::default())
        .map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>())
        .unwrap()
}

fn secret(namespace: &str, name: &str) -> ObjectId {
    ObjectId::new(Kind::Secret, namespace, name)
}

fn account() -> ObjectId {
    ObjectId::new(Kind::ServiceAccount, "shop", format!("sc-account-{CLIENT}"))
}

fn inventory(records: &[(ObjectId, &[&str])]) -> Inventory {
    let mut inventory = Inventory::default();
    for (id, connections) in records {
        inventory.expect(id, connections.iter().map(|name| (*name).to_owned()).collect(), false, false);
        inventory.keep(id, Memory { uid: Some("u".to_owned()), adopted: false });
    }
    inventory
}

/// What goes, and what is left and why.
fn judged(text: &str, records: &[(ObjectId, &[&str])]) -> (Vec<ObjectId>, Vec<(ObjectId, Why)>) {
    let candidates = Candidates::of(&declared(text), &inventory(records));
    let left = candidates.leftovers.into_iter().map(|leftover| (leftover.id, leftover.why)).collect();
    (candidates.removals.into_keys().collect(), left)
}

#[test]
fn a_disabled_connection_goes_with_delete_recorded_or_not_and_stays_with_retain() {
    let delete = "connections: {a: {enabled: false, deletionPolicy: Delete, namespace: shop}}";
    let a = secret("shop", "sc-a-secret");
    assert_eq!(judged(delete, &[]), (vec![a.clone()], vec![]));
    assert_eq!(judged(delete, &[(a.clone(), &["a"])]), (vec![a.clone()], vec![]));
    let retain =
        "{deletionPolicy: Delete, connections: {a: {enabled: false, deletionPolicy: Retain, namespace: shop}}}";
    assert_eq!(judged(retain, &[(a.clone(), &["a"])]), (vec![], vec![(a, Why::Disabled)]));
    assert_eq!(judged(retain, &[]), (vec![], vec![]), "what is not recorded is not known");
}

#[test]
fn what_an_operation_has_made_is_declared_until_it_or_the_values_say_otherwise() {
    let of_two = secret("shop", "sc-ab-secret");
    let mut inventory = Inventory::default();
    inventory.expect(&of_two, ["ab".to_owned()].into(), true, false);
    let judged = |connections: &str| {
        let all = "deletionPolicy: Delete, rbac: {scope: cluster}";
        let candidates = Candidates::of(&declared(&format!("{{{all}, connections: {connections}}}")), &inventory);
        (candidates.removals.into_keys().collect::<Vec<_>>(), candidates.leftovers.len())
    };
    assert_eq!(judged("{}"), (vec![], 0), "neither removed nor left behind");
    assert_eq!(judged("{a_b: {enabled: false, namespace: shop}}"), (vec![], 0), "another one of the same letters");
    assert_eq!(judged("{ab: {enabled: false, namespace: shop}}"), (vec![of_two.clone()], 0));
    assert_eq!(judged("{ab: {namespace: other, data: {A: b}}}"), (vec![of_two], 0), "moved");
}

#[test]
fn what_an_enabled_connection_wants_never_goes() {
    let text = "connections: {a: {namespace: shop, secretName: s, data: {A: b}},
        b: {enabled: false, deletionPolicy: Delete, namespace: shop, secretName: s}}";
    assert_eq!(judged(text, &[(secret("shop", "s"), &["a"])]), (vec![], vec![]));
}

#[test]
fn of_two_disabled_connections_with_one_secret_the_one_that_retains_it_wins() {
    let text = "connections: {a: {enabled: false, deletionPolicy: Delete, namespace: shop, secretName: s},
        b: {enabled: false, namespace: shop, secretName: s}}";
    assert_eq!(judged(text, &[]), (vec![], vec![]));
}

#[test]
fn a_shared_account_goes_with_its_last_connection() {
    let both =
        |a: &str, b: &str| format!("connections: {{a: {{{a}, namespace: shop, WI}}, b: {{{b}, namespace: shop, WI}}}}");
    let (off, keep, on) = ("enabled: false, deletionPolicy: Delete", "enabled: false", "enabled: true");
    let goes = |text: &str, users: &[&str]| judged(text, &[(account(), users)]).0.contains(&account());
    assert!(goes(&both(off, off), &["a", "b"]));
    assert!(!goes(&both(off, on), &["a", "b"]));
    assert!(!goes(&both(off, keep), &["a", "b"]));
    let alone = format!("connections: {{a: {{{off}, namespace: shop, WI}}}}");
    assert!(goes(&alone, &["a"]));
    assert!(!goes(&alone, &["a", "left-out"]), "one that was left out keeps what it has");
    let everything = format!("{{deletionPolicy: Delete, rbac: {{scope: cluster}}, {alone}}}");
    assert!(goes(&everything, &["a", "left-out"]));
}

#[test]
fn who_else_uses_an_account_is_known_of_what_is_recorded_only() {
    let alone = "connections: {a: {enabled: false, deletionPolicy: Delete, namespace: shop, WI}}";
    let is_known = |inventory: &Inventory| {
        let candidates = Candidates::of(&declared(alone), inventory);
        assert!(candidates.removals.contains_key(&account()));
        !candidates.unrecorded.contains(&account())
    };
    assert!(is_known(&Inventory::default()), "after an uninstall");
    assert!(!is_known(&Inventory::unreadable()));
}

#[test]
fn what_a_declared_connection_leaves_does_not_go_whatever_the_inventory_says_of_it() {
    let text = "{rbac: {scope: cluster}, deletionPolicy: Delete,
        connections: {a: {enabled: false, deletionPolicy: Retain, namespace: shop}}}";
    let a = secret("shop", "sc-a-secret");
    assert_eq!(judged(text, &[(a.clone(), &["zz"])]), (vec![], vec![(a, Why::Disabled)]));
}

#[test]
fn what_a_connection_had_left_before_it_was_disabled_is_told_as_moved() {
    let text = "connections: {a: {enabled: false, deletionPolicy: Delete, namespace: shop}}";
    let old = secret("old", "sc-a-secret");
    let (removed, left) = judged(text, &[(old.clone(), &["a"])]);
    assert_eq!((removed, left), (vec![secret("shop", "sc-a-secret")], vec![(old, Why::Moved)]));
}

#[test]
fn what_was_left_out_or_moved_goes_only_in_scope_cluster_with_delete_for_all() {
    let records = [(secret("old", "sc-a-secret"), ["a"].as_slice()), (secret("shop", "sc-x-secret"), &["x"])];
    let moved = "connections: {a: {namespace: shop, data: {A: b}}}";
    let left = vec![(records[0].0.clone(), Why::Moved), (records[1].0.clone(), Why::LeftOut)];
    for scope in ["", "rbac: {scope: cluster}, ", "deletionPolicy: Delete, "] {
        assert_eq!(judged(&format!("{{{scope}{moved}}}"), &records), (vec![], left.clone()), "{scope}");
    }
    let all = format!("{{rbac: {{scope: cluster}}, deletionPolicy: Delete, {moved}}}");
    assert_eq!(judged(&all, &records), (vec![records[0].0.clone(), records[1].0.clone()], vec![]));
    let own = all.replace("namespace: shop, ", "namespace: shop, deletionPolicy: Retain, ");
    assert_eq!(judged(&own, &records), (vec![records[1].0.clone()], vec![left[0].clone()]));
}

#[test]
fn a_record_of_no_connection_deletes_nothing() {
    let all = "{rbac: {scope: cluster}, deletionPolicy: Delete, connections: {}}";
    let record = secret("shop", "s");
    assert_eq!(judged(all, &[(record.clone(), &[])]), (vec![], vec![(record, Why::LeftOut)]));
}

#[test]
fn users_of_an_account_are_all_that_declare_it_and_those_that_have_left_it_behind() {
    let text =
        "connections: {a: {namespace: shop, WI}, b: {namespace: shop, WI}, c: {enabled: false, namespace: shop, WI},
        d: {enabled: false, deletionPolicy: Delete, namespace: shop, WI}, e: {namespace: other, WI}}";
    let (declared, recorded) = (declared(text), inventory(&[(account(), &["a", "c", "d", "e", "gone"])]));
    let candidates = Candidates::of(&declared, &recorded);
    // b cannot be done in this run
    let users = candidates.users(&declared, recorded.record(&account()), &account(), &["a".to_owned()]);
    assert_eq!(Vec::from_iter(users), ["a", "b", "c", "e", "gone"], "e has moved, and its old pods use the account");
    let users = candidates.users(&declared, None, &secret("shop", "sc-a-secret"), &["a".to_owned()]);
    assert_eq!(Vec::from_iter(users), ["a"]);
}
