//! The forms of names that Kubernetes and the chart accept, and the names that
//! are derived from a connection.

use std::sync::LazyLock;

use regex_lite::Regex;

use super::fields::Fields;
use super::path::Path;
use crate::error::{Code, Fault};

/// A form that names must have.
pub struct Rule {
    whole: LazyLock<Option<Regex>>,
    longest: usize,
    words: &'static str,
}

/// A pattern for the whole of a name, compiled at its first use.
macro_rules! whole {
    ($pattern:literal) => {
        LazyLock::new(|| Regex::new(concat!("^(?:", $pattern, ")$")).ok())
    };
}

/// Connection names: the original's alphabet and `-`, less what no label value can hold.
pub static CONNECTION: Rule = Rule {
    whole: whole!("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?"),
    longest: 63,
    words: "letters, digits, `.`, `_` and `-`, at most 63, a letter or digit at both ends",
};

/// Namespaces: RFC 1123 labels.
pub static LABEL: Rule = Rule {
    whole: whole!("[a-z0-9]([a-z0-9-]*[a-z0-9])?"),
    longest: 63,
    words: "lower-case letters, digits and `-`, at most 63, a letter or digit at both ends",
};

/// Secrets, ConfigMaps, ServiceAccounts: RFC 1123 subdomains.
pub static SUBDOMAIN: Rule = Rule {
    whole: whole!(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*"),
    longest: 253,
    words: "lower-case letters, digits, `-` and `.`, at most 253, a letter or digit around each `.` and at both ends",
};

/// Keys in the `data` of Secrets and ConfigMaps. `.` and names that begin with `..` are reserved by volumes.
pub static DATA_KEY: Rule = Rule {
    whole: whole!(r"([A-Za-z0-9_-]|\.[A-Za-z0-9_-])[A-Za-z0-9._-]*"),
    longest: 253,
    words: "letters, digits, `.`, `_` and `-`, at most 253, not `.` or beginning with `..`",
};

/// The prefix of a key is a subdomain.
const LONGEST_PREFIX: usize = 253;

/// Keys of labels and annotations.
pub static QUALIFIED: Rule = Rule {
    whole: whole!(
        r"([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?"
    ),
    longest: 317,
    words: "an optional DNS prefix and `/`, then letters, digits, `.`, `_` and `-`, at most 63",
};

/// Values of labels.
pub static LABEL_VALUE: Rule = Rule {
    whole: whole!("([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)?"),
    longest: 63,
    words: "empty, or letters, digits, `.`, `_` and `-`, at most 63, a letter or digit at both ends",
};

/// Objects of a Key Vault, and their versions.
pub static VAULT_OBJECT: Rule =
    Rule { whole: whole!("[A-Za-z0-9-]+"), longest: 127, words: "letters, digits and `-`, at most 127" };

impl Rule {
    /// Whether `name` has this form.
    #[must_use]
    pub fn accepts(&self, name: &str) -> bool {
        let prefix = name.find('/').unwrap_or_default();
        name.len() <= self.longest
            && prefix <= LONGEST_PREFIX
            && self.whole.as_ref().is_some_and(|whole| whole.is_match(name))
    }
}

/// Whether a shell knows a variable of this name. Kubernetes takes more in `envFrom`: dots and dashes, and from 1.32 on a
/// digit at the beginning.
#[must_use]
pub fn is_shell_variable(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_digit()) && name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_')
}

/// Reports `name` if it has not the form of `rule`.
pub fn check(path: &Path, name: &str, rule: &Rule, faults: &mut Vec<Fault>) {
    if !rule.accepts(name) {
        faults.push(Fault::at(Code::InvalidName, path, format!("must consist of {}", rule.words)));
    }
}

/// Takes a name from `fields`, and reports it if it has not the form of `rule`.
pub fn take(fields: &mut Fields, key: &'static str, rule: &Rule, faults: &mut Vec<Fault>) -> Option<String> {
    let name = fields.text(key, faults)?;
    check(&fields.path(key), &name, rule, faults);
    Some(name)
}

/// Reports a key that Helm has made of an unquoted `on`, `yes` or `n`: the name that was meant is lost.
pub fn check_key(path: &Path, name: &str, faults: &mut Vec<Fault>) {
    let unquoted = match name {
        "true" => "y, yes or on",
        "false" => "n, no or off",
        "null" => "~",
        _ => return,
    };
    let fault = Fault::at(Code::InvalidName, path, format!("Helm reads an unquoted {unquoted} as this"));
    faults.push(fault.remedy("put the key in quotes, or choose another name"));
}

/// The Secret of a connection: the original's rule, in lower case since Kubernetes knows no other.
#[must_use]
pub fn secret(connection: &str) -> String {
    format!("sc-{}-secret", reduced(connection))
}

