//! Makes an answer, step by step, and tells its run what there is to read.
//!
//! Not here: the steps themselves. See the table in the crate's documentation.

use std::{collections::HashSet, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::FutureExt;
use mfe_ask_api::{Answer, Confidence, Meta, Missing, Mode, Refusal, RefusalKind, Sources, Token};
use service_kit::{ApiError, chain, telemetry::continued};
use time::OffsetDateTime;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use crate::{
    AppState, Begun, Composer, Earlier, Extractive, Outcome, Plan, Question, Session, Snapshot,
    Turn,
    guard::guard,
    lexical::by_words,
    naming::Kind,
    page::{Page, segments},
    planning::plan,
    refusing::{refuse, without_search},
    retrieving::Wanted,
    rewriting::{Standalone, rewrite},
    runs::{Run, Told},
    verifying::verify,
};

/// A piece of text ends at the first blank after so many bytes.
const PIECE: usize = 12;
/// Sentences that wait for being shown; a composer that is ahead waits.
const AHEAD: usize = 4;
/// Earlier questions that a language model is told.
const EARLIER: usize = 3;

/// A question on its way to an answer.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) session: Session,
    pub(crate) question: mfe_ask_api::Question,
    pub(crate) begun: Begun,
    /// Pause before each piece of text but the first.
    pub(crate) pace: Duration,
    pub(crate) request_id: String,
}

/// How an answer came about, apart from its page.
#[derive(Clone, Debug)]
struct Made {
    mode: Mode,
    missing: Vec<Missing>,
    confidence: Confidence,
    understood: Option<String>,
    refusal: Option<Refusal>,
}

impl Default for Made {
    fn default() -> Self {
        Self {
            mode: Mode::Extractive,
            missing: Vec::new(),
            confidence: Confidence::None,
            understood: None,
            refusal: None,
        }
    }
}

/// Begins to answer; the answer goes on whoever reads it.
pub(crate) fn begin(
    state: &AppState,
    snapshot: Arc<Snapshot>,
    asked: Asked,
    room: OwnedSemaphorePermit,
) -> Arc<Run> {
    let run = state.runs.begin(asked.session.clone(), asked.begun.message_id.clone());
    let (state, told) = (state.clone(), run.clone());
    let answering = async move {
        let answering = AssertUnwindSafe(answer(&state, &snapshot, &asked, &told));
        if answering.catch_unwind().await.is_err() {
            // The message stays pending, and becomes failed within the hour; who waits must not.
            told.tell(Told::Failed(Box::new(ApiError::internal("the work on an answer panicked"))));
        }
        drop(room);
        state.runs.end(&told).await;
    };
    // Its log lines and requests are those of the request that asked.
    tokio::spawn(continued(answering));
    run
}

async fn answer(state: &AppState, snapshot: &Snapshot, asked: &Asked, run: &Run) {
    let Begun { conversation_id, message_id, .. } = &asked.begun;
    run.tell(Told::Meta(Meta {
        conversation_id: conversation_id.clone(),
        message_id: message_id.clone(),
    }));
    let (mut page, mut made) = (Page::default(), Made::default());
    let making = make(state, snapshot, asked, run, &mut page, &mut made);
    let ended = tokio::select! {
        biased;
        () = run.stopped() => None,
        ended = making => Some(ended),
    };
    let stopped = ended.is_none();
    let outcome = match ended {
        Some(Err(error)) => Err(error),
        None | Some(Ok(())) => Ok(whole(asked, page, made, stopped)),
    };
    let kept = match outcome.clone() {
        Ok(answer) if stopped => Outcome::Stopped(answer),
        Ok(answer) => Outcome::Done(answer),
        Err(error) => Outcome::Failed(error.problem(&asked.request_id)),
    };
    let kept = state.conversations.finish(message_id, kept, OffsetDateTime::now_utc()).await;
    // Who has read the answer has it; but it must not seem to be kept.
    let outcome = match (outcome, kept) {
        (outcome, Ok(())) => outcome,
        (Ok(_), Err(error)) => Err(error.into()),
        (Err(error), Err(_)) => Err(error),
    };
    match outcome {
        Ok(answer) => {
            let Answer { confidence, sources, refusal, mode, missing, .. } = &answer;
            let refusal = refusal.as_ref().map(|refusal| refusal.kind);
            tracing::info!(
                ?confidence,
                sources = sources.len(),
                ?refusal,
                ?mode,
                ?missing,
                stopped,
                "answered"
            );
            let sentences = answer.sentences.clone();
            run.tell(Told::Sources(Arc::new(Sources { sources: sources.clone(), sentences })));
            run.tell(Told::Done(Arc::new(answer)));
        }
        Err(error) => {
            let cause = error.source.as_deref().map(|cause| chain(cause));
            tracing::error!(code = error.code, cause, "no answer");
            run.tell(Told::Failed(Box::new(error)));
        }
    }
}

