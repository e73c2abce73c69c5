//! Randomness as an input: a seed in, the same sequence out.

use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};

/// A cryptographic stream from a 32-byte seed: block `n` is SHA-256(seed, n).
///
/// The roof seeds it from the operating system for each request; tests and the simulator seed it with a constant,
/// so that a whole community's life can be replayed to the byte.
#[derive(Debug)]
pub struct Randomness {
    seed: [u8; 32],
    drawn: AtomicU64,
}

impl Randomness {
    /// The stream of this seed, from its start.
    pub const fn from_seed(seed: [u8; 32]) -> Self {
        Self {
            seed,
            drawn: AtomicU64::new(0),
        }
    }

    /// A stream for tests, the simulator and demo data. Never for a secret.
    pub fn from_number(number: u64) -> Self {
        Self::from_seed(Sha256::digest(number.to_be_bytes()).into())
    }

    /// The next 32 bytes.
    pub fn next_32(&self) -> [u8; 32] {
        let block = self.drawn.fetch_add(1, Ordering::Relaxed);
        Sha256::new()
            .chain_update(self.seed)
            .chain_update(block.to_be_bytes())
            .finalize()
            .into()
    }

    /// The next 16 bytes.
    pub fn next_16(&self) -> [u8; 16] {
        self.next_first()
    }

    /// A number below `bound`, near enough to uniform for any bound below 2³²; 0 if the bound is 0.
    pub fn below(&self, bound: u64) -> u64 {
        u64::from_be_bytes(self.next_first())
            .checked_rem(bound)
            .unwrap_or(0)
    }

    /// The first `N` bytes of the next block; `N` is at most 32.
    pub(crate) fn next_first<const N: usize>(&self) -> [u8; N] {
        const { assert!(N <= 32, "a block has 32 bytes") };
        let mut first = [0; N];
        for (byte, drawn) in first.iter_mut().zip(self.next_32()) {
            *byte = drawn;
        }
        first
    }

    /// The same stream again from its start: a command that is replayed draws what it drew before.
    pub fn rewind(&self) {
        self.drawn.store(0, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rewound_stream_repeats_itself() {
        let random = Randomness::from_number(7);
        let first = (random.next_32(), random.next_16(), random.below(1000));
        random.rewind();
        assert_eq!(
            first,
            (random.next_32(), random.next_16(), random.below(1000))
        );
        assert_ne!(first.0, Randomness::from_number(8).next_32());
    }
}
