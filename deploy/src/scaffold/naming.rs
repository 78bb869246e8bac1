//! What a new remote is called, and where it stands.

use contract::valid_name;

use crate::failure::Failure;

/// What gateways answer themselves at the root of a site.
const RESERVED: [&str; 12] = [
    "api",
    "beacons",
    "healthz",
    "importmap.json",
    "manifest",
    "manifest.json",
    "metrics",
    "readyz",
    "registry",
    "remotes",
    "schema",
    "shell",
];
/// Where a remote stands in the navigation when nobody says.
const LAST: u32 = 100;

/// The words that fill in the templates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Naming {
    /// As in the manifest.
    pub(crate) name: String,
    /// As people read it.
    pub(crate) title: String,
    /// The path that it stands at, without a trailing slash.
    pub(crate) route: String,
    /// Where in the navigation.
    pub(crate) order: u32,
}

impl Naming {
    /// Checks the words of a command line and fills in the others.
    ///
    /// # Errors
    /// One of them cannot stand in a path, in Rust or in HTML.
    pub(crate) fn new(
        name: &str,
        title: Option<&str>,
        route: Option<&str>,
        order: Option<u32>,
    ) -> anyhow::Result<Self> {
        if !valid_name(name) || name.contains("--") {
            let advice = "use up to 40 lower-case letters, digits and single dashes: ward-risk";
            return Err(Failure::usage(format!("`{name}` is no name for a remote"), advice).into());
        }
        let title = title.map_or_else(|| titled(name), str::to_owned);
        let fits = |c: char| c.is_alphanumeric() || " -,.:()".contains(c);
        if title.trim().is_empty() || title.len() > 60 || !title.chars().all(fits) {
            let what = format!("`{title}` is no title");
            let advice = "use up to 60 letters, digits, spaces and `-,.:()`: --title \"Ward risk\"";
            return Err(Failure::usage(what, advice).into());
        }
        let route = route.map_or_else(|| ["/", name].concat(), str::to_owned);
        if !valid_route(&route) {
            let what = format!("`{route}` is no route for a remote");
            let advice = "use a path of lower-case letters, digits and dashes that no gateway \
                answers itself: --route /ward-risk";
            return Err(Failure::usage(what, advice).into());
        }
        Ok(Self { name: name.to_owned(), title, route, order: order.unwrap_or(LAST) })
    }

    /// Returns the marks and what stands in their place.
    pub(super) fn words(&self) -> [(&'static str, String); 5] {
        let Self { name, title, route, order } = self;
        [
            ("{{name}}", name.clone()),
            ("{{crate}}", name.replace('-', "_")),
            ("{{title}}", title.clone()),
            ("{{route}}", route.clone()),
            ("{{order}}", order.to_string()),
        ]
    }
}

fn titled(name: &str) -> String {
    let words = name.replace('-', " ");
    let mut letters = words.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

fn valid_route(route: &str) -> bool {
    let Some(path) = route.strip_prefix('/') else { return false };
    let segment = |segment: &str| {
        !segment.is_empty()
            && segment.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    let first = path.split('/').next().unwrap_or_default();
    path.len() <= 100 && path.split('/').all(segment) && !RESERVED.contains(&first)
}

#[cfg(test)]
mod tests {
    use super::Naming;

    #[test]
    fn a_name_alone_is_enough() {
        let naming = Naming::new("ward-risk", None, None, None).unwrap();
        assert_eq!((&*naming.title, &*naming.route), ("Ward risk", "/ward-risk"));
        assert_eq!(naming.order, 100);
    }

    #[test]
    fn words_that_would_break_something_are_refused() {
        for (name, title, route) in [
            ("Visits", None, None),
            ("a--b", None, None),
            ("../a", None, None),
            ("visits", Some("\"quoted\""), None),
            ("visits", Some("<b>"), None),
            ("visits", Some("{{name}}"), None),
            ("visits", Some(" "), None),
            ("visits", None, Some("/")),
            ("visits", None, Some("visits")),
            ("visits", None, Some("/visits/")),
            ("visits", None, Some("/visits/*")),
            ("visits", None, Some("/api/visits")),
            ("visits", None, Some("/registry")),
        ] {
            let made = Naming::new(name, title, route, None);
            assert!(made.is_err(), "{name} {title:?} {route:?}");
        }
        assert!(Naming::new("visits", Some("Visits (2)"), Some("/ward/visits"), None).is_ok());
    }
}