fn whole(asked: &Asked, page: Page, made: Made, stopped: bool) -> Answer {
    let Made { mode, missing, confidence, understood, refusal } = made;
    let Page { text, sentences, sources } = page;
    Answer {
        conversation_id: asked.begun.conversation_id.clone(),
        message_id: asked.begun.message_id.clone(),
        answer: text,
        sentences,
        sources,
        mode,
        degraded: !missing.is_empty(),
        missing,
        stopped,
        confidence,
        understood,
        refusal,
    }
}

/// Guard, rewrite, retrieve, rank, and then compose, verify and stream.
async fn make(
    state: &AppState,
    snapshot: &Snapshot,
    asked: &Asked,
    run: &Run,
    page: &mut Page,
    made: &mut Made,
) -> Result<(), ApiError> {
    let corpus = &snapshot.corpus;
    let mfe_ask_api::Question { question, filters, from_story, .. } = &asked.question;
    let turns: Vec<_> = asked.begun.earlier.iter().map(turn).collect();
    let goes_on = from_story.is_some() || turns.iter().any(|turn| !turn.stories.is_empty());
    if let Some(kind) = guard(corpus, question, goes_on) {
        made.refusal = Some(refuse(snapshot, kind, filters, &[]));
        return Ok(());
    }

    let Standalone { search, words, mut pinned, changed } = rewrite(corpus, question, &turns);
    made.understood = changed.then(|| search.clone());
    // Where a page is asked from counts for more than what was spoken of before.
    if let Some(story) = from_story {
        pinned = vec![story.clone()];
    }
    let scope = corpus.names.scope(&words);
    let mut narrowed = filters.clone();
    if narrowed.client.is_empty() {
        narrowed.client = scope.of(Kind::Client).cloned().collect();
    }
    let literal = !scope.is_empty() || !pinned.is_empty();
    let wanted = Wanted { query: &search, filters: &narrowed, literal };
    let asks = Question { text: words, filters: filters.clone(), pinned };
    let found = state.search.find(&wanted).await.unwrap_or_else(|error| {
        metrics::counter!("ask_search_failures_total", "kind" => error.kind()).increment(1);
        made.missing.push(Missing::Search);
        by_words(corpus, &asks)
    });

    let told = told(&asked.begun.earlier);
    let mut plan = plan(corpus, &asks, &found, &told);
    made.confidence = plan.confidence;
    if plan.confidence == Confidence::None {
        let near: Vec<_> = plan.brief.stories.iter().map(|story| story.id.clone()).collect();
        let refusal = refuse(snapshot, RefusalKind::LowConfidence, filters, &near);
        made.refusal = Some(match made.missing.is_empty() {
            true => refusal,
            false => without_search(refusal),
        });
        return Ok(());
    }
    plan.brief.question = search;
    plan.brief.earlier = asked.begun.earlier.iter().rev().take(EARLIER).rev().map(pair).collect();

    let mut writing = Writing { snapshot, plan: &plan, run, page, pace: asked.pace };
    if let Some(model) = &state.model {
        made.mode = model.mode();
        match writing.write(model.as_ref()).await {
            Ok(()) if !writing.page.text.is_empty() => return Ok(()),
            Ok(()) => tracing::warn!("nothing that the language model said is supported"),
            Err(error) => {
                metrics::counter!("ask_composer_failures_total", "kind" => error.kind())
                    .increment(1);
                tracing::warn!(cause = chain(&error), "the language model failed");
            }
        }
        made.missing.push(Missing::Model);
        if writing.page.text.is_empty() {
            made.mode = Mode::Extractive;
        }
    }
    // The default composer neither waits nor fails.
    writing.write(&Extractive).await.map_err(ApiError::internal)
}

