//! An S3-compatible server that the registry is tried over: moto's, from the Python Package Index.
//!
//! Chosen of what package registries have because it does conditional puts (`If-None-Match: *`), on which
//! every revision of the manifest rests. Only tests use it.

use std::path::PathBuf;

use super::{
    Cache,
    python::{self, Program},
};

const SERVER: Program<'_> = Program {
    folder: "s3",
    name: "moto_server",
    package: "moto[s3,server]==5.2.5",
    purpose: "for the S3-compatible server of tests",
};

/// Makes sure that the server is there and returns its program.
pub(crate) fn ensure(cache: &Cache) -> anyhow::Result<PathBuf> {
    python::program(cache, &SERVER)
}
