//! A question and its answer.

use std::rc::Rc;

use contract::Problem;
use mfe_ask_api::{Confidence, Refusal, Source};
use shared_ui::components::{ProblemNote, Skeleton, SkeletonShape};
use yew::prelude::*;

use super::{AnswerText, Questions, SourceCard};
use crate::{
    segments::without_begun_mark,
    transcript::{Phase, Turn},
};

/// Props of [`TurnView`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct TurnViewProps {
    /// What it shows.
    pub(crate) turn: Rc<Turn>,
    /// Called with a suggestion that was pressed.
    pub(crate) on_ask: Callback<AttrValue>,
    /// Asks the question once more; absent on all turns but the last.
    pub(crate) on_again: Option<Callback<()>>,
}

/// The question as the heading of an article that is busy while its answer comes. The text that
/// streams in is no live region: the page announces the whole answer once.
#[component]
pub(crate) fn TurnView(props: &TurnViewProps) -> Html {
    // Which mark was pressed last, and how many presses there were: the second press counts too.
    let lit = use_state(|| (0_usize, 0_u32));
    let on_mark = {
        let lit = lit.clone();
        Callback::from(move |number| lit.set((number, lit.1 + 1)))
    };
    let turn = &props.turn;
    let running = turn.phase == Phase::Running;
    let id = ["turn-", &turn.run.to_string()].concat();
    let text = if running { without_begun_mark(&turn.text) } else { &turn.text };
    html! {
        <article class="ask-turn" aria-labelledby={id.clone()} aria-busy={running.to_string()}>
            <h2 {id} class="ask-turn__question" tabindex="-1">{ &turn.question }</h2>
            <div class="ask-turn__answer">
                if running && text.is_empty() {
                    <Skeleton shape={SkeletonShape::Text} />
                }
                if !text.is_empty() {
                    <AnswerText text={text.to_owned()} sources={turn.sources.clone()} {on_mark} />
                }
                { ending(props) }
            </div>
            { sources(&turn.sources, *lit) }
        </article>
    }
}

