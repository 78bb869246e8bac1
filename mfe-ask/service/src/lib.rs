//! The ask service: answers questions by quoting the stories that answer them.
//!
//! From the wire inwards: [`router`] is the HTTP surface; `follower` keeps a [`Library`] of the stories
//! that the stories service tells; [`answer`] is the domain, pure and without clock or network:
//! [`Question`] (what is asked) → `ranking` (which stories and passages) → `composing` (which sentences,
//! in what order, with which marks).
//!
//! Not here: any language model, and any memory of a conversation. A conversation's id is handed back
//! as it came and each question is answered on its own.


mod follower;
mod library;
mod starters;
mod composer;
mod confidence;
mod extracting;
mod planning;
mod ranking;
mod rewriting;
mod corpus;
mod naming;
mod passages;
mod question;
mod story;
mod text;
mod vocabulary;
pub use composer::*;
pub use corpus::Corpus;
pub use follower::Follower;
pub use library::{Library, Snapshot};
pub use question::Question;
pub use planning::{Found, Plan, plan};
pub use rewriting::{Standalone, Turn, rewrite};
pub use story::{ClientKind, Metric, Story};
