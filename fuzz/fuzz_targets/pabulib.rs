//! Any bytes are read as a Pabulib file or refused; what is read is tallied within its budget.
#![no_main]

use ballot::pabulib::{Rule, parse, tally};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(election) = parse(bytes) else { return };
    // Add1 tries endowments one by one: exact, but long for absurd amounts.
    for rule in [
        Rule::Greedy,
        Rule::GreedyThreshold,
        Rule::GreedyNoSkip,
        Rule::EqualShares,
        Rule::Phragmen,
    ] {
        if let Ok(result) = tally(&election, Some(rule)) {
            assert!(
                result.cost.value <= result.budget.value,
                "{rule} overspends"
            );
        }
    }
});
