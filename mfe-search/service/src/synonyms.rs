//! Names that mean the same, from `synonyms.toml`. Applied to queries only.
//!
//! Not here: which of them apply to the stories at hand. [`crate::reading`] knows that.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

use crate::analysis;

/// A phrase as it is compared: the stems of its words.
pub(crate) type Stems = Vec<String>;

static SHIPPED: LazyLock<Synonyms> = LazyLock::new(|| {
    // The file is part of the binary and a test reads it, so an unreadable one is never shipped.
    let file: File = toml::from_str(include_str!("../synonyms.toml")).unwrap_or_default();
    Synonyms::new(&file)
});

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    terms: Vec<Vec<String>>,
    client: BTreeMap<String, Vec<String>>,
    industry: BTreeMap<String, Vec<String>>,
    capability: BTreeMap<String, Vec<String>>,
    era: BTreeMap<String, Vec<String>>,
}

/// The names that are known.
#[derive(Debug)]
pub(crate) struct Synonyms {
    /// Lists of terms that mean the same.
    pub terms: Vec<Vec<Stems>>,
    /// By facet: a value and its further names.
    pub client: Vec<(String, Vec<Stems>)>,
    /// See `client`.
    pub industry: Vec<(String, Vec<Stems>)>,
    /// See `client`.
    pub capability: Vec<(String, Vec<Stems>)>,
    /// See `client`.
    pub era: Vec<(String, Vec<Stems>)>,
}

impl Synonyms {
    /// Returns those that are shipped.
    pub(crate) fn shipped() -> &'static Self {
        &SHIPPED
    }

    fn new(file: &File) -> Self {
        let stems = |names: &Vec<String>| names.iter().map(|name| stems(name)).collect();
        let values = |map: &BTreeMap<String, Vec<String>>| {
            map.iter().map(|(value, names)| (value.clone(), stems(names))).collect()
        };
        Self {
            terms: file.terms.iter().map(stems).collect(),
            client: values(&file.client),
            industry: values(&file.industry),
            capability: values(&file.capability),
            era: values(&file.era),
        }
    }

    /// Returns the other names of a term and how many of the stems it takes; the longest term counts.
    pub(crate) fn others(&self, stems: &[String]) -> Option<(usize, Vec<Stems>)> {
        let begins = |name: &&Stems| !name.is_empty() && stems.starts_with(name);
        let longest = self
            .terms
            .iter()
            .flat_map(|list| list.iter().filter(begins).map(move |name| (name, list)))
            .max_by_key(|(name, _)| name.len())?;
        let (name, list) = longest;
        Some((name.len(), list.iter().filter(|other| *other != name).cloned().collect()))
    }
}

/// Returns a name as it is compared.
pub(crate) fn stems(name: &str) -> Stems {
    let forms = analysis::forms(name);
    analysis::stems(forms.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::{File, Synonyms, stems};

    #[test]
    fn the_shipped_file_is_read_whole() {
        let file: File = toml::from_str(include_str!("../synonyms.toml")).unwrap();
        assert!(file.terms.len() > 30 && file.client.len() > 5 && file.industry.len() > 5);
        assert!(file.terms.iter().all(|list| list.len() > 1), "a name alone has no synonym");
        assert_eq!(Synonyms::shipped().terms.len(), file.terms.len());
    }

    #[test]
    fn the_longest_term_is_taken() {
        let synonyms = Synonyms::shipped();
        let (taken, others) = synonyms.others(&stems("visual basic 6 client")).unwrap();
        assert_eq!(taken, 3);
        assert!(others.contains(&stems("vb6")), "{others:?}");
        assert_eq!(synonyms.others(&stems("K8s")).unwrap().1[0], stems("kubernetes"));
        assert_eq!(synonyms.others(&stems("northbank")), None);
    }
}
