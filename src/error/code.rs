//! [`Code`]: the name of a fault that does not change. What is known of each stands in the table of [`codes`].
//!
//! [`codes`]: super::codes

use std::fmt;
use std::str::FromStr;

pub use super::codes::Code;

/// What every occurrence of a code has in common.
pub(super) struct Entry {
    pub title: &'static str,
    pub cause: &'static str,
    pub remedy: &'static str,
}

/// Defines [`Code`] by its table, so that an entry cannot lack a part.
macro_rules! codes {
    ($($name:ident = $number:literal {
        title: $title:literal, cause: $cause:literal, remedy: $remedy:literal $(,)?
    })+) => {
        /// The stable code of a fault: 1xxx input, 2xxx state of the cluster,
        /// 3xxx permission, 4xxx API server and time, 5xxx the program itself.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code { $(#[doc = $title] $name = $number,)+ }

        impl Code {
            /// Every code, in the order of their numbers.
            pub const ALL: &'static [Code] = &[$(Code::$name),+];

            pub(super) fn entry(self) -> &'static $crate::error::code::Entry {
                match self {
                    $(Code::$name => &$crate::error::code::Entry { title: $title, cause: $cause, remedy: $remedy },)+
                }
            }
        }
    };
}
pub(super) use codes;

impl Code {
    /// The code's number, 1001 to 5999.
    #[must_use]
    pub fn number(self) -> u16 {
        self as u16
    }

    /// The fault in a few words.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.entry().title
    }

    /// When it comes about, what was done and what was left untouched.
    #[must_use]
    pub fn cause(self) -> &'static str {
        self.entry().cause
    }

    /// What to do where the particular case has nothing better to say.
    #[must_use]
    pub fn remedy(self) -> &'static str {
        self.entry().remedy
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SCJ{}", self.number())
    }
}

/// The text is the name of no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such code")]
pub struct UnknownCode;

/// As people write it: `SCJ2003`, `scj2003` or `2003`.
impl FromStr for Code {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        let known = |code: &&Code| {
            let name = code.to_string();
            name.eq_ignore_ascii_case(text) || name.strip_prefix("SCJ") == Some(text)
        };
        Self::ALL.iter().find(known).copied().ok_or(UnknownCode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_unique_and_ascend_so_that_a_new_entry_finds_its_place() {
        assert!(Code::ALL.windows(2).all(|pair| pair[0].number() < pair[1].number()));
    }

    #[test]
    fn a_code_is_found_by_its_name_in_letters_of_any_case_and_by_its_number() {
        for code in Code::ALL {
            let name = code.to_string();
            for text in [name.as_str(), &name.to_lowercase(), &code.number().to_string()] {
                assert_eq!(text.parse(), Ok(*code), "{text}");
            }
        }
        for text in ["", "SCJ", "SCJ9999", "SC2003", "20030", "SCJ2003 ", "ForeignObject"] {
            assert_eq!(text.parse::<Code>(), Err(UnknownCode), "{text}");
        }
    }

    #[test]
    fn titles_and_remedies_stand_within_a_line_of_the_log_and_causes_are_sentences() {
        for code in Code::ALL {
            let lines = [code.title(), code.cause(), code.remedy()];
            assert!(lines.iter().all(|text| text.trim() == *text && !text.contains(['\n', '\t'])), "{code}: {lines:?}");
            assert!(lines.iter().all(|text| !text.contains("  ")), "{code}: {lines:?}");
            assert!(code.title().chars().count() <= 80 && !code.title().ends_with('.'), "{code}: {}", code.title());
            assert!(
                code.cause().ends_with('.') && (2..=5).contains(&sentences(code.cause())),
                "{code}: {}",
                code.cause()
            );
            // It ends a line, or the summary's next part follows it.
            assert!(!code.remedy().ends_with('.') && !code.remedy().contains(". "), "{code}: {}", code.remedy());
        }
    }

    fn sentences(text: &str) -> usize {
        text.matches(". ").count() + 1
    }
}
