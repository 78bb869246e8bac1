//! Running other programs: their output goes to a log, its newest line to the screen.

use std::{
    ffi::OsStr,
    fs::File,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
};

use anyhow::Context;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::{failure::Failure, term::Step};

/// How much of a failed program's output is shown.
const SHOWN: usize = 30;

/// Runs a program to its end.
///
/// # Errors
/// It cannot be started or ends with a failure; the error shows the last lines of its output.
pub(crate) fn run(step: &Step, command: Command, log: &Path) -> anyhow::Result<()> {
    let name = name(&command);
    let status = watch(command, log, |line| step.detail(line))?;
    if status.success() {
        return Ok(());
    }
    let what = format!("`{name}` ended with {status}\n{}", telling_lines(log));
    Err(Failure::new(what, format!("read the whole output: {}", log.display())).into())
}

/// Runs a program to its end, giving each line of its output to `on_line`.
pub(crate) fn watch(
    mut command: Command,
    log: &Path,
    mut on_line: impl FnMut(&str),
) -> anyhow::Result<ExitStatus> {
    let name = name(&command);
    let mut log = create(log)?;
    let (reader, writer) = std::io::pipe()?;
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    let mut child = command.spawn().with_context(|| format!("cannot start `{name}`"))?;
    // The command holds the pipe's writing end: reading would never end while it lives.
    drop(command);
    for line in BufReader::new(reader).split(b'\n') {
        let mut line = line?;
        line.push(b'\n');
        log.write_all(&line)?;
        let line = String::from_utf8_lossy(&line);
        let line = line.trim();
        if !line.is_empty() {
            on_line(line);
        }
    }
    Ok(child.wait()?)
}

/// Returns a program's standard output, `None` when it cannot be run or fails.
pub(crate) fn output(program: impl AsRef<OsStr>, args: &[&str], dir: &Path) -> Option<String> {
    let mut command = Command::new(program);
    let output = command.args(args).current_dir(dir).stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// Returns what a failed program said about it: from the compiler's first error on, else the end.
fn telling_lines(log: &Path) -> String {
    let bytes = std::fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let from_error = text.lines().skip_while(|line| !line.starts_with("error"));
    let lines: String = from_error.take(SHOWN).map(|line| format!("    {line}\n")).collect();
    if lines.is_empty() { last_lines(log, SHOWN) } else { lines.trim_end().to_owned() }
}

/// Returns the last lines of a file, indented.
pub(crate) fn last_lines(file: &Path, count: usize) -> String {
    let bytes = std::fs::read(file).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let from = lines.len().saturating_sub(count);
    lines[from..].iter().map(|line| format!("    {line}\n")).collect::<String>().trim_end().into()
}

/// Asks a process to end, one that was not waited for.
pub(crate) fn ask_to_end(pid: Option<u32>) {
    if let Some(pid) = pid.and_then(|pid| i32::try_from(pid).ok()) {
        kill(Pid::from_raw(pid), Signal::SIGTERM).ok();
    }
}

/// Returns where `program` is on the `PATH`.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(program)).find(|file| file.is_file())
}

/// Creates a file and the folders that it is in.
pub(crate) fn create(file: &Path) -> anyhow::Result<File> {
    let make = || {
        if let Some(dir) = file.parent() {
            std::fs::create_dir_all(dir)?;
        }
        File::create(file)
    };
    make().with_context(|| format!("cannot write {}", file.display()))
}

/// Writes a file so that a reader sees the old bytes or the new ones, never a part.
pub(crate) fn write(file: &Path, bytes: impl AsRef<[u8]>) -> anyhow::Result<()> {
    let part = file.with_added_extension("part");
    create(&part)?.write_all(bytes.as_ref())?;
    std::fs::rename(&part, file).with_context(|| format!("cannot write {}", file.display()))
}

fn name(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{run, watch};
    use crate::term::Step;

    #[test]
    fn output_goes_to_the_log_and_to_the_caller() {
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("logs/echo.log");
        let mut command = Command::new("sh");
        command.args(["-c", "echo one; echo two >&2"]);
        let mut lines = Vec::new();
        let status = watch(command, &log, |line| lines.push(line.to_owned())).unwrap();
        assert!(status.success());
        assert_eq!(lines, ["one", "two"]);
        assert_eq!(std::fs::read_to_string(log).unwrap(), "one\ntwo\n");
    }

    #[test]
    fn a_failed_program_shows_its_error_and_its_log() {
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("x.log");
        for (script, said, unsaid) in [
            ("echo the reason", "    the reason", "nothing"),
            ("echo noise; echo error: reason; echo help", "    error: reason\n    help", "noise"),
        ] {
            let mut command = Command::new("sh");
            command.args(["-c", &format!("{script}; exit 3")]);
            let error = run(&Step::begin("trying"), command, &log).unwrap_err().to_string();
            assert!(error.contains("exit status: 3") && error.contains(said), "{error}");
            assert!(!error.lines().skip(1).any(|line| line.contains(unsaid)), "{error}");
        }
    }
}
