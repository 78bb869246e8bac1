//! Walking along the list that one came from.

use contract::topics::{Trail, TrailItem};

/// Where a story stands in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Walk<'a> {
    /// The list's path and what it is called.
    pub(crate) back: (&'a str, &'a str),
    /// From 1, and how many there are; `None` when the story is not in the list.
    pub(crate) place: Option<(u32, u32)>,
    pub(crate) before: Option<&'a TrailItem>,
    pub(crate) after: Option<&'a TrailItem>,
}

/// All stories, for who came from elsewhere.
const ALL: Walk<'_> = Walk { back: ("/", "All work"), place: None, before: None, after: None };

/// Returns where the page at `path` stands in `trail`, which may be of another visit and about other pages.
pub(crate) fn walk<'a>(trail: &'a Trail, path: &str) -> Walk<'a> {
    let at = trail.items.iter().position(|item| plain(&item.path) == plain(path));
    let (Some(at), true) = (at, is_own(&trail.path)) else { return ALL };
    let neighbour = |at: Option<usize>| trail.items.get(at?).filter(|item| is_own(&item.path));
    let position = trail.before.saturating_add(u32::try_from(at + 1).unwrap_or(u32::MAX));
    let label = if trail.label.is_empty() { ALL.back.1 } else { &trail.label };
    Walk {
        back: (&trail.path, label),
        place: Some((position, trail.total.max(position))),
        before: neighbour(at.checked_sub(1)),
        after: neighbour(at.checked_add(1)),
    }
}

/// Without query and without slash at the end.
fn plain(path: &str) -> &str {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    path.strip_suffix('/').unwrap_or(path)
}

/// Whether a path is of this site: it comes from whoever published it.
fn is_own(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("//") && !path.contains('\\')
}

#[cfg(test)]
mod tests {
    use contract::topics::{Trail, TrailItem};

    use super::{ALL, walk};

    fn trail(paths: &[&str]) -> Trail {
        let item =
            |path: &&str| TrailItem { path: (*path).to_owned(), title: (*path).to_uppercase() };
        Trail {
            path: "/?q=kafka".to_owned(),
            label: "Results for “kafka”".to_owned(),
            items: paths.iter().map(item).collect(),
            before: 20,
            total: 40,
        }
    }

    #[test]
    fn a_story_in_the_list_has_neighbours_and_a_place() {
        let trail = trail(&["/story/a", "/story/b?x=1", "/story/c"]);
        let found = walk(&trail, "/story/b/");
        assert_eq!(found.back, ("/?q=kafka", "Results for “kafka”"));
        assert_eq!(found.place, Some((22, 40)));
        let path = |item: Option<&TrailItem>| item.map(|item| item.path.clone());
        assert_eq!(path(found.before).as_deref(), Some("/story/a"));
        assert_eq!(path(found.after).as_deref(), Some("/story/c"));
        assert_eq!(walk(&trail, "/story/a").before, None);
        assert_eq!(walk(&trail, "/story/c").after, None);
    }

    #[test]
    fn a_story_elsewhere_leads_to_all_work() {
        let list = trail(&["/story/a"]);
        assert_eq!(walk(&list, "/story/other"), ALL);
        assert_eq!(walk(&Trail::default(), "/story/a"), ALL);
        for path in ["https://evil.example/", "//evil.example", "/\\evil.example", ""] {
            assert_eq!(walk(&Trail { path: path.to_owned(), ..list.clone() }, "/story/a"), ALL);
        }
        let hostile = trail(&["//evil.example", "/story/b", "javascript:alert(1)"]);
        let found = walk(&hostile, "/story/b");
        assert_eq!((found.before, found.after), (None, None));
    }

    #[test]
    fn a_total_that_cannot_be_is_not_shown() {
        let list = Trail { total: 0, label: String::new(), ..trail(&["/story/a"]) };
        let found = walk(&list, "/story/a");
        assert_eq!((found.place, found.back.1), (Some((21, 21)), "All work"));
    }
}
