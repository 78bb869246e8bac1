//! Which route of which remote answers a path.

use crate::{Manifest, RouteSpec};

/// A route that answers a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouteMatch<'a> {
    /// The remote's name.
    pub remote: &'a str,
    /// The matching route.
    pub route: &'a RouteSpec,
}

/// Deeper patterns than this never match.
const LEVELS: u32 = 30;

/// Returns how specific a match of `pattern` on `path` is, `None` when it does not match.
///
/// Level by level, a literal segment beats a `:parameter`, which beats the end of the path, which
/// beats a trailing `*`. A trailing slash makes no difference. `*` also matches nothing at all.
#[must_use]
pub fn match_route(pattern: &str, path: &str) -> Option<u64> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let mut given = path.split('/').filter(|s| !s.is_empty());
    let mut score = 0;
    let mut level = 0;
    for segment in pattern.split('/').filter(|s| !s.is_empty()) {
        if level == LEVELS {
            return None;
        }
        let weight = match (segment, given.next()) {
            ("*", _) => return Some(score),
            (s, Some(_)) if s.starts_with(':') => 2,
            (s, Some(g)) if s == g => 3,
            _ => return None,
        };
        score |= weight << (2 * (LEVELS - level));
        level += 1;
    }
    given.next().is_none().then_some(score | 1 << (2 * (LEVELS - level)))
}

/// Returns the most specific route of the active releases that answers `path`.
///
/// Two equally specific routes go to the remote whose name sorts first, so that every host agrees.
#[must_use]
pub fn best_match<'a>(manifest: &'a Manifest, path: &str) -> Option<RouteMatch<'a>> {
    let mut best: Option<(u64, RouteMatch<'a>)> = None;
    for (remote, state) in &manifest.remotes {
        for route in &state.active.routes {
            let Some(score) = match_route(&route.path, path) else { continue };
            if best.is_none_or(|(top, _)| score > top) {
                best = Some((score, RouteMatch { remote, route }));
            }
        }
    }
    best.map(|(_, found)| found)
}

#[cfg(test)]
mod tests {
    use super::match_route;

    #[test]
    fn patterns_match_whole_paths() {
        for (pattern, path, matches) in [
            ("/", "/", true),
            ("/", "/?q=kafka", true),
            ("/", "/ask", false),
            ("/ask", "/ask/", true),
            ("/story/:id", "/story/a-b", true),
            ("/story/:id", "/story", false),
            ("/story/:id", "/story/a/b", false),
            ("/industries/*", "/industries", true),
            ("/industries/*", "/industries/retail/x", true),
            ("/industries/*", "/industry", false),
        ] {
            assert_eq!(match_route(pattern, path).is_some(), matches, "{pattern} on {path}");
        }
    }

    #[test]
    fn the_more_specific_pattern_wins() {
        for (strong, weak, path) in [
            ("/story/new", "/story/:id", "/story/new"),
            ("/story/:id", "/story/*", "/story/new"),
            ("/industries", "/industries/*", "/industries"),
            ("/a/*", "/:x/b", "/a/b"),
        ] {
            assert!(match_route(strong, path) > match_route(weak, path), "{strong} over {weak}");
        }
    }
}
