//! An answer while it is written: sentences with their marks, and the sources in the order of the marks.
//!
//! Pure. Not here: whether a sentence may stand; only verified ones come here.

use std::collections::{HashMap, HashSet};

use mfe_ask_api::{Sentence, Source, Standing};

use crate::{Corpus, Verified};

/// What is written of an answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Page {
    pub(crate) text: String,
    pub(crate) sentences: Vec<Sentence>,
    pub(crate) sources: Vec<Source>,
}

impl Page {
    /// Adds a sentence and returns what was added to the text: white space, the sentence and its mark.
    ///
    /// `opens` begins a paragraph. Nothing is added of a story that is not there.
    pub(crate) fn add(
        &mut self,
        corpus: &Corpus,
        verified: Verified,
        opens: bool,
        scores: &HashMap<String, f64>,
    ) -> String {
        let Verified { text, story: id, quote } = verified;
        let known = self.sources.iter().position(|source| source.id == id);
        let at = match (known, corpus.story(&id)) {
            (Some(at), _) => at,
            (None, None) => return String::new(),
            (None, Some(indexed)) => {
                let story = &indexed.story;
                self.sources.push(Source {
                    id: id.clone(),
                    title: story.title.clone(),
                    client: story.client.clone(),
                    role: story.role.clone(),
                    summary: story.summary.clone(),
                    score: scores.get(&id).copied().unwrap_or_default(),
                    quotes: Vec::new(),
                    standing: Standing::Current,
                });
                self.sources.len() - 1
            }
        };
        let title = self.sources[at].title == quote;
        let quotes = &mut self.sources[at].quotes;
        // A lead-in rests on the title, which every card shows anyway.
        if !title && !quotes.contains(&quote) {
            quotes.push(quote.clone());
        }
        let mark = at + 1;
        let before = match () {
            () if self.text.is_empty() => "",
            () if opens => "\n\n",
            () => " ",
        };
        let added = [before, &text, " [", &mark.to_string(), "]"].concat();
        self.text.push_str(&added);
        let source = u32::try_from(mark).unwrap_or(u32::MAX);
        self.sentences.push(Sentence { text, source, story: id, quote });
        added
    }

    /// Returns the sentences of the stories that were used.
    pub(crate) fn quotes(&self) -> HashSet<String> {
        self.sentences.iter().map(|sentence| sentence.quote.clone()).collect()
    }
}

/// Splits a text after each mark, which is how it was written.
pub(crate) fn segments(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = mark_end(rest).unwrap_or(rest.len());
        let (segment, after) = rest.split_at(end);
        rest = after;
        (!segment.is_empty()).then_some(segment)
    })
}

/// Returns where the first mark ends.
fn mark_end(text: &str) -> Option<usize> {
    text.match_indices('[').find_map(|(at, _)| {
        let digits = text[at + 1..].bytes().take_while(u8::is_ascii_digit).count();
        let end = at + 1 + digits;
        (digits > 0 && text[end..].starts_with(']')).then_some(end + 1)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::{Page, segments};
    use crate::{Corpus, Story, Verified};

    fn verified(story: &str, text: &str, quote: &str) -> Verified {
        Verified { text: text.to_owned(), story: story.to_owned(), quote: quote.to_owned() }
    }

    #[test]
    fn sentences_are_marked_by_the_place_of_their_source_and_found_again() {
        let story = |id: &str| Story {
            id: id.to_owned(),
            title: ["Title of ", id].concat(),
            ..Story::default()
        };
        let corpus = Corpus::new([story("a"), story("b")]);
        let scores = HashMap::from([("a".to_owned(), 0.5)]);
        let mut page = Page::default();
        let added = [
            page.add(&corpus, verified("b", "In “Title of b”:", "Title of b"), true, &scores),
            page.add(&corpus, verified("b", "It [x] ran.", "It [x] ran."), false, &scores),
            page.add(&corpus, verified("gone", "It is lost.", "It is lost."), false, &scores),
            page.add(&corpus, verified("a", "It ended.", "It ended."), true, &scores),
            page.add(&corpus, verified("b", "It [x] ran well.", "It [x] ran."), false, &scores),
        ];
        let text = "In “Title of b”: [1] It [x] ran. [1]\n\nIt ended. [2] It [x] ran well. [1]";
        assert_eq!(page.text, text);
        let marks: Vec<_> = page.sentences.iter().map(|sentence| sentence.source).collect();
        assert_eq!(marks, [1, 1, 2, 1]);
        assert_eq!(page.sources[0].quotes, ["It [x] ran."]);
        assert_eq!((page.sources[1].id.as_str(), page.sources[1].score), ("a", 0.5));
        let written: Vec<_> = added.iter().filter(|added| !added.is_empty()).collect();
        assert!(segments(text).eq(written));
    }
}
