//! Taking wasm-bindgen's glue apart (`--target web`, as of 0.2.130).

use crate::failure::Failure;

/// The last line of the glue, which names its own two exports.
const OWN: &str = "export { initSync, __wbg_init as default };";
/// What an exported item can begin with.
const ITEMS: [&str; 4] = ["function ", "async function ", "class ", "const "];

/// Glue that exports nothing any more.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Glue {
    /// Statements.
    pub(super) body: String,
    /// The names of the exported functions and classes, in order.
    pub(super) exports: Vec<String>,
}

/// Takes the exports out of the glue.
///
/// # Errors
/// The glue imports something, has another form than expected, or exports nothing to call.
pub(super) fn parse(js: &str) -> anyhow::Result<Glue> {
    let mut body = String::with_capacity(js.len());
    let mut exports = Vec::new();
    let mut own = false;
    // Generated code begins its statements in the first column and nothing else there.
    for line in js.lines() {
        if line.starts_with("import ") || line.starts_with("import{") {
            let what = format!("the glue imports something: `{line}`");
            let advice = "remove JavaScript snippets and `module = …` from the package's bindings";
            return Err(Failure::new(what, advice).into());
        }
        if line == OWN {
            own = true;
            continue;
        }
        let line = match line.strip_prefix("export ") {
            Some(item) => {
                exports.push(exported(item).ok_or_else(|| strange(line))?);
                item
            }
            None => line,
        };
        body.push_str(line);
        body.push('\n');
    }
    if !own {
        return Err(strange(OWN).into());
    }
    if exports.is_empty() {
        let what = "the bundle exports nothing, so nothing could mount it";
        let advice = "link the library in main.rs: `use <crate> as _;`";
        return Err(Failure::new(what, advice).into());
    }
    Ok(Glue { body, exports })
}

fn exported(item: &str) -> Option<String> {
    let rest = ITEMS.iter().find_map(|start| item.strip_prefix(start))?;
    let name: String =
        rest.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '$')).collect();
    // `init` is what the factory calls wasm-bindgen's own.
    (!name.is_empty() && name != "init").then_some(name)
}

fn strange(line: &str) -> Failure {
    let what = format!("the glue is not as wasm-bindgen 0.2.130 writes it, at `{line}`");
    Failure::new(what, "adapt deploy/src/package to this wasm-bindgen, and its sample with it")
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::package::sample;

    #[test]
    fn exports_are_collected_and_no_longer_exported() {
        let glue = parse(sample::GLUE).unwrap();
        assert_eq!(glue.exports, ["Mounted", "mount"]);
        assert!(!glue.body.contains("export ") && glue.body.contains("\nfunction mount(root"));
    }

    #[test]
    fn anything_unexpected_is_an_error() {
        let end = "export { initSync, __wbg_init as default };";
        for (js, why) in [
            (format!("import * as x from './snippets/a.js';\n{end}"), "imports"),
            ("export function mount() {}".to_owned(), "not as wasm-bindgen"),
            (format!("export default 5;\n{end}"), "not as wasm-bindgen"),
            (format!("export {{ a as b }};\n{end}"), "not as wasm-bindgen"),
            (format!("export function init() {{}}\n{end}"), "not as wasm-bindgen"),
            (end.to_owned(), "exports nothing"),
        ] {
            let error = parse(&js).unwrap_err().to_string();
            assert!(error.contains(why), "{js}: {error}");
        }
    }
}
