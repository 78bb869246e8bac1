//! Which stories are like one.
//!
//! Pure: what stories share is counted, weighted and explained. Not here: words of the text, which is
//! search's business.

use std::collections::HashMap;

use mfe_stories_api::ClientKind;

/// As much of a story as likeness depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sketch {
    /// The story.
    pub(crate) id: String,
    /// For whom.
    pub(crate) client: String,
    /// Whether `client` is a name; two unnamed clients are not the same one.
    pub(crate) client_kind: ClientKind,
    /// The industry.
    pub(crate) industry: String,
    /// What kind of work.
    pub(crate) capability: String,
    /// The same, finer.
    pub(crate) sub_category: String,
    /// The theme.
    pub(crate) theme: String,
    /// Keywords.
    pub(crate) tags: Vec<String>,
}

/// A story like another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Match {
    /// The story.
    pub(crate) id: String,
    /// The most telling thing that both share, for people.
    pub(crate) reason: String,
}

const SUB_CATEGORY: usize = 6;
const CLIENT: usize = 4;
const CAPABILITY: usize = 3;
const TAG: usize = 2;
const THEME: usize = 1;
const INDUSTRY: usize = 1;
/// Further shared tags say little more.
const MAX_TAGS: usize = 4;

/// Returns up to `limit` stories most like `story`, nearest first, `story` itself left out.
///
/// One client takes at most half of the places while others have something in common too: a reader who
/// finished a story wants to see where else, not only what else there.
#[must_use]
pub(crate) fn rank(story: &Sketch, all: &[Sketch], limit: usize) -> Vec<Match> {
    let mut scored: Vec<(usize, &Sketch)> = all
        .iter()
        .filter(|other| other.id != story.id)
        .map(|other| (score(story, other), other))
        .filter(|(score, _)| *score > 0)
        .collect();
    scored.sort_by(|(a, left), (b, right)| b.cmp(a).then_with(|| left.id.cmp(&right.id)));

    let most = limit.div_ceil(2);
    let mut of_client: HashMap<&str, usize> = HashMap::new();
    let (spread, crowded): (Vec<_>, Vec<_>) = scored.into_iter().partition(|(_, other)| {
        let taken = of_client.entry(&other.client).or_default();
        *taken += 1;
        *taken <= most
    });
    let mut chosen: Vec<_> = spread.into_iter().chain(crowded).take(limit).collect();
    chosen.sort_by(|(a, left), (b, right)| b.cmp(a).then_with(|| left.id.cmp(&right.id)));
    chosen
        .into_iter()
        .map(|(_, other)| Match { id: other.id.clone(), reason: reason(story, other) })
        .collect()
}

fn score(a: &Sketch, b: &Sketch) -> usize {
    let points = |shared: bool, points: usize| if shared { points } else { 0 };
    points(a.sub_category == b.sub_category, SUB_CATEGORY)
        + points(same_client(a, b), CLIENT)
        + points(a.capability == b.capability, CAPABILITY)
        + shared_tags(a, b).count().min(MAX_TAGS) * TAG
        + points(a.theme == b.theme, THEME)
        + points(a.industry == b.industry, INDUSTRY)
}

fn same_client(a: &Sketch, b: &Sketch) -> bool {
    a.client_kind == ClientKind::Named && b.client_kind == ClientKind::Named && a.client == b.client
}

fn shared_tags<'a>(a: &'a Sketch, b: &'a Sketch) -> impl Iterator<Item = &'a str> {
    a.tags.iter().filter(|tag| b.tags.contains(tag)).map(String::as_str)
}

fn reason(a: &Sketch, b: &Sketch) -> String {
    if a.sub_category == b.sub_category {
        return ["Also ", &b.sub_category].concat();
    }
    if same_client(a, b) {
        return "Same client".to_owned();
    }
    let tags: Vec<_> = shared_tags(a, b).take(2).collect();
    match (tags.as_slice(), a.capability == b.capability) {
        ([one, two], _) => ["Both about ", one, " and ", two].concat(),
        (_, true) => ["Also ", &b.capability].concat(),
        ([one], false) => ["Both about ", one].concat(),
        _ if a.industry == b.industry => ["Also in ", &b.industry].concat(),
        _ => ["Also ", &b.theme].concat(),
    }
}

#[cfg(test)]
mod tests;
