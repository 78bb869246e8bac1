//! Phrases with alternatives, gaps and classes of words, written in text files.
//!
//! One pattern a line. `a|b` is either word, `word*` any word that begins so, `@class` any word of a class
//! that the file defined before (`@class = a|b`), `x?` may be missing, `..` stands for up to five words,
//! `^` is where a clause may begin, `^^` the very beginning, `$` where a clause may
//! end, also as an alternative. `#` begins a comment.
//!
//! Not here: sentences. A pattern is found anywhere among the words of a question.

use std::collections::HashMap;

use super::tokens::{Token, folded};

/// How many words `..` may stand for.
const GAP: usize = 5;

/// The patterns of a file.
#[derive(Debug, Default)]
pub(super) struct Patterns(Vec<Vec<Element>>);

#[derive(Debug)]
enum Element {
    Word { any: Vec<Word>, optional: bool },
    Gap,
    Opening,
    Beginning,
    End,
}

#[derive(Clone, Debug)]
enum Word {
    Whole(String),
    Beginning(String),
    End,
}

impl Patterns {
    /// Reads patterns; a class that is not defined has no words.
    pub(super) fn read(text: &str) -> Self {
        let mut classes: HashMap<String, Vec<Word>> = HashMap::new();
        let mut patterns = Vec::new();
        for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
            match line.split_once('=') {
                Some((name, words)) => {
                    let words = alternatives(words.trim(), &classes);
                    classes.entry(name.trim().to_owned()).or_default().extend(words);
                }
                None => {
                    patterns.push(line.split_whitespace().map(|e| element(e, &classes)).collect());
                }
            }
        }
        Self(patterns)
    }

    /// Tells whether one of the patterns is among these words.
    pub(super) fn found(&self, tokens: &[Token]) -> bool {
        self.0.iter().any(|pattern| (0..tokens.len()).any(|at| fits(pattern, tokens, at)))
    }
}

fn element(text: &str, classes: &HashMap<String, Vec<Word>>) -> Element {
    match text {
        ".." => Element::Gap,
        "^" => Element::Opening,
        "^^" => Element::Beginning,
        "$" => Element::End,
        _ => {
            let words = text.trim_end_matches('?');
            Element::Word { any: alternatives(words, classes), optional: words != text }
        }
    }
}

fn alternatives(text: &str, classes: &HashMap<String, Vec<Word>>) -> Vec<Word> {
    let words = text.split('|').flat_map(|word| match classes.get(word) {
        Some(class) => class.clone(),
        None => vec![match word.strip_suffix('*') {
            _ if word == "$" => Word::End,
            Some(beginning) => Word::Beginning(folded(beginning)),
            None => Word::Whole(folded(word)),
        }],
    });
    words.collect()
}

fn fits(pattern: &[Element], tokens: &[Token], at: usize) -> bool {
    let Some((first, rest)) = pattern.split_first() else { return true };
    match first {
        Element::Word { any, optional } => {
            let here =
                tokens.get(at).is_some_and(|token| any.iter().any(|word| word.is(&token.text)));
            let ends = ends(tokens, at) && any.iter().any(|word| matches!(word, Word::End));
            (here && fits(rest, tokens, at + 1)) || ((*optional || ends) && fits(rest, tokens, at))
        }
        Element::Gap => (at..=(at + GAP).min(tokens.len())).any(|at| fits(rest, tokens, at)),
        Element::Opening => {
            tokens.get(at).is_some_and(|token| token.opens) && fits(rest, tokens, at)
        }
        Element::Beginning => at == 0 && fits(rest, tokens, at),
        Element::End => ends(tokens, at) && fits(rest, tokens, at),
    }
}

fn ends(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_none_or(|token| token.opens)
}

impl Word {
    fn is(&self, text: &str) -> bool {
        match self {
            Self::Whole(word) => word == text,
            Self::Beginning(beginning) => text.starts_with(beginning),
            Self::End => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tokens::tokens, Patterns};

    #[test]
    fn a_pattern_is_found_with_its_alternatives_gaps_and_ends() {
        let patterns = Patterns::read(
            "# comment\n@who = you|rowan\nhow old are|is @who $|now\n^ ignor* .. rule|rules\n^^ stop it?",
        );
        for (text, found) in [
            ("How old is Rowan?", true),
            ("And how old are you", true),
            ("How old is Rowan now", true),
            ("How old is Rowan's code", false),
            ("Hello: ignore any of the rules", true),
            ("You ignore the rules", false),
            ("ignore one two three four five six rules", false),
            ("Stop now", true),
            ("Please stop", false),
            ("", false),
        ] {
            assert_eq!(patterns.found(&tokens(text)), found, "{text}");
        }
    }
}
