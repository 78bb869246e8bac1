//! What results can be narrowed by.

use mfe_search_api::{FacetCount, Facets, Filters};

/// A property of stories.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Facet {
    Industry,
    Capability,
    Client,
    Era,
    Role,
    Theme,
    SubCategory,
}

/// A value that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FacetOption {
    pub(crate) value: String,
    /// Matches with the other filters as they are.
    pub(crate) count: u32,
    pub(crate) chosen: bool,
}

impl Facet {
    /// All, in the order of the URL.
    pub(crate) const ALL: [Self; 7] = [
        Self::Industry,
        Self::Capability,
        Self::Client,
        Self::Era,
        Self::Role,
        Self::Theme,
        Self::SubCategory,
    ];
    /// Those with a menu. A theme is reached by links only: it says less than the others.
    pub(crate) const MENUS: [Self; 6] =
        [Self::Industry, Self::Capability, Self::Client, Self::Role, Self::SubCategory, Self::Era];

    /// Returns its name in the URL.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Industry => "industry",
            Self::Capability => "capability",
            Self::Client => "client",
            Self::Era => "era",
            Self::Role => "role",
            Self::Theme => "theme",
            Self::SubCategory => "sub_category",
        }
    }

    /// Returns its name for people.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Industry => "Industry",
            Self::Capability => "Capability",
            Self::Client => "Client",
            Self::Era => "Era",
            Self::Role => "Role",
            Self::Theme => "Theme",
            Self::SubCategory => "Domain",
        }
    }

    /// Returns the chosen values.
    pub(crate) fn chosen(self, filters: &Filters) -> &[String] {
        match self {
            Self::Industry => &filters.industry,
            Self::Capability => &filters.capability,
            Self::Client => &filters.client,
            Self::Era => &filters.era,
            Self::Role => &filters.role,
            Self::Theme => &filters.theme,
            Self::SubCategory => &filters.sub_category,
        }
    }

    /// Returns the chosen values, to change them.
    pub(crate) fn chosen_mut(self, filters: &mut Filters) -> &mut Vec<String> {
        match self {
            Self::Industry => &mut filters.industry,
            Self::Capability => &mut filters.capability,
            Self::Client => &mut filters.client,
            Self::Era => &mut filters.era,
            Self::Role => &mut filters.role,
            Self::Theme => &mut filters.theme,
            Self::SubCategory => &mut filters.sub_category,
        }
    }

    /// Returns the counts of its values.
    pub(crate) fn counts(self, facets: &Facets) -> &[FacetCount] {
        match self {
            Self::Industry => &facets.industry,
            Self::Capability => &facets.capability,
            Self::Client => &facets.client,
            Self::Era => &facets.era,
            Self::Role => &facets.role,
            Self::Theme => &facets.theme,
            Self::SubCategory => &facets.sub_category,
        }
    }

    /// Returns the values to choose from: the counted ones, then those chosen that match nothing.
    pub(crate) fn options(self, facets: &Facets, filters: &Filters) -> Vec<FacetOption> {
        let (counts, chosen) = (self.counts(facets), self.chosen(filters));
        let counted = counts.iter().map(|FacetCount { value, count }| FacetOption {
            value: value.clone(),
            count: *count,
            chosen: chosen.contains(value),
        });
        let lost = chosen.iter().filter(|value| counts.iter().all(|count| count.value != **value));
        let lost = lost.map(|value| FacetOption { value: value.clone(), count: 0, chosen: true });
        counted.chain(lost).collect()
    }
}

#[cfg(test)]
mod tests {
    use mfe_search_api::{Facets, Filters};

    use super::{Facet, FacetOption};
    use crate::found::tests::counted;

    #[test]
    fn a_chosen_value_without_matches_can_still_be_taken_back() {
        let facets = Facets { era: vec![counted("A", 2), counted("B", 1)], ..Facets::default() };
        let filters = Filters { era: vec!["X".into(), "B".into()], ..Filters::default() };
        let option =
            |value: &str, count, chosen| FacetOption { value: value.into(), count, chosen };
        assert_eq!(
            Facet::Era.options(&facets, &filters),
            [option("A", 2, false), option("B", 1, true), option("X", 0, true)]
        );
        assert!(Facet::Role.options(&facets, &filters).is_empty());
    }
}
