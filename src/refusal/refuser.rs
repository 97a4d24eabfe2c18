//! Whose refusal it is, where rights are not the reason.

/// Stands in every refusal by a webhook or a policy.
pub(super) const ADMISSION: [&str; 2] = ["admission webhook", "ValidatingAdmissionPolicy"];

pub(super) const QUOTA: &str = "exceeded quota";

pub(super) const IMMUTABLE: &str = "field is immutable when `immutable` is set";

/// Both stand in the refusal of a change of type.
pub(super) const TYPE: [&str; 2] = ["type: Invalid value", "field is immutable"];

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
