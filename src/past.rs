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
    anchor: Option<Anchor>,
    /// What they have made. It is nothing to a run that is superseded, whatever came of it.
    inventory: Result<Inventory, Fault>,
}

impl Past {
    /// Reads both.
    ///
    /// # Errors
    /// A fault of the whole run: the API server cannot be reached, or the right on the anchor is missing.
    pub async fn read(api: &Api, release: &Release) -> Result<Self, Fault> {
        let (anchor, inventory) = tokio::join!(anchor::find(api, release), Inventory::read(api, release));
        Ok(Self { anchor: or_warn(anchor)?.flatten(), inventory })
    }

    /// The checksum of the release's input, as far as it is known.
    #[must_use]
    pub fn input_sha256(&self) -> Option<&str> {
        self.anchor.as_ref().and_then(|anchor| anchor.input_sha256.as_deref())
    }

    /// What earlier runs have made, and the ConfigMap beside which that is written. What is lost is warned of, and what could
    /// not be read is not overwritten.
    ///
    /// # Errors
    /// A fault of the whole run: the API server cannot be reached, or the right on the inventory is missing.
    pub fn anchored(self) -> Result<(Inventory, Option<Anchor>), Fault> {
        let Some(inventory) = or_warn(self.inventory)? else { return Ok((Inventory::unreadable(), None)) };
        if self.anchor.as_ref().is_some_and(|anchor| anchor.is_filled) && inventory.is_absent() {
            tracing::warn!(
                "ConfigMap {} is not there, though an earlier run has left its outcome: what connections have made that are not \
                 declared any more is not known, and is neither listed nor removed",
                inventory::name(0)
            );
        }
        Ok((inventory, self.anchor))
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
