//! The ask remote: a conversation whose every sentence shows what it rests on, and the conversations before it.
//!
//! Not here: what is answered, and what is remembered of it. Those are the service's; this tab keeps the question
//! that is being written.

pub mod app;
mod arrival;
mod client;
mod components;
mod draft;
mod handover;
mod hooks;
pub mod lifecycle;
mod pages;
mod segments;
mod session;
mod share;
mod stream;
mod transcript;
mod ways;
mod wire;
