//! Any text is read as a plan and solved, or refused in words.
#![no_main]

use libfuzzer_sys::fuzz_target;
use portfolio::{Limits, Solver};

fuzz_target!(|text: &str| {
    let limits = Limits {
        nodes: 5,
        solver: Solver::Own,
        ..Limits::default()
    };
    let done = portfolio::parse(text).and_then(|plan| portfolio::solve(&plan, &limits));
    match done {
        Ok(outcome) => assert!(outcome.bound.is_none_or(|bound| bound >= outcome.value)),
        Err(error) => assert!(!error.to_string().is_empty(), "a refusal says why"),
    }
});
