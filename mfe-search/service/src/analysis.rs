//! From text to words: what counts as a word, and which words are the same.
//!
//! Index, queries, snippets and suggestions must agree on this, so it stands in one place. A change here
//! needs a new [`crate::schema::FORMAT`].

mod words;

use tantivy::tokenizer::{AsciiFoldingFilter, LowerCaser, RemoveLongFilter, Stemmer, TextAnalyzer};

use words::Words;

/// Name of the analyzer that keeps words as they are written.
pub(crate) const FORMS: &str = "forms";
/// Name of the analyzer that reduces words to their stem.
pub(crate) const STEMS: &str = "stems";

/// Longer words are no words, bytes.
const LONGEST: usize = 40;

/// Makes the analyzers known to an index.
pub(crate) fn register(index: &tantivy::Index) {
    index.tokenizers().register(FORMS, form_analyzer());
    index.tokenizers().register(STEMS, stem_analyzer());
}

/// Returns the analyzer that keeps words as they are written, but for case and accents.
pub(crate) fn form_analyzer() -> TextAnalyzer {
    TextAnalyzer::builder(Words::default())
        .filter(RemoveLongFilter::limit(LONGEST))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .build()
}

/// Returns the analyzer that reduces English words to their stem.
fn stem_analyzer() -> TextAnalyzer {
    TextAnalyzer::builder(Words::default())
        .filter(RemoveLongFilter::limit(LONGEST))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .filter(Stemmer::default())
        .build()
}

/// Returns the words of a text, lower-case and without accents.
pub(crate) fn forms(text: &str) -> Vec<String> {
    collect(&mut form_analyzer(), text)
}

/// Returns the stem of each of the words.
pub(crate) fn stems<'a>(forms: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut analyzer = stem_analyzer();
    forms.into_iter().flat_map(|form| collect(&mut analyzer, form)).collect()
}

/// Returns the stem of each form, as many as there are forms.
pub(crate) fn stem_each(forms: &[String]) -> Vec<String> {
    let mut analyzer = stem_analyzer();
    let stem = |form: &String| collect(&mut analyzer, form).pop().unwrap_or_else(|| form.clone());
    forms.iter().map(stem).collect()
}

fn collect(analyzer: &mut TextAnalyzer, text: &str) -> Vec<String> {
    let mut words = Vec::new();
    analyzer.token_stream(text).process(&mut |token| words.push(token.text.clone()));
    words
}

#[cfg(test)]
mod tests {
    use super::{forms, stems};

    #[test]
    fn words_lose_case_accents_and_punctuation() {
        assert_eq!(forms("Café: CI/CD, 5G! C++"), ["cafe", "ci", "cd", "5g", "c++"]);
    }

    #[test]
    fn inflections_share_a_stem() {
        assert_eq!(stems(["migrations"]), stems(["migration"]));
        assert_eq!(stems(["slicing"]), stems(["slices"]));
    }
}
