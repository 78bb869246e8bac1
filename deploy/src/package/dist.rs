//! Reading trunk's output.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::Context;

use crate::failure::Failure;

/// What trunk made of a package.
#[derive(Debug)]
pub(crate) struct Dist {
    /// Wasm-bindgen's glue, `--target web`.
    pub(crate) js: String,
    /// After wasm-opt.
    pub(crate) wasm: Vec<u8>,
    /// All stylesheets of the page, in its order.
    pub(crate) css: String,
    /// Further modules by name, which the entry may load later. Trunk makes none: the builder adds them.
    pub(crate) modules: BTreeMap<String, String>,
    /// Files that stylesheets name, such as fonts (`rel="copy-file"`).
    pub(crate) assets: BTreeMap<String, Vec<u8>>,
}

/// What an asset's name may end in.
const ASSETS: [&str; 5] = ["woff2", "svg", "png", "webp", "ico"];

impl Dist {
    /// Reads trunk's output folder.
    ///
    /// # Errors
    /// There is not exactly one script and one WASM file, or there are files that a bundle cannot carry.
    pub(crate) fn read(dir: &Path) -> anyhow::Result<Self> {
        let mut scripts = Vec::new();
        let mut wasms = Vec::new();
        let mut assets = BTreeMap::new();
        for entry in std::fs::read_dir(dir).with_context(|| format!("no {}", dir.display()))? {
            let path = entry?.path();
            match path.extension().and_then(|end| end.to_str()) {
                Some("js") => scripts.push(path),
                Some("wasm") => wasms.push(path),
                Some("html" | "css") => {}
                Some(end) if ASSETS.contains(&end) => {
                    assets.insert(name(&path), std::fs::read(&path)?);
                }
                _ => return Err(unexpected(&path).into()),
            }
        }
        let page = read(&dir.join("index.html"))?;
        let mut css = String::new();
        for file in stylesheets(&page) {
            css.push_str(&read(&dir.join(file.trim_start_matches('/')))?);
            css.push('\n');
        }
        let (js, wasm) = (only(&scripts, "script")?, only(&wasms, "WASM file")?);
        let modules = BTreeMap::new();
        Ok(Self { js: read(js)?, wasm: std::fs::read(wasm)?, css, modules, assets })
    }
}

/// Returns the stylesheets of a page, in its order.
fn stylesheets(page: &str) -> Vec<&str> {
    let links = page.split("<link").skip(1).filter_map(|rest| rest.split('>').next());
    links
        .filter(|link| attribute(link, "rel") == Some("stylesheet"))
        .filter_map(|link| attribute(link, "href"))
        .collect()
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

fn only<'a>(found: &'a [PathBuf], what: &str) -> anyhow::Result<&'a Path> {
    match found {
        [one] => Ok(one),
        _ => anyhow::bail!("trunk made {} {what}s, but a bundle has one", found.len()),
    }
}

fn read(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn unexpected(path: &Path) -> Failure {
    let name = name(path);
    if name == "snippets" {
        return Failure::new(
            "the bundle has JavaScript snippets (`#[wasm_bindgen(module = …)]`)",
            "use `inline_js`-free bindings: bundles share a target folder, and trunk mixes its snippets",
        );
    }
    Failure::new(
        format!("trunk made `{name}`, which a bundle cannot carry yet"),
        "remove its data-trunk link",
    )
}

#[cfg(test)]
mod tests {
    use super::{Dist, stylesheets};

    #[test]
    fn stylesheets_keep_the_pages_order() {
        let page = r#"<link rel="modulepreload" href="/a.js"><link rel="stylesheet" href="/z-1.css" integrity="x"/>
            <link href="/b-2.css" rel="stylesheet"/>"#;
        assert_eq!(stylesheets(page), ["/z-1.css", "/b-2.css"]);
    }

    #[test]
    fn styles_are_joined_and_assets_keep_their_names() {
        let dir = tempfile::tempdir().unwrap();
        let page =
            r#"<link rel="stylesheet" href="/b.css"/><link rel="stylesheet" href="/a.css"/>"#;
        for (file, text) in [
            ("index.html", page),
            ("a.css", "a {}"),
            ("b.css", "b {}"),
            ("x.js", "js"),
            ("x_bg.wasm", "wasm"),
            ("inter-5.woff2", "font"),
        ] {
            std::fs::write(dir.path().join(file), text).unwrap();
        }
        let Dist { js, wasm, css, modules: _, assets } = Dist::read(dir.path()).unwrap();
        assert_eq!((js.as_str(), &*wasm, css.as_str()), ("js", &b"wasm"[..], "b {}\na {}\n"));
        assert_eq!(assets["inter-5.woff2"], b"font");
    }

    #[test]
    fn what_a_bundle_cannot_carry_is_refused() {
        for (files, why) in [
            (&["index.html", "a.wasm"][..], "0 scripts"),
            (&["index.html", "a.wasm", "a.js", "b.js"], "2 scripts"),
            (&["index.html", "a.wasm", "a.js", "snippets/x/y.js"], "snippets"),
            (&["index.html", "a.wasm", "a.js", "notes.txt"], "notes.txt"),
        ] {
            let dir = tempfile::tempdir().unwrap();
            for file in files {
                let file = dir.path().join(file);
                std::fs::create_dir_all(file.parent().unwrap()).unwrap();
                std::fs::write(file, "").unwrap();
            }
            let error = Dist::read(dir.path()).unwrap_err().to_string();
            assert!(error.contains(why), "{files:?}: {error}");
        }
    }
}
