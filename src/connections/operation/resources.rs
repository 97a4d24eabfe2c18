//! `resources`: base64 of a JSON object with the parts `namespace`, `secret`,
//! `secretProviderClass` and `pod`. The chart has read the names in it to pin the
//! rights; here it is read as a whole, and everything is checked once more.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Verb, class};
use crate::connections::csi::Csi;
use crate::connections::fields::Fields;
use crate::connections::form::{self, Form};
use crate::connections::forms::Forms;
use crate::connections::names;
use crate::connections::path::Path;
use crate::error::{Code, Fault};
use crate::yaml::Value;

/// What the parts say.
pub(super) struct Resources {
    pub(super) namespace: String,
    pub(super) has_secret: bool,
    pub(super) data: Forms,
    pub(super) csi: Option<Csi>,
    pub(super) asks_for_pod: bool,
}

pub(super) fn read(encoded: &str, connection: &str, verb: Verb, faults: &mut Vec<Fault>) -> Option<Resources> {
    let before = faults.len();
    let path = Path::default().child("resources");
    let value = match decode(&path, encoded) {
        Ok(value) => value,
        Err(fault) => {
            faults.push(fault);
            return None;
        }
    };
    let mut fields = Fields::open(path.clone(), value, faults)?;
    let mut namespace = fields.below("namespace", faults);
    let mut secret = fields.below("secret", faults);
    let mut class = fields.below("secretProviderClass", faults);
    // What it says is not looked at: nothing is made of it.
    let asks_for_pod = fields.below("pod", faults).is_some();
    close(&fields, &path, "namespace, secret, secretProviderClass and pod", faults);
    let whole = faults.len() == before;
    if whole && secret.is_none() && class.is_none() {
        faults.push(Fault::at(Code::Missing, &path, "must hold secret, secretProviderClass or both"));
    }
    let places = [(&mut namespace, "name"), (&mut secret, "namespace"), (&mut class, "namespace")];
    let namespace_name = place(&path, places, whole, faults);
    if let Some(namespace) = namespace {
        close(&namespace, &path.child("namespace"), "name", faults);
    }
    let has_secret = secret.is_some();
    let data = secret.map(|secret| data(secret, &path.child("secret"), connection, verb, faults)).unwrap_or_default();
    let csi =
        class.map(|class| class::read(class, &path.child("secretProviderClass"), connection, has_secret, verb, faults));
    Some(Resources { namespace: namespace_name?, has_secret, data, csi, asks_for_pod })
}

/// White space is dropped first, as the chart does it: `base64` without `-w0` breaks its lines.
fn decode(path: &Path, encoded: &str) -> Result<Value, Fault> {
    let compact: String = encoded.chars().filter(|c| !c.is_whitespace()).collect();
    let bytes = STANDARD.decode(compact).map_err(|_| Fault::at(Code::InvalidBase64, path, "is not base64"))?;
    // The error would quote what it stumbles over.
    let value = serde_json::from_slice(&bytes).ok().filter(|value: &Value| value.is_mapping());
    value.filter(|value| value.as_mapping().is_some_and(|mapping| !mapping.is_empty())).ok_or_else(|| {
        let cause = "must be base64 of a JSON object that has something in it, and each of its keys once";
        Fault::at(Code::WrongType, path, cause)
            .remedy("encode the object again, as UTF-8, for example with `base64 -w0`")
    })
}

/// Ends the reading of a part. A key that is not known may be anything, and is not named.
pub(super) fn close(fields: &Fields, path: &Path, known: &str, faults: &mut Vec<Fault>) {
    if !fields.is_empty() {
        faults.push(Fault::at(Code::UnknownField, path, format!("has a field that is none of {known}")));
    }
}

/// The namespace, which may stand in three places and must be the same in all of them.
fn place(
    path: &Path,
    places: [(&mut Option<Fields>, &'static str); 3],
    needed: bool,
    faults: &mut Vec<Fault>,
) -> Option<String> {
    let mut found: Option<(Path, String)> = None;
    for (part, field) in places {
        let Some(part) = part else { continue };
        let Some(name) = names::take(part, field, &names::LABEL, faults) else { continue };
        match &found {
            Some((other, first)) if *first != name => {
                faults.push(Fault::at(Code::InvalidValue, part.path(field), format!("must be the same as {other}")));
            }
            Some(_) => {}
            None => found = Some((part.path(field), name)),
        }
    }
    if found.is_none() && needed {
        let cause = "no part says in which namespace the objects are";
        faults.push(Fault::at(Code::Missing, path.child("namespace").child("name"), cause));
    }
    found.map(|(_, name)| name)
}

/// Takes a name that is not free to choose.
pub(super) fn take_name(
    fields: &mut Fields,
    key: &'static str,
    allowed: &[String],
    words: &str,
    faults: &mut Vec<Fault>,
) -> Option<String> {
    let name = fields.text(key, faults)?;
    if allowed.contains(&name) {
        return Some(name);
    }
    let cause = format!("must be {words}, where NAME is the connection's in lower case, letters and digits only");
    faults.push(Fault::at(Code::InvalidName, fields.path(key), cause).remedy("correct it, or leave it out"));
    None
}

fn data(mut secret: Fields, path: &Path, connection: &str, verb: Verb, faults: &mut Vec<Fault>) -> Forms {
    take_name(&mut secret, "name", &[names::secret(connection)], "sc-NAME-secret", faults);
    let place = path.child("data");
    let mut data = Forms::default();
    if verb == Verb::Delete {
        secret.ignore(&["data"]);
    } else {
        let before = faults.len();
        for (of_key, key, value) in secret.entries("data", faults) {
            match value {
                _ if !names::DATA_KEY.accepts(&key) => names::check(&place, &key, &names::DATA_KEY, faults),
                Value::String(text) => {
                    data.extend(form::fit(&of_key, text, faults).map(|value| (key, Form::Literal(value))));
                }
                _ => {
                    let fault = Fault::at(Code::WrongType, of_key, "must be a string");
                    faults.push(fault.remedy("write it as a string in the JSON, in quotes"));
                }
            }
        }
        if data.is_empty() && faults.len() == before {
            faults.push(Fault::at(Code::Missing, place, "a Secret needs an entry at least"));
        }
    }
    close(&secret, path, "name, namespace and data", faults);
    data
}
