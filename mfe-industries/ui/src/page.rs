//! Which page a location names.

use mfe_industries_api::{INDUSTRIES, categories_path, category_path};
use shared_ui::Location;
use yew::AttrValue;

/// A page of this remote. Whether there is such an industry or capability, the service knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// `/industries`.
    Index,
    /// `/industries/:slug`.
    Industry(AttrValue),
    /// `/industries/:slug/:capability`.
    Capability(AttrValue, AttrValue),
    /// Anything deeper, and what the service does not know.
    NotFound,
}

impl Page {
    /// Reads the path; the shell has sent nothing that is not below `/industries`.
    pub(crate) fn of(location: &Location) -> Self {
        let text = |segment: &str| AttrValue::from(segment.to_owned());
        match location.segments().as_slice() {
            [] | [_] => Self::Index,
            [_, slug] => Self::Industry(text(slug)),
            [_, slug, capability] => Self::Capability(text(slug), text(capability)),
            _ => Self::NotFound,
        }
    }

    /// Returns its path; all pages that are not found share one.
    pub(crate) fn path(&self) -> String {
        match self {
            Self::Index => "/industries".to_owned(),
            Self::Industry(slug) => ["/industries/", slug].concat(),
            Self::Capability(slug, capability) => ["/industries/", slug, "/", capability].concat(),
            Self::NotFound => String::new(),
        }
    }

    /// Returns the page above it, where one is.
    pub(crate) fn above(&self) -> Option<Self> {
        match self {
            Self::Index => None,
            Self::Industry(_) | Self::NotFound => Some(Self::Index),
            Self::Capability(slug, _) => Some(Self::Industry(slug.clone())),
        }
    }

    /// Returns where its data is; a page that is not found offers all industries.
    pub(crate) fn api(&self) -> String {
        match self {
            Self::Index | Self::NotFound => INDUSTRIES.to_owned(),
            Self::Industry(slug) => categories_path(slug),
            Self::Capability(slug, capability) => category_path(slug, capability),
        }
    }
}

#[cfg(test)]
mod tests {
    use shared_ui::Location;

    use super::Page;

    fn of(path: &str) -> Page {
        Page::of(&Location::parse(path))
    }

    #[test]
    fn segments_name_the_industry_and_the_capability() {
        let sector = || "public-sector".into();
        for (path, page) in [
            ("/industries", Page::Index),
            ("/industries?x=1", Page::Index),
            ("/industries/public-sector", Page::Industry(sector())),
            ("/industries/public-sector/?x=1", Page::Industry(sector())),
            (
                "/industries/public-sector/ai-and-data",
                Page::Capability(sector(), "ai-and-data".into()),
            ),
            ("/industries/a/b/c", Page::NotFound),
        ] {
            assert_eq!(of(path), page, "{path}");
        }
    }

    #[test]
    fn a_page_knows_its_path_its_data_and_what_is_above() {
        for (path, api, above) in [
            ("/industries", "/api/industries", None),
            ("/industries/a", "/api/industries/a/categories", Some("/industries")),
            ("/industries/a/b", "/api/industries/a/categories/b", Some("/industries/a")),
        ] {
            let page = of(path);
            assert_eq!((page.path().as_str(), page.api().as_str()), (path, api));
            assert_eq!(page.above().map(|page| page.path()).as_deref(), above);
        }
        assert_eq!(of("/industries/a/b/c").api(), "/api/industries");
    }
}
