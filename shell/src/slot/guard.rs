//! Uncaught errors of the page: is one of them the death of a mounted remote?
//!
//! A Yew remote reports its panics itself. This catches what no hook sees: a stack overflow, an
//! access out of bounds, an exception in a timer. A WebAssembly frame names its file only when the
//! module was compiled by streaming (docs/building-remotes.md).

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ErrorEvent, Event, PromiseRejectionEvent};

use crate::js;

/// An error that nobody caught.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Uncaught {
    /// For people.
    pub(super) message: String,
    /// File and stack, wherever a URL may stand.
    trace: String,
    /// A promise's, not an exception's.
    rejection: bool,
    /// A WebAssembly instance is unusable.
    trap: bool,
}

/// What an uncaught error means for one remote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Somebody else's.
    Foreign,
    /// Worth a note: an unheeded rejection breaks a promise, not the remote.
    Note,
    /// The instance is dead.
    Dead,
}

impl Uncaught {
    /// Reads a window's `error` or `unhandledrejection` event.
    pub(super) fn from_event(event: &Event) -> Option<Self> {
        let (error, file, rejection) = match event.dyn_ref::<ErrorEvent>() {
            Some(event) => (event.error(), event.filename(), false),
            None => (event.dyn_ref::<PromiseRejectionEvent>()?.reason(), String::new(), true),
        };
        let trap = js::is_trap(&error);
        let stack = stack(&error);
        let message = js::message(&error);
        Some(Self { message, trace: [&file, " ", stack.as_str()].concat(), rejection, trap })
    }

    /// Judges what the error means for the remote whose files lie under `base`.
    pub(super) fn verdict(&self, base: &str) -> Verdict {
        if !self.trace.contains(base) {
            return Verdict::Foreign;
        }
        match (self.trap, self.rejection) {
            (false, true) => Verdict::Note,
            (true, _) | (_, false) => Verdict::Dead,
        }
    }
}

fn stack(error: &JsValue) -> String {
    let stack = error.is_object().then(|| Reflect::get(error, &"stack".into()).ok());
    stack.flatten().and_then(|stack| stack.as_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Uncaught, Verdict};

    fn uncaught(trace: &str, rejection: bool, trap: bool) -> Uncaught {
        Uncaught { message: "broken".to_owned(), trace: trace.to_owned(), rejection, trap }
    }

    #[test]
    fn only_errors_from_the_remotes_own_files_are_its_own() {
        let base = "/remotes/a/1.0.0/";
        for (trace, rejection, trap, expected) in [
            ("http://x/remotes/a/1.0.0/a.wasm", false, true, Verdict::Dead),
            ("http://x/remotes/a/1.0.0/a.js:1:2", false, false, Verdict::Dead),
            ("RuntimeError at http://x/remotes/a/1.0.0/a.wasm", true, true, Verdict::Dead),
            ("Error at http://x/remotes/a/1.0.0/a.js", true, false, Verdict::Note),
            ("http://x/remotes/b/1.0.0/b.js", false, false, Verdict::Foreign),
            ("http://x/remotes/a/1.0.1/a.js", false, true, Verdict::Foreign),
            ("http://x/shell/shell.js", false, true, Verdict::Foreign),
        ] {
            assert_eq!(uncaught(trace, rejection, trap).verdict(base), expected, "{trace}");
        }
    }
}
