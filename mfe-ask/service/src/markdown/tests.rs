//! Pages that people read, and texts that try to be more than text.

use mfe_ask_api::{
    Answer, Confidence, Conversation, History, Judgement, Message, Missing, Mode, Question,
    Refusal, RefusalKind, Source, Standing, Status,
};
use proptest::prelude::*;

use super::{line, page};

fn source(id: &str, standing: Standing, quotes: &[&str]) -> Source {
    Source {
        id: id.to_owned(),
        title: "Exit the *Mainframe*".to_owned(),
        client: "Northbank".to_owned(),
        role: String::new(),
        summary: String::new(),
        score: 1.0,
        quotes: quotes.iter().map(|quote| (*quote).to_owned()).collect(),
        standing,
    }
}

fn answer(text: &str, sources: Vec<Source>) -> Answer {
    Answer {
        conversation_id: "c".to_owned(),
        message_id: "m".to_owned(),
        answer: text.to_owned(),
        sentences: Vec::new(),
        sources,
        mode: Mode::Extractive,
        degraded: false,
        missing: Vec::new(),
        stopped: false,
        confidence: Confidence::High,
        understood: None,
        refusal: None,
    }
}

fn message(question: &str, status: Status, answer: Option<Answer>) -> Message {
    Message {
        message_id: "m".to_owned(),
        question: Question { question: question.to_owned(), ..Question::default() },
        asked_at: "2026-11-27T06:30:45.123Z".to_owned(),
        status,
        answer,
        problem: None,
        feedback: None,
    }
}

fn history(title: &str, messages: Vec<Message>) -> History {
    let conversation = Conversation {
        id: "c".to_owned(),
        title: title.to_owned(),
        created_at: "2026-11-27T06:30:45.123Z".to_owned(),
        updated_at: "2026-11-28T06:30:45.123Z".to_owned(),
        ..Conversation::default()
    };
    History { conversation, messages, earlier: None }
}

#[test]
fn a_conversation_reads_as_a_page() {
    let sources = vec![
        source("exit", Standing::Current, &["It took 19 months.", "Nobody noticed."]),
        source("gone", Standing::Gone, &["It was slow."]),
    ];
    let whole = Answer {
        understood: Some("How long did the exit take?".to_owned()),
        ..answer("It took 19 months. [1]\n\nIt was slow. [2]", sources)
    };
    let refusal = Refusal {
        kind: RefusalKind::OutOfScope,
        message: "That is not about this career.".to_owned(),
        suggestions: vec!["Why Kafka?".to_owned()],
    };
    let refused = Answer { refusal: Some(refusal), ..answer("", Vec::new()) };
    let missing = vec![Missing::Search];
    let by_words = Answer { degraded: true, missing, ..answer("We", Vec::new()) };
    let judged = Message {
        feedback: Some(Judgement { helpful: false, reason: Some("too short".to_owned()) }),
        ..message("How long?", Status::Done, Some(whole))
    };
    let messages = vec![
        judged,
        message("What is the weather?", Status::Done, Some(refused)),
        message("And then?", Status::Stopped, Some(by_words)),
        message("And now?", Status::Pending, None),
    ];
    let expected = "\
# Leaving the mainframe

27 November 2026 · 4 questions

## How long?

*Understood as:* How long did the exit take?

It took 19 months. [1]

It was slow. [2]

**Sources**

1. **Exit the \\*Mainframe\\***, Northbank · `/story/exit`
   > It took 19 months.
   >
   > Nobody noticed.
2. **Exit the \\*Mainframe\\***, Northbank · `/story/gone` · *removed since*
   > It was slow.

*You found this not helpful:* too short

## What is the weather?

That is not about this career.

- Why Kafka?

## And then?

We

*The search did not answer; stories were found by words alone.*

*The answer was stopped before its end.*

## And now?

*The answer is being made.*
";
    assert_eq!(page(&history("Leaving the mainframe", messages)), expected);
}

#[test]
fn what_an_answer_had_to_do_without_is_said_also_of_old_ones() {
    let (search, model) = ("The search did not answer", "The language model failed");
    for (degraded, missing, said) in [
        (false, &[][..], [false, false]),
        // Before it was told what failed, it was the model.
        (true, &[], [false, true]),
        (true, &[Missing::Search], [true, false]),
        (true, &[Missing::Search, Missing::Model], [true, true]),
    ] {
        let answer =
            Answer { degraded, missing: missing.to_vec(), ..answer("It was.", Vec::new()) };
        let page = page(&history("Why", vec![message("Why?", Status::Done, Some(answer))]));
        assert_eq!([search, model].map(|note| page.contains(note)), said, "{page}");
    }
}

#[test]
fn what_looks_like_markup_is_text() {
    for (text, expected) in [
        ("# no heading", "\\# no heading"),
        ("C# and a - b", "C# and a - b"),
        ("1. no list", "1\\. no list"),
        ("19 months. 4.1 %", "19 months. 4.1 %"),
        ("said so [1].", "said so [1]."),
        ("[here](http://evil.example)", "[here\\](http://evil.example)"),
        ("![x](y) <script>", "![x\\](y) \\<script>"),
        ("two\n\n## lines", "two ## lines"),
    ] {
        assert_eq!(line(text), expected);
    }
}

proptest! {
    #[test]
    fn a_page_has_one_heading_for_each_question_whatever_is_written(
        texts in proptest::collection::vec("(#{0,3} ?|\\PC|\n|[-*_`<>\\[\\]()]){0,40}", 0..6)
    ) {
        let messages: Vec<_> = texts
            .iter()
            .map(|text| {
                let quoted = vec![source("exit", Standing::Changed, &[text, text])];
                message(text, Status::Done, Some(answer(text, quoted)))
            })
            .collect();
        let page = page(&history("Title", messages));
        let headings = page.lines().filter(|line| line.trim_start().starts_with('#'));
        prop_assert_eq!(headings.count(), texts.len() + 1);
        prop_assert!(!page.replace("\\<", "").contains('<'));
    }
}
