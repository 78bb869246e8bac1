//! What holds for every answer, whatever is asked.

use std::collections::HashMap;

use mfe_ask_api::{Confidence, Source};
use mfe_ask_service::{Corpus, Question, Reply, Story, answer};

use crate::stories;

fn reply(corpus: &Corpus, text: &str) -> Reply {
    answer(corpus, &Question { text: text.to_owned(), ..Question::default() })
}

/// Every string of a story that could be quoted, and every question that its texts suggest.
fn texts(story: &Story) -> impl Iterator<Item = &String> {
    [&story.situation, &story.task, &story.action, &story.result, &story.performance]
        .into_iter()
        .flatten()
        .chain([&story.summary])
}

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
fn marked(text: &str) -> Vec<(&str, usize)> {
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

fn check(question: &str, reply: &Reply, by_id: &HashMap<&str, &Story>) {
    let sentences = marked(&reply.text);
    let marks: Vec<_> = sentences.iter().map(|(_, mark)| *mark).collect();
    assert!(marks.is_sorted(), "{question}: {marks:?}");
    for (at, Source { id, title, client, quotes, .. }) in reply.sources.iter().enumerate() {
        let story = by_id[id.as_str()];
        let own: Vec<_> = sentences.iter().filter(|(_, m)| *m == at + 1).map(|(s, _)| *s).collect();
        let (lead_in, quoted) = own.split_first().unwrap();
        assert!(lead_in.contains(title) && lead_in.contains(client), "{question}: {lead_in}");
        assert!(!quoted.is_empty(), "{question}: {id} is used");
        assert_eq!(quoted, quotes, "{question}: each sentence is a quote of its source");
        for quote in quotes {
            assert!(texts(story).any(|text| text.contains(quote)), "{id} says {quote}");
        }
    }
    assert_eq!(marks.last().copied().unwrap_or(0), reply.sources.len(), "{question}: {marks:?}");
    assert_eq!(reply.text.is_empty(), reply.confidence == Confidence::None, "{question}");
}

#[test]
fn every_sentence_is_marked_and_verbatim_in_the_story_of_its_mark() {
    let stories = stories();
    let by_id: HashMap<_, _> = stories.iter().map(|s| (s.id.as_str(), s)).collect();
    let corpus = Corpus::new(stories.clone());
    let questions = questions(&stories);
    let mut answered = 0;
    for question in &questions {
        let reply = reply(&corpus, question);
        check(question, &reply, &by_id);
        answered += usize::from(!reply.text.is_empty());
    }
    assert!(questions.len() > 300, "{}", questions.len());
    assert!(answered * 10 > questions.len() * 9, "{answered} of {}", questions.len());
}

#[test]
fn answers_keep_to_their_size() {
    let stories = stories();
    let corpus = Corpus::new(stories.clone());
    for question in questions(&stories) {
        let reply = reply(&corpus, &question);
        let quotes: usize = reply.sources.iter().map(|source| source.quotes.len()).sum();
        let (most_stories, most_quotes) =
            if question.contains("across clients") { (6, 8) } else { (3, 5) };
        assert!(reply.sources.len() <= most_stories, "{question}: {}", reply.text);
        assert!(quotes <= most_quotes, "{question}: {}", reply.text);
    }
}

#[test]
fn the_same_question_has_the_same_answer_however_the_stories_came() {
    let mut stories = stories();
    let corpus = Corpus::new(stories.clone());
    stories.reverse();
    let reversed = Corpus::new(stories.clone());
    for question in questions(&stories) {
        let (one, other) = (reply(&corpus, &question), reply(&reversed, &question));
        assert_eq!(one.text, other.text, "{question}");
    }
}

#[test]
fn facts_stand_right_after_the_lead_in() {
    let corpus = Corpus::new(stories());
    for (question, fact) in [
        ("How many differences did the first overnight comparison produce?", "96,000"),
        ("How many people passed through the Friday integration school?", "46 people"),
        ("How much did the ledger run cost fall?", "$3.6M"),
        ("When did the last job run on the mainframe?", "14 October 2018"),
        ("How long did the mainframe exit take?", "19 months"),
    ] {
        let reply = reply(&corpus, question);
        let sentences = marked(&reply.text);
        assert!(sentences[1].0.contains(fact), "{question}: {}", reply.text);
        assert_eq!(reply.confidence, Confidence::High, "{question}");
    }
}

#[test]
fn a_named_client_is_the_only_one_that_answers() {
    let corpus = Corpus::new(stories());
    for (question, client) in [
        ("What did you do at Farwave Mobile to cut calls?", "Farwave Mobile"),
        ("how did the ministry hire engineers", "Ministry of Works"),
        ("What happened at Castellan?", "Castellan Insurance"),
        ("Tell me about Ledger Exit", "Northbank"),
    ] {
        let reply = reply(&corpus, question);
        assert!(!reply.sources.is_empty(), "{question}");
        assert!(reply.sources.iter().all(|source| source.client == client), "{question}");
    }
}

#[test]
fn a_question_over_clients_rests_on_several() {
    let corpus = Corpus::new(stories());
    for question in [
        "What do your rescues of failing programmes have in common across clients?",
        "How have you used shadow mode to earn trust in models at different clients?",
    ] {
        let reply = reply(&corpus, question);
        let mut clients: Vec<_> = reply.sources.iter().map(|source| &source.client).collect();
        clients.sort();
        clients.dedup();
        assert!(clients.len() >= 3, "{question}: {clients:?}");
    }
}

#[test]
fn nothing_is_answered_that_the_stories_do_not_tell() {
    let corpus = Corpus::new(stories());
    for question in [
        "asdkjh qwpoeiu zmxn",
        "????",
        "the of and",
        "What's the weather like in Lisbon tomorrow?",
        "How do I bake sourdough bread?",
        "Tell me a joke about penguins",
        "What experience do you have with quantum computing?",
    ] {
        let reply = reply(&corpus, question);
        assert_eq!(reply.confidence, Confidence::None, "{question}: {}", reply.text);
        assert!(reply.sources.is_empty() && reply.text.is_empty());
    }
}

#[test]
fn no_stories_answer_nothing() {
    let reply = reply(&Corpus::default(), "How did you leave the mainframe?");
    assert_eq!(reply.confidence, Confidence::None);
}
