//! Small arithmetic for solvers: slices that are read without panics, numbers that guide and numbers that prove.

use std::ops::{Add, AddAssign, Mul, Sub, SubAssign};

/// A number to reckon bounds with: `f64` guides the search, `i128` proves.
pub(crate) trait Scalar:
    Copy
    + Default
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + AddAssign
    + SubAssign
{
    /// A whole number.
    fn of(whole: i64) -> Self;
}

impl Scalar for f64 {
    fn of(whole: i64) -> Self {
        float(whole)
    }
}

impl Scalar for i128 {
    fn of(whole: i64) -> Self {
        whole.into()
    }
}

/// The nearest float.
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "floats only guide the search, and no other conversion exists"
)]
pub(crate) fn float(whole: i64) -> f64 {
    whole as f64
}

/// The nearest whole number; what is no number is 0.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "`as` saturates here, and what comes of it is checked in whole numbers"
)]
pub(crate) fn round(number: f64) -> i128 {
    number.round() as i128
}

/// A count as a whole number.
pub(crate) fn count(items: usize) -> i64 {
    i64::try_from(items).unwrap_or(i64::MAX)
}

/// Reading and writing in a slice at an index that the caller knows to be inside.
pub(crate) trait At<T> {
    /// What stands there; the default outside.
    fn at(&self, index: usize) -> T;
    /// Replaces what stands there.
    fn put(&mut self, index: usize, value: T);
    /// Adds to what stands there.
    fn add(&mut self, index: usize, more: T)
    where
        T: AddAssign,
    {
        let mut sum = self.at(index);
        sum += more;
        self.put(index, sum);
    }
}

impl<T: Copy + Default> At<T> for [T] {
    fn at(&self, index: usize) -> T {
        debug_assert!(index < self.len(), "{index} lies inside of {}", self.len());
        self.get(index).copied().unwrap_or_default()
    }

    fn put(&mut self, index: usize, value: T) {
        debug_assert!(index < self.len(), "{index} lies inside of {}", self.len());
        if let Some(place) = self.get_mut(index) {
            *place = value;
        }
    }
}

/// A small generator (SplitMix64): the same seed gives the same plan.
#[derive(Clone, Debug)]
pub(crate) struct Lots(u64);

impl Lots {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 if there is none.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % end).unwrap_or(0)
    }

    /// A number from 0 to 1.
    pub(crate) fn unit(&mut self) -> f64 {
        let thousandths = u32::try_from(self.next() % 1_000_001).unwrap_or(0);
        f64::from(thousandths) / 1e6
    }
}
