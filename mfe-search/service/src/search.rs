//! A whole search: check, read, match, rank, narrow, order, cut the page, mark.

use std::{collections::HashMap, sync::Arc, time::Instant};

use mfe_search_api::{
    Confidence, Filters, Highlight, Hit, Mode, SearchRequest, SearchResponse, Sort,
};

use crate::{
    Meaning, SearchError, Snapshot, Story, confidence,
    facets::{FACETS, Facet},
    fusion::{self, Semantic},
    highlight::{Highlighter, excerpt},
    matching::{WordHits, match_word},
    meaning::space::Space,
    query::Query,
    ranking::{self, Lexical, Ranked},
    reading::Reading,
    snapshot::Ordinal,
};

/// Longest query in characters.
const LONGEST_QUERY: usize = 500;
/// Most results on a page.
const MOST_RESULTS: u32 = 100;
/// Most values of one filter.
const MOST_VALUES: usize = 50;

/// Answers a request from the stories of one moment. Blocking, for milliseconds.
///
/// A request without a query lists all stories and is always of high confidence.
///
/// # Errors
/// The request is out of range, meaning is asked for and there is none, or the engine fails.
pub fn search(
    snapshot: &Snapshot,
    meaning: Option<&Meaning>,
    mode: Mode,
    request: &SearchRequest,
) -> Result<SearchResponse, SearchError> {
    let started = Instant::now();
    check(request)?;
    let meaning = meaning.filter(|_| mode != Mode::Keyword);
    if mode != Mode::Keyword && meaning.is_none() {
        return Err(SearchError::MeaningIsOff);
    }
    // Looking for what a word may have meant goes through all words that stories use, and only a model
    // needs it here.
    let corrected = |word: &str| match meaning {
        Some(meaning) if !meaning.embedder().knows(word) => {
            snapshot.vocabulary.corrected(word).to_owned()
        }
        _ => word.to_owned(),
    };
    let reading = Reading::new(&snapshot.names, &request.query, request.literal, corrected);
    let understood = beside(&request.filters, reading.understood.clone());
    let filters = merged(&request.filters, &understood);
    let Found { ranked, confidence, highlighting } = if reading.text.trim().is_empty() {
        Found { ranked: list(snapshot), confidence: Confidence::High, highlighting: None }
    } else {
        find(snapshot, meaning, mode, &reading)?
    };

    let listing = highlighting.is_none();
    let narrow = |filters| snapshot.facets.narrow(&ranked, filters, listing);
    let (mut found, facets) = narrow(&filters);
    let outside = if request.filters == Filters::default() {
        found.len()
    } else {
        narrow(&understood).0.len()
    };
    let confidence = if found.is_empty() { Confidence::None } else { confidence };
    order(snapshot, &mut found, request);

    let results: Vec<Hit> = page(&found, request)
        .filter_map(|Ranked { ordinal, score }| {
            let story = snapshot.stories.get(ordinal as usize)?;
            Some(hit(story, score, highlighting.as_ref().map(|h| h.of(story)).unwrap_or_default()))
        })
        .collect();
    Ok(SearchResponse {
        count: length(results.len()),
        results,
        total: length(found.len()),
        outside: length(outside),
        query: request.query.clone(),
        understood,
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
    let fields: [&str; FACETS] = [
        "filters.industry",
        "filters.capability",
        "filters.client",
        "filters.role",
        "filters.sub_category",
        "filters.era",
        "filters.theme",
    ];
    for (facet, field) in Facet::ALL.into_iter().zip(fields) {
        if facet.wanted(&request.filters).len() > MOST_VALUES {
            return invalid(field, "must have at most 50 values");
        }
    }
    Ok(())
}

/// Returns what was understood of the facets that the request leaves open.
fn beside(asked: &Filters, mut understood: Filters) -> Filters {
    for facet in Facet::ALL {
        if !facet.wanted(asked).is_empty() {
            facet.wanted_mut(&mut understood).clear();
        }
    }
    understood
}

fn merged(asked: &Filters, understood: &Filters) -> Filters {
    let mut merged = asked.clone();
    for facet in Facet::ALL {
        facet.wanted_mut(&mut merged).extend_from_slice(facet.wanted(understood));
    }
    merged
}

/// What a query found, before filters and in no order.
struct Found {
    ranked: Vec<Ranked>,
    confidence: Confidence,
    /// A list has nothing to mark.
    highlighting: Option<Highlighting>,
}

/// All stories in their own order, which is newest first.
fn list(snapshot: &Snapshot) -> Vec<Ranked> {
    let ordinals = 0..length(snapshot.stories.len());
    ordinals.map(|ordinal| Ranked { ordinal, score: 0.0 }).collect()
}

fn find(
    snapshot: &Snapshot,
    meaning: Option<&Meaning>,
    mode: Mode,
    reading: &Reading,
) -> Result<Found, SearchError> {
    let query = Query::parse(&reading.text, &reading.nicknames);
    let words: Vec<WordHits> = match mode {
        Mode::Semantic => Vec::new(),
        Mode::Keyword | Mode::Hybrid => {
            let is_word = |word: &str| meaning.is_some_and(|m| m.embedder().knows(word));
            let words = query.words.iter().map(|word| match_word(snapshot, word, is_word));
            words.collect::<Result<_, _>>()?
        }
    };
    let lexical = Lexical::new(&words, snapshot.stories.len());
    let listed = lexical.ranked();
    let near = match meaning {
        None => None,
        Some(meaning) => {
            let vector = meaning.query(reading).map_err(SearchError::Embed)?;
            let space = meaning.space();
            let semantic = semantic(snapshot, &space, &vector, &listed);
            Some((space, vector, semantic))
        }
    };
    let pinned = snapshot.facets.with_any(Facet::Client, &reading.pinned);
    let mut ranked = match &near {
        None => listed,
        Some((_, _, semantic)) if mode == Mode::Semantic => semantic.ranked(),
        Some((_, _, semantic)) => {
            fusion::fuse(&lexical, &listed, semantic, reading.is_situation, pinned)
        }
    };
    if mode != Mode::Semantic {
        keep_phrases(snapshot, &query, &mut ranked)?;
        whole_title_first(snapshot, &query, &mut ranked);
    }
    let exact =
        |ranked: &Ranked| lexical.exact.get(ranked.ordinal as usize).copied().unwrap_or(false);
    let best_is_exact = ranking::best(&ranked).map(exact);
    let confidence = match &near {
        None => confidence::by_words(best_is_exact),
        Some((_, _, semantic)) if mode == Mode::Semantic => confidence::by_meaning(semantic),
        Some((_, _, semantic)) => confidence::by_both(&lexical, semantic, best_is_exact),
    };
    if confidence == Confidence::None {
        ranked.clear();
    }
    let stems = words.iter().flat_map(|word| &word.stems);
    let highlighter = Highlighter::new(&snapshot.vocabulary, stems);
    let near = near.map(|(space, vector, _)| (space, vector));
    Ok(Found { ranked, confidence, highlighting: Some(Highlighting { highlighter, near }) })
}

/// Compares the query with all stories, or with those that are near or are listed for their words.
fn semantic(snapshot: &Snapshot, space: &Space, vector: &[f32], listed: &[Ranked]) -> Semantic {
    let nearness = space.nearness(vector);
    let mut closeness: HashMap<Ordinal, f32> = nearness
        .near
        .iter()
        .filter_map(|(story, score)| Some((*snapshot.by_id.get(&story.id)?, *score)))
        .collect();
    if closeness.len() < space.len() {
        let mut listed = listed.to_vec();
        ranking::best_first(&mut listed, MOST_RESULTS as usize);
        for Ranked { ordinal, .. } in listed.iter().take(MOST_RESULTS as usize) {
            let story = &snapshot.stories[*ordinal as usize];
            if let Some(score) = space.score(&story.id, vector) {
                closeness.insert(*ordinal, score);
            }
        }
    }
    Semantic { closeness, mean: nearness.mean, deviation: nearness.deviation }
}

/// Keeps only stories that have what stands in quotes; all when none has.
fn keep_phrases(
    snapshot: &Snapshot,
    query: &Query,
    ranked: &mut Vec<Ranked>,
) -> Result<(), SearchError> {
    for phrase in &query.phrases {
        let with = snapshot.with_phrase(phrase)?;
        if ranked.iter().any(|ranked| with.contains(&ranked.ordinal)) {
            ranked.retain(|ranked| with.contains(&ranked.ordinal));
        }
    }
    Ok(())
}

/// Who types a whole title wants that story, however often others have its words.
fn whole_title_first(snapshot: &Snapshot, query: &Query, ranked: &mut [Ranked]) {
    let titled = snapshot.titled(&query.folded);
    if titled.is_empty() {
        return;
    }
    let top = ranking::best(ranked).map_or(0.0, |best| best.score.abs());
    for ranked in ranked.iter_mut().filter(|ranked| titled.contains(&ranked.ordinal)) {
        ranked.score += top;
    }
}

/// Sorts as far as the request's page needs it.
fn order(snapshot: &Snapshot, found: &mut [Ranked], request: &SearchRequest) {
    let sort = request.sort.unwrap_or(Sort::Relevance);
    let story = |ranked: &Ranked| &snapshot.stories[ranked.ordinal as usize];
    let title = |story: &Story| story.title.to_lowercase();
    if sort != Sort::Relevance {
        // Newest first, by title and id among equals.
        found.sort_unstable_by_key(|ranked| ranked.ordinal);
    }
    match sort {
        Sort::Relevance => {
            let seen = (request.page as usize).saturating_mul(request.top_k as usize);
            ranking::best_first(found, seen);
        }
        Sort::Newest => {}
        Sort::Oldest => found.sort_by_cached_key(|r| (story(r).start.clone(), title(story(r)))),
        Sort::Title => found.sort_by_cached_key(|r| title(story(r))),
        Sort::Client => {
            found.sort_by_cached_key(|r| (story(r).client.to_lowercase(), title(story(r))));
        }
    }
}

fn page<'a>(found: &'a [Ranked], request: &SearchRequest) -> impl Iterator<Item = Ranked> + 'a {
    let size = request.top_k as usize;
    let before = (request.page as usize - 1).saturating_mul(size);
    found.iter().copied().skip(before).take(size)
}

/// Tells where a story matched.
struct Highlighting {
    highlighter: Highlighter,
    near: Option<(Arc<Space>, Vec<f32>)>,
}

impl Highlighting {
    /// Returns where the words stand; where none does, the passage that means the same.
    fn of(&self, story: &Story) -> Vec<Highlight> {
        let marked = self.highlighter.highlights(story);
        let Some((space, vector)) = self.near.as_ref().filter(|_| marked.is_empty()) else {
            return marked;
        };
        let nearest = space.get(&story.id).and_then(|vectors| vectors.nearest(vector));
        nearest
            .map(|passage| Highlight {
                field: passage.part.to_owned(),
                html: excerpt(&passage.text),
            })
            .into_iter()
            .collect()
    }
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
