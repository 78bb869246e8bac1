//! The gateway as a process: what signals do to it, and how another one takes its place.
#![expect(clippy::unwrap_used, reason = "a broken fixture must fail the test")]

mod gateway;
mod log;
mod reload;
mod restart;
mod spans;
