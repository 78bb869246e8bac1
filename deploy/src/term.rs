//! What the person at the terminal sees.
//!
//! Results go to standard output, everything about the way there to standard error. Without a terminal a
//! step is two plain lines instead of a moving bar, and a long one says every half minute that it lives.

use std::{
    borrow::Cow,
    io::{IsTerminal, Write},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

/// How long a step without a terminal may be silent.
const HEARTBEAT: Duration = Duration::from_secs(30);

/// Prints a result.
pub(crate) fn say(text: &str) {
    // A closed pipe (`| head`) is no failure of ours.
    writeln!(std::io::stdout(), "{text}").ok();
}

/// Prints a remark.
pub(crate) fn note(text: &str) {
    writeln!(std::io::stderr(), "{text}").ok();
}

/// Prints a value for machines.
pub(crate) fn json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    say(&serde_json::to_string_pretty(value)?);
    Ok(())
}

/// Returns a duration as people say it: `840 ms`, `12.3 s`, `4 min 05 s`.
pub(crate) fn seconds(took: Duration) -> String {
    match took.as_secs() {
        0 => format!("{} ms", took.as_millis()),
        1..60 => format!("{:.1} s", took.as_secs_f64()),
        s => format!("{} min {:02} s", s / 60, s % 60),
    }
}

/// Returns the plural of a noun with its number.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Something that takes a while. Dropped before [`Step::done`], it failed.
#[derive(Debug)]
pub(crate) struct Step {
    label: String,
    bar: Option<ProgressBar>,
    begun: Instant,
    heard: Mutex<Instant>,
    ended: bool,
}

impl Step {
    /// Begins a step of unknown length.
    pub(crate) fn begin(label: impl Into<String>) -> Self {
        Self::start(label.into(), None)
    }

    /// Begins a step of about `length` parts.
    pub(crate) fn counted(label: impl Into<String>, length: usize) -> Self {
        Self::start(label.into(), Some(length))
    }

    fn start(label: String, length: Option<usize>) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let (bar, template) = match length {
                Some(length) => (
                    ProgressBar::new(u64::try_from(length).unwrap_or(u64::MAX)),
                    "{spinner} {prefix} [{bar:24}] {pos}/{len} {elapsed} {wide_msg:.dim}",
                ),
                None => {
                    (ProgressBar::new_spinner(), "{spinner} {prefix} {elapsed} {wide_msg:.dim}")
                }
            };
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style.progress_chars("━━╌"));
            }
            bar.set_prefix(label.clone());
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        if bar.is_none() {
            note(&format!("  {label} …"));
        }
        let now = Instant::now();
        Self { label, bar, begun: now, heard: Mutex::new(now), ended: false }
    }

    /// Says what is being done right now.
    pub(crate) fn detail(&self, text: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(text.to_owned());
            return;
        }
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        if heard.elapsed() > HEARTBEAT {
            *heard = Instant::now();
            note(&format!("    {} so far: {text}", seconds(self.begun.elapsed())));
        }
    }

    /// One part more is done.
    pub(crate) fn advance(&self) {
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
    }

    /// The step succeeded; `result` says with what, and may be empty. Returns how long it took.
    pub(crate) fn done(mut self, result: &str) -> Duration {
        self.end("✓", result)
    }

    /// The step ended with a failure that is not an error of ours.
    pub(crate) fn failed(mut self, result: &str) -> Duration {
        self.end("✗", result)
    }

    fn end(&mut self, mark: &str, result: &str) -> Duration {
        self.ended = true;
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        let took = self.begun.elapsed();
        let result = match result {
            "" => Cow::Borrowed(""),
            result => Cow::Owned(format!(": {result}")),
        };
        note(&format!("{mark} {}{result} ({})", self.label, seconds(took)));
        took
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        if !self.ended {
            self.end("✗", "");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::seconds;

    #[test]
    fn durations_read_well() {
        for (ms, text) in
            [(7, "7 ms"), (999, "999 ms"), (12_340, "12.3 s"), (245_000, "4 min 05 s")]
        {
            assert_eq!(seconds(Duration::from_millis(ms)), text);
        }
    }
}
