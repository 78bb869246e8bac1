//! What holds for every answer, whatever is asked and whoever composes.

use std::collections::{BTreeSet, HashMap, HashSet};

use mfe_ask_api::{Answer, Candidate, Confidence, Mode, Sentence, Source};
use mfe_ask_service::{Brief, Corpus, Draft, Found, Plan, Question, Story, plan, verify};
use serde_json::json;

use crate::{
    ALL_STORIES, ME,
    asking::answer_to,
    read,
    scripted::{Scripted, Step, say},
    search::FakeSearch,
    state_at, store, stories,
};

/// A number that no story has.
const INVENTED: &str = "7,654,321";

/// Plans as if a search had found all stories alike: the words of the question decide.
fn planned(corpus: &Corpus, stories: &[Story], text: &str) -> Plan {
    let candidates =
        stories.iter().map(|story| Candidate { id: story.id.clone(), score: 1.0 }).collect();
    let found = Found { candidates, confidence: Confidence::Low };
    let question = Question { text: text.to_owned(), ..Question::default() };
    plan(corpus, &question, &found, &HashSet::new())
}

/// Every string of a story that could be quoted.
fn texts(story: &Story) -> impl Iterator<Item = &String> {
    let lists = [
        &story.situation,
        &story.task,
        &story.action,
        &story.result,
        &story.process,
        &story.performance,
    ];
    let alone = [&story.summary, &story.title, &story.person, &story.place, &story.purpose];
    lists.into_iter().flatten().chain(alone)
}

/// Every question that the texts of some stories suggest.
fn questions(stories: &[Story]) -> Vec<String> {
    let own = stories.iter().flat_map(|story| {
        let wide = story.tags.iter().map(|tag| format!("What patterns in {tag} across clients?"));
        let numbers = story.metrics.iter().map(|m| format!("How many {}?", m.label));
        let long = story.result.iter().map(|result| format!("How long until {result}"));
        let client = [format!("What did you do for {}?", story.client), story.title.clone()];
        let listed = story.interview_questions.iter().chain(&story.use_cases).cloned();
        listed.chain(wide).chain(numbers).chain(long).chain(client).collect::<Vec<_>>()
    });
    own.chain(texts(&stories[0]).cloned()).collect()
}

/// Splits an answer at its marks into what stands before each mark, and the mark.
fn marked(text: &str) -> Vec<(&str, u32)> {
    let mut rest = text;
    let mut found = Vec::new();
    while let Some((sentence, after)) = rest.split_once(" [") {
        let (mark, after) = after.split_once(']').unwrap();
        found.push((sentence.trim_start(), mark.parse().unwrap()));
        rest = after;
    }
    assert_eq!(rest, "", "the answer ends with a mark: {text}");
    found
}

/// Checks an answer as who reads it can.
fn check(question: &str, answer: &Answer, by_id: &HashMap<&str, &Story>) {
    let written = marked(&answer.answer);
    let listed: Vec<_> = answer.sentences.iter().map(|s| (s.text.as_str(), s.source)).collect();
    assert_eq!(written, listed, "{question}: the k-th mark is that of the k-th sentence");
    for Sentence { source, story, quote, .. } in &answer.sentences {
        let cited = &answer.sources[*source as usize - 1];
        assert_eq!(cited.id, *story, "{question}");
        assert!(texts(by_id[story.as_str()]).any(|text| text.contains(quote)), "{story}: {quote}");
        assert!(*quote == cited.title || cited.quotes.contains(quote), "{question}: {quote}");
    }
    for (at, Source { id, title, client, quotes, .. }) in answer.sources.iter().enumerate() {
        let story = by_id[id.as_str()];
        assert_eq!((title, client), (&story.title, &story.client));
        let used: HashSet<_> = answer
            .sentences
            .iter()
            .filter(|sentence| sentence.source as usize == at + 1)
            .map(|sentence| &sentence.quote)
            .collect();
        assert!(!used.is_empty(), "{question}: {id} is shown and not used");
        assert!(quotes.iter().all(|quote| used.contains(quote)), "{question}: {quotes:?}");
    }
    let ids: HashSet<_> = answer.sources.iter().map(|source| &source.id).collect();
    assert_eq!(ids.len(), answer.sources.len(), "{question}: a source is shown twice");
    let empty = answer.answer.is_empty();
    assert_eq!(empty, answer.confidence == Confidence::None, "{question}");
    assert_eq!(empty, answer.refusal.is_some(), "{question}");
}

