//! One line of the inventory: an object as JSON.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Record;
use crate::connections::names::{CONNECTION, LABEL, SUBDOMAIN};
use crate::object::{Kind, ObjectId};
use crate::ownership::Memory;

/// The kinds that connections are made of.
const KINDS: [Kind; 3] = [Kind::SecretProviderClass, Kind::ServiceAccount, Kind::Secret];

#[derive(Deserialize, Serialize)]
struct Line {
    kind: String,
    namespace: String,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    uid: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    adopted: bool,
    connections: Vec<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not", rename = "byOperation")]
    by_operation: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not", rename = "othersUnknown")]
    others_unknown: bool,
}

/// Reads a line. Its names become parts of requests and of commands to paste, so each must be one.
pub(super) fn parse(line: &str) -> Option<(ObjectId, Record)> {
    let line: Line = serde_json::from_str(line).ok()?;
    let kind = KINDS.into_iter().find(|kind| kind.as_str() == line.kind)?;
    let named = LABEL.accepts(&line.namespace)
        && SUBDOMAIN.accepts(&line.name)
        && line.connections.iter().all(|connection| CONNECTION.accepts(connection));
    let memory = Memory { uid: line.uid, adopted: line.adopted };
    let connections: BTreeSet<String> = line.connections.into_iter().collect();
    let connections = connections.into_iter().collect();
    let (by_operation, others_unknown) = (line.by_operation, line.others_unknown);
    let record = Record { memory, connections, by_operation, others_unknown };
    named.then(|| (ObjectId::new(kind, line.namespace, line.name), record))
}

/// Writes a line, without its end.
pub(super) fn text(id: &ObjectId, record: &Record) -> Option<String> {
    serde_json::to_string(&Line {
        kind: id.kind.as_str().to_owned(),
        namespace: id.namespace.clone(),
        name: id.name.clone(),
        uid: record.memory.uid.clone(),
        adopted: record.memory.adopted,
        connections: record.connections.to_vec(),
        by_operation: record.by_operation,
        others_unknown: record.others_unknown,
    })
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_it_was_written() {
        let id = ObjectId::new(Kind::Secret, "shop", "sc-a-secret");
        let memory = Memory { uid: Some("u".into()), adopted: true };
        let record = Record {
            memory,
            connections: ["B.c".to_owned(), "a".to_owned()].into(),
            by_operation: true,
            others_unknown: false,
        };
        let line = text(&id, &record).unwrap();
        assert_eq!(
            line,
            r#"{"kind":"Secret","namespace":"shop","name":"sc-a-secret","uid":"u","adopted":true,"connections":["B.c","a"],"byOperation":true}"#
        );
        assert_eq!(parse(&line), Some((id, record)));
    }

    #[test]
    fn what_is_no_record_of_an_object_of_ours_is_not_read() {
        for line in [
            "",
            "{}",
            "- kind: Secret",
            r#"{"kind":"Node","namespace":"shop","name":"a","connections":[]}"#,
            r#"{"kind":"Secret","namespace":"kube-system/secrets/x","name":"a","connections":[]}"#,
            r#"{"kind":"Secret","namespace":"shop","name":"../../nodes/a","connections":[]}"#,
            r#"{"kind":"Secret","namespace":"shop","name":"a; rm -r /","connections":[]}"#,
            r#"{"kind":"Secret","namespace":"shop","name":"a","connections":["a\nb"]}"#,
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
