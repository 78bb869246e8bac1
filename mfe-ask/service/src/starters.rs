//! Questions to begin with: those that the stories themselves say they answer.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashSet},
    sync::Arc,
};

use mfe_ask_api::{Confidence, Filters};

use crate::{
    Corpus, Question,
    corpus::IndexedStory,
    planning::{Found, everything, plan},
    question::admits,
    story::ClientKind,
};

/// How many are offered.
const COUNT: usize = 6;
/// Longer questions do not fit on a button.
const LONGEST: usize = 72;

/// Chooses questions with an answer of high confidence that rests on the story that lists them.
///
/// Named clients first, then newest first; while others are left, no two of one client or capability
/// and at most two that begin with the same word. The same stories always give the same questions.
pub(crate) fn choose(corpus: &Corpus, filters: &Filters) -> Vec<String> {
    let mut stories: Vec<_> =
        corpus.stories.iter().filter(|indexed| admits(filters, &indexed.story)).collect();
    stories.sort_by_key(|indexed| {
        let story = &indexed.story;
        (story.client_kind != ClientKind::Named, Reverse(story.start.clone()), story.id.clone())
    });
    // The words alone decide: a search by meaning finds at least what they find.
    let found = Found { candidates: everything(corpus), confidence: Confidence::Low };
    let mut chosen = Vec::new();
    let mut seen = BTreeSet::new();
    for strict in [true, false] {
        for indexed in &stories {
            if chosen.len() == COUNT {
                return chosen;
            }
            let story = &indexed.story;
            let fresh =
                !seen.contains(story.client.as_str()) && !seen.contains(story.capability.as_str());
            if strict && !fresh {
                continue;
            }
            let fits = |text: &str| !strict || !worn(&chosen, text);
            let Some(question) = answered(corpus, indexed, filters, &found, &chosen, fits) else {
                continue;
            };
            chosen.push(question);
            seen.insert(story.client.as_str());
            seen.insert(story.capability.as_str());
        }
    }
    chosen
}

/// Tells whether two questions already begin like this one.
fn worn(chosen: &[String], text: &str) -> bool {
    let first = |text: &str| text.split(' ').next().map(str::to_lowercase);
    chosen.iter().filter(|other| first(other) == first(text)).count() >= 2
}

fn answered(
    corpus: &Corpus,
    indexed: &Arc<IndexedStory>,
    filters: &Filters,
    found: &Found,
    chosen: &[String],
    fits: impl Fn(&str) -> bool,
) -> Option<String> {
    let story = &indexed.story;
    story
        .interview_questions
        .iter()
        .filter(|text| text.chars().count() <= LONGEST && !chosen.contains(text))
        .filter(|text| fits(text))
        .find(|text| {
            let question =
                Question { text: (*text).clone(), filters: filters.clone(), pinned: Vec::new() };
            let plan = plan(corpus, &question, found, &HashSet::new());
            plan.confidence == Confidence::High
                && plan.brief.own.first().is_some_and(|draft| draft.story == story.id)
        })
        .cloned()
}
