//! What is kept of every story, and the ranking.

use std::collections::{HashMap, HashSet};

use mfe_stories_api::{ClientKind, NARRATIVE, Story};

use super::words::{Counts, Words};

/// A story like another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Match {
    /// The story.
    pub(crate) id: String,
    /// The most telling thing that both share, for people.
    pub(crate) reason: String,
}

/// As much of every story as likeness depends on.
#[derive(Debug, Default)]
pub(crate) struct Likeness {
    sketches: HashMap<String, Sketch>,
    words: Words,
}

#[derive(Debug)]
struct Sketch {
    /// `None` for one that is not named: two of them are not the same.
    client: Option<String>,
    capability: String,
    sub_category: String,
    tags: Vec<String>,
    narrative: bool,
    counts: Counts,
}

/// In what a story is like another; the strongest is the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Strand {
    Client,
    Technique,
    Meaning,
}

const CLIENT: f64 = 0.55;
const SUB_CATEGORY: f64 = 0.5;
const CAPABILITY: f64 = 0.2;
const TAG: f64 = 0.12;
/// Further shared tags say little more.
const MAX_TAGS: usize = 4;
/// Two stories about one thing have a cosine of a third; of half is nearly a retelling.
const MEANING: f64 = 1.6;
/// Less in common is chance.
const LEAST: f64 = 0.12;
/// What is left of a story's likeness for each one of the same client, and of the same strand, before it.
const AGAIN_CLIENT: f64 = 0.7;
const AGAIN_STRAND: f64 = 0.6;

struct Found<'a> {
    id: &'a str,
    sketch: &'a Sketch,
    strand: Strand,
    score: f64,
}

impl Likeness {
    /// Adds or replaces a story.
    pub(crate) fn put(&mut self, story: &Story) {
        self.remove(&story.id);
        let named = story.client_kind == ClientKind::Named;
        let sketch = Sketch {
            client: named.then(|| story.client.clone()),
            capability: story.capability.clone(),
            sub_category: story.sub_category.clone(),
            tags: story.tags.clone(),
            narrative: story.category == NARRATIVE,
            counts: self.words.add(story),
        };
        self.sketches.insert(story.id.clone(), sketch);
    }

    /// Forgets a story.
    pub(crate) fn remove(&mut self, id: &str) {
        if let Some(sketch) = self.sketches.remove(id) {
            self.words.remove(&sketch.counts);
        }
    }

    /// Returns up to `limit` stories like `id`, nearest first; `None` when there is no such story. Narrative
    /// ones only if they are asked for.
    ///
    /// Each that is chosen makes others of its client, and for its reason, count for less: a reader who has
    /// finished a story wants to see where else, not only what else there.
    pub(crate) fn rank(&self, id: &str, limit: usize, narrative: bool) -> Option<Vec<Match>> {
        let story = self.sketches.get(id)?;
        let others = self.sketches.iter().filter(|(other, _)| *other != id);
        let mut found: Vec<_> = others
            .filter(|(_, sketch)| narrative || !sketch.narrative)
            .map(|(id, sketch)| self.compare(story, id, sketch))
            .filter(|found| found.score >= LEAST)
            .collect();
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(b.id)));
        // Enough to choose from; beyond, nothing is near.
        found.truncate(limit.saturating_mul(12));
        let mut chosen: Vec<Found<'_>> = Vec::new();
        while chosen.len() < limit && !found.is_empty() {
            let value = |found: &Found<'_>| {
                let count = |same: &dyn Fn(&Found<'_>) -> bool| {
                    i32::try_from(chosen.iter().filter(|one| same(one)).count()).unwrap_or(i32::MAX)
                };
                let client = count(&|one| {
                    found.sketch.client.is_some() && one.sketch.client == found.sketch.client
                });
                let strand = count(&|one| one.strand == found.strand);
                found.score * AGAIN_CLIENT.powi(client) * AGAIN_STRAND.powi(strand)
            };
            let mut best = 0;
            for at in 1..found.len() {
                if value(&found[at]) > value(&found[best]) {
                    best = at;
                }
            }
            chosen.push(found.remove(best));
        }
        chosen.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(b.id)));
        let told = |found: Found<'_>| Match {
            id: found.id.to_owned(),
            reason: reason(found.strand, story, found.sketch),
        };
        Some(chosen.into_iter().map(told).collect())
    }

    fn compare<'a>(&self, story: &Sketch, id: &'a str, sketch: &'a Sketch) -> Found<'a> {
        let points = |shared: bool, points: f64| if shared { points } else { 0.0 };
        let client = points(story.client.is_some() && story.client == sketch.client, CLIENT);
        let tags =
            u32::try_from(shared_tags(story, sketch).len().min(MAX_TAGS)).unwrap_or_default();
        let technique = points(story.sub_category == sketch.sub_category, SUB_CATEGORY)
            + points(story.capability == sketch.capability, CAPABILITY)
            + f64::from(tags) * TAG;
        let cosine = self.words.cosine(&story.counts, &sketch.counts, self.sketches.len());
        let meaning = cosine * MEANING;
        let (strand, _) =
            [(Strand::Client, client), (Strand::Technique, technique)].into_iter().fold(
                (Strand::Meaning, meaning),
                |best, next| if next.1 > best.1 { next } else { best },
            );
        Found { id, sketch, strand, score: client + technique + meaning }
    }
}

fn shared_tags<'a>(a: &Sketch, b: &'a Sketch) -> Vec<&'a str> {
    let own: HashSet<String> = a.tags.iter().map(|tag| tag.to_lowercase()).collect();
    b.tags.iter().map(String::as_str).filter(|tag| own.contains(&tag.to_lowercase())).collect()
}

fn reason(strand: Strand, story: &Sketch, other: &Sketch) -> String {
    match strand {
        Strand::Client => "Same client".to_owned(),
        Strand::Meaning => "Similar story".to_owned(),
        Strand::Technique => {
            let technique = match shared_tags(story, other).as_slice() {
                _ if story.sub_category == other.sub_category => other.sub_category.clone(),
                [one, two, ..] => [one, " and ", two].concat(),
                [one] => (*one).to_owned(),
                [] => other.capability.clone(),
            };
            ["Same technique: ", &technique].concat()
        }
    }
}
