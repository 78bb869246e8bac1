//! Which texts can be a story's id.

/// Whether `text` has an id's form; the names of other resources beside the stories have it not.
pub(crate) fn is_story_id(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=80).contains(&text.len())
        && text.bytes().all(allowed)
        && !matches!(text, "facets" | "feed" | "import")
}

/// Returns the words of an id, to search for what it may have meant.
///
/// Letters are what is not ASCII or is one: the tables of all that Unicode calls so are 1 KB of the bundle.
pub(crate) fn words(id: &str) -> String {
    let mut words = String::new();
    for c in id.chars().take(80) {
        if c.is_ascii_alphanumeric() || !c.is_ascii() {
            words.push(c);
        } else if !words.is_empty() && !words.ends_with(' ') {
            words.push(' ');
        }
    }
    if words.ends_with(' ') {
        words.pop();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::{is_story_id, words};

    #[test]
    fn only_ids_can_be_asked_for() {
        for id in ["a", "exit-the-mainframe-2", &"x".repeat(80)] {
            assert!(is_story_id(id), "{id}");
        }
        for id in ["", "A", "a/b", "..", "a%20b", "é", "facets", "feed", "import", &"x".repeat(81)]
        {
            assert!(!is_story_id(id), "{id}");
        }
    }

    #[test]
    fn an_id_gives_words_to_search_for() {
        assert_eq!(words("exit-the--mainframe_x"), "exit the mainframe x");
        assert_eq!(words("..%2F"), "2F");
        assert_eq!(words("---"), "");
        assert_eq!(words("-é--ü-"), "é ü");
    }
}
