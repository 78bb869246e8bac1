//! What a path, a click and the navigation mean, given the manifest. Pure.
//!
//! Not here: history and the DOM.

use contract::{Manifest, Nav, RemoteState, best_match};
use yew::AttrValue;

/// The remote that answers a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The remote's name.
    pub(crate) remote: String,
    /// The matching route's title.
    pub(crate) title: String,
    /// What is live for the remote.
    pub(crate) state: RemoteState,
}

/// Returns who answers `path`, `None` for a page that does not exist.
pub(crate) fn resolve(manifest: &Manifest, path: &str) -> Option<Place> {
    let found = best_match(manifest, path)?;
    Some(Place {
        remote: found.remote.to_owned(),
        title: found.route.title.clone(),
        state: manifest.remotes.get(found.remote)?.clone(),
    })
}

/// One entry of the navigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NavItem {
    /// The link's text.
    pub(crate) label: AttrValue,
    /// The link's path.
    pub(crate) href: AttrValue,
}

/// Returns the navigation: all routes with `nav`, by order, then by label.
///
/// A route with a parameter has no one address and is left out.
pub(crate) fn navigation(manifest: &Manifest) -> Vec<NavItem> {
    let mut entries: Vec<(&Nav, &str)> = Vec::new();
    for route in manifest.remotes.values().flat_map(|state| &state.active.routes) {
        let (Some(nav), Some(href)) = (&route.nav, address(&route.path)) else { continue };
        // Inserted in place: a general sort is 2 KB of the shell, for a handful of links.
        let key = (nav.order, &nav.label);
        let at = entries.partition_point(|(other, _)| (other.order, &other.label) <= key);
        entries.insert(at, (nav, href));
    }
    entries
        .into_iter()
        .map(|(nav, href)| NavItem {
            label: nav.label.clone().into(),
            href: href.to_owned().into(),
        })
        .collect()
}

fn address(pattern: &str) -> Option<&str> {
    let path = pattern.strip_suffix("/*").unwrap_or(pattern);
    (!path.contains([':', '*'])).then_some(if path.is_empty() { "/" } else { path })
}

/// Returns the `aria-current` of a navigation link while the page is at `path`: `page` on the page
/// itself, `true` within its section.
pub(crate) fn current(href: &str, path: &str) -> Option<AttrValue> {
    let path = path_of(path);
    if path == href {
        return Some("page".into());
    }
    let inside = href != "/" && path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'));
    inside.then(|| "true".into())
}

/// Returns a location without its query.
pub(crate) fn path_of(location: &str) -> &str {
    location.split(['?', '#']).next().unwrap_or_default()
}

/// A click on a link, wherever in the document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Click<'a> {
    /// Somebody called `preventDefault`.
    pub(crate) handled: bool,
    /// The main button without a modifier key: the browser would open the link here.
    pub(crate) plain: bool,
    /// The link says how it wants to be opened: `target`, `download` or `rel=external`.
    pub(crate) special: bool,
    /// The link leads to this origin.
    pub(crate) same_origin: bool,
    /// Path and query of the link.
    pub(crate) location: &'a str,
    /// `""` or `#…`.
    pub(crate) hash: &'a str,
}

/// Tells whether the host navigates for this click. Any other is the browser's.
pub(crate) fn takes_click(click: &Click<'_>, here: &str, manifest: &Manifest) -> bool {
    let within_page = click.location == here && !click.hash.is_empty();
    !click.handled
        && click.plain
        && !click.special
        && click.same_origin
        && !within_page
        && best_match(manifest, click.location).is_some()
}

#[cfg(test)]
mod tests;
