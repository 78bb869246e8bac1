//! A question and its answer.

use std::rc::Rc;

use contract::Problem;
use mfe_ask_api::{Answer, Confidence, Missing};
use shared_ui::{
    components::{ProblemNoteProps, problem_note},
    hooks::lean::use_reducer,
    tag::tag,
};
use web_sys::Element;
use yew::prelude::*;

use super::{
    answer_text::answer_text,
    judging::judging,
    refused::refused,
    sources::sources,
    view::{Change, View},
};
use crate::{
    hooks::focus_quietly,
    segments::without_begun_mark,
    transcript::{Action, Phase, Turn},
    ways::Ways,
};

/// What [`use_turn`] shows.
pub(super) struct Turning {
    /// What it shows.
    pub(super) turn: Rc<Turn>,
    /// What can be done.
    pub(super) ways: Ways,
}

// By identity: a turn that changes is made anew.
impl PartialEq for Turning {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.turn, &other.turn)
    }
}

/// The question as the heading of an article that is busy while its answer comes. The text that
/// streams in is no live region: the page announces the whole answer once.
#[hook]
pub(super) fn use_turn(of: Rc<Turning>) -> Html {
    let view = use_reducer(View::default);
    let (node, field) = (use_node_ref(), use_node_ref());
    let Turning { turn, ways } = &*of;
    let changes = view.setter();
    let Answer { answer, sources: stories, refusal, understood, .. } = &turn.answer;
    let running = turn.is_running();
    let id = ["turn-", &turn.run.to_string()].concat();
    let text = if running { without_begun_mark(answer) } else { answer };
    let on_key = {
        let (changes, node, open) = (changes.clone(), node.clone(), view.mark.is_some());
        Callback::from(move |event: KeyboardEvent| {
            if open && event.key() == "Escape" {
                // It closes the quotation, and must not stop an answer too.
                event.stop_propagation();
                if let Some(turn) = node.cast::<Element>()
                    && let Ok(Some(mark)) = turn.query_selector(".ask-mark[aria-expanded=true]")
                {
                    focus_quietly(&mark);
                }
                changes.dispatch(Change::Unmark);
            }
        })
    };
    let shown = (!text.is_empty()).then(|| answer_text(ways, &turn.answer, text, &view, &changes));
    let to_come = (running && turn.phase == Phase::Running && text.is_empty())
        .then(|| tag("div", "skeleton skeleton--text").set("aria-hidden", "true").end());
    let done = turn.phase == Phase::Done;
    let answered = done && refusal.is_none();
    let part = tag("div", "ask-turn__answer")
        .maybe(
            understood.as_ref().map(|understood| note(&["Understood as: ", understood].concat())),
        )
        .maybe(to_come)
        .maybe(shown)
        .maybe(refusal.as_ref().map(|refusal| refused(ways, refusal)))
        .maybe(ending(ways, turn))
        .maybe(sources(ways, stories, &view, &changes))
        .maybe(answered.then(|| judging(ways, turn, &view, &changes, &field)));
    tag("article", "ask-turn")
        .node(&node)
        .key_down(on_key)
        .with("aria-labelledby", &id)
        .flag("aria-busy", running)
        .add(
            tag("h2", "ask-turn__question")
                .with("id", &id)
                .set("tabindex", "-1")
                .text(&turn.question)
                .end(),
        )
        .add(part.end())
        .end()
}

fn note(text: &str) -> Html {
    tag("p", "ask-turn__note soft").text(text).end()
}

fn ending(ways: &Ways, turn: &Turn) -> Option<Html> {
    let (run, act) = (turn.run, ways.act.clone());
    let on_again = Callback::from(move |()| act.emit(Action::AskedAgain(run)));
    match &turn.phase {
        Phase::Running => None,
        Phase::Elsewhere => Some(note("This is being answered.")),
        Phase::Done => {
            let answer = &turn.answer;
            if answer.refusal.is_some() {
                return None;
            }
            let in_part = answer.confidence != Confidence::High;
            let notes = tag("div", "ask-turn__notes")
                .maybe(in_part.then(|| {
                    note("The stories fit this question only in part: read the answer with care.")
                }))
                .maybe(answer.lacks(Missing::Search).then(|| {
                    note("The search did not answer: the stories were found by the words of the question alone.")
                }))
                .maybe(answer.lacks(Missing::Model).then(|| {
                    note("The language model could not finish: sentences of the stories stand in for it.")
                }));
            (in_part || answer.degraded).then(|| notes.end())
        }
        Phase::Stopped => {
            let again = tag("button", "button button--quiet").set("type", "button");
            let again = again.click(on_again.reform(|_| ())).text("Ask again").end();
            let part = tag("p", "ask-turn__note soft").with_text("span", "", "Stopped.");
            Some(part.add(again).end())
        }
        Phase::Failed(problem) => {
            let what = match turn.answer.answer.is_empty() {
                true => "This question could not be answered",
                false => "The answer broke off",
            };
            Some(problem_note(&ProblemNoteProps {
                what: what.into(),
                problem: explained(problem),
                on_retry: Some(on_again),
            }))
        }
    }
}

