//! What went wrong, why, and what to do about it.
//!
//! Printed in one place, [`report`]; everything else returns errors.

use std::{error::Error, process::ExitCode};

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
    let usage = error.chain().any(|e| e.downcast_ref().is_some_and(|f: &Failure| f.usage));
    ExitCode::from(if usage { 2 } else { 1 })
}

fn text(error: &anyhow::Error) -> String {
    let mut lines = vec![format!("error: {error}")];
    lines.extend(error.chain().skip(1).map(|cause| format!("  because: {cause}")));
    lines.extend(error.chain().filter_map(advice).map(|advice| format!("  try: {advice}")));
    lines.join("\n")
}

fn advice<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a str> {
    let failure: &Failure = error.downcast_ref()?;
    Some(failure.advice.as_str()).filter(|advice| !advice.is_empty())
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::{Failure, text};

    #[test]
    fn an_error_says_what_why_and_what_to_do() {
        let error = Err::<(), _>(Failure::new("port 80 is not ours", "--port 8080"))
            .context("cannot start the gateway")
            .unwrap_err();
        let expected =
            "error: cannot start the gateway\n  because: port 80 is not ours\n  try: --port 8080";
        assert_eq!(text(&error), expected);
    }
}
