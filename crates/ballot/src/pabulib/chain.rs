//! Exact prices, each built on those before: what a project costs its supporters depends on what
//! they paid for earlier ones, so its exact denominator grows with every round.
//!
//! A value is kept as a linear form over earlier values with whole coefficients, together with a
//! fixed-point lower bound and how far above it the value may lie. Decisions are made on the
//! bounds; only where bounds overlap (nearly always a true tie) is the exact rational computed.

use std::cell::OnceCell;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;

/// Binary digits behind the point of a fixed-point bound.
pub(super) const FRACTION: u32 = 60;

/// `(constant + Σ coefficient · value) / divisor`, over values of a [`Chain`].
#[derive(Debug, Clone)]
pub(super) struct Form {
    pub constant: i64,
    /// One for each value of the chain, from the first; missing ones are zero.
    pub coefficients: Vec<i64>,
    pub divisor: i64,
}

/// A fixed-point interval: `low ≤ value ≤ low + slack`, in 2^-[`FRACTION`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    pub low: i128,
    pub slack: i128,
}

impl Bounds {
    pub(super) const fn high(self) -> i128 {
        self.low.saturating_add(self.slack)
    }
}

struct Value {
    form: Form,
    bounds: Bounds,
    exact: OnceCell<BigRational>,
}

/// Values in the order in which they came about.
#[derive(Default)]
pub(super) struct Chain {
    values: Vec<Value>,
}

impl Chain {
    pub(super) fn clear(&mut self) {
        self.values.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    pub(super) fn push(&mut self, form: Form) -> Bounds {
        let bounds = self.bounds(&form);
        self.values.push(Value {
            form,
            bounds,
            exact: OnceCell::new(),
        });
        bounds
    }

    /// Bounds of a form whose coefficients are not negative and whose divisor is above zero.
    ///
    /// The callers' amounts stay below 2^62 in sum, so the shifted sum stays below 2^122.
    pub(super) fn bounds(&self, form: &Form) -> Bounds {
        debug_assert!(form.divisor > 0, "a price is divided among someone");
        let mut low = i128::from(form.constant) << FRACTION;
        let mut slack = 0_i128;
        for (&coefficient, value) in form.coefficients.iter().zip(&self.values) {
            debug_assert!(coefficient >= 0, "bounds are kept for sums only");
            let coefficient = i128::from(coefficient);
            low = low.saturating_add(coefficient.saturating_mul(value.bounds.low));
            slack = slack.saturating_add(coefficient.saturating_mul(value.bounds.slack));
        }
        let divisor = i128::from(form.divisor.max(1));
        // A remainder or an inherited slack may push the value up to the next step.
        let exact = slack == 0 && low.rem_euclid(divisor) == 0;
        let slack = if exact { 0 } else { slack / divisor + 2 };
        Bounds {
            low: low.div_euclid(divisor),
            slack,
        }
    }

    /// The exact value of a form, with coefficients of either sign.
    pub(super) fn exact(&self, form: &Form) -> BigRational {
        let mut sum = BigRational::from_integer(BigInt::from(form.constant));
        for (index, &coefficient) in form.coefficients.iter().enumerate() {
            if coefficient != 0 {
                sum += self.exact_at(index) * BigInt::from(coefficient);
            }
        }
        sum / BigInt::from(form.divisor.max(1))
    }

    fn exact_at(&self, index: usize) -> BigRational {
        let Some(value) = self.values.get(index) else {
            return BigRational::zero();
        };
        // A form knows only earlier values, so this ends.
        value.exact.get_or_init(|| self.exact(&value.form)).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bounds_hold_the_exact_value(
            forms in prop::collection::vec((0..1_000_000_i64, prop::collection::vec(0..50_i64, 0..8), 1..500_i64), 1..8)
        ) {
            let mut chain = Chain::default();
            for (constant, mut coefficients, divisor) in forms {
                coefficients.truncate(chain.len());
                let form = Form { constant, coefficients, divisor };
                let exact = chain.exact(&form) * (BigInt::from(1) << FRACTION);
                let bounds = chain.push(form);
                prop_assert!(BigRational::from_integer(bounds.low.into()) <= exact);
                prop_assert!(exact <= BigRational::from_integer(bounds.high().into()));
            }
        }
    }
}
