//! What went wrong, why, and what to do about it.
//!
//! Printed in one place, [`report`]; everything else returns errors.

use std::process::ExitCode;

use crate::term;

/// An error that tells the reader what to do.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub(crate) struct Failure {
    what: String,
    advice: String,
    usage: bool,
}

impl Failure {
    /// Something did not work.
    pub(crate) fn new(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { what: what.into(), advice: advice.into(), usage: false }
    }

    /// The command line asks for something that does not exist or make sense.
    pub(crate) fn usage(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { usage: true, ..Self::new(what, advice) }
    }
}

/// Prints an error with its causes and its advice, and returns the exit code: 1 failed, 2 wrong usage.
pub(crate) fn report(error: &anyhow::Error) -> ExitCode {
    term::note(&text(error));
    let usage = error.downcast_ref().is_some_and(|failure: &Failure| failure.usage);
    ExitCode::from(if usage { 2 } else { 1 })
}

/// Returns an error with its causes and its advice, a line each.
pub(crate) fn text(error: &anyhow::Error) -> String {
    let mut lines = vec![format!("error: {error}")];
    lines.extend(error.chain().skip(1).map(|cause| format!("  because: {cause}")));
    // Anyhow's own search, because it looks into contexts too; the chain does not show them.
    if let Some(Failure { advice, .. }) = error.downcast_ref()
        && !advice.is_empty()
    {
        lines.push(format!("  try: {advice}"));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::{Failure, text};

    #[test]
    fn an_error_says_what_why_and_what_to_do() {
        let failure = || Failure::new("port 80 is not ours", "--port 8080");
        let outer = "cannot start the gateway";
        for (error, expected) in [
            (
                Err::<(), _>(failure()).context(outer),
                "error: cannot start the gateway\n  because: port 80 is not ours\n  try: --port 8080",
            ),
            (
                Err(std::io::Error::other("denied")).context(failure()),
                "error: port 80 is not ours\n  because: denied\n  try: --port 8080",
            ),
        ] {
            assert_eq!(text(&error.unwrap_err()), expected);
        }
    }
}
