//! The gateway as a process: what signals do to it.
#![expect(clippy::unwrap_used, reason = "a broken fixture must fail the test")]

mod gateway;
mod reload;
