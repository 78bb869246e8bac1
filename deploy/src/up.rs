//! The site as processes of this machine: started, watched, ended together.
//!
//! Not here: building (`build`), and what the processes do.

mod backoff;
pub(crate) mod child;
pub(crate) mod first;
pub(crate) mod key;
pub(crate) mod ports;
pub(crate) mod processes;
pub(crate) mod ready;
pub(crate) mod site;
pub(crate) mod state;
pub(crate) mod supervisor;

/// Where the operator's key is in the data folder.
pub(crate) const KEY: &str = "keys/operator";
/// Where the gateway keeps what is its own in the data folder.
pub(crate) const GATEWAY_DATA: &str = "gateway";
/// Where the journal of events is in the data folder.
pub(crate) const JOURNAL_DATA: &str = "journal";
