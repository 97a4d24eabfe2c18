//! Who refuses an object, known by the words of the API server.

use crate::connections::names::SUBDOMAIN;

/// Who refuses an object that may be written as far as rights go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refuser {
    /// A `ResourceQuota` of the namespace.
    Quota,
    /// An admission webhook, or a `ValidatingAdmissionPolicy`.
    Admission,
    /// The object itself, whose content must not change.
    Immutable,
    /// The Secret itself, whose type must not change.
    Type,
    /// The API server's own rules.
    Other,
}

impl Refuser {
    /// Known by the words of the refusal: its reason is `Forbidden`, `Invalid` or whatever a webhook chose.
    #[must_use]
    pub fn of(words: &str) -> Self {
        if ADMISSION.iter().any(|said| words.contains(said)) {
            Self::Admission
        } else if words.contains(QUOTA) {
            Self::Quota
        } else if words.contains(IMMUTABLE) {
            Self::Immutable
        } else if TYPE.iter().all(|said| words.contains(said)) {
            Self::Type
        } else {
            Self::Other
        }
    }
}

pub(super) const QUOTA: &str = "exceeded quota";

pub(super) const IMMUTABLE: &str = "field is immutable when `immutable` is set";

/// Both stand in the refusal of a change of type.
pub(super) const TYPE: [&str; 2] = ["type: Invalid value", "field is immutable"];

/// Stands in every refusal by a webhook or a policy.
pub(super) const ADMISSION: [&str; 2] = ["admission webhook", "ValidatingAdmissionPolicy"];

/// The webhook or the policy by its name, which the API server puts before its words.
pub(super) fn denier(message: &str) -> String {
    let [webhook, policy] = ADMISSION;
    let of_webhook = message.strip_prefix(webhook).and_then(|rest| rest.strip_prefix(" \"")?.split_once('"'));
    let of_policy = || message.split_once(": ")?.1.strip_prefix(policy)?.strip_prefix(" '")?.split_once('\'');
    let named = |name: &str| SUBDOMAIN.accepts(name);
    match (of_webhook, of_policy()) {
        (Some((name, _)), _) if named(name) => format!("{webhook} \"{name}\""),
        (None, Some((name, _))) if named(name) => format!("{policy} '{name}'"),
        _ => format!("an {webhook} or a {policy}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_refuses_is_known_by_the_words() {
        for (words, refuser) in [
            ("secrets \"a\" is forbidden: exceeded quota: q, requested: count/secrets=1", Refuser::Quota),
            ("admission webhook \"w\" denied the request: exceeded quota of the team", Refuser::Admission),
            ("ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no", Refuser::Admission),
            (
                "Secret \"a\" is invalid: data: Forbidden: field is immutable when `immutable` is set",
                Refuser::Immutable,
            ),
            ("Secret \"a\" is invalid: type: Invalid value: \"Opaque\": field is immutable", Refuser::Type),
            ("Secret \"a\" is invalid: data: Too long: may not be more than 1048576 bytes", Refuser::Other),
        ] {
            assert_eq!(Refuser::of(words), refuser, "{words}");
        }
    }
}
