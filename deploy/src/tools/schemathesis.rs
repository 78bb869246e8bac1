//! Schemathesis: makes requests of an API's description, right ones and wrong ones, from the Python Package Index.

use std::path::PathBuf;

use super::{
    Cache,
    python::{self, Program},
};

const SCHEMATHESIS: Program<'_> = Program {
    folder: "schemathesis",
    name: "schemathesis",
    package: "schemathesis==4.32.5",
    purpose: "to attack a site",
};

/// Makes sure that the program is there and returns it.
pub(crate) fn ensure(cache: &Cache) -> anyhow::Result<PathBuf> {
    python::program(cache, &SCHEMATHESIS)
}
