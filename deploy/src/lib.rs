//! The tool behind `cargo asterism <verb>`: builds, publishes, releases, runs and tests the site.
//!
//! One file per verb is in `cmd`; what verbs share is beside it. No remote and no service is named in
//! this crate, but for the verb `stories`: they are the workspace packages that say so in their `Cargo.toml`
//! (see [`workspace`]).
//!
//! Not here: what a release means and how it is stored (`registry`), serving (`api-gateway`).

pub mod cli;

mod cmd;

mod workspace;

mod tools;

mod build;

mod doctor;

mod package;

mod releases;

mod dev;
mod scaffold;
mod signing;

mod up;

mod test;

mod failure;
mod fingerprint;
mod process;
mod recorder;
mod term;
