//! The domains' services as one line, for an environment variable, or a line each, for a file:
//!
//! ```text
//! search=http://a:1|http://b:2                       two instances of one pool
//! search.blue=http://a:1,search.green=http://b:2     two pools; the first is the primary one
//! search.green=http://b:2|search@^2                  and bundles of the remote `search` 2.x go there
//! ```
//!
//! Not here: everything that has a default. Ranges of more than one part need a comma, which only a file can
//! have.

use std::str::FromStr;

use super::{Pool, Upstreams, UpstreamsError};

/// The pool of a domain that has no other.
const ONLY: &str = "main";

impl FromStr for Upstreams {
    type Err = UpstreamsError;

    fn from_str(list: &str) -> Result<Self, UpstreamsError> {
        let (mut upstreams, mut wrong) = (Self::default(), Vec::new());
        for item in list.split(',').map(str::trim).filter(|item| !item.is_empty()) {
            let pair = item.split_once('=').ok_or_else(|| bad(item));
            if let Err(what) = pair.and_then(|(name, parts)| upstreams.add(name, parts)) {
                wrong.push(what);
            }
        }
        wrong.extend(upstreams.wrong());
        if wrong.is_empty() { Ok(upstreams) } else { Err(UpstreamsError(wrong)) }
    }
}

impl Upstreams {
    /// Adds the pool that `name`, `<domain>[.<pool>]`, stands for, or says what is wrong with it.
    pub(crate) fn add(&mut self, name: &str, parts: &str) -> Result<(), String> {
        let (name, pool) = name.split_once('.').unwrap_or((name, ONLY));
        let mut found = Pool::default();
        for part in parts.split('|').map(|part| part.trim().to_owned()) {
            if part.contains("://") {
                found.instances.push(part.try_into()?);
            } else if part.contains('@') {
                found.claims.push(part.try_into()?);
            } else {
                return Err(bad(&format!("{name}.{pool}={parts}")));
            }
        }
        if found.instances.is_empty() {
            return Err(format!("`{name}.{pool}` has no instance"));
        }
        self.add_pool(name, pool, found)
    }
}

fn bad(item: &str) -> String {
    format!("`{item}` is not `<domain>[.<pool>]=http://<host>:<port>|…`")
}

#[cfg(test)]
mod tests {
    use crate::Upstreams;

    #[test]
    fn a_list_names_each_pool_once() {
        let list = "search=http://127.0.0.1:1| http://b:2, ask.blue=http://c:80,\
                    ask.green=http://d:80|ask@>=2|ask-embed@^2";
        let domains = list.parse::<Upstreams>().unwrap().into_domains();
        let instances = |domain: &str, pool: &str| -> Vec<String> {
            let pool = &domains[domain].pools[pool];
            pool.instances.iter().map(|instance| instance.authority().to_string()).collect()
        };
        assert_eq!(instances("search", "main"), ["127.0.0.1:1", "b:2"]);
        assert_eq!(instances("ask", "green"), ["d:80"]);
        assert_eq!(domains["ask"].primary(), Some("blue"));
        let claims = domains["ask"].pools["green"].claims.iter().map(ToString::to_string);
        assert_eq!(claims.collect::<Vec<_>>(), ["ask@>=2", "ask-embed@^2"]);
        for bad in [
            "search",
            "search=",
            "search=b:1",
            "search=ftp://x",
            "search=https://x",
            "search=http://x/base",
            "Search=http://x",
            "a.=http://x",
            "a.B=http://x",
            "a.b.c=http://x",
            "a=http://x,a=http://y",
            "a=http://x|",
            "a=a@^1",
            "a=http://x|a@new",
        ] {
            assert!(bad.parse::<Upstreams>().is_err(), "{bad}");
        }
        assert_eq!("".parse::<Upstreams>().unwrap(), Upstreams::default());
    }
}
