//! Looking at a machine and at a running site: what is well, what is not, and what to do about it.
//!
//! Not here: mending anything. What `up` installs by itself is only noted.

mod bundles;
pub(crate) mod machine;
pub(crate) mod site;

use serde::Serialize;

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    /// Well.
    Ok,
    /// Not there yet, and nothing that anybody must do by hand.
    Note,
    /// Something does not work.
    Wrong,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    pub(crate) about: String,
    pub(crate) state: State,
    /// What was found.
    pub(crate) what: String,
    /// What to do; empty when it is well.
    pub(crate) advice: String,
}

impl Finding {
    fn new(about: &str, state: State, what: impl Into<String>, advice: &str) -> Self {
        Self { about: about.to_owned(), state, what: what.into(), advice: advice.to_owned() }
    }

    fn ok(about: &str, what: impl Into<String>) -> Self {
        Self::new(about, State::Ok, what, "")
    }

    fn note(about: &str, what: impl Into<String>, advice: &str) -> Self {
        Self::new(about, State::Note, what, advice)
    }

    fn wrong(about: &str, what: impl Into<String>, advice: &str) -> Self {
        Self::new(about, State::Wrong, what, advice)
    }

    /// Returns the finding as a line.
    pub(crate) fn line(&self) -> String {
        let Self { about, state, what, advice } = self;
        let mark = match state {
            State::Ok => "ok",
            State::Note => "note",
            State::Wrong => "WRONG",
        };
        let advice = if advice.is_empty() { String::new() } else { format!("; try: {advice}") };
        format!("{mark:<6} {about:<24} {what}{advice}")
    }
}

#[cfg(test)]
mod tests {
    use super::Finding;

    #[test]
    fn a_line_says_what_and_what_to_do() {
        let line = Finding::wrong("port 80", "is taken", "--port 0").line();
        assert_eq!(line, "WRONG  port 80                  is taken; try: --port 0");
        assert!(Finding::ok("disk", "9 GB free").line().ends_with("9 GB free"));
    }
}
