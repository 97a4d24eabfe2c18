//! Sets of fields, as `managedFields` tells them: paths such as `.data.PORT`, of
//! what one manager holds, or of what an object to apply says.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// Paths of fields. What is held within a list counts as the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paths(BTreeSet<String>);

impl Paths {
    /// The fields that these `fieldsV1` hold together.
    pub fn of<'a>(fields: impl Iterator<Item = &'a Value>) -> Self {
        let mut paths = BTreeSet::new();
        for fields in fields {
            walk_held(fields, "", &mut paths);
        }
        Self(paths)
    }

    /// Whether there is no field at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each path.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// What is in one of the two and not in the other.
    pub fn differing<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = String> + 'a {
        self.0.symmetric_difference(&other.0).cloned()
    }
}

fn walk_held(fields: &Value, path: &str, into: &mut BTreeSet<String>) {
    let below = fields.as_object().into_iter().flatten().filter_map(|(step, fields)| {
        // A key, a value or a place in a list stands for the list; "." for the mapping itself.
        Some((step.strip_prefix("f:")?, fields))
    });
    let mut is_leaf = true;
    for (step, fields) in below {
        is_leaf = false;
        walk_held(fields, &format!("{path}.{step}"), into);
    }
    if is_leaf && !path.is_empty() {
        into.insert(path.to_owned());
    }
}

/// What is said by an object to apply, but for what names it.
#[must_use]
pub fn paths_of(body: &Value) -> Paths {
    let mut paths = BTreeSet::new();
    walk_said(body, "", &mut paths);
    for naming in
        ["apiVersion", "kind", "metadata.name", "metadata.namespace", "metadata.uid", "metadata.resourceVersion"]
    {
        paths.remove(&format!(".{naming}"));
    }
    Paths(paths)
}

fn walk_said(value: &Value, path: &str, into: &mut BTreeSet<String>) {
    match value.as_object().filter(|mapping| !Map::is_empty(mapping)) {
        Some(mapping) => mapping.iter().for_each(|(step, value)| walk_said(value, &format!("{path}.{step}"), into)),
        None => drop(into.insert(path.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_applied_and_what_is_to_be_applied_have_the_same_paths() {
        let held = json!({
            "f:data": {".": {}, "f:A": {}, "f:a.b": {}}, "f:type": {},
            "f:metadata": {"f:labels": {"f:x/y": {}}, "f:annotations": {}},
            "f:list": {"k:{\"name\":\"r\"}": {".": {}, "f:name": {}}},
        });
        let said = json!({
            "apiVersion": "v1", "kind": "Secret", "type": "Opaque", "data": {"A": "x", "a.b": "y"},
            "metadata": {"name": "n", "namespace": "s", "uid": "u", "labels": {"x/y": "z"}, "annotations": {}},
            "list": [{"name": "r"}],
        });
        let (held, said) = (Paths::of(std::iter::once(&held)), paths_of(&said));
        assert_eq!(held, said);
        assert_eq!(
            said.iter().collect::<Vec<_>>(),
            [".data.A", ".data.a.b", ".list", ".metadata.annotations", ".metadata.labels.x/y", ".type"]
        );
    }

    #[test]
    fn what_differs_is_on_one_side_only() {
        let (a, b) = (paths_of(&json!({"data": {"A": "", "B": ""}})), paths_of(&json!({"data": {"B": "", "C": ""}})));
        assert_eq!(a.differing(&b).collect::<Vec<_>>(), [".data.A", ".data.C"]);
    }
}