#[test]
fn every_sentence_is_verbatim_in_the_story_that_it_names() {
    let stories = stories();
    let by_id: HashMap<_, _> = stories.iter().map(|s| (s.id.as_str(), s)).collect();
    let corpus = Corpus::new(stories.clone());
    let questions = questions(&stories);
    let mut answered = 0;
    for question in &questions {
        let plan = planned(&corpus, &stories, question);
        let offered: Vec<_> = plan.brief.stories.iter().map(|story| &story.id).collect();
        for draft in &plan.brief.own {
            let verified = verify(&corpus, draft, &offered);
            let verified = verified.unwrap_or_else(|why| panic!("{question}: {draft:?}: {why}"));
            let story = by_id[verified.story.as_str()];
            assert!(texts(story).any(|text| text.contains(&verified.quote)), "{verified:?}");
            let lead_in = verified.quote == story.title && verified.text.ends_with(':');
            assert!(lead_in || verified.text == verified.quote, "{verified:?}");
        }
        answered += usize::from(plan.confidence != Confidence::None);
    }
    assert!(questions.len() > 300, "{}", questions.len());
    assert!(answered * 10 > questions.len() * 9, "{answered} of {}", questions.len());
}

#[test]
fn answers_keep_to_their_size() {
    let stories = stories();
    let corpus = Corpus::new(stories.clone());
    for question in questions(&stories) {
        let plan = planned(&corpus, &stories, &question);
        let own = &plan.brief.own;
        let used: BTreeSet<_> = own.iter().map(|draft| &draft.story).collect();
        let quotes = own.iter().filter(|draft| !draft.text.ends_with(':')).count();
        let wide = question.contains(" across ") || plan.brief.synthesis;
        let (most_stories, most_quotes) = if wide { (6, 8) } else { (3, 5) };
        assert!(used.len() <= most_stories && quotes <= most_quotes, "{question}: {own:?}");
    }
}

#[test]
fn the_same_question_has_the_same_answer_however_the_stories_came() {
    let mut stories = stories();
    let corpus = Corpus::new(stories.clone());
    let questions = questions(&stories);
    stories.reverse();
    let reversed = Corpus::new(stories.clone());
    for question in questions {
        let one = planned(&corpus, &stories, &question).brief;
        assert_eq!(one, planned(&reversed, &stories, &question).brief, "{question}");
    }
}

#[test]
fn a_fact_that_is_asked_for_stands_first() {
    let stories = stories();
    let corpus = Corpus::new(stories.clone());
    for (question, fact) in [
        ("How many differences did the first overnight comparison produce?", "96,000"),
        ("How many people passed through the Friday integration school?", "46 people"),
        ("How much did the ledger run cost fall?", "$3.6M"),
        ("When did the last job run on the mainframe?", "14 October 2018"),
        ("How long did the mainframe exit take?", "19 months"),
    ] {
        let plan = planned(&corpus, &stories, question);
        assert!(plan.brief.own[0].text.contains(fact), "{question}: {:?}", plan.brief.own);
        assert_eq!(plan.confidence, Confidence::High, "{question}");
    }
}

