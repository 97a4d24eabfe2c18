//! Lists of words for a person: what is allowed in place of a word that is not, and the first of many.

/// "did you mean …" and the list of what is allowed.
#[must_use]
pub fn choices<'a>(given: &str, allowed: impl Iterator<Item = &'a str>) -> String {
    let mut allowed: Vec<&str> = allowed.collect();
    allowed.sort_unstable();
    let given = given.to_lowercase();
    // What was meant is more often a part of the word (blob, node) than a word of other letters; two letters are in many.
    let whole = allowed.iter().filter(|word| given.len() > 2 && word.to_lowercase().contains(&given));
    let whole = whole.min_by_key(|word| word.len());
    // A distance is at least the difference in length; a very long word need not be compared at all.
    let near = allowed
        .iter()
        .filter(|word| word.len().abs_diff(given.len()) <= word.len().div_ceil(4))
        .map(|word| (strsim::damerau_levenshtein(&given, &word.to_lowercase()), word))
        .min()
        .filter(|(distance, word)| *distance <= word.len().div_ceil(4));
    let list = if allowed.is_empty() { "none".to_owned() } else { allowed.join(", ") };
    match whole.or(near.map(|(_, word)| word)) {
        Some(word) => format!("did you mean {word}? Allowed: {list}"),
        None => format!("allowed: {list}"),
    }
}

/// The first `most` words, and how many there are beside them.
#[must_use]
pub fn first(words: &[String], most: usize) -> String {
    match words.split_at_checked(most) {
        Some((first, rest)) if !rest.is_empty() => format!("{} and {} more", first.join(", "), rest.len()),
        _ => words.join(", "),
    }
}

/// `text` as one line of at most `most` bytes: a line break in somebody else's words could be taken for a line of ours.
#[must_use]
pub fn line(text: &str, most: usize) -> String {
    cut(&text.replace(char::is_control, " "), most)
}

/// `text`, or as much of its beginning as fits into `most` bytes, with an ellipsis.
#[must_use]
pub fn cut(text: &str, most: usize) -> String {
    const ELLIPSIS: char = '…';
    if text.len() <= most {
        return text.to_owned();
    }
    let room = most.saturating_sub(ELLIPSIS.len_utf8());
    let end = (0..=room).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    format!("{}{ELLIPSIS}", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_offered_when_it_is_near_and_all_are_listed_in_order() {
        let of = |given| choices(given, ["redis", "mysql", "sql"].into_iter());
        assert_eq!(of("REDSI"), "did you mean redis? Allowed: mysql, redis, sql");
        assert_eq!(of("keyvault"), "allowed: mysql, redis, sql");
        assert_eq!(of("my"), "allowed: mysql, redis, sql", "two letters are part of many a word");
        assert_eq!(choices("Node", ["none", "nodejs"].into_iter()), "did you mean nodejs? Allowed: nodejs, none");
        assert_eq!(choices("accountKey", ["account", "password"].into_iter()), "allowed: account, password");
        assert_eq!(choices("x", std::iter::empty()), "allowed: none");
    }

    #[test]
    fn of_many_words_the_first_are_named_and_the_others_counted() {
        let words = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(
            [1, 2, 3, 4].map(|most| first(&words, most)),
            ["a and 2 more", "a, b and 1 more", "a, b, c", "a, b, c"]
        );
    }

    #[test]
    fn a_text_that_is_too_long_is_cut_between_characters() {
        assert_eq!(cut("äöü", 6), "äöü");
        assert_eq!(cut("äöüä", 7), "äö…");
        assert_eq!(cut("äöüä", 6), "ä…");
        assert_eq!(line("a\nb\u{1b}[31m", 20), "a b [31m");
    }
}
