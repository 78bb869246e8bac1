use super::{Click, current, navigation, resolve, takes_click};
use crate::slot::fixture::{manifest, route};

fn click(location: &str) -> Click<'_> {
    Click { handled: false, plain: true, special: false, same_origin: true, location, hash: "" }
}

#[test]
fn a_path_is_answered_by_the_remote_whose_route_fits_best() {
    let manifest = manifest(&[
        ("one", &[route("/", "Home", None), route("/story/*", "All", None)]),
        ("two", &[route("/story/:id", "Story", None)]),
    ]);
    let place = resolve(&manifest, "/story/a?x=1").unwrap();
    assert_eq!((place.remote.as_str(), place.title.as_str()), ("two", "Story"));
    assert_eq!(resolve(&manifest, "/nowhere"), None);
}

#[test]
fn the_navigation_is_sorted_by_order_then_label() {
    let manifest = manifest(&[
        ("a", &[route("/z/*", "Z", Some(("Zed", 20))), route("/hidden", "H", None)]),
        ("b", &[route("/y", "Y", Some(("Why", 20))), route("/p/:id", "P", Some(("Param", 1)))]),
        ("c", &[route("/", "Home", Some(("Home", 10)))]),
    ]);
    let items: Vec<_> = navigation(&manifest)
        .into_iter()
        .map(|item| (item.label.to_string(), item.href.to_string()))
        .collect();
    let expected = [("Home", "/"), ("Why", "/y"), ("Zed", "/z")];
    assert_eq!(items, expected.map(|(label, href)| (label.to_owned(), href.to_owned())));
}

#[test]
fn a_link_is_current_on_its_page_and_within_its_section() {
    for (href, path, expected) in [
        ("/", "/", Some("page")),
        ("/", "/?q=kafka", Some("page")),
        ("/", "/ask", None),
        ("/industries", "/industries", Some("page")),
        ("/industries", "/industries/retail?x", Some("true")),
        ("/industries", "/industries-old", None),
    ] {
        assert_eq!(current(href, path).as_deref(), expected, "{href} at {path}");
    }
}

#[test]
fn plain_clicks_on_known_paths_are_the_hosts() {
    let manifest = manifest(&[("one", &[route("/", "Home", None), route("/ask", "Ask", None)])]);
    assert!(takes_click(&click("/ask"), "/", &manifest));
    assert!(takes_click(&click("/?q=kafka"), "/", &manifest));
    assert!(takes_click(&click("/"), "/", &manifest), "a link to this page does not reload it");
}

#[test]
fn every_other_click_is_the_browsers() {
    let manifest = manifest(&[("one", &[route("/", "Home", None), route("/ask", "Ask", None)])]);
    for (why, click) in [
        ("handled", Click { handled: true, ..click("/ask") }),
        ("modifier or other button", Click { plain: false, ..click("/ask") }),
        ("target or download", Click { special: true, ..click("/ask") }),
        ("other origin", Click { same_origin: false, ..click("/ask") }),
        ("no route", click("/schema/manifest.json")),
        ("hash on this page", Click { hash: "#results", ..click("/") }),
    ] {
        assert!(!takes_click(&click, "/", &manifest), "{why}");
    }
    assert!(
        takes_click(&Click { hash: "#results", ..click("/ask") }, "/", &manifest),
        "a hash on another page is a navigation"
    );
}
