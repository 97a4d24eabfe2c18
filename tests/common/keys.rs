//! Connections whose keys nobody can compress, as many as go into one release of Helm's and more.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

/// A form in which keys are given.
pub struct Keys {
    /// Bytes of a key, a multiple of 32. It is given in base64, as Azure's are.
    pub bytes: usize,
    /// Whether it is given as `{base64: …}`.
    pub encoded: bool,
    /// The connections that the chart leaves to Helm; it refuses one more.
    pub most: usize,
    /// The bytes that Helm's record then has at least, as the chart says.
    pub beyond: usize,
}

/// Keys as those of a storage account, and larger ones in both forms.
pub const FORMS: [Keys; 3] = [
    Keys { bytes: 64, encoded: false, most: 5_336, beyond: 1_048_738 },
    Keys { bytes: 1536, encoded: false, most: 250, beyond: 1_051_707 },
    Keys { bytes: 1536, encoded: true, most: 206, beyond: 1_049_364 },
];

impl Keys {
    /// Values of `count` connections, each with a key of its own in namespace `shop`.
    pub fn values(&self, count: usize) -> String {
        let connection = |index: usize| {
            let key = self.key(index);
            let key = if self.encoded { json!({"base64": STANDARD.encode(key)}) } else { json!(key) };
            let parameters = json!({"account": format!("acct{index:04}"), "accountKey": key});
            let settings =
                json!({"namespace": "shop", "target": "storage-blob", "auth": "secret", "parameters": parameters});
            (format!("c{index:04}"), settings)
        };
        json!({"connections": (0..count).map(connection).collect::<Map<String, Value>>()}).to_string()
    }

    fn key(&self, index: usize) -> String {
        let part = |part: usize| Sha256::digest(format!("{index} {part}"));
        STANDARD.encode((0..self.bytes / 32).flat_map(part).collect::<Vec<u8>>())
    }
}
