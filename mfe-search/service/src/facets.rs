//! Filters and the counts beside them.
//!
//! A count tells how many results there would be if that value alone were chosen in its facet. So each
//! facet respects the others' filters but not its own. Values are numbered once for a snapshot, so that
//! counting a hundred thousand stories takes about a millisecond.

use std::{collections::HashMap, sync::Arc};

use mfe_search_api::{FacetCount, Facets, Filters};

use crate::{Story, ranking::Ranked, snapshot::Ordinal};

/// How many facets there are.
pub(crate) const FACETS: usize = 7;

/// A facet, in the order of [`Facets`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Facet {
    Industry,
    Capability,
    Client,
    Role,
    SubCategory,
    Era,
    Theme,
}

impl Facet {
    /// All, in the order of their numbers.
    pub(crate) const ALL: [Self; FACETS] = [
        Self::Industry,
        Self::Capability,
        Self::Client,
        Self::Role,
        Self::SubCategory,
        Self::Era,
        Self::Theme,
    ];

    /// Returns a story's value.
    pub(crate) fn of(self, story: &Story) -> &str {
        match self {
            Self::Industry => &story.industry,
            Self::Capability => &story.capability,
            Self::Client => &story.client,
            Self::Role => &story.role,
            Self::SubCategory => &story.sub_category,
            Self::Era => &story.era,
            Self::Theme => &story.theme,
        }
    }

    /// Returns what a request wants of it.
    pub(crate) fn wanted(self, filters: &Filters) -> &Vec<String> {
        match self {
            Self::Industry => &filters.industry,
            Self::Capability => &filters.capability,
            Self::Client => &filters.client,
            Self::Role => &filters.role,
            Self::SubCategory => &filters.sub_category,
            Self::Era => &filters.era,
            Self::Theme => &filters.theme,
        }
    }

    /// As [`Self::wanted`], to change it.
    pub(crate) fn wanted_mut(self, filters: &mut Filters) -> &mut Vec<String> {
        match self {
            Self::Industry => &mut filters.industry,
            Self::Capability => &mut filters.capability,
            Self::Client => &mut filters.client,
            Self::Role => &mut filters.role,
            Self::SubCategory => &mut filters.sub_category,
            Self::Era => &mut filters.era,
            Self::Theme => &mut filters.theme,
        }
    }
}

/// Every story's values, as numbers.
#[derive(Debug, Default)]
pub(crate) struct FacetTable {
    /// By facet and number.
    values: [Vec<String>; FACETS],
    /// By story and facet.
    codes: Vec<[u32; FACETS]>,
    /// By story: it is about the person.
    narrative: Vec<bool>,
}

impl FacetTable {
    /// Numbers the values of some stories.
    pub(crate) fn new(stories: &[Arc<Story>]) -> Self {
        let mut table = Self::default();
        let mut numbers: [HashMap<&str, u32>; FACETS] = Default::default();
        for story in stories {
            let mut codes = [0; FACETS];
            for (place, facet) in Facet::ALL.into_iter().enumerate() {
                let value = facet.of(story);
                let values = &mut table.values[place];
                let next = u32::try_from(values.len()).unwrap_or(u32::MAX);
                codes[place] = *numbers[place].entry(value).or_insert_with(|| {
                    values.push(value.to_owned());
                    next
                });
            }
            table.codes.push(codes);
            table.narrative.push(story.is_narrative());
        }
        table
    }

    /// Returns all values of a facet.
    pub(crate) fn values(&self, facet: Facet) -> &[String] {
        &self.values[facet as usize]
    }

    /// Returns what tells whether a story has one of some values of a facet.
    pub(crate) fn with_any(&self, facet: Facet, wanted: &[String]) -> impl Fn(Ordinal) -> bool {
        let passing = self.passing(facet, wanted);
        move |ordinal| {
            let codes = self.codes.get(ordinal as usize);
            codes.is_some_and(|codes| passing[codes[facet as usize] as usize])
        }
    }

    /// By number: the value is wanted.
    fn passing(&self, facet: Facet, wanted: &[String]) -> Vec<bool> {
        self.values(facet).iter().map(|value| wanted.contains(value)).collect()
    }

