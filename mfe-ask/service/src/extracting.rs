//! The default composer: which sentences of the stories make the answer, and in what order. It needs no
//! model and no key.
//!
//! Every sentence is a quotation, in the person's own words; where several stories answer, each is introduced
//! by a lead-in of nothing but names. Not here: whether the answer is good enough to give; see `confidence`.

use std::collections::HashSet;

use async_trait::async_trait;
use mfe_ask_api::Mode;
use tokio::sync::mpsc;

use crate::{
    composer::{Brief, ComposeError, Composer, Draft},
    corpus::Corpus,
    passages::Passage,
    question::Understood,
    ranking::{RankedStory, score_passage},
    story::{ClientKind, Story},
};

/// Sentences of an answer, and stories that it may rest on.
const SENTENCES: usize = 5;
const STORIES: usize = 3;
/// The same, when the question goes over several clients.
const WIDE_SENTENCES: usize = 8;
const WIDE_STORIES: usize = 6;

/// A question over clients takes so many named ones, however much better the first is.
const WIDE_CLIENTS: usize = 4;

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
/// Passages that state a fact stand first, where one is asked for: which of them is meant is a guess.
const FACTS: usize = 3;
/// Sentences of an answer that wants a fact.
const FACT_SENTENCES: usize = 4;
/// What a passage is worth that was quoted before in the conversation.
const TOLD: f32 = 0.3;

/// Answers with the stories' own sentences; they were chosen when the answer was planned.
#[derive(Clone, Copy, Debug)]
pub struct Extractive;

#[async_trait]
impl Composer for Extractive {
    fn mode(&self) -> Mode {
        Mode::Extractive
    }

    async fn compose(&self, brief: &Brief, out: &mpsc::Sender<Draft>) -> Result<(), ComposeError> {
        for draft in &brief.own {
            if out.send(draft.clone()).await.is_err() {
                break;
            }
        }
        Ok(())
    }
}

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
    told: &HashSet<String>,
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
        let passages = choose_passages(corpus, asked, story, room.min(most).min(4), told);
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
    let fits = |story: &RankedStory| {
        story.score >= first.score * near
            && story.best >= first.best * relevant
            && story.share >= first.share * relevant
    };
    let stories = ranked.iter().enumerate();
    let chosen = stories.filter(|(at, story)| (asked.wide && *at < WIDE_CLIENTS) || fits(story));
    chosen.map(|(_, story)| story).take(most).collect()
}

/// Chooses passages of at most `room` sentences together, fact first, then in the order of the telling.
fn choose_passages<'a>(
    corpus: &Corpus,
    asked: &Understood,
    story: &'a RankedStory,
    room: usize,
    told: &HashSet<String>,
) -> Vec<&'a Passage> {
    let mut left = room;
    let mut chosen: Vec<(usize, &Passage)> = Vec::new();
    let scored: Vec<_> = story
        .indexed
        .passages
        .iter()
        .enumerate()
        .map(|(at, passage)| {
            let score = score_passage(corpus, passage, asked);
            let again = asked.fact.is_none() && passage.sentences.iter().all(|s| told.contains(s));
            (at, passage, if again { score * TOLD } else { score }, asked.states(passage))
        })
        .collect();
    // The fact comes first, as well stated as the story can.
    let stated = scored.iter().map(|(.., states)| *states).max().unwrap_or(0);
    let mut facts = scored.iter().filter(|(.., states)| *states > 0).count().min(FACTS);
    while left > 0 {
        let floor = match chosen.len() {
            0 if facts > 0 => stated,
            chosen => u8::from(chosen < facts),
        };
        let best = scored
            .iter()
            .filter(|(.., states)| *states >= floor)
            .filter(|(_, passage, ..)| passage.sentences.len() <= left)
            .filter(|(_, passage, ..)| chosen.iter().all(|(_, c)| passage.overlap(c) <= REPEATS))
            .map(|(at, passage, score, _)| {
                let again = chosen.iter().filter(|(_, c)| c.section == passage.section).count();
                // Facts stand together, among the results.
                let again = if floor > 0 { 0 } else { again };
                (*at, *passage, score * SAME_SECTION.powi(again.try_into().unwrap_or(i32::MAX)))
            })
            .max_by(|a, b| a.2.total_cmp(&b.2).then(b.0.cmp(&a.0)));
        let Some((at, passage, _)) = best else {
            if floor == 0 {
                break;
            }
            // None that states a fact is left that fits and says something new.
            facts = 0;
            continue;
        };
        left -= passage.sentences.len();
        chosen.push((at, passage));
    }
    let told = if asked.fact.is_some() { FACTS.min(chosen.len()) } else { 0 };
    chosen[told..].sort_by_key(|(at, _)| *at);
    chosen.into_iter().map(|(_, passage)| passage).collect()
}

