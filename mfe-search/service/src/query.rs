//! From what a person typed to the words that are looked for.

use crate::{
    analysis,
    synonyms::{Stems, Synonyms},
};

/// Further words are not looked at. The longest title has fewer.
const MOST_WORDS: usize = 32;

/// Words that say nothing about a story, the rests of contractions (`don't` → `don`, `t`) among them.
const STOP_WORDS: &str = " a about after all also am an and any are as at be been before being but by \
    can could d did didn do does doesn doing don during for from get give had has have having he her \
    him his how i if in into is isn it its just ll m may me might more most my no nor not of off on \
    once one only or our out over own please re s she should so some such t tell than that the their \
    them then there these they this those through time to too under until up us ve very was wasn we \
    were what when where which while who whom why will with without would you your ";

/// A word that is looked for, or a term of several that has another name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// As it was typed, lower-case and without accents.
    pub form: String,
    /// What it shares with its inflections, one for each word of a term.
    pub stems: Stems,
    /// Other names of the same.
    pub others: Vec<Stems>,
    /// The typing may not be at its end yet.
    pub open: bool,
}

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Query {
    /// The words that count, each once.
    pub words: Vec<Word>,
    /// What stood in quotes and has two words or more: must be found as it is.
    pub phrases: Vec<Stems>,
    /// All words in their order, to compare with a title.
    pub folded: String,
}

impl Query {
    /// Returns the words of a text; stop words count only when there is nothing else. `nicknames` are names
    /// beside those that are always known, and what they stand for.
    pub(crate) fn parse(text: &str, nicknames: &[(Stems, Stems)]) -> Self {
        let mut forms = analysis::forms(text);
        let folded = forms.join(" ");
        let open = text.ends_with(char::is_alphanumeric).then(|| forms.last().cloned()).flatten();
        let meaningful: Vec<String> =
            forms.iter().filter(|form| !is_stop_word(form)).cloned().collect();
        if !meaningful.is_empty() {
            forms = meaningful;
        }
        forms.truncate(MOST_WORDS);
        let stems = analysis::stem_each(&forms);
        let mut words: Vec<Word> = Vec::new();
        let mut at = 0;
        while at < forms.len() {
            let rest = &stems[at..];
            let nickname = nicknames.iter().find(|(nickname, _)| rest.starts_with(nickname));
            let (length, others) = match nickname {
                Some((nickname, name)) => (nickname.len(), vec![name.clone()]),
                None => Synonyms::shipped().others(rest).unwrap_or_default(),
            };
            let end = at + length.max(1);
            let (form, stems) = (forms[at..end].join(" "), stems[at..end].to_vec());
            if words.iter().all(|word| word.stems != stems) {
                let open = others.is_empty() && open.as_ref() == Some(&form);
                words.push(Word { form, stems, others, open });
            }
            at = end;
        }
        Self { words, phrases: phrases(text), folded }
    }
}

/// Returns what stands between straight double quotes; a quote without its partner is nothing.
fn phrases(text: &str) -> Vec<Stems> {
    let parts: Vec<&str> = text.split('"').collect();
    let closed = parts.len().saturating_sub(1) / 2;
    parts
        .into_iter()
        .skip(1)
        .step_by(2)
        .take(closed)
        .map(crate::synonyms::stems)
        .filter(|stems| stems.len() > 1)
        .collect()
}

/// Tells whether a word says nothing about a story.
pub(crate) fn is_stop_word(form: &str) -> bool {
    STOP_WORDS.contains(&[" ", form, " "].concat())
}

#[cfg(test)]
mod tests {
    use super::Query;
    use crate::synonyms::stems;

    #[test]
    fn only_words_that_say_something_count() {
        for (text, words) in [
            ("What the Night was for", vec!["night"]),
            ("the who", vec!["the", "who"]),
            ("Northbank's migrations, migration", vec!["northbank", "migrations"]),
            ("?!", vec![]),
        ] {
            let query = Query::parse(text, &[]);
            let forms: Vec<&str> = query.words.iter().map(|word| word.form.as_str()).collect();
            assert_eq!(forms, words, "{text}");
        }
    }

    #[test]
    fn only_a_last_word_without_anything_after_it_is_open() {
        let open = |text| Query::parse(text, &[]).words.iter().map(|w| w.open).collect::<Vec<_>>();
        assert_eq!(open("kafka stre"), [false, true]);
        assert_eq!(open("kafka stre "), [false, false]);
        assert_eq!(open("kafka stre?"), [false, false]);
        // A stop word at the end: the word before it is finished.
        assert_eq!(open("kafka the"), [false]);
    }

    #[test]
    fn a_term_with_other_names_is_one_word() {
        let query = Query::parse("change data capture on k8s", &[]);
        assert_eq!(query.words.len(), 2);
        assert_eq!(query.words[0].form, "change data capture");
        assert_eq!(query.words[0].others, [stems("cdc")]);
        assert!(query.words[1].others.contains(&stems("kubernetes")));
    }

    #[test]
    fn quotes_that_are_closed_make_phrases() {
        assert_eq!(Query::parse("a \"Clean Nights\" b", &[]).phrases, [stems("clean nights")]);
        for text in ["\"clean", "clean\" night", "\"clean\" night", "\"\"", "5\" pipe"] {
            assert_eq!(Query::parse(text, &[]).phrases, [] as [Vec<String>; 0], "{text}");
        }
        assert_eq!(Query::parse("\"a b\" \"c d\" \"e", &[]).phrases.len(), 2);
    }

    #[test]
    fn a_nickname_also_means_the_name() {
        let nicknames = [(stems("mcs"), stems("Meridian Card Services"))];
        let query = Query::parse("MCS cards", &nicknames);
        assert_eq!(query.words[0].others, [stems("Meridian Card Services")]);
        assert_eq!((query.words.len(), query.words[1].others.len()), (2, 0));
    }
}
