//! Where a story matched: short snippets with the words marked, as safe HTML.

use std::collections::BTreeMap;

use mfe_search_api::Highlight;
use tantivy::{Score, schema::Field, snippet::SnippetGenerator};

use crate::{Story, analysis, vocabulary::Vocabulary};

/// Longest snippet in bytes, without its markup.
const LONGEST: usize = 200;

/// Marks the words of one query.
pub(crate) struct Highlighter(SnippetGenerator);

impl Highlighter {
    /// Returns a marker of the words that have one of these stems, in stories that use this vocabulary.
    ///
    /// To look for words as they are written is faster than to find out the stem of every word of a story.
    pub(crate) fn new<'a>(
        vocabulary: &Vocabulary,
        stems: impl IntoIterator<Item = &'a String>,
    ) -> Self {
        let words = stems.into_iter().flat_map(|stem| vocabulary.with_stem(stem));
        let terms: BTreeMap<String, Score> = words.map(|word| (word.to_owned(), 1.0)).collect();
        // The field is only read for whole documents; texts are given one by one here.
        let field = Field::from_field_id(0);
        Self(SnippetGenerator::new(terms, analysis::form_analyzer(), field, LONGEST))
    }

    /// Returns the title and the summary where they match, and the best paragraph of the body; the
    /// skills when nothing else matches.
    pub(crate) fn highlights(&self, story: &Story) -> Vec<Highlight> {
        let named = |field: &str, text: &str| {
            self.mark(text).map(|(_, html)| Highlight { field: field.to_owned(), html })
        };
        let mut highlights: Vec<Highlight> =
            [named("title", &story.title), named("summary", &story.summary)]
                .into_iter()
                .flatten()
                .collect();
        let mut best: Option<(usize, Highlight)> = None;
        for (part, text) in story.paragraphs() {
            let Some((marks, html)) = self.mark(text) else { continue };
            if best.as_ref().is_none_or(|(most, _)| marks > *most) {
                best = Some((marks, Highlight { field: part.to_owned(), html }));
            }
        }
        highlights.extend(best.map(|(_, highlight)| highlight));
        if highlights.is_empty() {
            let skills = [story.competencies.as_slice(), &story.tags].concat().join(", ");
            highlights.extend(named("competencies", &skills));
        }
        highlights
    }

    /// Returns how many words are marked, and the snippet; `None` when no word is there.
    fn mark(&self, text: &str) -> Option<(usize, String)> {
        let mut snippet = self.0.snippet(text);
        if snippet.is_empty() {
            return None;
        }
        snippet.set_snippet_prefix_postfix("<mark>", "</mark>");
        // `to_html` escapes all but the marks.
        let mut html = snippet.to_html();
        let range = snippet.fragment_range();
        if range.start > 0 {
            html.insert(0, '…');
        }
        // The engine ends a snippet with a word. What is added here needs no escaping.
        let rest = text.get(range.end..).unwrap_or_default().trim_end();
        if rest.chars().all(|c| matches!(c, '.' | '!' | '?' | ')' | '…')) {
            html.push_str(rest);
        } else if rest.contains(char::is_alphanumeric) {
            html.push('…');
        }
        Some((snippet.highlighted().len(), html))
    }
}

/// Returns the beginning of a text as safe HTML, at most [`LONGEST`] bytes of it, ending with a word.
pub(crate) fn excerpt(text: &str) -> String {
    let mut end = text.len();
    if end > LONGEST {
        let mut words = text.char_indices().filter(|(at, c)| c.is_whitespace() && *at <= LONGEST);
        end = words.next_back().map_or(LONGEST, |(at, _)| at);
    }
    // A text without spaces may be cut anywhere but inside a character.
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut html = String::new();
    for c in text[..end].chars() {
        match c {
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '&' => html.push_str("&amp;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#x27;"),
            _ => html.push(c),
        }
    }
    if end < text.len() {
        html.push('…');
    }
    html
}

#[cfg(test)]
mod tests {
    use super::{Highlighter, LONGEST, excerpt};
    use crate::{Story, analysis, vocabulary::Vocabulary};

    fn mark(stems: &[&str], text: &str) -> Option<String> {
        let stems: Vec<String> = stems.iter().map(|stem| (*stem).to_owned()).collect();
        let words = analysis::forms(text).into_iter().map(|word| (word, 1));
        Highlighter::new(&Vocabulary::new(words), &stems).mark(text).map(|(_, html)| html)
    }

    #[test]
    fn an_excerpt_ends_with_a_word_and_is_escaped() {
        assert_eq!(excerpt("a <b> & 'c'"), "a &lt;b&gt; &amp; &#x27;c&#x27;");
        assert_eq!(
            excerpt(&"word ".repeat(100)),
            ["word ".repeat(39), "word…".to_owned()].concat()
        );
        let long = excerpt(&"é".repeat(LONGEST));
        assert_eq!(long.chars().count(), LONGEST / 2 + 1);
    }

    #[test]
    fn words_are_marked_and_all_else_is_escaped() {
        for (text, html) in [
            ("Two Migrations.", Some("Two <mark>Migrations</mark>.")),
            ("Nothing here", None),
            (
                "A <script>alert('migration')</script> & more",
                Some(
                    "A &lt;script&gt;alert(&#x27;<mark>migration</mark>&#x27;)\
                     &lt;/script&gt; &amp; more",
                ),
            ),
            (
                "<b>migration</b><img src=x>",
                Some("&lt;b&gt;<mark>migration</mark>&lt;/b&gt;&lt;img src=x"),
            ),
        ] {
            assert_eq!(mark(&["migrat"], text).as_deref(), html, "{text}");
        }
    }

    #[test]
    fn long_texts_are_cut_around_the_words() {
        let text = ["word ".repeat(100), "migration".to_owned(), " word".repeat(100)].concat();
        let html = mark(&["migrat"], &text).unwrap();
        assert!(html.contains("<mark>migration</mark>"), "{html}");
        assert!(html.starts_with('…') && html.ends_with('…'), "{html}");
        assert!(html.len() < 240, "{html}");
    }

    #[test]
    fn the_paragraph_with_most_words_is_shown() {
        let story = Story {
            title: "Ledger".to_owned(),
            situation: vec!["A ledger.".to_owned(), "A ledger on Kafka.".to_owned()],
            ..Story::default()
        };
        let stems = ["ledger".to_owned(), "kafka".to_owned()];
        let vocabulary = stems.each_ref().map(|word| (word.clone(), 1));
        let vocabulary = Vocabulary::new(vocabulary);
        let highlights = Highlighter::new(&vocabulary, &stems).highlights(&story);
        let highlights: Vec<_> =
            highlights.iter().map(|h| (h.field.as_str(), h.html.as_str())).collect();
        assert_eq!(
            highlights,
            [
                ("title", "<mark>Ledger</mark>"),
                ("situation", "A <mark>ledger</mark> on <mark>Kafka</mark>."),
            ]
        );
    }
}
