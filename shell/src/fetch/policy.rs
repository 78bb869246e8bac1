//! What `host.fetch` allows and repeats. Pure.

/// Milliseconds until the response's headers must be there.
pub(crate) const DEADLINE: u32 = 30_000;

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Another origin.
    Origin,
    /// A domain that the remote's descriptor does not list.
    Domain(String),
}

impl Refusal {
    /// Returns the text of the `TypeError` that `who` gets.
    pub(crate) fn message(&self, who: &str) -> String {
        match self {
            Self::Origin => [who, " may only call this site"].concat(),
            Self::Domain(domain) => {
                [who, " may not call /api/", domain, ": its descriptor does not list it"].concat()
            }
        }
    }
}

/// Checks a request of a remote that may call the domains `apis`.
pub(crate) fn check(same_origin: bool, path: &str, apis: &[String]) -> Result<(), Refusal> {
    if !same_origin {
        return Err(Refusal::Origin);
    }
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    if segments.next() != Some("api") {
        return Ok(());
    }
    let domain = segments.next().unwrap_or_default();
    if apis.iter().any(|listed| listed == domain) {
        Ok(())
    } else {
        Err(Refusal::Domain(domain.to_owned()))
    }
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// A response, `waits` when it says when to come back.
    Status {
        /// The HTTP status.
        code: u16,
        /// There is a `Retry-After`.
        waits: bool,
    },
    /// No response.
    NetworkError,
    /// The caller or the deadline ended it.
    Aborted,
}

/// Tells whether a request may be sent once more.
///
/// Only what changes nothing on the server, only when the upstream seems to be away for a moment, and
/// never when the server itself says when to come back.
pub(crate) fn repeats(method: &str, outcome: Outcome) -> bool {
    matches!(method, "GET" | "HEAD")
        && matches!(
            outcome,
            Outcome::NetworkError | Outcome::Status { code: 502..=504, waits: false }
        )
}

/// How often one mount may retry: a tenth of its requests, at least three times.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RetryBudget {
    requests: u32,
    retries: u32,
}

impl RetryBudget {
    /// Counts a request.
    pub(crate) fn request(&mut self) {
        self.requests += 1;
    }

    /// Takes one retry, if there is one left.
    pub(crate) fn take(&mut self) -> bool {
        let left = self.retries < (self.requests / 10).max(3);
        if left {
            self.retries += 1;
        }
        left
    }
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Refusal, RetryBudget, check, repeats};

    #[test]
    fn a_remote_calls_its_own_domains_on_this_site_only() {
        let apis = ["search".to_owned()];
        for (path, allowed) in [
            ("/api/search/hybrid", true),
            ("/api/search", true),
            ("/remotes/search/1.0.0/data.json", true),
            ("/api/stories/1", false),
            ("/api/searching", false),
            ("/api//stories", false),
            ("//api/stories", false),
            ("/api/%73earch", false),
            ("/api", false),
        ] {
            assert_eq!(check(true, path, &apis).is_ok(), allowed, "{path}");
        }
        assert_eq!(check(false, "/api/search", &apis), Err(Refusal::Origin));
    }

    #[test]
    fn a_refusal_names_the_remote_and_the_domain() {
        let message = Refusal::Domain("stories".to_owned()).message("search@1.0.0");
        assert_eq!(
            message,
            "search@1.0.0 may not call /api/stories: its descriptor does not list it"
        );
    }

    #[test]
    fn only_safe_requests_are_repeated_and_only_for_passing_trouble() {
        let status = |code| Outcome::Status { code, waits: false };
        for (method, outcome, expected) in [
            ("GET", Outcome::NetworkError, true),
            ("GET", status(503), true),
            ("HEAD", status(502), true),
            ("GET", Outcome::Status { code: 503, waits: true }, false),
            ("GET", status(500), false),
            ("GET", status(404), false),
            ("GET", Outcome::Aborted, false),
            ("POST", status(503), false),
            ("POST", Outcome::NetworkError, false),
        ] {
            assert_eq!(repeats(method, outcome), expected, "{method} {outcome:?}");
        }
    }

    #[test]
    fn the_retry_budget_is_three_or_a_tenth() {
        let granted = |requests: u32| {
            let mut budget = RetryBudget::default();
            (0..requests).for_each(|_| budget.request());
            (0..requests).filter(|_| budget.take()).count()
        };
        assert_eq!([2, 10, 39, 40, 100].map(granted), [2, 3, 3, 4, 10]);
    }
}
