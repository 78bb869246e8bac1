//! Standard error without the lock that the standard library has around it.
//!
//! A write is one line, or several, which the system does not mix with others: threads that answer requests need not
//! wait for each other. Where it takes less than that at once (a pipe that is full), the rest may come after
//! another's.
//!
//! A thread that is busy with many requests at once may gather its lines ([`gather`]) and write them when it has
//! nothing else to do ([`write_gathered`]), some milliseconds later at most. A warning or an error is written at once,
//! after what was gathered before it. What a process has gathered when it is killed is lost.

use std::{
    cell::RefCell,
    fs::File,
    io::{self, Write},
    os::fd::AsFd,
    sync::LazyLock,
};

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// So many bytes are written however busy a thread is.
const ENOUGH: usize = 8 * 1024;

/// None where it cannot be had.
static UNLOCKED: LazyLock<Option<File>> =
    LazyLock::new(|| io::stderr().as_fd().try_clone_to_owned().ok().map(File::from));

thread_local! {
    /// What this thread has gathered, if it gathers.
    static GATHERED: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

/// Has this thread gather its lines. Whoever calls it calls [`write_gathered`] whenever the thread goes idle, and at
/// its end.
pub fn gather() {
    GATHERED.set(Some(Vec::with_capacity(ENOUGH)));
}

/// Writes what this thread has gathered.
pub fn write_gathered() {
    GATHERED.with_borrow_mut(|gathered| {
        if let Some(lines) = gathered.as_mut().filter(|lines| !lines.is_empty()) {
            // There is nobody left to tell that nothing can be told.
            write(lines).ok();
            lines.clear();
        }
    });
}

fn write(lines: &[u8]) -> io::Result<()> {
    match UNLOCKED.as_ref() {
        Some(mut file) => file.write_all(lines),
        None => io::stderr().write_all(lines),
    }
}

/// Makes what writes lines.
#[derive(Debug)]
pub(super) struct Unlocked;

/// Writes a line.
#[derive(Debug)]
pub(super) struct Line {
    at_once: bool,
}

impl<'a> MakeWriter<'a> for Unlocked {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        Line { at_once: true }
    }

    fn make_writer_for(&'a self, about: &Metadata<'_>) -> Line {
        Line { at_once: *about.level() <= Level::WARN }
    }
}

impl Write for Line {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let gathered = GATHERED.with_borrow_mut(|gathered| {
            let lines = gathered.as_mut()?;
            lines.extend_from_slice(line);
            Some(lines.len())
        });
        match gathered {
            None => write(line)?,
            Some(bytes) if self.at_once || bytes >= ENOUGH => write_gathered(),
            Some(_) => {}
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::{ENOUGH, GATHERED, Line, gather, write_gathered};

    fn gathered() -> Option<usize> {
        GATHERED.with_borrow(|gathered| gathered.as_ref().map(Vec::len))
    }

    #[test]
    fn lines_wait_until_there_are_enough_or_one_is_urgent() {
        let line = [b' '; 100];
        let told = |at_once| {
            Line { at_once }.write_all(&line).unwrap();
            gathered()
        };
        assert_eq!(told(false), None, "this thread does not gather yet");
        gather();
        assert_eq!((told(false), told(false)), (Some(100), Some(200)));
        assert_eq!(told(true), Some(0));
        for n in 1..ENOUGH.div_ceil(100) {
            assert_eq!(told(false), Some(n * 100));
        }
        assert_eq!(told(false), Some(0));
        told(false);
        write_gathered();
        assert_eq!(gathered(), Some(0));
    }
}
