//! A word that is none of those allowed: which one was meant, and which there are.

/// "did you mean …" and the list of what is allowed.
#[must_use]
pub fn choices<'a>(given: &str, allowed: impl Iterator<Item = &'a str>) -> String {
    let mut allowed: Vec<&str> = allowed.collect();
    allowed.sort_unstable();
    let near = allowed
        .iter()
        .map(|word| (strsim::damerau_levenshtein(&given.to_lowercase(), &word.to_lowercase()), word))
        .min()
        .filter(|(distance, word)| *distance <= word.len().div_ceil(3));
    let list = if allowed.is_empty() { "none".to_owned() } else { allowed.join(", ") };
    match near {
        Some((_, word)) => format!("did you mean {word}? Allowed: {list}"),
        None => format!("allowed: {list}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_offered_when_it_is_near_and_all_are_listed_in_order() {
        let of = |given| choices(given, ["redis", "mysql", "sql"].into_iter());
        assert_eq!(of("REDSI"), "did you mean redis? Allowed: mysql, redis, sql");
        assert_eq!(of("keyvault"), "allowed: mysql, redis, sql");
        assert_eq!(choices("x", std::iter::empty()), "allowed: none");
    }
}
