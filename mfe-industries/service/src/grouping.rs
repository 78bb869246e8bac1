//! From stories to what is answered. Pure: the same stories in any order give the same answer.
//!
//! Not here: how stories arrive, where they stand in time (`timeline`), and HTTP.

use std::{cmp::Reverse, collections::BTreeMap};

use mfe_industries_api::{Categories, Category, Industries, Industry, NamedCount, StoryLink};

use crate::{
    slug::{former, slug},
    story::Story,
    timeline::timeline,
};

/// A group of this many stories is core.
const CORE: usize = 3;
/// Capabilities of an industry at a glance.
const GLANCE: usize = 5;
/// Stories of a group that are told one by one.
const LISTED: usize = 100;

/// Everything that is answered, computed once per change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct View {
    /// All industries.
    pub(crate) industries: Industries,
    /// By slug.
    by_slug: BTreeMap<String, Found>,
    /// From slugs of version 0.1.0 to today's, where they name one industry only.
    former: BTreeMap<String, String>,
}

/// An industry, whole and narrowed to each of its capabilities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// All of it.
    pub(crate) whole: Categories,
    /// By the capability's slug.
    pub(crate) narrowed: BTreeMap<String, Categories>,
}

impl View {
    /// Returns the industry of that slug, today's or, for old links, a former one.
    pub(crate) fn industry(&self, slug: &str) -> Option<&Found> {
        let former = || self.former.get(slug).and_then(|slug| self.by_slug.get(slug));
        self.by_slug.get(slug).or_else(former)
    }
}

/// Groups `stories`, leaving out those about the person.
pub(crate) fn view<'a>(stories: impl IntoIterator<Item = &'a Story>) -> View {
    let work = stories.into_iter().filter(|story| !story.is_narrative());
    let mut by_slug = BTreeMap::new();
    let mut former_slugs = BTreeMap::<_, Vec<_>>::new();
    for (name, stories) in group(work, |story| &story.industry) {
        let slug = free_slug(name, &by_slug);
        former_slugs.entry(former(name)).or_default().push(slug.clone());
        by_slug.insert(slug.clone(), found(&slug, name, &stories));
    }
    let mut industries: Vec<_> =
        by_slug.values().map(|found| found.whole.industry.clone()).collect();
    industries.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    let total = industries.iter().map(|industry| industry.count).sum();
    let former = former_slugs
        .into_iter()
        .filter_map(|(former, slugs)| {
            <[String; 1]>::try_from(slugs).ok().map(|[slug]| (former, slug))
        })
        .collect();
    View { industries: Industries { industries, total }, by_slug, former }
}

/// Returns the slug of `name`; of two names that would share one, the later gets a number.
fn free_slug<T>(name: &str, taken: &BTreeMap<String, T>) -> String {
    let plain = slug(name);
    let mut free = plain.clone();
    let mut n = 1;
    while taken.contains_key(&free) {
        n += 1;
        free = format!("{plain}-{n}");
    }
    free
}

fn found(slug: &str, name: &str, stories: &[&Story]) -> Found {
    let mut groups = BTreeMap::new();
    for (capability, stories) in group(stories.iter().copied(), |story| &story.capability) {
        groups.insert(free_slug(capability, &groups), (capability, stories));
    }
    let narrowed = |(of, group): (&String, &(&str, Vec<&Story>))| {
        let industry = industry(slug, name, &group.1);
        (of.clone(), categories(industry, [category(of, group)], &group.1))
    };
    let all = groups.iter().map(|(slug, group)| category(slug, group));
    Found {
        whole: categories(industry(slug, name, stories), all, stories),
        narrowed: groups.iter().map(narrowed).collect(),
    }
}

fn categories(
    industry: Industry,
    groups: impl IntoIterator<Item = Category>,
    stories: &[&Story],
) -> Categories {
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    let (core, specialised) = groups.into_iter().partition(|group| group.count as usize >= CORE);
    Categories { industry, core, specialised, timeline: timeline(stories) }
}

fn industry(slug: &str, name: &str, stories: &[&Story]) -> Industry {
    let year = |month: &str| month.get(..4).unwrap_or(month).to_owned();
    let from = stories.iter().map(|story| year(&story.start)).min().unwrap_or_default();
    // `None` as soon as one goes on.
    let ends: Option<Vec<_>> = stories.iter().map(|story| story.end.as_deref()).collect();
    let to = ends.and_then(|ends| ends.into_iter().max().map(year));
    let named = stories.iter().copied().filter(|story| story.has_named_client());
    let mut capabilities = counts(group(stories.iter().copied(), |story| &story.capability));
    let capability_count = len(&capabilities);
    capabilities.truncate(GLANCE);
    Industry {
        slug: slug.to_owned(),
        name: name.to_owned(),
        count: len(stories),
        clients: counts(group(named, |story| &story.client)),
        capabilities,
        capability_count,
        from,
        to,
    }
}

/// Groups by key, in the order of the keys.
pub(crate) fn group<'a, T>(
    items: impl IntoIterator<Item = T>,
    key: impl Fn(&T) -> &'a str,
) -> BTreeMap<&'a str, Vec<T>> {
    let mut groups = BTreeMap::<_, Vec<_>>::new();
    for item in items {
        groups.entry(key(&item)).or_default().push(item);
    }
    groups
}

fn counts(groups: BTreeMap<&str, Vec<&Story>>) -> Vec<NamedCount> {
    let mut counts: Vec<_> = groups
        .into_iter()
        .map(|(name, stories)| NamedCount { name: name.to_owned(), count: len(&stories) })
        .collect();
    // Stable, so equal ones stay in the order of their names.
    counts.sort_by_key(|named| Reverse(named.count));
    counts
}

fn category(slug: &str, (name, stories): &(&str, Vec<&Story>)) -> Category {
    let mut stories = stories.clone();
    let count = len(&stories);
    stories.sort_by(|a, b| b.start.cmp(&a.start).then_with(|| a.id.cmp(&b.id)));
    stories.truncate(LISTED);
    Category {
        slug: slug.to_owned(),
        name: (*name).to_owned(),
        count,
        stories: stories.into_iter().map(link).collect(),
    }
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

fn len<T>(items: &[T]) -> u32 {
    u32::try_from(items.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
