//! Glue as a factory, in the entry.
//!
//! A module runs once per URL and is never collected. A function that runs the glue gives every mount an
//! instance of its own, which goes away with it.

use std::collections::BTreeMap;

use anyhow::ensure;
use contract::FileInfo;
use serde::Serialize;

use super::glue::{self, Glue};

/// A file and what is known of it.
pub(super) type Named = (String, FileInfo);

/// How Yew marks DOM nodes and events. Two bundles that share these fire each other's handlers.
const BRANDS: [&str; 3] = ["subtree_id", "listener_id", "subtree_cache_key"];
const GLUE_MARK: &str = "__ASTERISM_GLUE__";
const BUNDLE_MARK: &str = "__ASTERISM_BUNDLE__";

/// What the entry must know of the bundle's other files.
pub(super) struct Parts<'a> {
    pub(super) wasm: &'a Named,
    pub(super) style: Option<&'a Named>,
    /// Modules that it may load later, by name.
    pub(super) modules: &'a BTreeMap<&'a str, Named>,
}

/// What the entry is told, in this order: the bytes of a bundle must not depend on how `serde_json` was built.
#[derive(Serialize)]
struct About<'a> {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    modules: BTreeMap<&'a str, File<'a>>,
    name: &'a str,
    styles: Vec<File<'a>>,
    wasm: File<'a>,
}

#[derive(Serialize)]
struct File<'a> {
    integrity: &'a str,
    path: &'a str,
}

impl<'a> File<'a> {
    fn of((path, info): &'a Named) -> Self {
        Self { integrity: &info.integrity, path }
    }
}

/// Puts the glue and the names of the files into the entry's template.
pub(super) fn entry(
    name: &str,
    template: &str,
    js: &str,
    Parts { wasm, style, modules }: &Parts<'_>,
) -> anyhow::Result<String> {
    let factory = factory(&glue::parse(&rebrand(js, name)?)?);
    let about = About {
        modules: modules.iter().map(|(name, module)| (*name, File::of(module))).collect(),
        name,
        styles: style.iter().copied().map(File::of).collect(),
        wasm: File::of(wasm),
    };
    let bundle = serde_json::to_string(&about)?;
    let marks = [(GLUE_MARK, factory.as_str()), (BUNDLE_MARK, bundle.as_str())];
    marks.into_iter().try_fold(template.to_owned(), |text, (mark, value)| {
        let found = text.matches(mark).count();
        ensure!(found == 1, "the entry's template has {mark} {found} times, not once");
        Ok(text.replace(mark, value))
    })
}

/// Gives Yew's marks the bundle's name. The WASM knows them only through the glue and stays as it is.
fn rebrand(js: &str, name: &str) -> anyhow::Result<String> {
    let name = name.replace('-', "_");
    let mut js = js.to_owned();
    for brand in BRANDS {
        let (old, new) = (format!(".__yew_{brand}"), format!(".__yew_{name}_{brand}"));
        ensure!(
            js.contains(&old),
            "the glue has no `{old}`: is it Yew's, and still the one we know?"
        );
        js = js.replace(&old, &new);
    }
    let own = format!(".__yew_{name}_");
    let unknown = js.match_indices(".__yew_").find(|(at, _)| !js[*at..].starts_with(&own));
    match unknown {
        None => Ok(js),
        Some((at, _)) => {
            let mark: String = js[at..].chars().take(40).collect();
            anyhow::bail!("Yew marks the DOM with something new at `{mark}`: add it to BRANDS")
        }
    }
}

fn factory(Glue { body, exports }: &Glue) -> String {
    format!("() => {{\n{body}return {{ init: __wbg_init, {} }};\n}}", exports.join(", "))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Named, Parts, entry, rebrand};
    use crate::package::sample;

    fn file(path: &str) -> Named {
        let info = contract::FileInfo { integrity: "sha384-x".into(), bytes: 1 };
        (path.to_owned(), info)
    }

    #[test]
    fn brands_carry_the_bundles_name_and_imports_stay() {
        let js = rebrand(sample::GLUE, "ward-risk").unwrap();
        for brand in ["subtree_id", "listener_id", "subtree_cache_key"] {
            assert!(!js.contains(&format!(".__yew_{brand}")), "{brand}");
            assert!(js.contains(&format!(".__yew_ward_risk_{brand}")), "{brand}");
        }
        // The WASM asks for its imports by these names.
        assert!(js.contains("__wbg_set___yew_subtree_id_204d0ef270ea6094"));
    }

    #[test]
    fn missing_and_unknown_brands_are_errors() {
        for (js, why) in [
            (sample::GLUE.replace(".__yew_listener_id", ".x"), "no `.__yew_listener_id`"),
            ([sample::GLUE, "a.__yew_portal = 1;"].concat(), "something new at `.__yew_portal"),
        ] {
            let error = rebrand(&js, "search").unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }

    #[test]
    fn the_entry_holds_the_factory_and_the_files() {
        let (wasm, style) = (file("s.wasm"), file("s.css"));
        let none = BTreeMap::new();
        let parts = Parts { wasm: &wasm, style: Some(&style), modules: &none };
        let text = entry("search", sample::ENTRY, sample::GLUE, &parts).unwrap();
        assert!(text.starts_with("const factory = () => {\nclass Mounted {"), "{text}");
        assert!(text.contains("return { init: __wbg_init, Mounted, mount };\n};"), "{text}");
        let bundle = r#"= {"name":"search","styles":[{"integrity":"sha384-x","path":"s.css"}],"wasm":{"integrity":"sha384-x","path":"s.wasm"}};"#;
        assert!(text.contains(bundle), "{text}");
    }

    #[test]
    fn a_template_without_its_marks_is_refused() {
        for template in
            ["", "__ASTERISM_GLUE__", "__ASTERISM_GLUE__ __ASTERISM_GLUE__ __ASTERISM_BUNDLE__"]
        {
            let (wasm, none) = (file("s.wasm"), BTreeMap::new());
            let parts = Parts { wasm: &wasm, style: None, modules: &none };
            let made = entry("search", template, sample::GLUE, &parts);
            assert!(made.unwrap_err().to_string().contains("template"), "{template}");
        }
    }
}
