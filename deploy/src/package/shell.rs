//! What gateways serve besides the shell's bundle: the page, the list of files, and smaller forms.

use std::collections::BTreeMap;

use anyhow::{Context, ensure};
use contract::FileInfo;
use registry::precompress::{Precompressed, precompress};
use serde::Serialize;

use super::{Bundle, Packaged};

/// Where gateways serve the shell's files.
const BASE: &str = "/shell/";
/// What the gateway puts in place with each answer.
const LEFT_FOR_THE_GATEWAY: [&str; 3] =
    ["__ASTERISM_NONCE__", "<!--asterism:page-->", "<!--asterism:hints-->"];

/// `shell.json`.
#[derive(Serialize)]
struct Listing<'a> {
    files: &'a BTreeMap<String, FileInfo>,
}

/// Returns `index.html`, `shell.json`, and the `.br` and `.gz` forms of the bundle's files.
pub(crate) fn site_files(page: &str, bundle: &Bundle) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let Bundle { packaged, files } = bundle;
    let listing = serde_json::to_vec_pretty(&Listing { files: &packaged.files })?;
    let mut made = BTreeMap::from([
        ("index.html".to_owned(), index(page, packaged)?.into_bytes()),
        ("shell.json".to_owned(), listing),
    ]);
    // Pictures and fonts are compressed already.
    let plain = [".js", ".wasm", ".css", ".svg"];
    for (file, bytes) in
        files.iter().filter(|(file, _)| plain.iter().any(|end| file.ends_with(end)))
    {
        let Precompressed { brotli, gzip } = precompress(bytes);
        for (end, form) in [(".br", brotli), (".gz", gzip)] {
            if let Some(form) = form {
                made.insert([file, end].concat(), form);
            }
        }
    }
    Ok(made)
}

fn index(page: &str, packaged: &Packaged) -> anyhow::Result<String> {
    let style = packaged.styles.first().context("the shell has no stylesheet")?;
    let mut page = page.to_owned();
    for (kind, file) in [("JS", &packaged.entry), ("WASM", &packaged.wasm), ("CSS", style)] {
        let values = [
            (format!("__SHELL_{kind}_INTEGRITY__"), packaged.files[file].integrity.clone()),
            (format!("__SHELL_{kind}__"), [BASE, file].concat()),
        ];
        for (mark, value) in values {
            ensure!(page.contains(&mark), "shell/page.html has no {mark}");
            page = page.replace(&mark, &value);
        }
    }
    for mark in LEFT_FOR_THE_GATEWAY {
        ensure!(page.contains(mark), "shell/page.html has no {mark}, which gateways fill in");
    }
    Ok(page)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use contract::FileInfo;

    use super::{Bundle, Packaged, site_files};

    fn bundle() -> Bundle {
        let names = ["s.js", "s.wasm", "s.css"].map(String::from);
        let info = |name: &String| FileInfo { integrity: format!("sha384-{name}"), bytes: 2000 };
        let packaged = Packaged {
            entry: names[0].clone(),
            wasm: names[1].clone(),
            styles: vec![names[2].clone()],
            files: names.iter().map(|name| (name.clone(), info(name))).collect(),
        };
        let files: BTreeMap<_, _> =
            names.into_iter().map(|name| (name, vec![b' '; 2000])).collect();
        Bundle { packaged, files }
    }

    const PAGE: &str = "__SHELL_JS__ __SHELL_JS_INTEGRITY__ __SHELL_WASM__ __SHELL_WASM_INTEGRITY__ \
        __SHELL_CSS__ __SHELL_CSS_INTEGRITY__ __ASTERISM_NONCE__ <!--asterism:hints--> <!--asterism:page-->";

    #[test]
    fn the_page_names_every_file_with_its_integrity() {
        let made = site_files(PAGE, &bundle()).unwrap();
        let page = String::from_utf8(made["index.html"].clone()).unwrap();
        let expected = "/shell/s.js sha384-s.js /shell/s.wasm sha384-s.wasm /shell/s.css \
            sha384-s.css __ASTERISM_NONCE__ <!--asterism:hints--> <!--asterism:page-->";
        assert_eq!(page, expected);
        let listing: serde_json::Value = serde_json::from_slice(&made["shell.json"]).unwrap();
        assert_eq!(listing["files"]["s.wasm"]["integrity"], "sha384-s.wasm");
        assert!(made["s.js.br"].len() < 2000 && made["s.wasm.gz"].len() < 2000);
    }

    #[test]
    fn a_page_without_a_mark_is_refused() {
        for mark in PAGE.split(' ') {
            let page = PAGE.replacen(mark, "", 1);
            let made = site_files(&page, &bundle());
            assert!(made.is_err(), "{mark}");
        }
    }
}
