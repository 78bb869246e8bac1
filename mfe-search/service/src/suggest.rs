//! What the typed beginning may become: names of stories, clients and capabilities.

use std::{collections::BTreeSet, sync::Arc};

use mfe_search_api::{Suggestion, SuggestionKind, Suggestions};

use crate::{Snapshot, Story, analysis, vocabulary::forgiven_edits};

/// Most suggestions.
const MOST: usize = 8;

/// Something that can be suggested.
#[derive(Debug)]
pub(crate) struct Name {
    kind: SuggestionKind,
    text: String,
    id: Option<String>,
    folded: String,
}

impl Name {
    /// Returns a text as it is compared: words only, lower-case, without accents.
    fn fold(text: &str) -> String {
        analysis::forms(text).join(" ")
    }

    /// Returns all names of some stories; the fewer there are of a kind, the earlier it comes.
    pub(crate) fn all(stories: &[Arc<Story>]) -> Vec<Self> {
        let distinct = |value: fn(&Story) -> &str| -> BTreeSet<&str> {
            stories.iter().map(|story| value(story)).filter(|value| !value.is_empty()).collect()
        };
        let capabilities = distinct(|story| &story.capability)
            .into_iter()
            .map(|text| Self::new(SuggestionKind::Capability, text, None));
        let clients = distinct(|story| &story.client)
            .into_iter()
            .map(|text| Self::new(SuggestionKind::Client, text, None));
        let titles = stories
            .iter()
            .map(|story| Self::new(SuggestionKind::Title, &story.title, Some(story.id.clone())));
        capabilities.chain(clients).chain(titles).collect()
    }

    fn new(kind: SuggestionKind, text: &str, id: Option<String>) -> Self {
        Self { kind, text: text.to_owned(), id, folded: Self::fold(text) }
    }

    /// Returns a title's story and its folded text.
    pub(crate) fn title(&self) -> Option<(&str, &str)> {
        Some((self.id.as_deref()?, &self.folded))
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        self.folded.split(' ')
    }

    /// Returns how well the name fits what was typed, 0 best.
    fn fit(&self, typed: &[String], whole: &str) -> Option<u8> {
        if self.folded.starts_with(whole) {
            return Some(0);
        }
        if typed.iter().all(|typed| self.words().any(|word| word.starts_with(typed.as_str()))) {
            return Some(1);
        }
        typed.iter().all(|typed| self.folded.contains(typed.as_str())).then_some(2)
    }

    fn resembles(&self, typed: &[String]) -> bool {
        let near = |typed: &str, word: &str| {
            word.starts_with(typed)
                || strsim::osa_distance(typed, word) <= forgiven_edits(typed.chars().count())
        };
        typed.iter().all(|typed| self.words().any(|word| near(typed, word)))
    }
}

/// Returns the names that begin with or contain what was typed, best first; when there are none, those
/// that look like it.
#[must_use]
pub fn suggest(snapshot: &Snapshot, typed: &str) -> Suggestions {
    let words = analysis::forms(typed);
    if words.is_empty() {
        return Suggestions { suggestions: Vec::new() };
    }
    let whole = words.join(" ");
    let mut fitting: Vec<(u8, &Name)> = snapshot
        .suggestions
        .iter()
        .filter_map(|name| Some((name.fit(&words, &whole)?, name)))
        .collect();
    if fitting.is_empty() {
        fitting.extend(snapshot.suggestions.iter().filter(|n| n.resembles(&words)).map(|n| (3, n)));
    }
    // Stable: names that fit alike stay in their order.
    fitting.sort_by_key(|(fit, _)| *fit);
    let suggestion = |(_, name): (u8, &Name)| Suggestion {
        kind: name.kind,
        text: name.text.clone(),
        id: name.id.clone(),
    };
    Suggestions { suggestions: fitting.into_iter().take(MOST).map(suggestion).collect() }
}
