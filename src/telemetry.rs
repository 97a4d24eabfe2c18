//! The log: lines for people, or JSON for machines. Only our own events are
//! shown: the libraries below log whole answers of the API server, and those
//! may hold credentials.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::settings::{LogFormat, LogLevel};

/// Starts logging to standard error. Later calls change nothing.
pub fn init(level: LogLevel, format: LogFormat) {
    let filter = Targets::new().with_target(env!("CARGO_CRATE_NAME"), filter(level));
    let layer = fmt::layer().with_writer(std::io::stderr).with_ansi(false).with_target(false);
    let registry = tracing_subscriber::registry().with(filter);
    // The only failure is a second start, and the first one's choice then stands.
    let _ = match format {
        LogFormat::Json => registry.with(layer.json().flatten_event(true)).try_init(),
        LogFormat::Text => registry.with(layer.without_time().fmt_fields(fmt::format::debug_fn(message))).try_init(),
    };
}

/// In text, the message says all that the fields say. It is one line, whatever the API server or a webhook
/// said: a line break in it could be taken for a line of ours.
fn message(
    writer: &mut fmt::format::Writer<'_>,
    field: &tracing::field::Field,
    value: &dyn std::fmt::Debug,
) -> std::fmt::Result {
    if field.name() != "message" {
        return Ok(());
    }
    let text = format!("{value:?}");
    write!(writer, "{}", text.replace(char::is_control, " "))
}

fn filter(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    }
}
