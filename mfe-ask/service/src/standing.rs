//! Whether the stories that an answer cites still say so.

use mfe_ask_api::{Answer, History, Source, Standing};

use crate::{Corpus, told::stated};

/// Tells what became of a cited story.
#[must_use]
pub fn standing(corpus: &Corpus, source: &Source) -> Standing {
    let Some(indexed) = corpus.story(&source.id) else { return Standing::Gone };
    let stated = stated(&indexed.story);
    let says = |quote: &String| stated.iter().any(|text| text.contains(quote.as_str()));
    if source.quotes.iter().all(says) { Standing::Current } else { Standing::Changed }
}

/// Works out the standing of everything that the answers of a conversation cite.
pub(crate) fn review(corpus: &Corpus, history: &mut History) {
    let answers = history.messages.iter_mut().filter_map(|message| message.answer.as_mut());
    for source in answers.flat_map(|Answer { sources, .. }| sources) {
        source.standing = standing(corpus, source);
    }
}

#[cfg(test)]
mod tests {
    use mfe_ask_api::{Source, Standing};

    use super::standing;
    use crate::{Corpus, Metric, Story};

    fn check(story: Story, quotes: &[&str], expected: Standing) {
        let source = Source {
            id: "exit".to_owned(),
            title: String::new(),
            client: String::new(),
            role: String::new(),
            summary: String::new(),
            score: 1.0,
            quotes: quotes.iter().map(|quote| (*quote).to_owned()).collect(),
            standing: Standing::Current,
        };
        assert_eq!(standing(&Corpus::new([story]), &source), expected, "{quotes:?}");
    }

    #[test]
    fn a_story_stands_while_it_says_all_that_is_quoted() {
        let story = || Story {
            id: "exit".to_owned(),
            summary: "I led the exit. It took 19 months.".to_owned(),
            result: vec!["The lease ended.".to_owned(), "Nobody noticed.".to_owned()],
            metrics: vec![Metric { value: "19 months".into(), label: "to switch-off".into() }],
            ..Story::default()
        };
        check(story(), &[], Standing::Current);
        check(story(), &["It took 19 months.", "Nobody noticed."], Standing::Current);
        check(story(), &["19 months", "to switch-off"], Standing::Current);
        check(story(), &["It took 19 months.", "It took 20 months."], Standing::Changed);
        check(story(), &["The lease ended. Nobody noticed."], Standing::Changed);
        check(Story { id: "other".to_owned(), ..story() }, &["Nobody noticed."], Standing::Gone);
    }
}
