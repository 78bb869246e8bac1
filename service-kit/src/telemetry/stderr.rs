//! Standard error without the lock that the standard library has around it.
//!
//! A line is one write, which the system does not mix with others: threads that answer requests need not wait for
//! each other. Where it takes less than a line at once (a pipe that is full), the rest may come after another's.

use std::{
    fs::File,
    io::{self, Stderr},
    os::fd::AsFd,
};

use tracing_subscriber::fmt::{MakeWriter, writer::EitherWriter};

/// Standard error; the locked one where it cannot be had otherwise.
#[derive(Debug)]
pub(super) struct Unlocked(Option<File>);

impl Unlocked {
    pub(super) fn open() -> Self {
        Self(io::stderr().as_fd().try_clone_to_owned().ok().map(File::from))
    }
}

impl<'a> MakeWriter<'a> for Unlocked {
    type Writer = EitherWriter<&'a File, Stderr>;

    fn make_writer(&'a self) -> Self::Writer {
        match &self.0 {
            Some(file) => EitherWriter::A(file),
            None => EitherWriter::B(io::stderr()),
        }
    }
}
