//! Reading what the API server says when it refuses: the one place that knows
//! its codes, causes and turns of phrase.

mod refuser;
mod words;

use http::StatusCode;
use kube::core::Status;
use kube::core::response::StatusDetails;

use crate::object::ObjectId;
use refuser::ADMISSION;

pub use refuser::Refuser;
pub use words::{in_short, in_words, without_quotations};

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
}