/// The Secret of a further linker of a connection, whose first one is `first` if it has a name of its own: the
/// original makes a connection `<connection>_<linker>` of it.
#[must_use]
pub fn linker_secret(connection: &str, first: Option<&str>, linker: &str) -> String {
    first.map_or_else(|| secret(&format!("{connection}_{linker}")), |first| format!("{first}-{linker}"))
}

/// The SecretProviderClass of a connection.
#[must_use]
pub fn secret_provider_class(connection: &str) -> String {
    format!("sc-{}-secretprovider", reduced(connection))
}

/// The Secret that the CSI driver makes of what it mounts. Not [`secret`]: the driver takes its Secret away with
/// the last pod.
#[must_use]
pub fn synced_secret(connection: &str) -> String {
    format!("sc-{}-csi-secret", reduced(connection))
}

fn reduced(connection: &str) -> String {
    let letters = connection.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

/// What stands before and behind the place of a connection's name in the name of a variable. `None` for a name that is
/// not of the form `<Cloud>_<Type>_<Name>`.
#[must_use]
pub fn place_of_infix(variable: &str) -> Option<(&str, &str)> {
    let word = |text: &str| text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    let (cloud, rest) = variable.split_once('_')?;
    let (kind, name) = rest.split_once('_')?;
    (word(cloud) && word(kind)).then(|| (&variable[..=cloud.len() + kind.len()], name))
}

/// A variable's name with the connection's in it, as the original names the variables of a further connection of one
/// target: `<Cloud>_<Type>_<Connection>_<Name>`. What is no letter or digit becomes `_`: `-` is not in the original's
/// names, and what it makes of `.` is not known.
#[must_use]
pub fn with_infix((before, behind): (&str, &str), connection: &str) -> String {
    let connection = connection.to_ascii_uppercase().replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    format!("{before}_{connection}_{behind}")
}

/// The ServiceAccount of an identity, by its client id in lower case; shared by all of its connections in one namespace.
#[must_use]
pub fn service_account(client_id: &str) -> String {
    format!("sc-account-{client_id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_names_follow_the_original() {
        assert_eq!(secret("account_412a8"), "sc-account412a8-secret");
        assert_eq!(secret("Blob.Demo-1"), "sc-blobdemo1-secret");
        assert_eq!(
            service_account("0a0b0c0d-0000-4000-8000-000000000001"),
            "sc-account-0a0b0c0d-0000-4000-8000-000000000001"
        );
    }

    #[test]
    fn a_further_linker_is_named_like_a_connection_of_its_own() {
        assert_eq!(linker_secret("Kafka.1", None, "schema"), "sc-kafka1schema-secret");
        assert_eq!(linker_secret("Kafka.1", Some("own"), "schema"), "own-schema");
    }

    #[test]
    fn an_infix_stands_between_type_and_name() {
        let with = |variable| with_infix(place_of_infix(variable).unwrap(), "my-conn_2");
        assert_eq!(with("AZURE_STORAGEBLOB_RESOURCEENDPOINT"), "AZURE_STORAGEBLOB_MY_CONN_2_RESOURCEENDPOINT");
        assert_eq!(
            with("CONFLUENTCLOUD_KAFKA_SASL_X"),
            "CONFLUENTCLOUD_KAFKA_MY_CONN_2_SASL_X",
            "only the first two words are cloud and type"
        );
        for variable in ["APPINSIGHTS_INSTRUMENTATIONKEY", "azure_app_configuration_x", "spring.data_a_b"] {
            assert_eq!(place_of_infix(variable), None, "{variable}");
        }
    }

    #[test]
    fn a_shell_knows_no_dots_and_dashes() {
        let known = ["A_B", "_1", "1A", "a.b", "a-b"].map(is_shell_variable);
        assert_eq!(known, [true, true, false, false, false]);
    }

    #[test]
    fn rules_accept_and_refuse_as_kubernetes_does() {
        let long = "a".repeat(64);
        for (rule, good, bad) in [
            (&CONNECTION, vec!["a", "A_b.c-1"], vec!["", "_a", "a_", "a b", &long]),
            (&LABEL, vec!["shop", "a-1"], vec!["", "Shop", "a.b", "-a", "a\n", &long]),
            (&SUBDOMAIN, vec!["a.b-c", &long], vec!["a..b", "a_b", ".a", "a/b"]),
            (&DATA_KEY, vec!["A_B", "spring.x-y", ".a", "_"], vec!["", ".", "..", "..a", "a b", "a/b"]),
            (&QUALIFIED, vec!["team", "example.com/team"], vec!["", "/a", "a/b/c", "a..b/x", "a-.b/x", "-a", &long]),
            (&LABEL_VALUE, vec!["", "a.b"], vec!["a b", "-a", &long]),
        ] {
            for name in good {
                assert!(rule.accepts(name), "{name:?} should be {}", rule.words);
            }
            for name in bad {
                assert!(!rule.accepts(name), "{name:?} should not be {}", rule.words);
            }
        }
    }
}
