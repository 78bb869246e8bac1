//! The document's title. Not here: who says what the page is called.

/// The site's name, which ends every title.
pub(crate) const SITE: &str = "Asterism";

/// Returns `"<page> · Asterism"`, or the site's name alone for a page without a title.
pub(crate) fn document_title(page: &str) -> String {
    match page.trim() {
        "" => SITE.to_owned(),
        page => [page, " · ", SITE].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::document_title;

    #[test]
    fn a_title_ends_with_the_site() {
        assert_eq!(document_title("Work"), "Work · Asterism");
        assert_eq!(document_title("  Work "), "Work · Asterism");
        assert_eq!(document_title(" "), "Asterism");
    }
}
