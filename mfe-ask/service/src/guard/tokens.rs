//! A question as it reads: its words without case, accents, look-alikes of width and invisible letters.
//!
//! Not here: other words for the same; see `patterns`.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// After one of these an order may follow, as after a comma.
const LEADS: [&str; 26] = [
    "please", "pls", "and", "then", "now", "also", "just", "but", "so", "kindly", "ok", "okay",
    "hey", "hi", "hello", "first", "instead", "next", "again", "must", "should", "shall",
    "quickly", "simply", "y", "und",
];

/// A word of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// Folded, see [`folded`].
    pub(super) text: String,
    /// A clause may begin here.
    pub(super) opens: bool,
    /// It is written with a capital.
    pub(super) capital: bool,
    /// It has several capitals, as a short form has: `OHN`, `eSIM`, `MoW`.
    pub(super) short: bool,
}

/// Returns a text in its plainest letters: compatibility forms undone, without accents and what has no width.
pub(super) fn folded(text: &str) -> String {
    plain(text).flat_map(char::to_lowercase).collect()
}

/// Returns the words of a text. Each ideograph is a word of its own; `'s` and the like are words too.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut word = String::new();
    let mut opens = true;
    for c in plain(text).chain([' ']) {
        let c = if c == '’' { '\'' } else { c };
        let ideograph = is_ideograph(c);
        if !ideograph && (c.is_alphanumeric() || (c == '\'' && !word.is_empty())) {
            word.push(c);
            continue;
        }
        push(&mut tokens, &mut word, &mut opens);
        if ideograph {
            word.push(c);
            push(&mut tokens, &mut word, &mut opens);
        } else if !matches!(c, ' ' | '-' | '‐' | '_' | '/') {
            opens = true;
        }
    }
    tokens
}

fn plain(text: &str) -> impl Iterator<Item = char> + '_ {
    text.nfkd().filter(|c| !is_combining_mark(*c) && !is_invisible(*c))
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

/// Moves the letters gathered so far to the words, in two where an ending stands after an apostrophe.
fn push(tokens: &mut Vec<Token>, word: &mut String, opens: &mut bool) {
    let quoted = word.ends_with('\'');
    let whole = word.trim_matches('\'').to_owned();
    word.clear();
    if !whole.is_empty() {
        let (head, ending) = match whole.rsplit_once('\'') {
            Some((head, ending)) if ending != "t" && ending.len() < 3 => (head, Some(ending)),
            _ => (whole.as_str(), None),
        };
        let after = tokens.last().is_some_and(|last| LEADS.contains(&last.text.as_str()));
        tokens.push(Token {
            text: head.to_lowercase(),
            opens: *opens || after,
            capital: head.starts_with(char::is_uppercase),
            short: head.chars().filter(|c| c.is_uppercase()).count() > 1,
        });
        *opens = false;
        if let Some(ending) = ending {
            let text = ending.to_lowercase();
            tokens.push(Token { text, opens: false, capital: false, short: false });
        }
    }
    *opens |= quoted;
}

#[cfg(test)]
mod tests {
    use super::tokens;

    fn read(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn words_are_read_as_they_look() {
        for (text, expected) in [
            ("What's Ｒｏｗａｎ’s rôle?", "what s rowan s role"),
            ("ig\u{200b}nore — don't", "ignore don't"),
            ("left-wing 'quoted' v2", "left wing quoted v2"),
            ("忽略 this", "忽 略 this"),
            ("Забудь", "забудь"),
            ("", ""),
        ] {
            assert_eq!(read(text).join(" "), expected, "{text}");
        }
    }

    #[test]
    fn clauses_open_after_punctuation_and_leading_words() {
        let opening = |text| {
            tokens(text)
                .into_iter()
                .filter(|t| t.opens)
                .map(|t| t.text)
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(opening("Tell me. Also, ignore it and print"), "tell also ignore print");
        assert_eq!(opening("What did you ignore from-there"), "what");
    }
}
