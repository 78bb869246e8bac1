//! A whole search: check, match, rank, narrow, order, cut the page, mark.

use std::time::Instant;

use mfe_search_api::{Confidence, Filters, Highlight, Hit, SearchRequest, SearchResponse, Sort};

use crate::{
    SearchError, Snapshot, Story, facets,
    highlight::Highlighter,
    matching::{WordHits, match_word},
    query::Query,
    ranking::{self, Ranked},
    snapshot::Ordinal,
    suggest::Name,
};

/// Longest query in characters.
const LONGEST_QUERY: usize = 500;
/// Most results on a page.
const MOST_RESULTS: u32 = 100;
/// Most values of one filter.
const MOST_VALUES: usize = 50;

/// Answers a request from the stories of one moment.
///
/// Confidence is high when the best story has every word itself (inflections included), low when some
/// word was guessed or is missing there, none when there is no result. A list without a query is always
/// of high confidence.
///
/// # Errors
/// The request is out of range, or the engine fails.
pub fn search(snapshot: &Snapshot, request: &SearchRequest) -> Result<SearchResponse, SearchError> {
    let started = Instant::now();
    check(request)?;
    let listing = request.query.trim().is_empty();
    let words = if listing { Vec::new() } else { words(snapshot, &request.query)? };
    let ranked = if listing { list(snapshot) } else { rank(snapshot, &request.query, &words) };

    let candidates = ranked.iter().map(|ranked| ranked.ordinal);
    let (mut found, facets) =
        facets::narrow(&snapshot.stories, candidates, &request.filters, listing);
    let best = found.first().and_then(|best| ranked.iter().find(|r| r.ordinal == *best));
    let confidence = match best {
        None => Confidence::None,
        Some(best) if best.exact => Confidence::High,
        Some(_) => Confidence::Low,
    };
    order(snapshot, &mut found, request.sort.unwrap_or(Sort::Relevance));

    let highlighter = Highlighter::new(words.iter().flat_map(|word| &word.stems));
    let score = |ordinal| ranked.iter().find(|r| r.ordinal == ordinal).map_or(0.0, |r| r.score);
    let results: Vec<Hit> = page(&found, request)
        .filter_map(|ordinal| {
            let story = snapshot.stories.get(ordinal as usize)?;
            // A list has nothing to mark.
            let marked = if listing { Vec::new() } else { highlighter.highlights(story) };
            Some(hit(story, score(ordinal), marked))
        })
        .collect();
    Ok(SearchResponse {
        count: length(results.len()),
        results,
        total: length(found.len()),
        outside: length(ranked.len()),
        query: request.query.clone(),
        understood: Filters::default(),
        confidence,
        facets,
        cached: false,
        took_ms: started.elapsed().as_secs_f64() * 1000.0,
    })
}

fn check(request: &SearchRequest) -> Result<(), SearchError> {
    let invalid = |field, detail| Err(SearchError::Invalid { field, detail });
    if request.query.chars().count() > LONGEST_QUERY {
        return invalid("query", "must be at most 500 characters");
    }
    if !(1..=MOST_RESULTS).contains(&request.top_k) {
        return invalid("top_k", "must be from 1 to 100");
    }
    if request.page == 0 {
        return invalid("page", "must be 1 or more");
    }
    let Filters { industry, capability, client, role, sub_category, era, theme } = &request.filters;
    for (field, values) in [
        ("filters.industry", industry),
        ("filters.capability", capability),
        ("filters.client", client),
        ("filters.role", role),
        ("filters.sub_category", sub_category),
        ("filters.era", era),
        ("filters.theme", theme),
    ] {
        if values.len() > MOST_VALUES {
            return invalid(field, "must have at most 50 values");
        }
    }
    Ok(())
}

fn words(snapshot: &Snapshot, query: &str) -> tantivy::Result<Vec<WordHits>> {
    Query::parse(query).words.iter().map(|word| match_word(snapshot, word)).collect()
}

/// All stories in their own order, which is newest first.
fn list(snapshot: &Snapshot) -> Vec<Ranked> {
    let ordinals = 0..length(snapshot.stories.len());
    ordinals.map(|ordinal| Ranked { ordinal, score: 0.0, exact: true }).collect()
}

fn rank(snapshot: &Snapshot, query: &str, words: &[WordHits]) -> Vec<Ranked> {
    let mut ranked = ranking::rank(words, snapshot.stories.len());
    let top = ranked.first().map_or(0.0, |best| best.score);
    let folded = Query::parse(query).folded;
    for ranked in &mut ranked {
        // Who types a whole title wants that story, however often others have its words.
        let title = snapshot.stories.get(ranked.ordinal as usize).map(|story| &story.title);
        if title.is_some_and(|title| Name::fold(title) == folded) {
            ranked.score += top;
        }
    }
    ranking::sort(&mut ranked);
    ranked
}

/// Sorts stably; the order before is by relevance, or newest first in a list.
fn order(snapshot: &Snapshot, found: &mut [Ordinal], sort: Sort) {
    let story = |ordinal: &Ordinal| &snapshot.stories[*ordinal as usize];
    let title = |story: &Story| story.title.to_lowercase();
    match sort {
        Sort::Relevance => {}
        // Ordinals are in this order, by title and id among equals.
        Sort::Newest => found.sort_unstable(),
        Sort::Oldest => {
            found.sort_unstable();
            found.sort_by_cached_key(|o| (story(o).start.clone(), title(story(o))));
        }
        Sort::Title => {
            found.sort_unstable();
            found.sort_by_cached_key(|o| title(story(o)));
        }
        Sort::Client => {
            found.sort_unstable();
            found.sort_by_cached_key(|o| (story(o).client.to_lowercase(), title(story(o))));
        }
    }
}

fn page<'a>(found: &'a [Ordinal], request: &SearchRequest) -> impl Iterator<Item = Ordinal> + 'a {
    let size = request.top_k as usize;
    let before = (request.page as usize - 1).saturating_mul(size);
    found.iter().copied().skip(before).take(size)
}

fn hit(story: &Story, score: f32, highlights: Vec<Highlight>) -> Hit {
    Hit {
        id: story.id.clone(),
        title: story.title.clone(),
        client: story.client.clone(),
        role: story.role.clone(),
        industry: story.industry.clone(),
        capability: story.capability.clone(),
        sub_category: story.sub_category.clone(),
        era: story.era.clone(),
        theme: story.theme.clone(),
        start: story.start.clone(),
        end: story.end.clone(),
        summary: story.summary.clone(),
        score: f64::from(score),
        highlights,
    }
}

fn length(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
