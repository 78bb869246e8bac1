//! From what a person typed to the words that are looked for.

use crate::analysis;

/// Further words are not looked at. The longest title has fewer.
const MOST_WORDS: usize = 32;

/// Words that say nothing about a story, the rests of contractions (`don't` → `don`, `t`) among them.
const STOP_WORDS: &str = " a about after all also am an and any are as at be been before being but by \
    can could d did didn do does doesn doing don during for from get give had has have having he her \
    him his how i if in into is isn it its just ll m may me might more most my no nor not of off on \
    once one only or our out over own please re s she should so some such t tell than that the their \
    them then there these they this those through time to too under until up us ve very was wasn we \
    were what when where which while who whom why will with without would you your ";

/// A word that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// As it was typed, lower-case and without accents.
    pub form: String,
    /// What it shares with its inflections.
    pub stem: String,
    /// The typing may not be at its end yet.
    pub open: bool,
}

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Query {
    /// The words that count, each once.
    pub words: Vec<Word>,
    /// All words in their order, to compare with a title.
    pub folded: String,
}

impl Query {
    /// Returns the words of a text; stop words count only when there is nothing else.
    pub(crate) fn parse(text: &str) -> Self {
        let mut forms = analysis::forms(text);
        let folded = forms.join(" ");
        let open = text.ends_with(char::is_alphanumeric).then(|| forms.last().cloned()).flatten();
        let meaningful: Vec<String> =
            forms.iter().filter(|form| !is_stop_word(form)).cloned().collect();
        if !meaningful.is_empty() {
            forms = meaningful;
        }
        let mut words: Vec<Word> = Vec::new();
        for form in forms {
            let stem = analysis::stems([form.as_str()]).pop().unwrap_or_else(|| form.clone());
            if words.len() < MOST_WORDS && words.iter().all(|word| word.stem != stem) {
                let open = open.as_ref() == Some(&form);
                words.push(Word { form, stem, open });
            }
        }
        Self { words, folded }
    }
}

fn is_stop_word(form: &str) -> bool {
    STOP_WORDS.contains(&[" ", form, " "].concat())
}

#[cfg(test)]
mod tests {
    use super::Query;

    #[test]
    fn only_words_that_say_something_count() {
        for (text, words) in [
            ("What the Night was for", vec!["night"]),
            ("the who", vec!["the", "who"]),
            ("Northbank's migrations, migration", vec!["northbank", "migrations"]),
            ("?!", vec![]),
        ] {
            let query = Query::parse(text);
            let forms: Vec<&str> = query.words.iter().map(|word| word.form.as_str()).collect();
            assert_eq!(forms, words, "{text}");
        }
    }

    #[test]
    fn only_a_last_word_without_anything_after_it_is_open() {
        let open = |text| Query::parse(text).words.iter().map(|w| w.open).collect::<Vec<_>>();
        assert_eq!(open("kafka migr"), [false, true]);
        assert_eq!(open("kafka migr "), [false, false]);
    }
}
