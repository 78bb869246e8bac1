//! Which sentences make the answer, in what order, with which marks.
//!
//! Every sentence is a quotation, or the lead-in that says whose story follows; each ends in its mark.
//! Not here: whether the answer is good enough to give; see `answering`.

use std::collections::BTreeSet;

use mfe_ask_api::Source;

use crate::{
    corpus::Corpus,
    passages::Passage,
    question::Understood,
    ranking::{RankedStory, score_passage},
    story::{ClientKind, Story},
    text::has_mark,
};

/// Sentences of an answer, and stories that it may rest on.
const SENTENCES: usize = 5;
const STORIES: usize = 3;
/// The same, when the question goes over several clients.
const WIDE_SENTENCES: usize = 8;
const WIDE_STORIES: usize = 6;

/// A further story must reach this share of the first one's score, and RELEVANT of how much of
/// the question it has and of how relevant its best passage is.
const NEAR: f32 = 0.72;
const WIDE_NEAR: f32 = 0.3;
/// A fact is taken from elsewhere too only when that fits about as well.
const FACT_NEAR: f32 = 0.9;
const RELEVANT: f32 = 0.55;
const WIDE_RELEVANT: f32 = 0.35;

/// Passages that share more of their words than this say the same.
const REPEATS: f32 = 0.55;
/// What one more passage of a section that already speaks is worth.
const SAME_SECTION: f32 = 0.7;
/// Sentences that go with a fact, itself included.
const FACT_SENTENCES: usize = 3;

/// A story and what is quoted of it, in the order of quoting.
#[derive(Clone, Debug)]
pub(crate) struct Cited<'a> {
    /// Where from.
    pub(crate) ranked: &'a RankedStory,
    /// At least one.
    pub(crate) passages: Vec<&'a Passage>,
}

/// Chooses what to quote; nothing when no ranked story has a passage.
pub(crate) fn choose<'a>(
    corpus: &Corpus,
    asked: &Understood,
    ranked: &'a [RankedStory],
) -> Vec<Cited<'a>> {
    let stories = choose_stories(asked, ranked);
    let total = if asked.wide { WIDE_SENTENCES } else { SENTENCES };
    let mut left = total;
    let mut cited = Vec::new();
    for (at, story) in stories.iter().enumerate() {
        // Each story that follows keeps at least one sentence; the first ones speak the most.
        let following = stories.len() - at - 1;
        let share = left.saturating_sub(following).min(left.div_ceil(following + 1) + 1);
        let room = if following == 0 { left } else { share };
        let most = if asked.fact.is_some() { FACT_SENTENCES } else { total - 1 };
        let passages = choose_passages(corpus, asked, story, room.min(most).min(4));
        if passages.is_empty() {
            continue;
        }
        left = left.saturating_sub(passages.iter().map(|p| p.sentences.len()).sum());
        cited.push(Cited { ranked: story, passages });
    }
    cited
}

fn choose_stories<'a>(asked: &Understood, ranked: &'a [RankedStory]) -> Vec<&'a RankedStory> {
    let (most, near, relevant) = match (asked.wide, asked.fact) {
        (true, _) => (WIDE_STORIES, WIDE_NEAR, WIDE_RELEVANT),
        (false, Some(_)) => (STORIES, FACT_NEAR, RELEVANT),
        (false, None) => (STORIES, NEAR, RELEVANT),
    };
    let Some(first) = ranked.first() else { return Vec::new() };
    let mut chosen: Vec<_> = ranked
        .iter()
        .take_while(|story| story.score >= first.score * near)
        .filter(|story| story.best >= first.best * relevant)
        .filter(|story| story.share >= first.share * relevant)
        .collect();
    if asked.wide {
        // The best story of each client, before a second one of any.
        let mut seen = BTreeSet::new();
        let (mut once, again): (Vec<_>, Vec<_>) =
            chosen.into_iter().partition(|story| seen.insert(&story.indexed.story.client));
        once.extend(again);
        chosen = once;
    }
    chosen.truncate(most);
    chosen
}

/// Chooses passages of at most `room` sentences together, fact first, then in the order of the telling.
fn choose_passages<'a>(
    corpus: &Corpus,
    asked: &Understood,
    story: &'a RankedStory,
    room: usize,
) -> Vec<&'a Passage> {
    let mut left = room;
    let mut chosen: Vec<(usize, &Passage)> = Vec::new();
    let scored: Vec<_> = story
        .indexed
        .passages
        .iter()
        .enumerate()
        .map(|(at, passage)| {
            (at, passage, score_passage(corpus, passage, asked), asked.states(passage))
        })
        .collect();
    // The fact comes first, as well stated as the story can.
    let stated = scored.iter().map(|(.., states)| *states).max().unwrap_or(0);
    while left > 0 {
        let best = scored
            .iter()
            .filter(|(.., states)| !chosen.is_empty() || *states == stated)
            .filter(|(_, passage, ..)| passage.sentences.len() <= left)
            .filter(|(_, passage, ..)| chosen.iter().all(|(_, c)| passage.overlap(c) <= REPEATS))
            .map(|(at, passage, score, _)| {
                let again = chosen.iter().filter(|(_, c)| c.section == passage.section).count();
                (*at, *passage, score * SAME_SECTION.powi(again.try_into().unwrap_or(i32::MAX)))
            })
            .max_by(|a, b| a.2.total_cmp(&b.2).then(b.0.cmp(&a.0)));
        let Some((at, passage, _)) = best else { break };
        left -= passage.sentences.len();
        chosen.push((at, passage));
    }
    let told = usize::from(asked.fact.is_some()).min(chosen.len());
    chosen[told..].sort_by_key(|(at, _)| *at);
    chosen.into_iter().map(|(_, passage)| passage).collect()
}