/// Returns the sentences of an answer, a paragraph for each story.
pub(crate) fn drafts(asked: &Understood, cited: &[Cited<'_>]) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (at, Cited { ranked, passages }) in cited.iter().enumerate() {
        let story = &ranked.indexed.story;
        let sentences = passages.iter().flat_map(|passage| &passage.sentences);
        // One story's answer begins with what was asked for; of several, each says whose it is.
        let led = cited.len() > 1 && !(at == 0 && asked.fact.is_some());
        let lead_in = led.then(|| (lead_in(story), &story.title));
        let quoted = sentences.map(|sentence| (sentence.clone(), sentence));
        for (place, (text, quote)) in lead_in.into_iter().chain(quoted).enumerate() {
            drafts.push(Draft {
                text,
                story: story.id.clone(),
                quote: Some(quote.clone()),
                opens: place == 0,
            });
        }
    }
    drafts
}

/// Says whose story follows, with nothing but its client's name and its title.
pub(crate) fn lead_in(story: &Story) -> String {
    let Story { title, client, .. } = story;
    match story.client_kind {
        ClientKind::Named => format!("For {client}, in “{title}”:"),
        ClientKind::Generic => format!("In “{title}”:"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{choose, drafts};
    use crate::{
        ClientKind, Corpus, Question, Story, planning::everything, question::Understood,
        ranking::rank,
    };

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

    fn drafted(stories: Vec<Story>, question: &str, told: &[&str]) -> Vec<String> {
        let corpus = Corpus::new(stories);
        let asked = Understood::new(&corpus, question);
        let question = Question { text: question.to_owned(), ..Question::default() };
        let ranked = rank(&corpus, &question, &asked, &everything(&corpus));
        let told = told.iter().map(ToString::to_string).collect();
        let cited = choose(&corpus, &asked, &ranked, &told);
        drafts(&asked, &cited).into_iter().map(|draft| draft.text).collect()
    }

    #[test]
    fn a_fact_stands_first_and_the_rest_follows_as_told() {
        let answer = drafted(vec![ledger()], "How much did the run cost fall?", &[]);
        assert_eq!(answer[0], "The run cost fell from $9.8M to $3.6M a year.");
    }

    #[test]
    fn what_was_told_before_is_told_again_only_when_there_is_nothing_else() {
        let again = "Cut the ledger into nine slices by product.";
        let question = "How did the ledger leave the mainframe?";
        let place = |told: &[&str]| {
            drafted(vec![ledger()], question, told).iter().position(|text| text == again)
        };
        assert!(place(&[]).is_some() && place(&[again]).is_none());
    }

    #[test]
    fn deeds_and_outcomes_are_preferred_to_the_brief() {
        let answer =
            drafted(vec![ledger()], "How did the ledger leave the mainframe?", &[]).join(" ");
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
        let ranked = rank(&corpus, &Question::default(), &asked, &everything(&corpus));
        let cited = choose(&corpus, &asked, &ranked, &HashSet::new());
        let clients: Vec<_> =
            cited.iter().map(|c| c.ranked.indexed.story.client.as_str()).collect();
        assert_eq!(clients.len(), 6);
        assert!(
            clients[..3].contains(&"Kestrel") && clients[..3].contains(&"Sable"),
            "{clients:?}"
        );
    }
}
