//! The browser that tests run in.

use std::path::PathBuf;

use super::{Cache, apt};
use crate::{failure::Failure, process};

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Makes sure that there is a Chromium and returns where.
pub(crate) fn ensure(cache: &Cache) -> anyhow::Result<PathBuf> {
    if let Some(chosen) = std::env::var_os("ASTERISM_CHROMIUM").filter(|path| !path.is_empty()) {
        let chosen = PathBuf::from(chosen);
        if chosen.is_file() {
            return Ok(chosen);
        }
        let what = format!("ASTERISM_CHROMIUM is {}, which is no file", chosen.display());
        return Err(Failure::usage(what, "unset it, or name the browser's program").into());
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    apt::install(cache, &["chromium"], "for browser tests (a minute)")?;
    find().ok_or_else(|| {
        let what = "no Chromium was found, and browser tests need one";
        let advice = "`sudo apt-get install chromium`, or set ASTERISM_CHROMIUM to its program";
        Failure::new(what, advice).into()
    })
}

/// Returns the browser that is on the `PATH`.
pub(crate) fn find() -> Option<PathBuf> {
    NAMES.into_iter().find_map(process::find)
}
