//! Reading what the API server says when it refuses: the one place that knows
//! its codes, causes and turns of phrase.

mod refuser;

use std::error::Error as _;

use http::StatusCode;
use kube::core::Status;
use kube::core::response::StatusDetails;

use crate::object::ObjectId;
use refuser::{ADMISSION, IMMUTABLE, QUOTA, TYPE, denier};

pub use refuser::Refuser;

/// What the API server answers for a path that it does not know, such as that of a kind which is not installed.
const UNKNOWN_PATH: &[u8] = b"404 page not found";

/// The refusal in an answer that was no success. An answer without a Status that speaks of a failure that may pass (from
/// a proxy, or the API server's own overload filter) is made one.
///
/// # Errors
/// The answer, if it would be final and is not the API server's: what half a document or a page for people says of an
/// object is not to be believed.
pub fn of(head: &http::response::Parts, bytes: &[u8]) -> Result<Status, NotFromApiServer> {
    let status = serde_json::from_slice(bytes).ok().filter(Status::is_failure);
    let passing = head.status == StatusCode::TOO_MANY_REQUESTS || head.status.is_server_error();
    let known = passing || bytes.trim_ascii() == UNKNOWN_PATH;
    let mut status = match status {
        Some(status) => status,
        None if known => Status::failure(&format!("the answer was HTTP {}", head.status), ""),
        None => return Err(NotFromApiServer(head.status)),
    };
    status.code = head.status.as_u16();
    let seconds = head.headers.get(http::header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    if let Some(seconds) = seconds {
        status.details.get_or_insert_with(no_details).retry_after_seconds = seconds;
    }
    Ok(status)
}

/// An answer that came from something between us and the API server, or did not come whole.
#[derive(Debug, thiserror::Error)]
#[error("the answer was HTTP {0}, and not the API server's")]
pub struct NotFromApiServer(StatusCode);

fn no_details() -> StatusDetails {
    StatusDetails {
        name: String::new(),
        group: String::new(),
        kind: String::new(),
        uid: String::new(),
        causes: Vec::new(),
        retry_after_seconds: 0,
    }
}

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

const ABSENT_WEBHOOK: &str = "failed calling webhook";

/// Whether an authoriser said it: the ServiceAccount lacks a right. Quota, admission webhooks and policies
/// answer 403 too.
#[must_use]
pub fn by_authoriser(status: &Status) -> bool {
    let message = &status.message;
    status.code == 403
        && message.contains("forbidden: User \"")
        && !ADMISSION.iter().any(|words| message.contains(words))
}

/// Whether a namespace refuses new objects since it is being deleted.
#[must_use]
pub fn by_terminating_namespace(status: &Status) -> bool {
    causes(status).any(|(reason, _)| reason == "NamespaceTerminating")
}

/// Whether the API server does not know the kind of `id`, which is no kind of Kubernetes itself. It names a missing
/// object, and a missing namespace, in the details.
#[must_use]
pub fn by_unknown_kind(status: &Status, id: &ObjectId) -> bool {
    let unnamed = status.details.as_ref().is_none_or(|details| details.name.is_empty());
    status.code == 404 && unnamed && id.kind.origin().is_some()
}

/// Whether an admission webhook could not be asked.
#[must_use]
pub fn by_absent_webhook(status: &Status) -> bool {
    status.code == 500 && status.message.contains(ABSENT_WEBHOOK)
}

/// The fields that another manager holds, as the API server names them.
#[must_use]
pub fn conflicting_fields(error: &kube::Error) -> Vec<String> {
    let kube::Error::Api(status) = error else { return Vec::new() };
    let conflicts = causes(status).filter(|(reason, _)| *reason == "FieldManagerConflict");
    let mut fields: Vec<String> = conflicts.map(|(_, field)| field.to_owned()).collect();
    fields.sort();
    fields.dedup();
    fields
}

/// Whether the object is another one than was seen: 409 when it has vanished or changed, 422 on
/// `metadata.uid` when it was re-created.
#[must_use]
pub fn on_another_object(error: &kube::Error) -> bool {
    let kube::Error::Api(status) = error else { return false };
    status.code == 409 || (status.code == 422 && causes(status).any(|(_, field)| field == "metadata.uid"))
}

/// Reason and field of each cause.
fn causes(status: &Status) -> impl Iterator<Item = (&str, &str)> {
    let causes = status.details.iter().flat_map(|details| &details.causes);
    causes.map(|cause| (cause.reason.as_str(), cause.field.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forbidden(message: &str) -> Status {
        Status::failure(message, "Forbidden").with_code(403)
    }

    #[test]
    fn a_missing_right_is_told_from_other_refusals() {
        let user =
            "secrets \"a\" is forbidden: User \"system:serviceaccount:s:sc-job\" cannot patch resource \"secrets\"";
        assert!(by_authoriser(&forbidden(user)));
        for message in [
            "secrets \"a\" is forbidden: exceeded quota: q, requested: count/secrets=1",
            "admission webhook \"w\" denied the request: Secrets cannot be created without label team",
            "secrets \"a\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no",
        ] {
            assert!(!by_authoriser(&forbidden(message)), "{message}");
        }
    }

    #[test]
    fn an_answer_that_is_no_status_is_final_only_where_the_api_server_gives_such_a_one() {
        let judge = |code: u16, body: &str| {
            let (head, ()) = http::Response::builder().status(code).body(()).unwrap().into_parts();
            of(&head, body.as_bytes()).map(|status| status.message).map_err(|error| error.to_string())
        };
        let gone = r#"{"kind": "Status", "status": "Failure", "message": "gone", "code": 404}"#;
        assert_eq!(judge(404, gone), Ok("gone".to_owned()));
        assert_eq!(judge(404, "404 page not found\n"), Ok("the answer was HTTP 404 Not Found".to_owned()));
        assert_eq!(judge(503, "overloaded"), Ok("the answer was HTTP 503 Service Unavailable".to_owned()));
        for (code, body) in [(404, &gone[..40]), (404, "<html>"), (403, ""), (401, "{}")] {
            assert!(
                judge(code, body).is_err_and(|words| words.ends_with(", and not the API server's")),
                "{code} {body}"
            );
        }
    }

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