/// Returns the answer's text, a paragraph for each story, and the sources in the order of their marks.
pub(crate) fn compose(cited: &[Cited<'_>]) -> (String, Vec<Source>) {
    let mut text = String::new();
    let mut sources = Vec::new();
    for (at, Cited { ranked, passages }) in cited.iter().enumerate() {
        let story = &ranked.indexed.story;
        let quotes: Vec<_> = passages.iter().flat_map(|p| p.sentences.iter().cloned()).collect();
        let mark = format!(" [{}]", at + 1);
        if at > 0 {
            text.push_str("\n\n");
        }
        text.push_str(&lead_in(story));
        text.push_str(&mark);
        for quote in &quotes {
            text.push(' ');
            text.push_str(quote);
            text.push_str(&mark);
        }
        sources.push(Source {
            id: story.id.clone(),
            title: story.title.clone(),
            client: story.client.clone(),
            role: String::new(),
            summary: String::new(),
            standing: mfe_ask_api::Standing::Current,
            score: (f64::from(ranked.score) * 1000.0).round() / 1000.0,
            quotes,
        });
    }
    (text, sources)
}

/// Says whose story follows, with nothing but its client's name and its title.
fn lead_in(story: &Story) -> String {
    let Story { title, client, .. } = story;
    match story.client_kind {
        _ if has_mark(title) || has_mark(client) => "From one story:".to_owned(),
        ClientKind::Named => format!("For {client}, in “{title}”:"),
        ClientKind::Generic => format!("In “{title}” ({client}):"),
    }
}

#[cfg(test)]
mod tests {
    use super::{choose, compose};
    use crate::{ClientKind, Corpus, Question, Story, question::Understood, ranking::rank};

    fn texts(list: &[&str]) -> Vec<String> {
        list.iter().map(ToString::to_string).collect()
    }

    fn ledger() -> Story {
        Story {
            id: "ledger".to_owned(),
            title: "Leaving the Mainframe".to_owned(),
            client: "Northbank".to_owned(),
            client_kind: ClientKind::Named,
            situation: texts(&["The mainframe lease was about to run out for good."]),
            task: texts(&["Move the ledger off the mainframe before the lease ends."]),
            action: texts(&["Cut the ledger into nine slices by product."]),
            result: texts(&[
                "The ledger ran without the mainframe after nineteen months.",
                "The run cost fell from $9.8M to $3.6M a year.",
            ]),
            ..Story::default()
        }
    }

    fn answer(stories: Vec<Story>, question: &str) -> String {
        let corpus = Corpus::new(stories);
        let asked = Understood::new(&corpus, question);
        let question = Question { text: question.to_owned(), ..Question::default() };
        let ranked = rank(&corpus, &question, &asked);
        compose(&choose(&corpus, &asked, &ranked)).0
    }

    #[test]
    fn a_fact_stands_first_and_the_rest_follows_as_told() {
        let answer = answer(vec![ledger()], "How much did the run cost fall?");
        assert!(
            answer.starts_with(
                "For Northbank, in “Leaving the Mainframe”: [1] \
                 The run cost fell from $9.8M to $3.6M a year. [1] "
            ),
            "{answer}"
        );
    }

    #[test]
    fn deeds_and_outcomes_are_preferred_to_the_brief() {
        let answer = answer(vec![ledger()], "How did the ledger leave the mainframe?");
        let place = |text: &str| answer.find(text);
        assert!(place("Cut the ledger") < place("after nineteen months"), "{answer}");
        assert!(
            place("Cut the ledger").is_some() && place("Move the ledger").is_none(),
            "{answer}"
        );
    }

    #[test]
    fn a_question_over_clients_takes_the_best_story_of_each_before_a_second_one() {
        let other = |id: &str, client: &str| Story {
            id: id.to_owned(),
            client: client.to_owned(),
            ..ledger()
        };
        let stories = (0..6)
            .map(|n| other(&format!("a{n}"), "Northbank"))
            .chain([other("b", "Kestrel"), other("c", "Sable")]);
        let corpus = Corpus::new(stories);
        let asked = Understood::new(&corpus, "What patterns are there across ledgers?");
        let ranked = rank(&corpus, &Question::default(), &asked);
        let cited = choose(&corpus, &asked, &ranked);
        let clients: Vec<_> =
            cited.iter().map(|c| c.ranked.indexed.story.client.as_str()).collect();
        assert_eq!(clients.len(), 6);
        assert!(
            clients[..3].contains(&"Kestrel") && clients[..3].contains(&"Sable"),
            "{clients:?}"
        );
    }
}
