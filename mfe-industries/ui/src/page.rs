//! Which page a location names.

use shared_ui::Location;
use yew::AttrValue;

/// A page of this remote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// `/industries`.
    Index,
    /// `/industries/:slug`; whether there is such an industry, the service knows.
    Detail(AttrValue),
    /// Anything deeper.
    NotFound,
}

impl Page {
    /// Reads the path; the shell has sent nothing that is not below `/industries`.
    pub(crate) fn of(location: &Location) -> Self {
        match location.segments().as_slice() {
            [] | [_] => Self::Index,
            [_, slug] => Self::Detail(AttrValue::from((*slug).to_owned())),
            _ => Self::NotFound,
        }
    }
}

#[cfg(test)]
mod tests {
    use shared_ui::Location;

    use super::Page;

    #[test]
    fn the_second_segment_names_the_industry() {
        for (path, page) in [
            ("/industries", Page::Index),
            ("/industries?x=1", Page::Index),
            ("/industries/public-sector", Page::Detail("public-sector".into())),
            ("/industries/public-sector/?x=1", Page::Detail("public-sector".into())),
            ("/industries/a/b", Page::NotFound),
        ] {
            assert_eq!(Page::of(&Location::parse(path)), page, "{path}");
        }
    }
}
