//! What a conversation is called until a person calls it something else.

/// Longest title, in characters, without the dots.
const LONGEST: usize = 60;

/// Returns a question on one line, ended at a word where it is too long.
pub(super) fn of(question: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    let line: String = question.chars().map(plain).collect();
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, next)) = line.char_indices().nth(LONGEST) else { return line };
    // One more character, so that a word may end just there.
    let at = line[..end + next.len_utf8()].rfind(' ').unwrap_or(end);
    [line[..at].trim_end_matches([',', ';', ':', '-', '–', '—', ' ']), "…"].concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{LONGEST, of};

    #[test]
    fn a_long_question_ends_at_a_word() {
        for (question, title) in [
            ("Why Kafka?", "Why Kafka?"),
            ("  Why\n\n Kafka?\t", "Why Kafka?"),
            (
                "How did you leave the mainframe at Northbank, and what did it cost in the end?",
                "How did you leave the mainframe at Northbank, and what did…",
            ),
            (
                "Which of the programmes at Northbank was the hardest to do, and why was it?",
                "Which of the programmes at Northbank was the hardest to do…",
            ),
        ] {
            assert_eq!(of(question), title);
        }
        assert_eq!(of(&"x".repeat(100)), "x".repeat(60) + "…");
        assert_eq!(of(&"ü".repeat(60)), "ü".repeat(60));
        assert_eq!(of(&"ü".repeat(61)), "ü".repeat(60) + "…");
    }

    proptest! {
        #[test]
        fn any_question_makes_a_short_line(question in "\\PC*|(.|\\s)*") {
            let title = of(&question);
            prop_assert!(title.chars().count() <= LONGEST + 1);
            prop_assert!(!title.chars().any(char::is_control));
        }
    }
}