/// Puts the one bad input that a reader can mend into their words.
fn explained(problem: &Problem) -> Problem {
    let mut problem = problem.clone();
    if problem.errors.iter().any(|error| error.field == "from_story") {
        problem.detail =
            "The story that this is about is not there. Remove it below, then try again."
                .to_owned();
    }
    problem
}

#[cfg(test)]
mod tests {
    use contract::{FieldError, Problem};
    use mfe_ask_api::{Answer, Confidence, Missing, Refusal, RefusalKind};

    use crate::{
        components::{
            tests::{self, answer, turn, ways},
            turns::show,
        },
        transcript::{Phase, nothing},
    };

    async fn render(answer: Answer, phase: Phase) -> String {
        tests::render(show(&turn(answer, phase), &ways())).await
    }

    fn saying(text: &str) -> Answer {
        Answer { answer: text.to_owned(), ..nothing() }
    }

    fn problem() -> Problem {
        Problem {
            r#type: "/problems/broken-stream".to_owned(),
            title: String::new(),
            status: 0,
            detail: "The connection ended.".to_owned(),
            request_id: String::new(),
            errors: Vec::new(),
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_running_turn_is_busy_and_shows_what_has_come() {
        let html = render(nothing(), Phase::Running).await;
        assert!(html.contains("aria-busy=\"true\"") && html.contains("skeleton--text"), "{html}");
        let html = render(saying("It ended. [1"), Phase::Running).await;
        assert!(html.contains("<p>It ended.</p>") && !html.contains("skeleton"), "{html}");
        assert!(!html.contains("Copy"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn an_answer_stands_under_its_question_with_its_sources_and_what_can_be_done() {
        let html = render(answer(2), Phase::Done).await;
        for part in [
            "aria-labelledby=\"turn-3\"",
            "id=\"turn-3\"",
            ">Why?</h2>",
            "aria-label=\"Source 1: The ledger\"",
            "aria-label=\"Sources\"",
            "aria-pressed=\"false\"",
            "<span>Share</span>",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(html.contains("aria-busy=\"false\"") && !html.contains("in part"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn what_limits_an_answer_is_said() {
        let limited = Answer {
            confidence: Confidence::Low,
            degraded: true,
            understood: Some("Why did it end?".to_owned()),
            ..answer(1)
        };
        let html = render(limited, Phase::Done).await;
        for part in ["only in part", "stand in for it", "Understood as: Why did it end?"] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("by the words"), "{html}");
        let missing = vec![Missing::Search];
        let html = render(Answer { degraded: true, missing, ..answer(1) }, Phase::Done).await;
        assert!(html.contains("by the words") && !html.contains("stand in for it"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_refusal_is_calm_and_is_not_judged() {
        let refusal = Some(Refusal {
            kind: RefusalKind::Nonsense,
            message: "Nothing answers that.".to_owned(),
            suggestions: Vec::new(),
        });
        let confidence = Confidence::None;
        let html = render(Answer { refusal, confidence, ..nothing() }, Phase::Done).await;
        assert!(html.contains("<p>Nothing answers that.</p>"), "{html}");
        for none in ["role=\"alert\"", "Sources", "Helpful", "in part"] {
            assert!(!html.contains(none), "{none} in {html}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_failure_keeps_what_has_come_and_can_be_asked_again() {
        let html = render(saying("It "), Phase::Failed(problem())).await;
        assert!(html.contains("<p>It</p>") && html.contains(">The answer broke off<"), "{html}");
        assert!(html.contains("Try again</button>"), "{html}");
        let html = render(nothing(), Phase::Failed(problem())).await;
        assert!(html.contains(">This question could not be answered<"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn an_unknown_story_is_told_in_the_readers_words() {
        let errors = vec![FieldError {
            field: "from_story".to_owned(),
            detail: "must be the id of a story".to_owned(),
        }];
        let html = render(nothing(), Phase::Failed(Problem { errors, ..problem() })).await;
        assert!(html.contains("Remove it below") && !html.contains("from_story"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn what_is_not_on_its_way_says_so() {
        for (phase, said, button) in
            [(Phase::Stopped, "Stopped.", "Ask again"), (Phase::Elsewhere, "is being answered", "")]
        {
            let html = render(saying("It ended."), phase).await;
            assert!(html.contains(said) && html.contains(button), "{html}");
        }
    }
}