fn ending(props: &TurnViewProps) -> Html {
    match &props.turn.phase {
        Phase::Running | Phase::Answered(Confidence::High) => Html::default(),
        Phase::Answered(Confidence::Low | Confidence::None) => html! {
            <p class="ask-turn__note soft">{ "The stories fit this question only in part." }</p>
        },
        Phase::Refused(refusal) => refused(refusal, &props.on_ask),
        Phase::Stopped => html! {
            <p class="ask-turn__note soft">
                <span>{ "Stopped." }</span>
                if let Some(on_again) = &props.on_again {
                    <button type="button" class="button button--quiet" onclick={on_again.reform(|_: MouseEvent| ())}>
                        { "Ask again" }
                    </button>
                }
            </p>
        },
        Phase::Failed(problem) => {
            let what = match props.turn.text.is_empty() {
                true => "This question could not be answered",
                false => "The answer broke off",
            };
            html! { <ProblemNote {what} problem={explained(problem)} on_retry={props.on_again.clone()} /> }
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

fn refused(refusal: &Refusal, on_ask: &Callback<AttrValue>) -> Html {
    let questions: Rc<[String]> = refusal.suggestions.as_slice().into();
    html! {
        <div class="ask-refusal">
            <p>{ &refusal.message }</p>
            if !questions.is_empty() {
                <p class="soft">{ "These have an answer:" }</p>
                <Questions label="Questions that have an answer" {questions} on_ask={on_ask.clone()} />
            }
        </div>
    }
}

fn sources(sources: &[Source], lit: (usize, u32)) -> Html {
    if sources.is_empty() {
        return Html::default();
    }
    let card = |(at, source): (usize, &Source)| {
        let number = at + 1;
        let lit = if lit.0 == number { lit.1 } else { 0 };
        html! { <li key={number}><SourceCard {number} source={source.clone()} {lit} /></li> }
    };
    html! {
        <section class="ask-sources" aria-label="Sources">
            <h3>{ "Sources" }</h3>
            <ol>{ for sources.iter().enumerate().map(card) }</ol>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use contract::{FieldError, Problem};
    use mfe_ask_api::{Confidence, Refusal, Source};
    use yew::prelude::*;

    use super::{TurnView, TurnViewProps};
    use crate::transcript::{Phase, Turn};

    async fn render(text: &str, phase: Phase, again: bool) -> String {
        let source = Source {
            id: "ledger".to_owned(),
            title: "The Ledger".to_owned(),
            client: "Northbank".to_owned(),
            score: 0.5,
            quotes: Vec::new(),
        };
        let answered = matches!(phase, Phase::Answered(_));
        let turn = Turn {
            run: 3,
            question: "Why?".into(),
            from_story: None,
            text: text.to_owned(),
            sources: if answered { [source].into() } else { [].into() },
            phase,
        };
        let props = TurnViewProps {
            turn: Rc::new(turn),
            on_ask: Callback::noop(),
            on_again: again.then(Callback::noop),
        };
        yew::LocalServerRenderer::<TurnView>::with_props(props).hydratable(false).render().await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_running_turn_is_busy_and_shows_what_has_come() {
        let html = render("", Phase::Running, true).await;
        assert!(html.contains("aria-busy=\"true\"") && html.contains("skeleton--text"), "{html}");
        let html = render("It ended. [1", Phase::Running, true).await;
        assert!(html.contains("<p>It ended.</p>") && !html.contains("skeleton"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn an_answer_stands_under_its_question_with_its_sources() {
        let html = render("It ended. [1]", Phase::Answered(Confidence::High), true).await;
        for part in [
            "aria-labelledby=\"turn-3\"",
            "id=\"turn-3\"",
            ">Why?</h2>",
            "aria-label=\"Source 1: The Ledger\"",
            "<a href=\"/story/ledger\">",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(html.contains("aria-busy=\"false\"") && !html.contains("in part"), "{html}");
        let html = render("It ended. [1]", Phase::Answered(Confidence::Low), true).await;
        assert!(html.contains("only in part"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_refusal_says_so_calmly_and_suggests() {
        let refusal = Refusal {
            kind: "no_match".to_owned(),
            message: "Nothing answers that.".to_owned(),
            suggestions: vec!["How?".to_owned()],
        };
        let html = render("", Phase::Refused(refusal), true).await;
        assert!(html.contains("<p>Nothing answers that.</p>"), "{html}");
        assert!(html.contains("<span>How?</span>"), "{html}");
        assert!(!html.contains("role=\"alert\"") && !html.contains("Sources"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_failure_keeps_what_has_come_and_the_last_one_can_be_asked_again() {
        let problem = Problem {
            r#type: "/problems/broken-stream".to_owned(),
            title: String::new(),
            status: 0,
            detail: "The connection ended.".to_owned(),
            request_id: String::new(),
            errors: Vec::new(),
        };
        let html = render("It ", Phase::Failed(problem.clone()), true).await;
        assert!(html.contains("<p>It</p>") && html.contains(">The answer broke off<"), "{html}");
        assert!(html.contains("Try again</button>"), "{html}");
        let html = render("", Phase::Failed(problem), false).await;
        assert!(html.contains(">This question could not be answered<"), "{html}");
        assert!(!html.contains("Try again"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn an_unknown_story_is_told_in_the_readers_words() {
        let problem = Problem {
            r#type: "/problems/invalid".to_owned(),
            title: String::new(),
            status: 422,
            detail: "`from_story`: must be the id of a story".to_owned(),
            request_id: String::new(),
            errors: vec![FieldError {
                field: "from_story".to_owned(),
                detail: "must be the id of a story".to_owned(),
            }],
        };
        let html = render("", Phase::Failed(problem), true).await;
        assert!(html.contains("Remove it below") && !html.contains("from_story"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_stopped_turn_says_so() {
        let html = render("It ended.", Phase::Stopped, true).await;
        assert!(html.contains("Stopped.") && html.contains("Ask again"), "{html}");
        assert!(!render("", Phase::Stopped, false).await.contains("Ask again"));
    }
}
