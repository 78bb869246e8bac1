//! Made-up answers, a file each: `GET /api/visits/a-b` is `get-api-visits-a-b.json`.
//!
//! `_` stands for any one segment after the domain, so `get-api-visits-_.json` answers for all ids; the
//! more precise file wins. A file that ends in `.sse` is a stream of events. The query does not count.

use std::path::{Path, PathBuf};

/// More segments than any API has: the names to look for double with each.
const MOST: usize = 6;

/// Returns the file that answers a request.
pub(super) fn find(dir: &Path, method: &str, path: &str) -> Option<PathBuf> {
    let names = names(method, path)?;
    let files = names.iter().flat_map(|name| {
        // Longest names of content first: a stream is asked for where there is one.
        [".sse", ".json"].map(|end| dir.join([name, end].concat()))
    });
    files.into_iter().find(|file| file.is_file())
}

/// Returns the name that a fixture for this request would have.
pub(super) fn exact_name(method: &str, path: &str) -> Option<String> {
    names(method, path)?.first().map(|name| [name, ".json"].concat())
}

/// Returns the names of possible files without their ends, the most precise first.
fn names(method: &str, path: &str) -> Option<Vec<String>> {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let ["api", domain, rest @ ..] = segments.as_slice() else { return None };
    // What a path cannot hold here, a file's name must not either.
    let plain = |text: &&str| {
        text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~%".contains(&b)) && *text != ".."
    };
    if rest.len() > MOST || !segments.iter().all(plain) {
        return None;
    }
    let mut masks: Vec<u32> = (0..1 << rest.len()).collect();
    // The fewer wildcards the better, and the later in the path.
    masks.sort_by_key(|mask| (mask.count_ones(), *mask));
    let name = |mask: &u32| {
        let mut name = [&method.to_ascii_lowercase(), "-api-", domain].concat();
        for (at, segment) in rest.iter().enumerate() {
            // The last segment is the lowest bit.
            let any = mask >> (rest.len() - 1 - at) & 1 == 1;
            name.push('-');
            name.push_str(if any { "_" } else { segment });
        }
        name
    };
    Some(masks.iter().map(name).collect())
}

#[cfg(test)]
mod tests {
    use super::{exact_name, find, names};

    #[test]
    fn the_most_precise_name_comes_first() {
        assert_eq!(names("GET", "/api/visits").unwrap(), ["get-api-visits"]);
        assert_eq!(
            names("POST", "/api/visits/a/notes").unwrap(),
            [
                "post-api-visits-a-notes",
                "post-api-visits-a-_",
                "post-api-visits-_-notes",
                "post-api-visits-_-_"
            ]
        );
        assert_eq!(exact_name("GET", "/api/visits/").as_deref(), Some("get-api-visits.json"));
    }

    #[test]
    fn no_path_leads_out_of_the_folder() {
        for path in ["/api", "/visits", "/api/../x", "/api/a/b\\c", "/api/1/2/3/4/5/6/7/8"] {
            assert_eq!(names("GET", path), None, "{path}");
        }
    }

    #[test]
    fn a_wildcard_answers_where_nothing_more_precise_does() {
        let dir = tempfile::tempdir().unwrap();
        for file in ["get-api-visits-_.json", "get-api-visits-a.json", "post-api-visits-ask.sse"] {
            std::fs::write(dir.path().join(file), "{}").unwrap();
        }
        for (method, path, file) in [
            ("GET", "/api/visits/a", Some("get-api-visits-a.json")),
            ("GET", "/api/visits/b", Some("get-api-visits-_.json")),
            ("POST", "/api/visits/ask", Some("post-api-visits-ask.sse")),
            ("DELETE", "/api/visits/a", None),
            ("GET", "/api/visits", None),
        ] {
            let expected = file.map(|file| dir.path().join(file));
            assert_eq!(find(dir.path(), method, path), expected, "{method} {path}");
        }
    }
}
