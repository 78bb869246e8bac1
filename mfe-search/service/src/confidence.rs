//! How much to trust the best result. Pure.
//!
//! The evidence is how much of the query's words the best story has, how many of the words any story knows,
//! and how near the nearest story is. The limits were read off what `asterism bench search-quality` prints
//! for queries that have an answer and for those that have none.

use mfe_search_api::Confidence;

use crate::{fusion::Semantic, ranking::Lexical};

/// Nearer than this, the stories are about it whatever the words.
const SURELY_NEAR: f32 = 0.5;
/// Nearer than this, they may be.
const PERHAPS_NEAR: f32 = 0.27;
/// What shared words add to nearness.
const WORDS: f32 = 0.22;
/// Evidence of both, from which a result is trusted, and from which it is shown.
const SURE: f32 = 0.53;
const PERHAPS: f32 = 0.33;

/// Judges a search by words.
pub(crate) fn by_words(best_is_exact: Option<bool>) -> Confidence {
    match best_is_exact {
        None => Confidence::None,
        Some(true) => Confidence::High,
        Some(false) => Confidence::Low,
    }
}

/// Judges a search by meaning.
pub(crate) fn by_meaning(semantic: &Semantic) -> Confidence {
    match semantic.best() {
        best if best >= SURELY_NEAR => Confidence::High,
        best if best >= PERHAPS_NEAR => Confidence::Low,
        _ => Confidence::None,
    }
}

/// Judges a search by both. A query with a word that no story knows is at most perhaps about them, however
/// near they are: the word may be the point.
pub(crate) fn by_both(
    lexical: &Lexical,
    semantic: &Semantic,
    best_is_exact: Option<bool>,
) -> Confidence {
    if best_is_exact == Some(true) {
        return Confidence::High;
    }
    let evidence = semantic.best() + WORDS * lexical.best_coverage() * lexical.known;
    if (evidence >= SURE && !lexical.has_unknown) || semantic.best() >= SURELY_NEAR + 0.1 {
        Confidence::High
    } else if evidence >= PERHAPS {
        Confidence::Low
    } else {
        Confidence::None
    }
}

#[cfg(test)]
mod tests {
    use mfe_search_api::Confidence;

    use super::{by_both, by_meaning, by_words};
    use crate::{fusion::Semantic, ranking::Lexical};

    fn both(known: f32, coverage: f32, closeness: f32) -> Confidence {
        let has_unknown = known < 0.9;
        let lexical =
            Lexical { coverage: vec![coverage], known, has_unknown, ..Lexical::default() };
        let semantic = Semantic { closeness: [(0, closeness)].into(), ..Semantic::default() };
        by_both(&lexical, &semantic, Some(coverage == 1.0))
    }

    #[test]
    fn noise_is_nothing_and_a_paraphrase_is_something() {
        assert_eq!(both(0.0, 0.0, 0.29), Confidence::None);
        assert_eq!(both(1.0, 0.4, 0.45), Confidence::High);
        assert_eq!(both(1.0, 0.3, 0.4), Confidence::Low);
        assert_eq!(both(1.0, 1.0, 0.2), Confidence::High);
        // The word that is unknown may be the point.
        assert_eq!(both(0.67, 0.4, 0.48), Confidence::Low);
    }

    #[test]
    fn each_way_alone_judges_by_what_it_has() {
        let near = |best| Semantic { closeness: [(0, best)].into(), ..Semantic::default() };
        assert_eq!(by_meaning(&near(0.6)), Confidence::High);
        assert_eq!(by_meaning(&near(0.4)), Confidence::Low);
        assert_eq!(by_meaning(&near(0.1)), Confidence::None);
        assert_eq!(by_words(None), Confidence::None);
        assert_eq!(by_words(Some(true)), Confidence::High);
        assert_eq!(by_words(Some(false)), Confidence::Low);
    }
}
