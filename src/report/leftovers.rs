//! What is left behind: objects that nothing declares any more, so that a person
//! can find them, with the command that removes each.

use serde::Serialize;

use crate::anchor;
use crate::object::ObjectId;
use crate::outcome::Reason;
use crate::plan::{Leftover, Why};
use crate::release::Release;
use crate::wording;
use crate::yaml;

/// The key in the ConfigMap `sc-connections`. No connection can have this name.
pub(super) const KEY: &str = "_retained";

/// A line of the log names this many objects.
const NAMED: usize = 10;

/// The ConfigMap lists this many objects, and of each as many connections: with usual names they take 200 KiB.
const LISTED: usize = 500;

#[derive(Serialize)]
struct Entry {
    object: String,
    connections: Vec<String>,
    why: &'static str,
    #[serde(flatten)]
    way_out: WayOut,
}

/// What a person can do about it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum WayOut {
    /// The command that deletes it.
    Delete(String),
    /// Of what others had made before, something is theirs.
    Withdraw(&'static str),
}

const WITHDRAW: &str = "others had made it before, so that it is not deleted; to take out of it what is this release's, \
                        declare a connection that names it with enabled: false and deletionPolicy: Delete";

impl Why {
    fn words(self) -> &'static str {
        match self {
            Self::Disabled => "the connection is disabled, and its objects are to stay",
            Self::Moved => "the connection has other objects now",
            Self::LeftOut => "the connection is not declared any more",
            Self::Operation => Reason::Operation.words(),
        }
    }
}

impl Leftover {
    fn names(&self) -> String {
        wording::first(&self.connections.iter().cloned().collect::<Vec<_>>(), NAMED)
    }

    fn entry(&self, release: &Release) -> Entry {
        Entry {
            object: self.id.to_string(),
            connections: self.connections.iter().take(LISTED).cloned().collect(),
            why: self.why.words(),
            way_out: if self.adopted { WayOut::Withdraw(WITHDRAW) } else { WayOut::Delete(self.command(release)) },
        }
    }

    /// It deletes nothing that does not bear the labels of this release.
    fn command(&self, release: &Release) -> String {
        let ObjectId { kind, namespace, name } = &self.id;
        let (plural, selector) = (kind.plural(), release.selector());
        format!("kubectl delete {plural} -n {namespace} --field-selector metadata.name={name} -l {selector}")
    }
}

/// Tells what is left behind, in one line.
pub(super) fn tell(leftovers: &[Leftover]) {
    let names: Vec<String> =
        leftovers.iter().map(|leftover| format!("{} ({})", leftover.id, leftover.names())).collect();
    if !names.is_empty() {
        tracing::info!(
            "left behind, as last recorded: {}. Entry {KEY} of ConfigMap {anchor} says why, and how to remove each; an object \
             is forgotten when a connection that names it is declared with enabled: false and deletionPolicy: Delete, or its \
             line in the ConfigMaps {anchor}-N is deleted",
            wording::first(&names, NAMED),
            anchor = anchor::NAME
        );
    }
}

/// Tells how to go on after a run that failed when the release was uninstalled. Another installation of all of it would take
/// over again what was given back.
pub(super) fn tell_of_uninstalled(release: &Release) {
    tracing::warn!(
        "Helm does not repeat this run: to go on, helm upgrade --install with nothing but the connections that it has not \
         removed, each with enabled: false and deletionPolicy: Delete, and then helm uninstall; `kubectl get \
         secrets,serviceaccounts -A -l {}` (with auth csi also secretproviderclasses) lists what bears the labels of the \
         release, also what is to stay",
        release.selector()
    );
}

/// The entry of the ConfigMap, if there is something to list.
pub(super) fn text(leftovers: &[Leftover], release: &Release) -> Option<String> {
    if leftovers.is_empty() {
        return None;
    }
    let listed: Vec<Entry> = leftovers.iter().take(LISTED).map(|leftover| leftover.entry(release)).collect();
    let listed = yaml::write(&listed).ok()?;
    let rest = leftovers.len().saturating_sub(LISTED);
    Some(if rest == 0 { listed } else { format!("{listed}# and {rest} more\n") })
}
