//! What a slot is doing, for the page.

use std::rc::Rc;

/// A step of single-spa's lifecycle; `Run` is the time between mount and unmount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Fetching and importing the entry and its stylesheets.
    Load,
    /// `bootstrap`.
    Bootstrap,
    /// `mount`.
    Mount,
    /// Mounted, answering to the person.
    Run,
    /// `unmount`.
    Unmount,
}

impl Phase {
    /// Returns single-spa's word, as in `timeouts` and reports.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Load => "load",
            Self::Bootstrap => "bootstrap",
            Self::Mount => "mount",
            Self::Run => "run",
            Self::Unmount => "unmount",
        }
    }
}

/// The status of a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Nothing belongs here.
    Idle,
    /// The files are on their way.
    Loading,
    /// An attempt failed and the next waits for its time.
    BackingOff,
    /// `bootstrap` is running.
    Bootstrapping,
    /// `mount` is running.
    Mounting,
    /// The remote is on the page.
    Mounted,
    /// An earlier mount is going: of the same remote, or with nothing to come after it.
    Unmounting,
    /// Given up, until the person tries again or goes elsewhere.
    Failed {
        /// What failed last.
        phase: Phase,
        /// What the failure said.
        message: Rc<str>,
        /// Nothing of it was run, on purpose: not signed, not what was signed, or for another host.
        refused: bool,
    },
}

impl Status {
    /// Tells whether something is on its way to the page.
    pub(crate) fn is_busy(&self) -> bool {
        match self {
            Self::Loading
            | Self::BackingOff
            | Self::Bootstrapping
            | Self::Mounting
            | Self::Unmounting => true,
            Self::Idle | Self::Mounted | Self::Failed { .. } => false,
        }
    }
}
