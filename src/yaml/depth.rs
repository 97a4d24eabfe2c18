//! How deep a text may be, told without parsing it: the parser reads all of a text before it looks at its depth, and
//! for each word at all that is open there. 200 kB of `{a: ` take it minutes.

/// So many brackets may be open at a time. The parser takes 128; the others may stand in strings and comments.
const MOST: usize = 300;

/// Line and column at which `text` opens one bracket too many.
pub(super) fn beyond(text: &str) -> Option<(usize, usize)> {
    let mut open = 0_usize;
    for (index, line) in text.lines().enumerate() {
        for (column, byte) in line.bytes().enumerate() {
            match byte {
                b'[' | b'{' => open += 1,
                b']' | b'}' => open = open.saturating_sub(1),
                _ => continue,
            }
            if open > MOST {
                return Some((index + 1, column + 1));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_that_are_closed_again_are_not_counted() {
        assert_eq!(beyond(&"{a: [b]}\n".repeat(MOST)), None);
        assert_eq!(beyond(&"]".repeat(MOST)), None);
        assert_eq!(beyond(&"- [\n".repeat(MOST)), None);
        assert_eq!(beyond(&"- [\n".repeat(MOST + 1)), Some((MOST + 1, 3)));
    }
}
