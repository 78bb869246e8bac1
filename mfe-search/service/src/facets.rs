//! Filters and the counts beside them.
//!
//! A count tells how many results there would be if that value alone were chosen in its facet. So each
//! facet respects the others' filters but not its own.

use std::{collections::HashMap, sync::Arc};

use mfe_search_api::{FacetCount, Facets, Filters};

use crate::{Story, snapshot::Ordinal};

/// A facet: where a story and where a request has it.
struct Facet {
    value: fn(&Story) -> &str,
    wanted: fn(&Filters) -> &[String],
}

/// In the order of [`Facets`].
const FACETS: [Facet; 7] = [
    Facet { value: |s| &s.industry, wanted: |f| &f.industry },
    Facet { value: |s| &s.capability, wanted: |f| &f.capability },
    Facet { value: |s| &s.client, wanted: |f| &f.client },
    Facet { value: |s| &s.role, wanted: |f| &f.role },
    Facet { value: |s| &s.sub_category, wanted: |f| &f.sub_category },
    Facet { value: |s| &s.era, wanted: |f| &f.era },
    Facet { value: |s| &s.theme, wanted: |f| &f.theme },
];
const THEME: usize = 6;

/// Returns those of the candidates that pass all filters, in their order, and the counts.
///
/// In a `listing` (no query) stories about the person show only when their theme is asked for. That is
/// a matter of the theme filter, so the theme's own counts do include them.
pub(crate) fn narrow(
    stories: &[Arc<Story>],
    candidates: impl IntoIterator<Item = Ordinal>,
    filters: &Filters,
    listing: bool,
) -> (Vec<Ordinal>, Facets) {
    let passes = |facet: usize, story: &Story| {
        let wanted = (FACETS[facet].wanted)(filters);
        match wanted.is_empty() {
            true => !(listing && facet == THEME && story.is_narrative()),
            false => wanted.iter().any(|value| value == (FACETS[facet].value)(story)),
        }
    };
    let mut kept = Vec::new();
    let mut counts: [HashMap<&str, u32>; FACETS.len()] = Default::default();
    for ordinal in candidates {
        let Some(story) = stories.get(ordinal as usize) else { continue };
        let mut count = |facet: usize| {
            *counts[facet].entry((FACETS[facet].value)(story)).or_default() += 1;
        };
        let mut failed = (0..FACETS.len()).filter(|&facet| !passes(facet, story));
        match (failed.next(), failed.next()) {
            (None, _) => {
                (0..FACETS.len()).for_each(&mut count);
                kept.push(ordinal);
            }
            (Some(only), None) => count(only),
            (Some(_), Some(_)) => {}
        }
    }
    let [industry, capability, client, role, sub_category, era, theme] = counts.map(most_first);
    (kept, Facets { industry, capability, client, role, sub_category, era, theme })
}

fn most_first(counts: HashMap<&str, u32>) -> Vec<FacetCount> {
    let mut counts: Vec<FacetCount> = counts
        .into_iter()
        .filter(|(value, _)| !value.is_empty())
        .map(|(value, count)| FacetCount { value: value.to_owned(), count })
        .collect();
    counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    counts
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use mfe_search_api::{FacetCount, Filters};

    use super::narrow;
    use crate::Story;

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
        let (kept, facets) = narrow(&stories(), 0..4, &filters(&["Bank"], &["Late"], &[]), true);
        assert_eq!(kept, [1]);
        assert_eq!(pairs(&facets.industry), [("Bank", 1), ("Health", 1)]);
        assert_eq!(pairs(&facets.era), [("Early", 1), ("Late", 1)]);
        assert_eq!(pairs(&facets.theme), [("Work", 1)]);
    }

    #[test]
    fn values_of_one_facet_are_alternatives() {
        let (kept, _) = narrow(&stories(), 0..4, &filters(&["Bank", "Health"], &[], &[]), true);
        assert_eq!(kept, [0, 1, 2]);
    }

    #[test]
    fn a_listing_hides_stories_about_the_person_until_their_theme_is_asked_for() {
        let (kept, facets) = narrow(&stories(), 0..4, &Filters::default(), true);
        assert_eq!(kept, [0, 1, 2]);
        assert_eq!(pairs(&facets.industry), [("Bank", 2), ("Health", 1)]);
        assert_eq!(pairs(&facets.theme), [("Work", 3), ("Person", 1)]);
        assert_eq!(narrow(&stories(), 0..4, &filters(&[], &[], &["Person"]), true).0, [3]);
        assert_eq!(narrow(&stories(), 0..4, &Filters::default(), false).0, [0, 1, 2, 3]);
    }
}
