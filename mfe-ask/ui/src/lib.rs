//! The ask remote: a conversation that is answered with quotations from the stories.
//!
//! Not here: earlier conversations and feedback. What is remembered is this tab's, until it closes, and across versions of the remote.

pub mod app;
mod arrival;
mod client;
mod components;
mod draft;
mod handover;
mod hooks;
pub mod lifecycle;
mod pages;
mod saved;
mod segments;
mod session;
mod transcript;