#[test]
fn a_named_client_is_the_only_one_that_answers() {
    let stories = stories();
    let by_id: HashMap<_, _> = stories.iter().map(|s| (s.id.as_str(), s)).collect();
    let corpus = Corpus::new(stories.clone());
    for (question, client) in [
        ("What did you do at Farwave Mobile to cut calls?", "Farwave Mobile"),
        ("how did the ministry hire engineers", "Ministry of Works"),
        ("What happened at Castellan?", "Castellan Insurance"),
        ("Tell me about Ledger Exit", "Northbank"),
    ] {
        let brief = planned(&corpus, &stories, question).brief;
        assert!(!brief.own.is_empty(), "{question}");
        let offered = brief.stories.iter().map(|story| &story.id);
        let used = brief.own.iter().map(|draft| &draft.story);
        assert!(offered.chain(used).all(|id| by_id[id.as_str()].client == client), "{question}");
    }
}

#[test]
fn a_question_over_clients_rests_on_four() {
    let stories = stories();
    let by_id: HashMap<_, _> = stories.iter().map(|s| (s.id.as_str(), s)).collect();
    let corpus = Corpus::new(stories.clone());
    for question in [
        "What do your rescues of failing programmes have in common across clients?",
        "How have you used shadow mode to earn trust in models at different clients?",
    ] {
        let brief = planned(&corpus, &stories, question).brief;
        let clients: BTreeSet<_> =
            brief.own.iter().map(|draft| &by_id[draft.story.as_str()].client).collect();
        assert!(clients.len() >= 4, "{question}: {clients:?}");
    }
}

#[test]
fn no_stories_answer_nothing() {
    let plan = planned(&Corpus::default(), &[], "How did you leave the mainframe?");
    assert_eq!((plan.confidence, plan.brief.own), (Confidence::None, Vec::new()));
}

/// What a model might make of its brief: true sentences with and without their quote, invented numbers and
/// names, and what one story says put down to another.
fn paraphrases(brief: &Brief) -> Vec<Step> {
    let mut steps = Vec::new();
    for (at, excerpt) in brief.stories.iter().enumerate() {
        let other = &brief.stories[(at + 1) % brief.stories.len()].id;
        for sentence in excerpt.sentences.iter().skip(at).take(4) {
            let text = sentence.trim_end_matches('.');
            steps.push(say(&excerpt.id, sentence));
            steps.push(say(&excerpt.id, &format!("{text}, {INVENTED} times.")));
            steps.push(say(&excerpt.id, &format!("Zanzibar Holdings saw it: {sentence}")));
            steps.push(say(other, sentence));
            steps.push(Step::Say(Draft {
                text: sentence.clone(),
                story: other.clone(),
                quote: Some(sentence.clone()),
                opens: true,
            }));
            steps.push(say(&excerpt.id, &format!("{text} [{}].", at + 1)));
        }
    }
    steps
}

#[tokio::test]
async fn over_all_stories_and_by_both_composers_every_sentence_has_its_story_and_quote() {
    let stories: Vec<Story> = read(ALL_STORIES);
    assert_eq!(stories.len(), 120);
    let by_id: HashMap<_, _> = stories.iter().map(|s| (s.id.as_str(), s)).collect();
    let search = FakeSearch::over(ALL_STORIES, "127.0.0.1:0").await;
    let plain = state_at(&search.base, stories.clone(), store());
    let mut modelled = plain.clone();
    Scripted::new(paraphrases).compose_for(&mut modelled);
    let mut answered = [0, 0];
    for story in &stories {
        let question = &story.interview_questions[0];
        for (at, state) in [&plain, &modelled].into_iter().enumerate() {
            let answer = answer_to(state, ME, json!({ "question": question })).await;
            check(question, &answer, &by_id);
            answered[at] += usize::from(!answer.answer.is_empty());
            for Sentence { text, story, quote, .. } in &answer.sentences {
                let verbatim = text == quote;
                let lead_in = *quote == by_id[story.as_str()].title;
                assert!(verbatim || lead_in, "{question}: {text} / {quote}");
            }
            assert!(!answer.answer.contains(INVENTED) && !answer.answer.contains("Zanzibar"));
            if at == 1 && !answer.answer.is_empty() {
                assert_eq!((answer.mode, answer.degraded), (Mode::Generative, false), "{question}");
            }
        }
    }
    assert!(answered[0] > 100 && answered[0] == answered[1], "{answered:?}");
}
