//! Sorting durations and picking from them. Pure.

use std::time::Duration;

use crate::term;

/// Measured durations.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers(Vec<Duration>);

impl Numbers {
    pub(super) fn new(mut values: Vec<Duration>) -> Self {
        values.sort_unstable();
        Self(values)
    }

    /// Returns the value that `percent` of all do not exceed.
    pub(super) fn percentile(&self, percent: usize) -> Duration {
        let rank = (self.0.len() * percent).div_ceil(100).max(1);
        self.0.get(rank - 1).copied().unwrap_or_default()
    }

    /// Returns the median with the smallest and the largest.
    pub(super) fn spread(&self) -> String {
        let [low, median, high] = [0, 50, 100].map(|p| term::seconds(self.percentile(p)));
        format!("median {median} ({low} to {high}, n={})", self.0.len())
    }

    /// Returns what is far out, which is what people feel.
    pub(super) fn tail(&self) -> String {
        let [median, p99, most] = [50, 99, 100].map(|p| milliseconds(self.percentile(p)));
        format!("p50 {median}, p99 {p99}, max {most} (n={})", self.0.len())
    }
}

fn milliseconds(value: Duration) -> String {
    format!("{:.1} ms", value.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Numbers;

    #[test]
    fn percentiles_are_measured_values() {
        let numbers = Numbers::new((1..=200).rev().map(Duration::from_millis).collect());
        let picked = [0, 1, 50, 99, 100].map(|p| numbers.percentile(p).as_millis());
        assert_eq!(picked, [1, 2, 100, 198, 200]);
        assert_eq!(Numbers::default().percentile(50), Duration::ZERO);
    }
}
