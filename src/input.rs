//! Where the connections come from: the directory that the chart mounts, a
//! file, or standard input. A mount can be older than the release for a
//! moment, since the kubelet caches Secrets; the checksum tells.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest as _, Sha256};

use crate::connections::Document;
use crate::error::{Code, Fault};
use crate::settings::Settings;

/// How often a stale mount is looked at again.
const POLL: Duration = Duration::from_millis(250);

/// The kubelet renews a mounted Secret within its sync period (60 s) and the age of its cache.
const LONGEST_WAIT: Duration = Duration::from_secs(90);

/// The mounted connections.
pub struct Mounted {
    /// What stands in them.
    pub documents: Vec<Document>,
    /// SHA-256 of the files' bytes, one after the other, in hexadecimal digits.
    pub sha256: String,
}

/// Reads the mounted connections, once they are those that the release was told of.
///
/// # Errors
/// Faults of files that cannot be read, or of content that stays another one.
pub async fn mounted(settings: &Settings) -> Result<Mounted, Vec<Fault>> {
    // Given up before the deadline, so that the reason is told and not the time.
    let patience = LONGEST_WAIT.min(settings.deadline().saturating_sub(settings.request_timeout()));
    let attempts = patience.as_millis() / POLL.as_millis();
    for attempt in 0..=attempts {
        let texts = texts(&settings.input).map_err(|fault| vec![fault])?;
        let sha256 = checksum(&texts);
        if settings.input_sha256.as_ref().is_none_or(|expected| expected.eq_ignore_ascii_case(&sha256)) {
            return Ok(Mounted { documents: documents(texts, Document::of_chart), sha256 });
        }
        if attempt == 0 {
            tracing::info!(
                "the mounted connections are not yet those of this release; waiting for the kubelet to renew them"
            );
        }
        tokio::time::sleep(POLL).await;
    }
    let cause = format!("after {} s the mounted connections are still not those of this release", patience.as_secs());
    Err(vec![Fault::run(Code::StaleInput, cause)])
}

/// Reads a values file; `-` is standard input. A directory holds what the chart has written for its Job.
///
/// # Errors
/// A fault when it cannot be read.
pub fn values(path: &Path) -> Result<Vec<Document>, Fault> {
    if path.is_dir() {
        return texts(path).map(|texts| documents(texts, Document::of_chart));
    }
    let text = if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin()
            .read_to_string(&mut text)
            .map(|_| text)
            .map_err(|error| unreadable(Path::new("standard input"), &error))?
    } else {
        read(path)?
    };
    let origin = if path == Path::new("-") { "standard input".into() } else { path.to_path_buf() };
    Ok(documents(vec![(origin, text)], Document::of_values))
}

fn texts(input: &Path) -> Result<Vec<(PathBuf, String)>, Fault> {
    let mut files = Vec::new();
    if input.is_dir() {
        let entries = std::fs::read_dir(input).map_err(|error| unreadable(input, &error))?;
        files.extend(
            entries
                .filter_map(Result::ok)
                .map(|entry| entry.path())
                .filter(|path| path.extension().is_some_and(|extension| extension == "json")),
        );
        files.sort();
        if files.is_empty() {
            return Err(Fault::at(
                Code::InputUnreadable,
                input.display(),
                "the directory holds no connections (*.json)",
            ));
        }
    } else {
        files.push(input.to_path_buf());
    }
    files.into_iter().map(|path| read(&path).map(|text| (path, text))).collect()
}

fn read(path: &Path) -> Result<String, Fault> {
    std::fs::read_to_string(path).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Fault {
    let fault = Fault::at(Code::InputUnreadable, path.display(), format!("cannot be read: {error}"));
    if error.kind() == std::io::ErrorKind::InvalidData { fault.remedy("save the file as UTF-8") } else { fault }
}

fn checksum(texts: &[(PathBuf, String)]) -> String {
    let mut digest = Sha256::new();
    for (_, text) in texts {
        digest.update(text);
    }
    format!("{:x}", digest.finalize())
}

fn documents(texts: Vec<(PathBuf, String)>, of: fn(String, String) -> Document) -> Vec<Document> {
    texts.into_iter().map(|(path, text)| of(path.display().to_string(), text)).collect()
}
