//! From stories to what is answered. Pure: the same stories in any order give the same answer.
//!
//! Not here: how stories arrive, and HTTP.

use std::{cmp::Reverse, collections::BTreeMap};

use mfe_industries_api::{Categories, Category, Industries, Industry, NamedCount, StoryLink};

use crate::{slug::slug, story::Story};

/// A group of this many stories is core.
const CORE: usize = 3;
/// Capabilities of an industry at a glance.
const GLANCE: usize = 5;

/// Everything that is answered, computed once per change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct View {
    /// All industries.
    pub(crate) industries: Industries,
    /// By slug.
    pub(crate) categories: BTreeMap<String, Categories>,
}

/// Groups `stories`, leaving out those about the person.
pub(crate) fn view<'a>(stories: impl IntoIterator<Item = &'a Story>) -> View {
    let work = stories.into_iter().filter(|story| !story.is_narrative());
    let mut categories = BTreeMap::new();
    for (name, stories) in group(work, |story| &story.industry) {
        let slug = free_slug(name, &categories);
        categories.insert(slug.clone(), industry(slug, name, stories));
    }
    let mut industries: Vec<_> =
        categories.values().map(|found: &Categories| found.industry.clone()).collect();
    industries.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    let total = industries.iter().map(|industry| industry.count).sum();
    View { industries: Industries { industries, total }, categories }
}

/// Returns the slug of `name`; of two names that would share one, the later gets a number.
fn free_slug(name: &str, taken: &BTreeMap<String, Categories>) -> String {
    let plain = slug(name);
    let mut free = plain.clone();
    let mut n = 1;
    while taken.contains_key(&free) {
        n += 1;
        free = format!("{plain}-{n}");
    }
    free
}

fn industry(slug: String, name: &str, stories: Vec<&Story>) -> Categories {
    let year = |month: &str| month.get(..4).unwrap_or(month).to_owned();
    let from = stories.iter().map(|story| year(&story.start)).min().unwrap_or_default();
    // `None` as soon as one goes on.
    let ends: Option<Vec<_>> = stories.iter().map(|story| story.end.as_deref()).collect();
    let to = ends.and_then(|ends| ends.into_iter().max().map(year));
    let named = stories.iter().copied().filter(|story| story.has_named_client());
    let clients = counts(group(named, |story| &story.client));
    let count = len(&stories);

    let groups = group(stories, |story| &story.capability);
    let mut capabilities = counts(groups.clone());
    capabilities.truncate(GLANCE);
    let (core, specialised) = groups.into_iter().partition(|(_, stories)| stories.len() >= CORE);
    Categories {
        industry: Industry { slug, name: name.to_owned(), count, clients, capabilities, from, to },
        core: listed(core),
        specialised: listed(specialised),
    }
}

/// By key, in the order of the keys.
type Groups<'a> = BTreeMap<&'a str, Vec<&'a Story>>;

fn group<'a>(stories: impl IntoIterator<Item = &'a Story>, key: fn(&Story) -> &str) -> Groups<'a> {
    let mut groups = Groups::new();
    for story in stories {
        groups.entry(key(story)).or_default().push(story);
    }
    groups
}

fn counts(groups: Groups<'_>) -> Vec<NamedCount> {
    let mut counts: Vec<_> = groups
        .into_iter()
        .map(|(name, stories)| NamedCount { name: name.to_owned(), count: len(&stories) })
        .collect();
    // Stable, so equal ones stay in the order of their names.
    counts.sort_by_key(|named| Reverse(named.count));
    counts
}

fn listed(groups: Groups<'_>) -> Vec<Category> {
    let mut categories: Vec<_> = groups
        .into_iter()
        .map(|(name, mut stories)| {
            stories.sort_by(|a, b| b.start.cmp(&a.start).then_with(|| a.id.cmp(&b.id)));
            let count = len(&stories);
            Category {
                name: name.to_owned(),
                count,
                stories: stories.into_iter().map(link).collect(),
            }
        })
        .collect();
    categories.sort_by_key(|category| Reverse(category.count));
    categories
}

fn link(story: &Story) -> StoryLink {
    let headline = |metric: &crate::Metric| [&*metric.value, " ", &metric.label].concat();
    StoryLink {
        id: story.id.clone(),
        title: story.title.clone(),
        client: story.client.clone(),
        role: story.role.clone(),
        start: story.start.clone(),
        end: story.end.clone(),
        headline: story.metrics.first().map(headline),
    }
}

fn len(stories: &[&Story]) -> u32 {
    u32::try_from(stories.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
