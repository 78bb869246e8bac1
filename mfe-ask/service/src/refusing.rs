//! What is said instead of an answer: why, and what may help. Pure.

use mfe_ask_api::{Filters, Refusal, RefusalKind};

use crate::{Snapshot, guard, starters};

const SUGGESTIONS: usize = 3;
/// Longer questions do not fit on a button.
const LONGEST: usize = 90;

/// Refuses a question. `near` are the ids of stories that came nearest to it, nearest first: what they
/// answer may be what was meant.
pub(crate) fn refuse(
    snapshot: &Snapshot,
    kind: RefusalKind,
    filters: &Filters,
    near: &[String],
) -> Refusal {
    let filtered = *filters != Filters::default();
    let near = near.iter().filter_map(|id| snapshot.corpus.story(id)).filter_map(|indexed| {
        let questions = indexed.story.interview_questions.iter();
        questions.into_iter().find(|question| question.chars().count() <= LONGEST).cloned()
    });
    let mut suggestions: Vec<String> = Vec::new();
    suggest(&mut suggestions, near);
    // Choosing among filtered stories ranks them for each of their questions: only where it is needed.
    if suggestions.len() < SUGGESTIONS {
        match filtered {
            true => suggest(&mut suggestions, starters::choose(&snapshot.corpus, filters)),
            false => suggest(&mut suggestions, snapshot.starters.iter().cloned()),
        }
    }
    let message = match (kind, filtered) {
        (RefusalKind::LowConfidence, true) => {
            "None of the stories under these filters answers that well enough to say so. Remove a \
             filter, or ask about a client, a technology or a kind of situation."
        }
        (kind, _) => guard::message(kind),
    };
    Refusal { kind, message: message.to_owned(), suggestions }
}

/// Says of a refusal that no story was found by words alone: with the search one may be.
pub(crate) fn without_search(refusal: Refusal) -> Refusal {
    let message = "The search that finds stories also by what they mean does not answer at the moment, and no \
                   story answers that in the same words. Ask again in a minute, or in other words.";
    Refusal { message: message.to_owned(), ..refusal }
}

/// Adds questions that are not there yet, as long as there is room.
fn suggest(suggestions: &mut Vec<String>, questions: impl IntoIterator<Item = String>) {
    for question in questions {
        if suggestions.len() < SUGGESTIONS && !suggestions.contains(&question) {
            suggestions.push(question);
        }
    }
}
