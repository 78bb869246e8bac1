//! Short names for what glue and WASM call each other.
//!
//! Wasm-bindgen ends the name of nearly every import, and of the functions behind closures, with the 16
//! digits of a hash, and each name stands in both files. Hashes do not compress: with names of one or two
//! letters a bundle of 100 KB (brotli) is 4 KB smaller. Code and data stay as they are, byte for byte.
//!
//! Not here: names of functions within the WASM, which wasm-opt drops.

use std::collections::BTreeMap;

use anyhow::{Context, ensure};
use wasm_encoder::{
    ExportSection, ImportSection, Module, RawSection,
    reencode::{Reencode, RoundtripReencoder},
};
use wasmparser::{Parser, Payload, TypeRef};

/// What the glue calls the object with the exports.
const EXPORTS: &str = "wasm.";

/// New names by old ones.
type Names = BTreeMap<String, String>;

/// Renames imports, exports and the module that the imports come from, in both files.
///
/// # Errors
/// The WASM cannot be read, imports from more than one module or something else than functions, or the
/// glue does not define or use the names as wasm-bindgen 0.2.130 does.
pub(super) fn shorten(js: &str, wasm: &[u8]) -> anyhow::Result<(String, Vec<u8>)> {
    let mut names = Shortened::default();
    let wasm = names.wasm(wasm).context("cannot read the WASM")?;
    Ok((names.js(js)?, wasm))
}

#[derive(Debug, Default)]
struct Shortened {
    module: String,
    imports: Names,
    exports: Names,
}

impl Shortened {
    fn wasm(&mut self, wasm: &[u8]) -> anyhow::Result<Vec<u8>> {
        let mut module = Module::new();
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload?;
            match &payload {
                Payload::ImportSection(section) => {
                    let mut imports = ImportSection::new();
                    for import in section.clone().into_imports() {
                        let import = import?;
                        ensure!(
                            matches!(import.ty, TypeRef::Func(_)),
                            "it imports `{}`, which is no function",
                            import.name
                        );
                        if self.imports.is_empty() {
                            import.module.clone_into(&mut self.module);
                        }
                        ensure!(import.module == self.module, "it imports from two modules");
                        let ty = RoundtripReencoder.entity_type(import.ty)?;
                        imports.import("a", short(&mut self.imports, import.name), ty);
                    }
                    module.section(&imports);
                }
                Payload::ExportSection(section) => {
                    let mut exports = ExportSection::new();
                    for export in section.clone() {
                        let export = export?;
                        let kind = RoundtripReencoder.export_kind(export.kind)?;
                        exports.export(short(&mut self.exports, export.name), kind, export.index);
                    }
                    module.section(&exports);
                }
                other => {
                    if let Some((id, range)) = other.as_section() {
                        let range = usize::try_from(range.start)?..usize::try_from(range.end)?;
                        module.section(&RawSection { id, data: &wasm[range] });
                    }
                }
            }
        }
        Ok(module.finish())
    }

    fn js(&self, js: &str) -> anyhow::Result<String> {
        let mut text = String::with_capacity(js.len());
        let mut defined = 0;
        let mut rest = js;
        while let Some(start) = rest.find(is_word) {
            let (before, from) = rest.split_at(start);
            let (word, after) = from.split_at(from.find(|c| !is_word(c)).unwrap_or(from.len()));
            text.push_str(before);
            // A key of the object with the imports; elsewhere such a name is one of the glue's own.
            let import = self.imports.get(word).filter(|_| after.starts_with(": function("));
            if let Some(name) = import {
                defined += 1;
                text.push_str(name);
            } else if text.ends_with(EXPORTS)
                && !text[..text.len() - EXPORTS.len()].ends_with(is_word)
            {
                let name = self.exports.get(word);
                text.push_str(name.with_context(|| format!("the WASM exports no `{word}`"))?);
            } else {
                text.push_str(word);
            }
            rest = after;
        }
        text.push_str(rest);
        let imports = self.imports.len();
        ensure!(defined == imports, "the glue defines {defined} of {imports} imports");
        if imports == 0 {
            return Ok(text);
        }
        let key = format!("\"{}\": import0", self.module);
        ensure!(text.matches(&key).count() == 1, "the glue has no `{key}`");
        Ok(text.replace(&key, "\"a\": import0"))
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '$')
}

