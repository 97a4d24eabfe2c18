//! What the chart must know of the catalogue to pin the job's rights: the linkers beside
//! the first, by target and client type. Each has a Secret of its own.

use std::collections::{BTreeMap, BTreeSet};

use sc_job::catalogue;

/// The file of the chart, which its templates read with `.Files.Get`.
pub fn text() -> String {
    let mut linkers = BTreeMap::<_, BTreeMap<_, BTreeSet<_>>>::new();
    for name in catalogue::names() {
        for set in &catalogue::target(name).unwrap().unwrap().sets {
            for linker in set.variables.iter().filter_map(|variable| variable.linker.as_deref()) {
                for client_type in &set.client_types {
                    linkers.entry(name).or_default().entry(client_type.as_str()).or_default().insert(linker);
                }
            }
        }
    }
    format!("{}\n", serde_json::to_string_pretty(&linkers).unwrap())
}
