//! The sentences about a target that the terminal and `docs/targets.md` have in common.

use std::collections::BTreeSet;

use super::{Offer, Parameter, Set, Sheet};
use crate::catalogue::Auth;

/// What the places in templates stand for.
pub const PLACES: &str = "In values and defaults {parameter} stands for the parameter, {cloud.key} for a host name of \
                          the chart's cloud, {{ and }} for the braces themselves.";

/// Said of a target or a set that azure-cli knows only for other kinds of host, if at all.
pub const NOT_OFFERED: &str = "az aks connection does not offer this";

/// The target in azure-cli.
#[must_use]
pub fn command(offer: &Offer) -> String {
    format!("az aks connection create {}", offer.target)
}

/// What azure-cli does not offer of a set, where it offers the target at all.
#[must_use]
pub fn not_offered(sheet: &Sheet, set: &Set) -> Option<String> {
    sheet.azure_cli.as_ref()?;
    match set.not_in_azure_cli.len() {
        0 => None,
        all if all == set.client_types.len() => Some(NOT_OFFERED.to_owned()),
        _ => Some(format!("az aks connection does not offer {}", set.not_in_azure_cli.join(", "))),
    }
}

/// Whom a set is for.
#[must_use]
pub fn heading(set: &Set) -> String {
    let when = set.when.map(|parameter| format!(" with {parameter}=true")).unwrap_or_default();
    format!("{}{when}: {}", set.auth, set.client_types.join(", "))
}

/// Which auths and client types require a parameter, and which take it.
#[must_use]
pub fn need(sheet: &Sheet, parameter: &Parameter) -> String {
    let auths: BTreeSet<Auth> = sheet.sets.iter().map(|set| set.auth).collect();
    let (mut required, mut optional) = (Vec::new(), Vec::new());
    for auth in &auths {
        let (mut all, mut takes, mut does_without) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for set in sheet.sets.iter().filter(|set| set.auth == *auth) {
            let client_types = || set.client_types.iter().map(String::as_str);
            let used = set.parameters.iter().find(|used| used.name == parameter.name);
            all.extend(client_types());
            if used.is_some() {
                takes.extend(client_types());
            }
            if used.is_none_or(|used| !used.required) {
                does_without.extend(client_types());
            }
        }
        required.extend(share(*auth, &(&takes - &does_without), &all));
        optional.extend(share(*auth, &(&takes & &does_without), &all));
    }
    let whole: Vec<String> = auths.iter().map(ToString::to_string).collect();
    let clause = |word: &str, joint: &str, shares: Vec<String>| match shares {
        shares if shares.is_empty() => None,
        shares if shares == whole => Some(word.to_owned()),
        shares => Some(format!("{word} {joint} {}", shares.join(", "))),
    };
    let clauses = [clause("required", "by", required), clause("optional", "with", optional)];
    clauses.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// An auth, and its client types unless they are all of them: those that count, or those that do not.
fn share(auth: Auth, some: &BTreeSet<&str>, all: &BTreeSet<&str>) -> Option<String> {
    let list = |words: &BTreeSet<&str>| words.iter().copied().collect::<Vec<_>>().join(", ");
    match some.len() {
        0 => None,
        count if count == all.len() => Some(auth.to_string()),
        count if 2 * count <= all.len() => Some(format!("{auth} ({})", list(some))),
        _ => Some(format!("{auth} (not {})", list(&(all - some)))),
    }
}