    /// Returns those of the candidates that pass all filters, in their order, and the counts.
    ///
    /// In a `listing` (no query) stories about the person show only when their theme is asked for. That is
    /// a matter of the theme filter, so the theme's own counts do include them.
    pub(crate) fn narrow(
        &self,
        candidates: &[Ranked],
        filters: &Filters,
        listing: bool,
    ) -> (Vec<Ranked>, Facets) {
        // By facet and number: whether the value passes. `None` lets all pass.
        let passing: [Option<Vec<bool>>; FACETS] = Facet::ALL.map(|facet| {
            let wanted = facet.wanted(filters);
            (!wanted.is_empty()).then(|| self.passing(facet, wanted))
        });
        let mut counts: [Vec<u32>; FACETS] =
            std::array::from_fn(|facet| vec![0; self.values[facet].len()]);
        let mut kept = Vec::new();
        for &candidate in candidates {
            let place = candidate.ordinal as usize;
            let Some(codes) = self.codes.get(place) else { continue };
            let hidden = listing && self.narrative[place];
            let fails = |facet: usize| match &passing[facet] {
                None => hidden && facet == Facet::Theme as usize,
                Some(passing) => !passing[codes[facet] as usize],
            };
            let mut failed = (0..FACETS).filter(|&facet| fails(facet));
            match (failed.next(), failed.next()) {
                (None, _) => {
                    for (counts, &code) in counts.iter_mut().zip(codes) {
                        counts[code as usize] += 1;
                    }
                    kept.push(candidate);
                }
                (Some(only), None) => counts[only][codes[only] as usize] += 1,
                (Some(_), Some(_)) => {}
            }
        }
        let mut counts = counts.into_iter().zip(&self.values);
        let mut next = || counts.next().map(|(c, v)| most_first(&c, v)).unwrap_or_default();
        let facets = Facets {
            industry: next(),
            capability: next(),
            client: next(),
            role: next(),
            sub_category: next(),
            era: next(),
            theme: next(),
        };
        (kept, facets)
    }
}

fn most_first(counts: &[u32], values: &[String]) -> Vec<FacetCount> {
    let mut counts: Vec<FacetCount> = values
        .iter()
        .zip(counts)
        .filter(|(value, count)| !value.is_empty() && **count > 0)
        .map(|(value, &count)| FacetCount { value: value.clone(), count })
        .collect();
    counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    counts
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use mfe_search_api::{FacetCount, Facets, Filters};

    use super::FacetTable;
    use crate::{Story, ranking::Ranked};

    fn stories() -> Vec<Arc<Story>> {
        let story = |industry: &str, era: &str, category: &str| {
            let theme = if category == "Narrative" { "Person" } else { "Work" };
            Arc::new(Story {
                industry: industry.to_owned(),
                era: era.to_owned(),
                category: category.to_owned(),
                theme: theme.to_owned(),
                ..Story::default()
            })
        };
        vec![
            story("Bank", "Early", "Build"),
            story("Bank", "Late", "Build"),
            story("Health", "Late", "Build"),
            story("Retail", "Late", "Narrative"),
        ]
    }

    fn narrow(filters: &Filters, listing: bool) -> (Vec<u32>, Facets) {
        let all: Vec<Ranked> = (0..4).map(|ordinal| Ranked { ordinal, score: 0.0 }).collect();
        let (kept, facets) = FacetTable::new(&stories()).narrow(&all, filters, listing);
        (kept.into_iter().map(|ranked| ranked.ordinal).collect(), facets)
    }

    fn pairs(counts: &[FacetCount]) -> Vec<(&str, u32)> {
        counts.iter().map(|count| (count.value.as_str(), count.count)).collect()
    }

    fn filters(industry: &[&str], era: &[&str], theme: &[&str]) -> Filters {
        let list = |values: &[&str]| values.iter().map(|v| (*v).to_owned()).collect();
        let (industry, era, theme) = (list(industry), list(era), list(theme));
        Filters { industry, era, theme, ..Filters::default() }
    }

    #[test]
    fn a_facet_counts_without_its_own_filter_but_with_the_others() {
        let (kept, facets) = narrow(&filters(&["Bank"], &["Late"], &[]), true);
        assert_eq!(kept, [1]);
        assert_eq!(pairs(&facets.industry), [("Bank", 1), ("Health", 1)]);
        assert_eq!(pairs(&facets.era), [("Early", 1), ("Late", 1)]);
        assert_eq!(pairs(&facets.theme), [("Work", 1)]);
    }

    #[test]
    fn values_of_one_facet_are_alternatives() {
        let (kept, _) = narrow(&filters(&["Bank", "Health"], &[], &[]), true);
        assert_eq!(kept, [0, 1, 2]);
    }

    #[test]
    fn a_listing_hides_stories_about_the_person_until_their_theme_is_asked_for() {
        let (kept, facets) = narrow(&Filters::default(), true);
        assert_eq!(kept, [0, 1, 2]);
        assert_eq!(pairs(&facets.industry), [("Bank", 2), ("Health", 1)]);
        assert_eq!(pairs(&facets.theme), [("Work", 3), ("Person", 1)]);
        assert_eq!(narrow(&filters(&[], &[], &["Person"]), true).0, [3]);
        assert_eq!(narrow(&Filters::default(), false).0, [0, 1, 2, 3]);
    }
}
