//! What is told of a failure, and what is not: an admission webhook may quote
//! what it was shown.

use std::error::Error as _;

use kube::core::Status;

use super::refuser::{IMMUTABLE, QUOTA, TYPE, denier};
use super::{ABSENT_WEBHOOK, Refuser, by_absent_webhook, by_authoriser, by_terminating_namespace};

/// A failure in words, with its causes, each once. An admission webhook may quote what it was shown:
/// of a request that carries credentials, say [`in_short`] or take its values out.
#[must_use]
pub fn in_words(error: &kube::Error) -> String {
    match error {
        kube::Error::Api(status) if !status.message.is_empty() => status.message.clone(),
        kube::Error::Api(_) => in_short(error),
        // serde quotes the value that it did not expect.
        kube::Error::SerdeError(_) => "the answer is not of the expected form".to_owned(),
        // What a plugin printed, or a token, may stand in it.
        kube::Error::Auth(_) => "the plugin or the token of the kubeconfig failed".to_owned(),
        other => {
            let mut words = Vec::new();
            let mut cause = other.source();
            while let Some(error) = cause {
                words.push(error.to_string());
                cause = error.source();
            }
            words.dedup();
            if words.is_empty() { other.to_string() } else { words.join(": ") }
        }
    }
}

/// A failure without anything that the request may have carried.
#[must_use]
pub fn in_short(error: &kube::Error) -> String {
    match error {
        kube::Error::Api(status) => short(status),
        other => in_words(other),
    }
}

/// The reasons of Kubernetes itself (<https://pkg.go.dev/k8s.io/apimachinery/pkg/apis/meta/v1#StatusReason>).
const REASONS: [&str; 18] = [
    "AlreadyExists",
    "BadRequest",
    "Conflict",
    "Expired",
    "Forbidden",
    "Gone",
    "InternalError",
    "Invalid",
    "MethodNotAllowed",
    "NotAcceptable",
    "NotFound",
    "RequestEntityTooLarge",
    "ServerTimeout",
    "ServiceUnavailable",
    "Timeout",
    "TooManyRequests",
    "Unauthorized",
    "UnsupportedMediaType",
];

/// A webhook may answer with a reason of its own, which may be anything.
fn short(status: &Status) -> String {
    let reason = REASONS.into_iter().find(|reason| *reason == status.reason).unwrap_or_default();
    format!("HTTP {} {reason}", status.code).trim_end().to_owned()
}

/// A refusal without what an admission webhook may have quoted: whose it was is still known.
#[must_use]
pub fn without_quotations(status: &Status) -> Status {
    let mut unquoting = status.clone();
    let whose = match Refuser::of(&status.message) {
        _ if by_absent_webhook(status) => ABSENT_WEBHOOK.to_owned(),
        Refuser::Admission => format!("{} denied it", denier(&status.message)),
        Refuser::Quota => QUOTA.to_owned(),
        Refuser::Immutable => IMMUTABLE.to_owned(),
        Refuser::Type => format!("{}: {}", TYPE[0], TYPE[1]),
        Refuser::Other if by_authoriser(status) || by_terminating_namespace(status) => return unquoting,
        Refuser::Other => String::new(),
    };
    let short = short(status);
    unquoting.message = if whose.is_empty() { short } else { format!("{whose} ({short})") };
    unquoting
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_refusal_without_quotations_it_is_known_whose_it_was() {
        let said = |code, message: &str| {
            let status = Status::failure(message, "Forbidden").with_code(code);
            without_quotations(&status).message
        };
        let denied = "admission webhook \"w\" denied the request: not with canary";
        let told = said(403, denied);
        assert_eq!(told, "admission webhook \"w\" denied it (HTTP 403 Forbidden)");
        let by_policy =
            "secrets \"a\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: canary";
        assert_eq!(said(422, by_policy), "ValidatingAdmissionPolicy 'p' denied it (HTTP 422 Forbidden)");
        let unknown = "an admission webhook or a ValidatingAdmissionPolicy denied it (HTTP 403 Forbidden)";
        for message in
            ["by admission webhook \"canary\"", "admission webhook \"ca nary\" denied the request", "admission webhook"]
        {
            assert_eq!(said(403, message), unknown, "{message}");
        }
        for (message, refuser) in [
            (denied, Refuser::Admission),
            (by_policy, Refuser::Admission),
            ("exceeded quota: canary", Refuser::Quota),
            ("data: Forbidden: field is immutable when `immutable` is set: canary", Refuser::Immutable),
            ("type: Invalid value: \"canary\": field is immutable", Refuser::Type),
        ] {
            let told = said(422, message);
            assert!(!told.contains("canary"), "{told}");
            assert_eq!(Refuser::of(&told), refuser, "{told}");
        }
        assert_eq!(said(500, "failed calling webhook \"w\": canary"), "failed calling webhook (HTTP 500 Forbidden)");
        let lacking = "secrets \"a\" is forbidden: User \"u\" cannot delete resource \"secrets\"";
        assert_eq!(said(403, lacking), lacking);
        assert_eq!(said(422, "canary"), "HTTP 422 Forbidden");
    }

    #[test]
    fn in_short_holds_nothing_of_the_message() {
        let error = kube::Error::Api(Status::failure("canary", "InternalError").with_code(500).boxed());
        assert_eq!(in_short(&error), "HTTP 500 InternalError");
        let error = kube::Error::Api(Status::failure("no", "canary").with_code(403).boxed());
        assert_eq!(in_short(&error), "HTTP 403", "a webhook chooses its reason");
    }
}
