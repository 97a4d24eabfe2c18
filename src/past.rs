//! What earlier runs have left for this one: the anchor, and the inventory that
//! goes with it.

use crate::anchor::{self, Anchored};
use crate::client::Api;
use crate::error::{Code, Fault};
use crate::failure;
use crate::inventory::{self, Inventory};
use crate::release::Release;

/// What earlier runs have left.
pub struct Past {
    /// The ConfigMap `sc-connections`.
    anchor: Anchored,
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
        let anchor = match anchor {
            Ok(Some(anchor)) => Anchored::There(anchor),
            Ok(None) => Anchored::Absent,
            Err(fault) => Anchored::Unreadable(bearable(fault)?),
        };
        Ok(Self { anchor, inventory })
    }

    /// The checksum of the release's input, as far as it is known.
    #[must_use]
    pub fn input_sha256(&self) -> Option<&str> {
        match &self.anchor {
            Anchored::There(anchor) => anchor.input_sha256.as_deref(),
            Anchored::Absent | Anchored::Unreadable(_) => None,
        }
    }

    /// What earlier runs have made, and the ConfigMap beside which that is written. What is lost is warned of, and what could
    /// not be read is not overwritten.
    ///
    /// # Errors
    /// A fault of the whole run: the API server cannot be reached, or the right on the inventory is missing.
    pub fn anchored(self) -> Result<(Inventory, Anchored), Fault> {
        let inventory = match self.inventory {
            Ok(inventory) => inventory,
            Err(fault) => {
                let fault = bearable(fault)?;
                tracing::warn!(
                    "what earlier runs have made is not known, and what this one makes is not remembered: {fault}"
                );
                return Ok((Inventory::unreadable(), Anchored::Unreadable(fault)));
            }
        };
        match &self.anchor {
            Anchored::There(anchor) if anchor.is_filled && inventory.is_absent() => tracing::warn!(
                "ConfigMap {} is not there, though an earlier run has left its outcome: what connections have made that are not \
                 declared any more is not known, and is neither listed nor removed",
                inventory::name(0)
            ),
            Anchored::Unreadable(fault) => tracing::warn!("what this run makes is not remembered: {fault}"),
            // Why it could not be made is told by then.
            Anchored::There(_) | Anchored::Absent => {}
        }
        Ok((inventory, self.anchor))
    }
}

/// What a run can do without, unless the chart is to grant it or nothing else would succeed either.
fn bearable(fault: Fault) -> Result<Fault, Fault> {
    let ends = failure::ends_the_run(&fault) || fault.code() == Code::NotPermitted;
    if ends { Err(fault) } else { Ok(fault) }
}
