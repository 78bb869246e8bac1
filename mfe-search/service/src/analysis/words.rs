//! Where words begin and end.
//!
//! As tantivy's simple tokenizer (runs of letters and digits), but `C++`, `C#` and `.NET` are words, and so
//! is a number with its separators: `1.2`, and `96,000`, which is the same as `96000`.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// Cuts a text into words.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    token: Token,
}

impl Tokenizer for Words {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        self.token.reset();
        WordStream { text, at: 0, token: &mut self.token }
    }
}

/// The words of a text.
#[derive(Debug)]
pub(super) struct WordStream<'a> {
    text: &'a str,
    at: usize,
    token: &'a mut Token,
}

impl WordStream<'_> {
    /// Returns the end of the word that begins at `start`, and pushes its text.
    fn take(&mut self, start: usize) -> usize {
        let rest = &self.text[start..];
        let mut chars = rest.char_indices().peekable();
        let mut before = None;
        while let Some((index, c)) = chars.next() {
            let after = chars.peek().map(|(_, next)| *next);
            let digits = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
            match c {
                _ if c.is_alphanumeric() || (index == 0 && c == '.') => self.token.text.push(c),
                '.' if digits(before) && digits(after) => self.token.text.push(c),
                ',' if digits(before) && digits(after) => {}
                _ => return start + index + self.suffix(&rest[index..]),
            }
            before = Some(c);
        }
        self.text.len()
    }

    /// Takes the `++` of `C++` and the `#` of `C#`; returns its length.
    fn suffix(&mut self, rest: &str) -> usize {
        let single = self.token.text.chars().count() == 1
            && self.token.text.chars().all(char::is_alphabetic);
        for suffix in ["++", "#"] {
            if single && rest.starts_with(suffix) {
                self.token.text.push_str(suffix);
                return suffix.len();
            }
        }
        0
    }
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        self.token.text.clear();
        let rest = &self.text[self.at..];
        let Some(mut start) = rest.find(char::is_alphanumeric).map(|index| self.at + index) else {
            return false;
        };
        let (head, word) = self.text.split_at(start);
        let is_net = word.get(..3).is_some_and(|net| net.eq_ignore_ascii_case("net"))
            && !word[3..].starts_with(char::is_alphanumeric);
        let dotted = head.strip_suffix('.').is_some_and(|h| !h.ends_with(char::is_alphanumeric));
        if is_net && dotted && start > self.at {
            start -= 1;
        }
        self.token.position = self.token.position.wrapping_add(1);
        self.token.offset_from = start;
        self.at = self.take(start);
        self.token.offset_to = self.at;
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use tantivy::tokenizer::{TokenStream, Tokenizer};

    use super::Words;

    fn words(text: &str) -> Vec<String> {
        let mut words = Words::default();
        let mut stream = words.token_stream(text);
        let mut found = Vec::new();
        while stream.advance() {
            let token = stream.token();
            assert_eq!(token.position, found.len());
            assert!(text.get(token.offset_from..token.offset_to).is_some(), "{token:?}");
            found.push(token.text.clone());
        }
        found
    }

    #[test]
    fn languages_and_numbers_are_words() {
        for (text, expected) in [
            ("C++ & .NET", vec!["C++", ".NET"]),
            ("(C#), F#.", vec!["C#", "F#"]),
            (
                ".NET/ASP.NET, the net. Networks",
                vec![".NET", "ASP", "NET", "the", "net", "Networks"],
            ),
            ("$1.2M, 96,000 and 1, 2.", vec!["1.2M", "96000", "and", "1", "2"]),
            ("v1.2.3 #1 a++b 50%", vec!["v1.2.3", "1", "a++", "b", "50"]),
            ("شبكة 🎉 naïve", vec!["شبكة", "naïve"]),
            ("\u{0}...\u{0}", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }
}
