//! The formats in which values stand, and how each keeps a value intact that has
//! characters of the format's own in it. A value without any is written as it is.

use std::borrow::Cow;

use serde::Deserialize;

/// The format of a variable's value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Format {
    /// The value alone, or a format without any quoting: the parameters' patterns must suffice.
    #[default]
    Plain,
    /// `Key=value;` of ADO.NET; rules of `DbConnectionStringBuilder`:
    /// <https://learn.microsoft.com/dotnet/api/system.data.common.dbconnectionstringbuilder>.
    KeyValue,
    /// `key=value;` of ODBC and of SQL Server's JDBC driver, which quote with braces:
    /// <https://learn.microsoft.com/sql/connect/jdbc/building-the-connection-url>.
    Braces,
    /// `keyword=value` of libpq:
    /// <https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-KEYWORD-VALUE>.
    Libpq,
    /// A component of a URL: what RFC 3986 does not call unreserved is percent-encoded.
    Url,
    /// Between the single quotes of a JAAS option: <https://kafka.apache.org/documentation/#security_sasl_jaasconfig>.
    Jaas,
}

impl Format {
    /// The value as it must be written to be read as it was.
    #[must_use]
    pub fn escape(self, value: &str) -> Cow<'_, str> {
        match self {
            Self::KeyValue if in_key_value(value) => Cow::Owned(format!("\"{}\"", self.within(value))),
            Self::Braces if in_braces(value) => Cow::Owned(format!("{{{}}}", self.within(value))),
            Self::Libpq if in_libpq(value) => Cow::Owned(format!("'{}'", self.within(value))),
            Self::KeyValue | Self::Braces | Self::Libpq => Cow::Borrowed(value),
            Self::Plain | Self::Url | Self::Jaas => self.within(value),
        }
    }

    /// The same without the quotes or braces around it.
    #[must_use]
    pub fn within(self, value: &str) -> Cow<'_, str> {
        match self {
            Self::Plain => Cow::Borrowed(value),
            Self::KeyValue => Cow::Owned(value.replace('"', "\"\"")),
            Self::Braces => Cow::Owned(value.replace('}', "}}")),
            Self::Libpq => Cow::Owned(value.replace('\\', r"\\").replace('\'', r"\'")),
            Self::Url => url(value),
            Self::Jaas => jaas(value),
        }
    }
}

/// Whether a value needs quotes. They are always double ones: single ones are not known to every reader of the format.
fn in_key_value(value: &str) -> bool {
    value.contains(|c: char| matches!(c, '"' | '\'' | '=' | ';') || blank(c))
}

/// Whether a value needs braces. ODBC calls `[]{}(),;?*=!@` special; quotes and blanks are for the readers that trim or
/// strip them.
fn in_braces(value: &str) -> bool {
    value.contains(|c: char| "[]{}(),;?*=!@'\"".contains(c) || blank(c))
}

/// Whether a value needs quotes.
fn in_libpq(value: &str) -> bool {
    value.is_empty() || value.contains(|c: char| matches!(c, '\'' | '\\') || blank(c))
}

fn url(value: &str) -> Cow<'_, str> {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    if value.bytes().all(unreserved) {
        return Cow::Borrowed(value);
    }
    let mut encoded = String::with_capacity(value.len() * 3);
    for byte in value.bytes() {
        if unreserved(byte) {
            encoded.push(char::from(byte));
        } else {
            let digit = |nibble: u8| char::from(HEX[usize::from(nibble)]);
            encoded.extend(['%', digit(byte >> 4), digit(byte & 0xF)]);
        }
    }
    Cow::Owned(encoded)
}

/// The reader is Java's `StreamTokenizer`: C escapes, and a quoted word ends with its line.
fn jaas(value: &str) -> Cow<'_, str> {
    if !value.contains(['\'', '\\', '\n', '\r']) {
        return Cow::Borrowed(value);
    }
    let escaped = value.replace('\\', r"\\").replace('\'', r"\'");
    Cow::Owned(escaped.replace('\n', r"\n").replace('\r', r"\r"))
}

fn blank(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

#[cfg(test)]
mod tests;
