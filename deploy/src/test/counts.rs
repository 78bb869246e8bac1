//! Reading how many tests passed, and what failed ones said. Pure.

use super::Counts;

/// Sums the `test result:` lines of `cargo test`.
pub(crate) fn cargo(output: &str) -> Counts {
    let results = output.lines().filter_map(|line| line.strip_prefix("test result: "));
    results.fold(Counts::default(), |sum, line| Counts {
        passed: sum.passed + before(line, " passed"),
        failed: sum.failed + before(line, " failed"),
    })
}

/// Reads the totals of `node --test`, of its `spec` reporter.
pub(crate) fn node(output: &str) -> Counts {
    let total = |name: &str| {
        let lines = output.lines().filter_map(|line| line.trim().strip_prefix("ℹ "));
        lines.rev().find_map(|line| line.strip_prefix(name)?.trim().parse().ok()).unwrap_or(0)
    };
    // A test that was cancelled did not pass.
    Counts { passed: total("pass "), failed: total("fail ") + total("cancelled ") }
}

/// Returns what `cargo test` or `node --test` say about failed tests, at most `limit` lines.
pub(crate) fn failures(output: &str, limit: usize) -> String {
    let mut inside = false;
    let telling = output.lines().filter(|line| {
        inside = match *line {
            "failures:" | "✖ failing tests:" => true,
            line if line.starts_with("test result: ") => false,
            line if line.starts_with("error") => true,
            _ => inside,
        };
        inside
    });
    telling.take(limit).map(|line| format!("    {line}\n")).collect()
}

/// Returns the number that stands before `word`.
fn before(line: &str, word: &str) -> usize {
    let number = line.split(word).next().and_then(|text| text.rsplit(' ').next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Counts, cargo, failures, node};

    const CARGO: &str = "
running 2 tests
test a ... ok
test b ... FAILED

failures:

---- b stdout ----
thread 'b' panicked at src/lib.rs:3:5: reason

test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.02s

   Doc-tests contract
test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1.29s
";

    const NODE: &str = "✔ a (2.1ms)\n✖ b (1ms)\nℹ tests 3\nℹ suites 0\nℹ pass 1\nℹ fail 1\nℹ cancelled 1\n\
        ℹ skipped 0\n\n✖ failing tests:\n\ntest at x.test.mjs:3:1\n✖ b (1ms)\n";

    #[test]
    fn cargos_results_are_summed() {
        assert_eq!(cargo(CARGO), Counts { passed: 13, failed: 1 });
        assert_eq!(cargo("error: could not compile"), Counts::default());
    }

    #[test]
    fn nodes_totals_are_read() {
        assert_eq!(node(NODE), Counts { passed: 1, failed: 2 });
        assert_eq!(node(""), Counts::default());
    }

    #[test]
    fn failures_are_shown_without_what_passed() {
        let said = failures(CARGO, 50);
        assert!(said.contains("src/lib.rs:3:5: reason") && !said.contains("... ok"), "{said}");
        let said = failures(NODE, 50);
        assert!(said.contains("x.test.mjs:3:1") && !said.contains("✔"), "{said}");
        assert_eq!(failures(NODE, 1).lines().count(), 1);
    }
}
