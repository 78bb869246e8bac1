//! The passages of a story: what may be quoted.
//!
//! A passage is one sentence, or a few where a later one would not stand alone. Metrics, steps and the
//! other short fields are no passages: pasted together they would not be verbatim.

use std::collections::HashMap;

use crate::{
    story::Story,
    text::{has_mark, sentences, stems, words},
    vocabulary::listed,
};

/// Where a passage stands, in the order in which a story is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Section {
    /// The whole story, first person.
    Summary,
    /// What was found.
    Situation,
    /// What was wanted.
    Task,
    /// What was done.
    Action,
    /// What came of it.
    Result,
    /// What came of it, in numbers.
    Performance,
}

/// The smallest thing to choose.
#[derive(Clone, Debug)]
pub(crate) struct Passage {
    /// Where it stands.
    pub(crate) section: Section,
    /// Word for word as in the story; at least one.
    pub(crate) sentences: Vec<String>,
    /// Does not begin by pointing at something before it.
    pub(crate) stands_alone: bool,
    /// How often each stem occurs.
    pub(crate) terms: HashMap<String, f32>,
    /// Words that are no stop words.
    pub(crate) length: f32,
}

/// A sentence that begins so needs the one before it.
const LEANS: &str = "it its he she they them their this that these those then so both neither also \
    instead even one two some others another";

/// One of these among its first words points back too.
const POINTS_BACK: &str = "it they them these those";
const FIRST_WORDS: usize = 5;

/// A sentence of fewer words needs the one before it.
const SHORT: usize = 5;

/// Longest passage, in sentences.
const LONGEST: usize = 3;

/// Returns the passages of a story in the order in which it is told.
pub(crate) fn passages(story: &Story) -> Vec<Passage> {
    let summary = std::slice::from_ref(&story.summary);
    [
        (Section::Summary, summary),
        (Section::Situation, &story.situation),
        (Section::Task, &story.task),
        (Section::Action, &story.action),
        (Section::Result, &story.result),
        (Section::Performance, &story.performance),
    ]
    .into_iter()
    .flat_map(|(section, items)| items.iter().map(move |item| (section, item)))
    .flat_map(|(section, item)| split(section, item))
    .collect()
}

fn split(section: Section, item: &str) -> Vec<Passage> {
    let mut groups: Vec<Vec<String>> = Vec::new();
    for sentence in sentences(item) {
        match groups.last_mut() {
            Some(group) if leans(sentence) && group.len() < LONGEST => {
                group.push(sentence.to_owned());
            }
            _ => groups.push(vec![sentence.to_owned()]),
        }
    }
    groups.retain(|group| !group.iter().any(|sentence| has_mark(sentence)));
    groups.into_iter().map(|sentences| Passage::new(section, sentences)).collect()
}

fn leans(sentence: &str) -> bool {
    let words: Vec<_> = words(sentence).collect();
    words.len() < SHORT
        || words.first().is_some_and(|word| listed(LEANS, word))
        || words.iter().take(FIRST_WORDS).any(|word| listed(POINTS_BACK, word))
}

impl Passage {
    fn new(section: Section, sentences: Vec<String>) -> Self {
        let mut terms = HashMap::new();
        let mut length = 0.0;
        for stem in sentences.iter().flat_map(|sentence| stems(sentence)) {
            *terms.entry(stem).or_default() += 1.0;
            length += 1.0;
        }
        let stands_alone = sentences.first().is_some_and(|first| !leans(first));
        Self { section, sentences, stands_alone, terms, length }
    }

    /// Returns how much of the shorter of two passages the other says too, 0–1.
    pub(crate) fn overlap(&self, other: &Self) -> f32 {
        let shared = self.terms.keys().filter(|stem| other.terms.contains_key(*stem)).count();
        let shorter = self.terms.len().min(other.terms.len()).max(1);
        shared as f32 / shorter as f32
    }
}

#[cfg(test)]
mod tests {
    use super::{Section, passages};
    use crate::Story;

    fn check(action: &str, expected: &[&[&str]]) {
        let story = Story { action: vec![action.to_owned()], ..Story::default() };
        let found: Vec<_> = passages(&story).into_iter().map(|p| p.sentences).collect();
        assert_eq!(found, expected, "{action}");
    }

    #[test]
    fn a_sentence_that_cannot_stand_alone_stays_with_the_one_before() {
        check(
            "Sorted checks into law and habit. Habit lost.",
            &[&["Sorted checks into law and habit.", "Habit lost."]],
        );
        check(
            "Invited client engineers too. Two of them became the best teachers.",
            &[&["Invited client engineers too.", "Two of them became the best teachers."]],
        );
        check(
            "Everyone shared one password. My team turned it into a lease.",
            &[&["Everyone shared one password.", "My team turned it into a lease."]],
        );
        check(
            "Moved the accounts in nine slices. Staff savings went first of all.",
            &[&["Moved the accounts in nine slices."], &["Staff savings went first of all."]],
        );
    }

    #[test]
    fn text_that_reads_as_a_mark_is_never_quoted() {
        check(
            "The report said so [3]. Nobody had read the whole of it.",
            &[&["Nobody had read the whole of it."]],
        );
    }

    #[test]
    fn passages_come_in_the_order_of_the_telling() {
        let story = Story {
            result: vec!["It ended well for all of us.".to_owned()],
            summary: "I led the exit from a leased machine.".to_owned(),
            task: vec!["Move the accounts before the lease ends.".to_owned()],
            ..Story::default()
        };
        let sections: Vec<_> = passages(&story).iter().map(|p| p.section).collect();
        assert_eq!(sections, [Section::Summary, Section::Task, Section::Result]);
    }
}
