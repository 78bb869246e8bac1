//! From trunk's output to the files that are published. Pure: bytes in, bytes out.
//!
//! 1. `glue` takes the JavaScript that wasm-bindgen wrote apart.
//! 2. `factory` makes it an expression that builds a fresh instance each time, under Yew brands of its
//!    own, and puts it into the entry.
//! 3. `names` makes the names short that both know each other's functions by.
//! 4. Every file is named after its bytes, after the last change to them.
//!
//! A mark that is expected and missing is an error: a tool that changed its output must not go unnoticed.

pub(crate) mod descriptor;
mod dist;
mod factory;
mod glue;
mod names;
pub(crate) mod prebuilt;
#[cfg(test)]
mod sample;
pub(crate) mod shell;

use std::collections::BTreeMap;

use contract::FileInfo;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub(crate) use dist::Dist;

/// Shortens text of a kind (`js` or `css`).
pub(crate) type Minify<'a> = dyn Fn(&str, &str) -> anyhow::Result<String> + 'a;

/// The files of a bundle by what they are for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Packaged {
    pub(crate) entry: String,
    pub(crate) wasm: String,
    pub(crate) styles: Vec<String>,
    pub(crate) files: BTreeMap<String, FileInfo>,
}

/// The files of a bundle.
#[derive(Clone, Debug)]
pub(crate) struct Bundle {
    pub(crate) packaged: Packaged,
    pub(crate) files: BTreeMap<String, Vec<u8>>,
}

/// Makes the bundle `name` from trunk's output and the entry's template.
pub(crate) fn bundle(
    name: &str,
    template: &str,
    dist: Dist,
    minify: &Minify<'_>,
) -> anyhow::Result<Bundle> {
    let mut files = BTreeMap::new();
    let mut add = |end: &str, bytes: Vec<u8>| {
        let hash = hex::encode(Sha256::digest(&bytes));
        let file = format!("{name}-{}{end}", &hash[..16]);
        let info = info(&bytes);
        files.insert(file.clone(), bytes);
        (file, info)
    };
    let (js, wasm) = names::shorten(&dist.js, &dist.wasm)?;
    let wasm = add("_bg.wasm", wasm);
    let css = minify("css", &dist.css)?;
    // An empty stylesheet would be a request for nothing.
    let style = (!css.trim().is_empty()).then(|| add(".css", css.into_bytes()));
    let mut modules = BTreeMap::new();
    for (module, source) in &dist.modules {
        let end = format!("-{module}.js");
        modules.insert(module.as_str(), add(&end, minify("js", source)?.into_bytes()));
    }
    let parts = factory::Parts { wasm: &wasm, style: style.as_ref(), modules: &modules };
    let entry = factory::entry(name, template, &js, &parts)?;
    let entry = add(".js", minify("js", &entry)?.into_bytes());
    let assets = dist.assets.iter().map(|(file, bytes)| (file.clone(), info(bytes)));
    let packaged = Packaged {
        entry: entry.0.clone(),
        wasm: wasm.0.clone(),
        styles: style.iter().map(|(file, _)| file.clone()).collect(),
        files: [entry, wasm]
            .into_iter()
            .chain(style)
            .chain(modules.into_values())
            .chain(assets)
            .collect(),
    };
    // These keep the names that stylesheets know.
    files.extend(dist.assets);
    Ok(Bundle { packaged, files })
}

fn info(bytes: &[u8]) -> FileInfo {
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    FileInfo { integrity: registry::integrity(bytes), bytes: length }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Dist, bundle, sample};

    #[test]
    fn the_same_input_gives_the_same_bundle_and_names_follow_bytes() {
        let make = |css: &str| {
            let assets = BTreeMap::from([("inter-5.woff2".to_owned(), b"font".to_vec())]);
            let (js, wasm) = (sample::GLUE.to_owned(), sample::wasm());
            let modules = BTreeMap::from([("panel".to_owned(), "export {}".to_owned())]);
            let dist = Dist { js, wasm, css: css.to_owned(), modules, assets };
            let minify = |_: &str, text: &str| Ok(text.trim().to_owned());
            bundle("ward-risk", sample::ENTRY, dist, &minify).unwrap()
        };
        let (one, same, other) = (make("a {}"), make("a {}"), make("b {}"));
        assert_eq!(one.files, same.files);
        // The stylesheet's name stands in the entry, so both change; the WASM does not.
        assert_eq!(one.packaged.wasm, other.packaged.wasm);
        assert_ne!(one.packaged.styles, other.packaged.styles);
        assert_ne!(one.packaged.entry, other.packaged.entry);
        assert!(
            one.packaged.wasm.starts_with("ward-risk-") && one.packaged.wasm.ends_with("_bg.wasm")
        );
        assert_eq!(one.packaged.files["inter-5.woff2"].bytes, 4);
        assert_eq!(one.packaged.files.len(), 5);
        assert_eq!(make(" ").packaged.files.len(), 4);
        let panel = one.packaged.files.keys().find(|file| file.ends_with("-panel.js")).unwrap();
        let entry = String::from_utf8(one.files[&one.packaged.entry].clone()).unwrap();
        assert!(entry.contains(panel.as_str()), "{entry}");
    }
}
