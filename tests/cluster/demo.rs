//! The values of `scripts/demo`.

use crate::common::kubernetes::Place;
use crate::common::{CANARY, text};

/// Four connections in two namespaces; every credential holds the canary.
pub fn demo(place: &Place) -> String {
    let values = text("scripts/demo.values.yaml").replace("demo-only", CANARY);
    values
        .replace("namespace: shop", &format!("namespace: {}", place.shop))
        .replace("namespace: warehouse", &format!("namespace: {}", place.warehouse))
}