/// Returns the new name of `old`, the next free one when it has none.
fn short<'a>(names: &'a mut Names, old: &str) -> &'a str {
    let next = nth(names.len());
    names.entry(old.to_owned()).or_insert(next)
}

/// The names in order: `a` to `Z`, then `aa`, `ba`, and so on.
fn nth(mut n: usize) -> String {
    const LETTERS: &[u8; 52] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut name = String::new();
    loop {
        name.push(char::from(LETTERS[n % LETTERS.len()]));
        if n < LETTERS.len() {
            return name;
        }
        n = n / LETTERS.len() - 1;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use wasmparser::{Parser, Payload};

    use super::{nth, shorten};
    use crate::package::sample;

    #[test]
    fn both_sides_get_the_same_short_names() {
        let wasm = sample::wasm();
        let (js, short) = shorten(sample::GLUE, &wasm).unwrap();
        assert!(short.len() < wasm.len());
        let (mut imports, mut exports) = (Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(&short) {
            match payload.unwrap() {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        let import = import.unwrap();
                        imports.push(format!("{}.{}", import.module, import.name));
                    }
                }
                Payload::ExportSection(section) => {
                    exports.extend(section.into_iter().map(|e| e.unwrap().name.to_owned()));
                }
                _ => {}
            }
        }
        assert_eq!(imports, ["a.a", "a.b", "a.c", "a.d"]);
        assert_eq!(exports, ["a", "b"]);
        assert!(
            js.contains("\n        a: function(arg0) {") && js.contains("\"a\": import0,"),
            "{js}"
        );
        assert!(js.contains("= wasm.b(root, props)") && js.contains("wasm.a(ptr)"), "{js}");
        assert!(!js.contains("204d0ef270ea6094"), "{js}");
        // A function of the glue and one of the WASM may have the same name.
        assert!(js.contains("\nexport function mount(root, props) {"), "{js}");
    }

    #[test]
    fn code_stays_as_it_is() {
        let code = |wasm: &[u8]| {
            let sections = Parser::new(0).parse_all(wasm);
            let mut ranges = sections.filter_map(|payload| payload.unwrap().as_section());
            let (_, range) = ranges.find(|(id, _)| *id == 10)?;
            Some(wasm[range.start as usize..range.end as usize].to_vec())
        };
        let wasm = sample::wasm();
        let (_, short) = shorten(sample::GLUE, &wasm).unwrap();
        assert!(code(&wasm).is_some_and(|code| !code.is_empty()));
        assert_eq!(code(&wasm), code(&short));
    }

    #[test]
    fn a_glue_that_does_not_fit_is_refused() {
        for (js, why) in [
            (sample::GLUE.replace("set_cache_key_1b42", "other_1b42"), "3 of 4 imports"),
            (sample::GLUE.replace("wasm.mount(", "wasm.grow("), "exports no `grow`"),
            (sample::GLUE.replace("./search_bg.js", "./x.js"), "no `\"./search_bg.js\": import0`"),
        ] {
            let error = format!("{:#}", shorten(&js, &sample::wasm()).unwrap_err());
            assert!(error.contains(why), "{why}: {error}");
        }
        assert!(shorten(sample::GLUE, b"\0asm").is_err());
    }

    #[test]
    fn no_name_is_given_twice() {
        let names: BTreeSet<String> = (0..10_000).map(nth).collect();
        assert_eq!(names.len(), 10_000);
        assert_eq!([nth(0), nth(51), nth(52), nth(53)], ["a", "Z", "aa", "ba"]);
    }
}