/// Writes what composers propose.
struct Writing<'a> {
    snapshot: &'a Snapshot,
    plan: &'a Plan,
    run: &'a Run,
    page: &'a mut Page,
    pace: Duration,
}

impl Writing<'_> {
    /// Lets a composer write; what it says again of what is written already is left out.
    async fn write(&mut self, composer: &dyn Composer) -> Result<(), crate::ComposeError> {
        let (sender, mut drafts) = mpsc::channel(AHEAD);
        let plan = self.plan;
        let composing = async {
            let composed = composer.compose(&plan.brief, &sender).await;
            drop(sender);
            composed
        };
        let writing = async {
            let offered: Vec<_> = plan.brief.stories.iter().map(|story| &story.id).collect();
            let known = self.page.quotes();
            // A paragraph whose first sentence is left out still is one.
            let mut opens = false;
            while let Some(draft) = drafts.recv().await {
                opens |= draft.opens;
                match verify(&self.snapshot.corpus, &draft, &offered) {
                    Ok(verified) if known.contains(&verified.quote) => {}
                    Ok(verified) => {
                        let corpus = &self.snapshot.corpus;
                        let added = self.page.add(corpus, verified, opens, &plan.scores);
                        opens = false;
                        self.show(&added).await;
                    }
                    Err(why) => {
                        metrics::counter!("ask_sentences_removed_total", "why" => why.kind())
                            .increment(1);
                        tracing::info!(%why, story = draft.story, "a sentence is not supported");
                    }
                }
            }
        };
        let (composed, ()) = tokio::join!(composing, writing);
        composed
    }

    async fn show(&self, added: &str) {
        for text in pieces(added) {
            self.run.tell(Told::Token(Token { text: text.to_owned() }));
            if !self.pace.is_zero() {
                tokio::time::sleep(self.pace).await;
            }
        }
    }
}

/// Returns the events of an answer that is done, as its run told them.
pub(crate) fn again(answer: &Answer) -> Vec<Told> {
    let Answer { conversation_id, message_id, sources, sentences, .. } = answer.clone();
    let mut all = vec![Told::Meta(Meta { conversation_id, message_id })];
    let texts = segments(&answer.answer).flat_map(pieces);
    all.extend(texts.map(|text| Told::Token(Token { text: text.to_owned() })));
    all.push(Told::Sources(Arc::new(Sources { sources, sentences })));
    all.push(Told::Done(Arc::new(answer.clone())));
    all
}

/// Returns what was spoken of before, for understanding a question.
fn turn(Earlier { question, answer }: &Earlier) -> Turn {
    let asked = answer.understood.as_ref().unwrap_or(&question.question);
    let stories = answer.sources.iter().map(|source| source.id.clone()).collect();
    Turn { question: asked.clone(), stories }
}

fn pair(Earlier { question, answer }: &Earlier) -> (String, String) {
    let said: Vec<_> = answer.sentences.iter().map(|sentence| sentence.text.as_str()).collect();
    (question.question.clone(), said.join(" "))
}

/// Returns all that was quoted before.
fn told(earlier: &[Earlier]) -> HashSet<String> {
    let sentences = earlier.iter().flat_map(|earlier| &earlier.answer.sentences);
    sentences.map(|sentence| sentence.quote.clone()).collect()
}

/// Splits a text into small pieces that together are the text.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = rest
            .char_indices()
            .find(|(at, c)| c.is_whitespace() && *at >= PIECE)
            .map_or(rest.len(), |(at, c)| at + c.len_utf8());
        let (piece, after) = rest.split_at(end);
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn pieces_are_small_end_between_words_and_make_the_text_again() {
        for text in [
            "",
            "one",
            "The last job ran on 14 October 2018: “nineteen” months. [1]\n\nThen ü ê. [2]",
        ] {
            let pieces: Vec<_> = pieces(text).collect();
            assert_eq!(pieces.concat(), text);
            let (last, before) = pieces.split_last().unwrap_or((&"", &[]));
            assert!(before.iter().all(|p| p.ends_with(char::is_whitespace) && p.len() < 30));
            assert!(last.len() < 30, "{last}");
        }
    }
}
