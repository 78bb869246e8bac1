use std::collections::{BTreeMap, HashSet};

use mfe_ask_api::{Confidence, Filters};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::by_words;
use crate::{Corpus, Plan, Question, Story, plan};

#[derive(Deserialize)]
struct Labelled {
    kind: String,
    query: String,
    #[serde(default)]
    surface: Option<String>,
    relevant: BTreeMap<String, u8>,
    expect: Value,
}

fn lines<T: DeserializeOwned>(text: &str) -> Vec<T> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn corpus() -> Corpus {
    Corpus::new(lines::<Story>(include_str!("../../../../mfe-stories/service/stories.jsonl")))
}

fn planned(corpus: &Corpus, text: &str) -> Plan {
    let question = Question { text: text.to_owned(), ..Question::default() };
    plan(corpus, &question, &by_words(corpus, &question), &HashSet::new())
}

/// Returns for how many of the questions a story is cited that answers them, of how many.
fn cited(corpus: &Corpus, questions: &[Labelled]) -> (usize, usize) {
    let answerable = |labelled: &&Labelled| {
        labelled.surface.as_deref() != Some("search")
            && !labelled.relevant.is_empty()
            // Without what was asked before it.
            && labelled.kind != "follow_up"
    };
    let asked: Vec<_> = questions.iter().filter(answerable).collect();
    let right = asked.iter().filter(|labelled| {
        let plan = planned(corpus, &labelled.query);
        let answers =
            |story: &String| labelled.relevant.get(story).is_some_and(|grade| *grade >= 2);
        plan.confidence != Confidence::None
            && plan.brief.own.iter().any(|draft| answers(&draft.story))
    });
    (right.count(), asked.len())
}

#[test]
fn labelled_questions_are_answered_from_the_right_stories() {
    let corpus = corpus();
    let golden = lines(include_str!("../../questions/golden-dev.jsonl"));
    assert_eq!(cited(&corpus, &golden), (14, 14));
    let (right, all) = cited(&corpus, &lines(include_str!("../../questions/answers.jsonl")));
    assert_eq!(all, 120);
    assert!(right >= 100, "{right}");
}

#[test]
fn what_nothing_is_told_of_is_seldom_answered_and_hardly_ever_trusted() {
    let corpus = corpus();
    let questions: Vec<Labelled> = lines(include_str!("../../questions/answers.jsonl"));
    let absent = questions.iter().filter(|labelled| labelled.expect["low_confidence"] == true);
    let said: Vec<_> =
        absent.map(|labelled| planned(&corpus, &labelled.query).confidence).collect();
    let count = |confidence| said.iter().filter(|one| **one == confidence).count();
    assert_eq!(said.len(), 10);
    assert!(count(Confidence::None) >= 7 && count(Confidence::High) <= 1, "{said:?}");
}

#[test]
fn filters_and_names_narrow_and_a_question_of_no_word_finds_nothing() {
    let corpus = corpus();
    let found = |text: &str, client: &[&str]| -> Vec<String> {
        let client = client.iter().map(ToString::to_string).collect();
        let filters = Filters { client, ..Filters::default() };
        let question = Question { text: text.to_owned(), filters, ..Question::default() };
        let clients = by_words(&corpus, &question).candidates.into_iter();
        clients.map(|found| corpus.story(&found.id).unwrap().story.client.clone()).collect()
    };
    let kafka = found("Why Kafka?", &[]);
    assert!(kafka.iter().collect::<HashSet<_>>().len() > 2, "{kafka:?}");
    for narrowed in
        [found("Why Kafka?", &["Northbank"]), found("What did you do at Northbank?", &[])]
    {
        assert!(!narrowed.is_empty());
        assert!(narrowed.iter().all(|client| client == "Northbank"), "{narrowed:?}");
    }
    assert_eq!(found("Why Kafka?", &["Nobody"]), [""; 0]);
    assert_eq!(found("xyzzy?", &[]), [""; 0]);
}
