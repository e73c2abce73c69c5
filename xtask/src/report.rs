//! What a run of many steps found, told once at its end.

use std::time::{Duration, Instant};

/// How many checks of a step held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Held.
    pub(crate) passed: u64,
    /// Did not.
    pub(crate) failed: u64,
}

impl Counts {
    /// A step that is one check.
    pub(crate) const fn one(held: bool) -> Self {
        if held {
            Self {
                passed: 1,
                failed: 0,
            }
        } else {
            Self {
                passed: 0,
                failed: 1,
            }
        }
    }

    /// Adds what a line says, if it is one of libtest's or of our browser tests' summaries.
    pub(crate) fn add_line(&mut self, line: &str) {
        if let Some(found) = summary(line) {
            self.passed += found.passed;
            self.failed += found.failed;
        }
    }

    /// A step that broke off without saying which check failed has failed all the same.
    pub(crate) const fn ended(mut self, held: bool) -> Self {
        if !held && self.failed == 0 {
            self.failed = 1;
        }
        self
    }
}

/// `test result: ok. 3 passed; 0 failed; …` and `3 passed, 0 failed`.
fn summary(line: &str) -> Option<Counts> {
    let plain = line.trim();
    let counts = match plain.strip_prefix("test result: ") {
        Some(rest) => rest.split_once(". ")?.1,
        None if plain.ends_with(" failed") => plain,
        None => return None,
    };
    let mut counts = counts.split([';', ',']);
    let passed = counts
        .next()?
        .trim()
        .strip_suffix(" passed")?
        .parse()
        .ok()?;
    let failed = counts
        .next()?
        .trim()
        .strip_suffix(" failed")?
        .parse()
        .ok()?;
    Some(Counts { passed, failed })
}

/// The steps done so far.
#[derive(Default)]
pub(crate) struct Report {
    lines: Vec<(&'static str, Counts, Duration, Option<String>)>,
}

impl Report {
    /// Does a step; an error counts as one failure.
    pub(crate) fn step(
        &mut self,
        name: &'static str,
        work: impl FnOnce() -> anyhow::Result<Counts>,
    ) {
        eprintln!("\n── {name} ──");
        let started = Instant::now();
        let (counts, error) = match work() {
            Ok(counts) => (counts, None),
            Err(error) => {
                eprintln!("{error:#}");
                (Counts::one(false), Some(format!("{error:#}")))
            }
        };
        self.lines.push((name, counts, started.elapsed(), error));
    }

    /// Prints every step and, as the last line, the sum; whether nothing failed.
    pub(crate) fn close(&self) -> bool {
        println!();
        let mut sum = Counts::default();
        for (name, counts, took, error) in &self.lines {
            let said = error.as_deref().unwrap_or_default();
            println!(
                "{name:<10} {:>6} passed {:>4} failed {:>5} s  {said}",
                counts.passed,
                counts.failed,
                took.as_secs()
            );
            sum.passed += counts.passed;
            sum.failed += counts.failed;
        }
        println!("{} passed, {} failed", sum.passed, sum.failed);
        sum.failed == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_are_read_and_other_lines_left() {
        let mut counts = Counts::default();
        counts.add_line(
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out",
        );
        counts.add_line("test result: FAILED. 3 passed; 2 failed; 0 ignored");
        counts.add_line("7 passed, 1 failed");
        counts.add_line("test nothing_passed, 0 failed ... ok");
        counts.add_line("it said 5 passed, 5 failed today");
        assert_eq!(
            counts,
            Counts {
                passed: 22,
                failed: 3
            }
        );
    }

    #[test]
    fn a_step_that_breaks_off_fails() {
        assert_eq!(
            Counts {
                passed: 4,
                failed: 0
            }
            .ended(false),
            Counts {
                passed: 4,
                failed: 1
            }
        );
        assert_eq!(
            Counts {
                passed: 4,
                failed: 2
            }
            .ended(false),
            Counts {
                passed: 4,
                failed: 2
            }
        );
    }
}
