//! Any bytes are read as an owners' vote or refused; what is read is counted and adds up.
#![no_main]

use ballot::resolution::{Requirement, SilenceRule, Thresholds, count, parse_csv};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(roll) = parse_csv(bytes) else { return };
    let Ok(half) = "1/2".parse() else { return };
    let more_than_half = Requirement::new(half, true, "test");
    let thresholds = Thresholds::of_both(&more_than_half, &more_than_half);
    for &silence in SilenceRule::ALL {
        let Ok(outcome) = count(&roll.units, &thresholds, silence) else {
            return;
        };
        let tally = outcome.tally;
        let heads = tally.in_favour.heads + tally.against.heads + tally.abstain.heads;
        assert_eq!(heads, tally.participating.heads);
    }
});
