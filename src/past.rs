//! What earlier runs have left for this one: the anchor, and the inventory that
//! goes with it.

use crate::anchor::{self, Anchor};
use crate::client::Api;
use crate::error::{Code, Fault};
use crate::failure;
use crate::inventory::{self, Inventory};
use crate::release::Release;

/// What earlier runs have left.
pub struct Past {
    /// The ConfigMap `sc-connections`.
    pub anchor: Option<Anchor>,
    /// What they have made; `None` if it could not be read.
    inventory: Option<Inventory>,
}

impl Past {
    /// Reads both, and warns of what is lost.
    ///
    /// # Errors
    /// A fault of the whole run: the API server cannot be reached, or the right is missing.
    pub async fn read(api: &Api, release: &Release) -> Result<Self, Fault> {
        let (anchor, inventory) = tokio::join!(anchor::find(api, release), Inventory::read(api, release));
        let (anchor, inventory) = (or_warn(anchor)?.flatten(), or_warn(inventory)?);
        if anchor.as_ref().is_some_and(|anchor| anchor.is_filled)
            && inventory.as_ref().is_some_and(Inventory::is_absent)
        {
            tracing::warn!(
                "ConfigMap {} is not there, though an earlier run has left its outcome: what connections have made that are not \
                 declared any more is not known, and is neither listed nor removed",
                inventory::name(0)
            );
        }
        Ok(Self { anchor, inventory })
    }

    /// What earlier runs have made, and the ConfigMap beside which that is written. What could not be read is not overwritten.
    #[must_use]
    pub fn anchored(self) -> (Inventory, Option<Anchor>) {
        match self.inventory {
            Some(inventory) => (inventory, self.anchor),
            None => (Inventory::unreadable(), None),
        }
    }
}

/// What a run can do without is a warning, unless the chart is to grant it or nothing else would succeed either.
fn or_warn<T>(answer: Result<T, Fault>) -> Result<Option<T>, Fault> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(fault) if failure::ends_the_run(&fault) || fault.code() == Code::NotPermitted => Err(fault),
        Err(fault) => {
            tracing::warn!(
                "what earlier runs have made is not known, and what this one makes is not remembered: {fault}"
            );
            Ok(None)
        }
    }
}
