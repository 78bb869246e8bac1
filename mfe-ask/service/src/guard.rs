//! The first step of answering: whether a question should be answered at all.
//!
//! [`guard`] asks in this order: does it give orders (`injection`), is it about a private life (`personal`),
//! can it be read (`nonsense`), is it about this career (`scope`). Their phrases and words are text files
//! beside them, in the notation of `patterns`; `tokens` reads a question plainly, `words` knows English.
//!
//! In doubt a question passes: whether a story answers it is found out later, and said as low confidence.
//! So does what is readable in another language. Not here: any language model, and any memory.

mod injection;
mod nonsense;
mod patterns;
mod personal;
mod scope;
mod tokens;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use mfe_ask_api::RefusalKind;

use crate::corpus::Corpus;
use tokens::tokens;

/// Returns why a question is not answered, if so; `follow_up` when its conversation has earlier answers,
/// which it may mean without saying so.
#[must_use]
pub fn guard(corpus: &Corpus, question: &str, follow_up: bool) -> Option<RefusalKind> {
    let read = tokens(question);
    let decoded = injection::decoded(question);
    if injection::found(question, &read) || decoded.iter().any(|d| injection::found(d, &tokens(d)))
    {
        Some(RefusalKind::Injection)
    } else if personal::found(&read) {
        Some(RefusalKind::Personal)
    } else if nonsense::found(corpus, &read) {
        Some(RefusalKind::Nonsense)
    } else if scope::is_left(corpus, question, &read, follow_up) {
        Some(RefusalKind::OutOfScope)
    } else {
        None
    }
}

/// Returns what a refusal says: what happened, why, and what to do.
#[must_use]
pub(crate) const fn message(kind: RefusalKind) -> &'static str {
    match kind {
        RefusalKind::Nonsense => {
            "That could not be read as a question. Try a short sentence, or a single word such as a \
             technology or a client."
        }
        RefusalKind::OutOfScope => {
            "That is about something other than this career, and only the career's stories are known \
             here. Ask about a client, a project, a technology or a kind of situation."
        }
        RefusalKind::Personal => {
            "That is about private life, which the stories leave out on purpose. Ask about the work \
             instead: what was done, with whom, and what came of it."
        }
        RefusalKind::Injection => {
            "That reads as an order to the assistant, and it only answers questions about this career. \
             If you meant one, ask it on its own, without instructions."
        }
        RefusalKind::LowConfidence => {
            "No story answers that well enough, and nothing is made up here. Ask more broadly, or about \
             a client, a technology or a kind of situation."
        }
    }
}

/// Returns a table of how often each expectation (rows) got each result (columns).
pub fn confusion<'a>(rows: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for row in rows {
        *counts.entry(row).or_default() += 1;
    }
    let names: BTreeSet<_> = counts.keys().flat_map(|(expected, got)| [*expected, *got]).collect();
    let width = names.iter().map(|name| name.len()).max().unwrap_or(0);
    let line = |head: &str, cells: Vec<String>| {
        let cells: String = cells.iter().map(|cell| format!("  {cell:>width$}")).collect();
        format!("{head:<width$}{cells}\n")
    };
    let mut table = line("", names.iter().map(|&name| name.to_owned()).collect());
    for expected in &names {
        let count = |got| counts.get(&(*expected, got)).copied().unwrap_or(0).to_string();
        table.push_str(&line(expected, names.iter().map(|got| count(*got)).collect()));
    }
    table
}

#[cfg(test)]
mod tests;
