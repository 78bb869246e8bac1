//! Integrity of what is imported: one inline import map per URL, before its first import.
//!
//! The map carries the page's nonce. Without it a content security policy would drop the map and the
//! import would run unchecked; `Integrity-Policy` refuses that case in the end.

use std::cell::RefCell;

use contract::Release;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlScriptElement};

/// The URLs whose integrity the document knows.
#[derive(Debug, Default)]
pub(super) struct ImportMaps(RefCell<Vec<String>>);

impl ImportMaps {
    /// Makes the browser refuse `url` unless its bytes are the ones that `integrity` names.
    pub(super) fn require(&self, url: &str, integrity: &str) {
        if self.0.borrow().iter().any(|known| known == url) {
            return;
        }
        self.0.borrow_mut().push(url.to_owned());
        let document = gloo_utils::document();
        let Some(script) = super::load::element::<HtmlScriptElement>("script") else { return };
        script.set_type("importmap");
        if let Ok(Some(own)) = document.query_selector("script[nonce]") {
            script.set_nonce(&own.unchecked_into::<HtmlElement>().nonce());
        }
        script.set_text_content(Some(&import_map(url, integrity)));
        if let Some(head) = document.head() {
            let _ = head.append_child(&script);
        }
    }
}

/// Returns an import map that does nothing but name the integrity of `url`.
fn import_map(url: &str, integrity: &str) -> String {
    let quote = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
    ["{\"integrity\":{\"", &quote(url), "\":\"", &quote(integrity), "\"}}"].concat()
}

/// Returns the first of the files that the host itself loads which has no integrity.
///
/// Such a release is refused: its bytes could be anybody's.
pub(super) fn unprotected(release: &Release) -> Option<&str> {
    std::iter::once(&release.entry)
        .chain(&release.styles)
        .find(|file| release.integrity(file).is_none_or(str::is_empty))
        .map(String::as_str)
}

#[cfg(test)]
mod tests {
    use contract::FileInfo;

    use super::{import_map, unprotected};
    use crate::slot::fixture::release;

    #[test]
    fn an_import_map_names_the_url_and_cannot_be_broken_out_of() {
        assert_eq!(import_map("/a.js", "sha384-x"), r#"{"integrity":{"/a.js":"sha384-x"}}"#);
        assert_eq!(import_map("/a\".js", "x\\"), r#"{"integrity":{"/a\".js":"x\\"}}"#);
    }

    #[test]
    fn a_release_with_an_unlisted_file_is_unprotected() {
        let listed = || FileInfo { integrity: "sha384-x".to_owned(), bytes: 1 };
        let mut release = release("a", &[]);
        assert_eq!(unprotected(&release), Some("entry.js"));
        release.files.insert("entry.js".to_owned(), listed());
        assert_eq!(unprotected(&release), None);
        release.styles.push("a.css".to_owned());
        assert_eq!(unprotected(&release), Some("a.css"));
        release.files.insert("a.css".to_owned(), FileInfo { integrity: String::new(), bytes: 1 });
        assert_eq!(unprotected(&release), Some("a.css"));
    }
}
