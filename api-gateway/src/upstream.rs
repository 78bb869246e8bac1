//! The domains' services: which there are, which one answers next, and when to ask none.
//!
//! A domain has pools (blue and green) of instances. Each decision is a state machine of its own that has
//! no clock and no I/O: `weights` chooses a pool, `health`, `outlier` and `balance` an instance, `breaker`
//! closes a pool that does not answer, `budget` and `retry` bound what is tried again. `pool` holds them under one lock for
//! the moment of a decision; `check` asks the instances how they are,
//! `client` sends requests over the `connections` that it keeps, and those for event `streams` over others;
//! the body of an answer is a `reply`.
//!
//! Not here: sending anything on behalf of a caller (`proxy`); hedging, because a second request for each
//! slow one costs a site of few instances more than it gains.

pub(crate) mod config;
mod grammar;
mod timeouts;

pub mod breaker;
pub mod health;
pub mod outlier;
pub mod retry;

pub(crate) mod balance;
pub(crate) mod budget;

pub(crate) mod check;
pub(crate) mod client;
pub(crate) mod connections;
pub(crate) mod domains;
mod meters;
pub(crate) mod pool;
pub(crate) mod reply;
pub(crate) mod streams;
pub(crate) mod weights;

pub use config::{Claim, Deadline, Domain, Instance, Pool, Upstreams, UpstreamsError};
pub use timeouts::Timeouts;
