//! How well some stories answer a question. Pure.
//!
//! Two witnesses. The **search** says how near the nearest story is, by words and by meaning. **Coverage** is
//! the share of what the question asks that the answer has: each informative word weighs by its rarity; it
//! counts in full where a quoted sentence has it, 0.6 where only the headings of a quoted story have it (title,
//! tags, uses, interview questions), and 0.7 of either where only something that means nearly the same is
//! there. What is named counts as one word that is found. One story must have it all, unless the question goes
//! over several clients: words that lie scattered over stories that have nothing in common answer nothing. If
//! the story lists nearly this question as one that it answers, that likeness counts when it is greater.
//!
//! Where the search is sure, its word counts for more than the words do: a question may have none in common with its
//! answer. Where it is not, the words must show it. The limits were read off `asterism bench ask-quality`.

use std::collections::HashMap;

use mfe_ask_api::Confidence;

use crate::{
    extracting::Cited,
    planning::Found,
    question::{Term, Understood},
};

/// Coverage from which an answer is trusted, and from which it is given, by what the search says.
const SURE: f32 = 0.6;
const SURE_WHERE_FOUND: f32 = 0.35;
const PERHAPS: f32 = 0.34;
/// A question about the person, or in the form of an interview ("Tell me about a time you …"), is about this
/// career by its form.
const PERHAPS_OF_THE_PERSON: f32 = 0.1;
/// One story stands out among those found: a question about nothing finds many, all alike.
const PERHAPS_WHERE_ONE_STANDS_OUT: f32 = 0.1;
/// What a found name weighs, as a word that one story in a hundred or so has.
const NAME: f32 = 4.0;
/// What standing in a heading counts, against standing in a quoted sentence.
const HEADED: f32 = 0.6;

/// Judges an answer by what the search says of the stories that it found, and by its coverage.
pub(crate) fn judge(search: &Found, coverage: f32, person: bool) -> Confidence {
    let perhaps = match () {
        () if search.stands_out() => PERHAPS_WHERE_ONE_STANDS_OUT,
        () if person => PERHAPS_OF_THE_PERSON,
        () => PERHAPS,
    };
    match search.confidence {
        Confidence::High if coverage >= SURE_WHERE_FOUND => Confidence::High,
        Confidence::High => Confidence::Low,
        Confidence::Low if coverage >= SURE => Confidence::High,
        Confidence::Low if coverage >= perhaps => Confidence::Low,
        Confidence::Low | Confidence::None => Confidence::None,
    }
}

/// Returns the share of what is asked that an answer has, 0–1.
pub(crate) fn coverage(asked: &Understood, cited: &[Cited<'_>]) -> f32 {
    let pinned = cited.iter().any(|cited| cited.ranked.pinned);
    let named = !asked.scope.is_empty() || (asked.terms.is_empty() && pinned);
    let name = if named { NAME } else { 0.0 };
    let whole = name + asked.terms.iter().map(|term| term.rarity).sum::<f32>();
    let share = |cited: &[Cited<'_>]| {
        let best = |term| cited.iter().map(|c| covered(term, c)).fold(0.0, f32::max);
        let found = name + asked.terms.iter().map(|term| term.rarity * best(term)).sum::<f32>();
        if whole > 0.0 { found / whole } else { 0.0 }
    };
    let share = match asked.wide {
        true => share(cited),
        false => cited.chunks(1).map(share).fold(0.0, f32::max),
    };
    cited.iter().map(|c| c.ranked.same_question).fold(share, f32::max)
}

fn covered(term: &Term, cited: &Cited<'_>) -> f32 {
    let quoted = |stem: &str| cited.passages.iter().any(|p| has(&p.terms, stem));
    let headed = |stem: &str| cited.ranked.indexed.heading.contains(stem);
    term.found(quoted).max(HEADED * term.found(headed))
}

fn has(terms: &HashMap<String, f32>, stem: &str) -> bool {
    terms.contains_key(stem)
}

#[cfg(test)]
mod tests {
    use mfe_ask_api::{
        Candidate,
        Confidence::{High, Low, None},
    };

    use super::judge;
    use crate::Found;

    #[test]
    fn both_witnesses_count() {
        let alike: &[f64] = &[4.0, 3.9];
        for (confidence, scores, coverage, person, expected) in [
            (High, alike, 0.9, false, High),
            (High, alike, 0.0, false, Low),
            (Low, alike, 0.9, false, High),
            (Low, alike, 0.5, false, Low),
            (Low, alike, 0.2, false, None),
            (Low, &[9.0, 3.0], 0.2, false, Low),
            (Low, &[9.0], 0.0, false, None),
            (Low, alike, 0.1, true, Low),
            (None, alike, 1.0, true, None),
        ] {
            let candidates =
                scores.iter().map(|score| Candidate { id: String::new(), score: *score }).collect();
            let found = Found { candidates, confidence };
            assert_eq!(judge(&found, coverage, person), expected, "{found:?} {coverage}");
        }
    }
}
