//! Electorates, ballots, thresholds and counting.
