//! A developer's own copy of a remote, in this tab only: `?asterism-override=<name>=<url>`.
//!
//! The URL is the folder with `remote.json`. Where it may be is the deployment's to say; a production site
//! allows none. An override is not signed, so the page shows a banner as long as there is one; its files'
//! integrity and its contract are checked as ever.
//!
//! Not here: showing it (`components::override_banner`).

use contract::{PageConfig, Release, may_override, valid_name};
use wasm_bindgen::JsValue;
use web_sys::{Response, Storage, Url, UrlSearchParams};

use crate::get::get;
use crate::slot::DESCRIPTOR;
use crate::{js, wire};

const PARAMETER: &str = "asterism-override";
/// Where a tab keeps them: a line each, name and URL.
const KEY: &str = "asterism.overrides";

/// One override.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Override {
    /// The remote's name; the manifest need not have it.
    pub(crate) name: String,
    /// The folder with `remote.json`, ends in `/`.
    pub(crate) url: String,
    /// What is there, or why it cannot be used.
    pub(crate) release: Result<Release, String>,
}

/// Takes what the address asks for into the tab's storage, and the parameter out of the address.
pub(crate) fn take() {
    let window = gloo_utils::window();
    let location = window.location();
    let Ok(query) = location.search().and_then(|search| UrlSearchParams::new_with_str(&search))
    else {
        return;
    };
    let asked: Vec<String> =
        query.get_all(PARAMETER).iter().filter_map(|value| value.as_string()).collect();
    if asked.is_empty() {
        return;
    }
    keep(&merged(&kept(), &asked));
    query.delete(PARAMETER);
    let rest = String::from(query.to_string());
    let (mark, path) =
        (if rest.is_empty() { "" } else { "?" }, location.pathname().unwrap_or_default());
    let address = [&path, mark, &rest, &location.hash().unwrap_or_default()].concat();
    if let Ok(history) = window.history() {
        let state = history.state().unwrap_or_default();
        let _ = history.replace_state_with_url(&state, "", Some(&address));
    }
}

/// Sets or, without a URL, ends the override of a remote.
pub(crate) fn set(name: &str, url: &str) {
    keep(&merged(&kept(), &[[name, "=", url].concat()]));
}

/// Returns the tab's overrides with what is behind them now.
pub(crate) async fn load(page: &PageConfig) -> Vec<Override> {
    let mut loaded = Vec::new();
    for (name, url) in kept() {
        let release = fetch(page, &name, &url).await;
        loaded.push(Override { name, url, release });
    }
    loaded
}

async fn fetch(page: &PageConfig, name: &str, url: &str) -> Result<Release, String> {
    let origin = Url::new(url).map(|url| url.origin()).map_err(|_| "it is no URL".to_owned())?;
    if !may_override(&page.override_origins, &origin) {
        return Err([&origin, " is not among the origins that this site allows"].concat());
    }
    let value = get(&[url, DESCRIPTOR].concat(), Response::json).await?;
    if js::text(&value, "name").as_deref() != Some(name) {
        return Err(["its remote.json is not that of ", name].concat());
    }
    js::set(&value, "base", &url.into());
    wire::release(&value).ok_or_else(|| "its remote.json has another shape".to_owned())
}

/// Puts what was asked for (`name=url`, `name=` to end one, nothing to end all) over what was there.
fn merged(before: &[(String, String)], asked: &[String]) -> Vec<(String, String)> {
    let mut list = before.to_vec();
    for one in asked {
        let Some((name, url)) = one.split_once('=') else {
            list.clear();
            continue;
        };
        list.retain(|(other, _)| other != name);
        if valid_name(name) && !url.is_empty() {
            let end = if url.ends_with('/') { "" } else { "/" };
            list.push((name.to_owned(), [url, end].concat()));
        }
    }
    list
}

fn kept() -> Vec<(String, String)> {
    let text = storage().and_then(|storage| storage.get_item(KEY).ok()?).unwrap_or_default();
    let pairs = text.lines().filter_map(|line| line.split_once(' '));
    pairs.map(|(name, url)| (name.to_owned(), url.to_owned())).collect()
}

fn keep(list: &[(String, String)]) {
    let Some(storage) = storage() else { return };
    let lines: String = list.iter().map(|(name, url)| [name, " ", url, "\n"].concat()).collect();
    let kept =
        if lines.is_empty() { storage.remove_item(KEY) } else { storage.set_item(KEY, &lines) };
    if kept.is_err() {
        web_sys::console::warn_1(&JsValue::from_str("this browser keeps no override"));
    }
}

fn storage() -> Option<Storage> {
    gloo_utils::window().session_storage().ok()?
}

#[cfg(test)]
mod tests {
    use super::merged;

    #[test]
    fn the_last_word_on_a_remote_counts() {
        let asked =
            |list: &[&str]| -> Vec<String> { list.iter().map(|s| (*s).to_owned()).collect() };
        let one =
            merged(&[], &asked(&["search=http://localhost:9001", "ask=http://localhost:9002/x/"]));
        let pair = |name: &str, url: &str| (name.to_owned(), url.to_owned());
        let (search, ask) =
            (pair("search", "http://localhost:9001/"), pair("ask", "http://localhost:9002/x/"));
        assert_eq!(one, [search, ask.clone()]);
        assert_eq!(merged(&one, &asked(&["search="])), one[1..]);
        let moved = merged(&one, &asked(&["search=http://localhost:1/x"]));
        assert_eq!(moved, [ask, pair("search", "http://localhost:1/x/")]);
        assert!(merged(&one, &asked(&[""])).is_empty());
        assert!(merged(&[], &asked(&["../x=http://localhost:1"])).is_empty());
    }
}
