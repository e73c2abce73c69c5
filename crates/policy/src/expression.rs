//! How a row's outputs are found: a closed set of operators over exact numbers.

use jiff::civil::Date;

use crate::number::{Number, Rounding};
use crate::table::{Case, Range, Source};
use crate::value::Value;
use crate::{Text, Threshold};

/// One output of a row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Then {
    Calculated(Expression),
    Threshold(Threshold),
    Flag(bool),
    Text(Text),
    Choice(usize),
    Choices(Vec<usize>),
    Date(Date),
}

/// A number, or how to calculate it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expression {
    Number(Number),
    Field(Source),
    Sum(Vec<Expression>),
    Product(Vec<Expression>),
    Difference(Box<[Expression; 2]>),
    Quotient(Box<[Expression; 2]>),
    /// Not below `at_least`, then not above `at_most`: where they cross, the cap prevails.
    Limited {
        of: Box<Expression>,
        at_least: Option<Box<Expression>>,
        at_most: Option<Box<Expression>>,
    },
    Rounded {
        of: Box<Expression>,
        step: Number,
        rounding: Rounding,
    },
    /// The amount of the band in which the value lies.
    Banded {
        of: Box<Expression>,
        bands: Vec<Band>,
    },
    /// Each part of the value at the rate of the band in which it lies, from zero up.
    Progressive {
        of: Box<Expression>,
        bands: Vec<Band>,
    },
}

/// Values in a range, and their amount or rate.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Band {
    pub(crate) range: Range<Number>,
    pub(crate) amount: Number,
}

/// A cap or floor that was looked at while calculating.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limit {
    pub(crate) output: usize,
    pub(crate) is_cap: bool,
    pub(crate) value: Number,
    pub(crate) bound: bool,
}

impl Then {
    /// The value for a case; limits that were looked at are added to `limits`.
    pub(crate) fn value<'p>(
        &'p self,
        case: &Case<'_, 'p>,
        output: usize,
        limits: &mut Vec<Limit>,
    ) -> Result<Value<'p>, Halt> {
        Ok(match self {
            Self::Calculated(Expression::Number(number)) => Value::Number(*number),
            Self::Calculated(expression) => Value::Number(
                Calculation {
                    case,
                    output,
                    limits,
                }
                .number(expression)?,
            ),
            Self::Threshold(threshold) => Value::Threshold(*threshold),
            Self::Flag(flag) => Value::Flag(*flag),
            Self::Text(text) => Value::Text(text),
            Self::Choice(index) => Value::Choice(*index),
            Self::Choices(indices) => Value::Choices(indices),
            Self::Date(date) => Value::Date(*date),
        })
    }
}

/// Why a calculation stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Halt {
    /// This field has no value.
    Missing(Source),
    /// It cannot be done exactly.
    Not(&'static str),
}

struct Calculation<'a, 'c, 'p> {
    case: &'a Case<'c, 'p>,
    output: usize,
    limits: &'a mut Vec<Limit>,
}

impl Calculation<'_, '_, '_> {
    fn number(&mut self, expression: &Expression) -> Result<Number, Halt> {
        let beyond = Halt::Not("the result is beyond the exact range");
        match expression {
            Expression::Number(number) => Ok(*number),
            Expression::Field(source) => match self.case.value(*source) {
                Some(Value::Number(number)) => Ok(*number),
                _ => Err(Halt::Missing(*source)),
            },
            Expression::Sum(parts) => parts.iter().try_fold(Number::ZERO, |sum, part| {
                sum.checked_add(self.number(part)?).ok_or(beyond)
            }),
            Expression::Product(parts) => {
                let (first, rest) = parts
                    .split_first()
                    .ok_or(Halt::Not("the product is empty"))?;
                let first = self.number(first)?;
                rest.iter().try_fold(first, |product, part| {
                    product.checked_mul(self.number(part)?).ok_or(beyond)
                })
            }
            Expression::Difference(pair) => {
                let [a, b] = pair.as_ref();
                self.number(a)?.checked_sub(self.number(b)?).ok_or(beyond)
            }
            Expression::Quotient(pair) => {
                let [a, b] = pair.as_ref();
                let (a, b) = (self.number(a)?, self.number(b)?);
                a.checked_div(b).ok_or(if b == Number::ZERO {
                    Halt::Not("division by zero")
                } else {
                    beyond
                })
            }
            Expression::Limited {
                of,
                at_least,
                at_most,
            } => {
                let value = self.number(of)?;
                let value = self.limit(value, at_least.as_deref(), false)?;
                self.limit(value, at_most.as_deref(), true)
            }
            Expression::Rounded { of, step, rounding } => {
                self.number(of)?.round(*step, *rounding).ok_or(beyond)
            }
            Expression::Banded { of, bands } => {
                let value = self.number(of)?;
                let band = bands.iter().find(|band| band.holds(value));
                band.map(|band| band.amount)
                    .ok_or(Halt::Not("no band holds the value"))
            }
            Expression::Progressive { of, bands } => {
                let value = self.number(of)?;
                if value < Number::ZERO {
                    return Err(Halt::Not(
                        "progressive bands start at zero, the value is below",
                    ));
                }
                bands
                    .iter()
                    .try_fold(Number::ZERO, |sum, band| {
                        sum.checked_add(band.part_of(value)?.checked_mul(band.amount)?)
                    })
                    .ok_or(beyond)
            }
        }
    }

    fn limit(
        &mut self,
        value: Number,
        by: Option<&Expression>,
        is_cap: bool,
    ) -> Result<Number, Halt> {
        let Some(by) = by else { return Ok(value) };
        let limit = self.number(by)?;
        let bound = if is_cap { value > limit } else { value < limit };
        self.limits.push(Limit {
            output: self.output,
            is_cap,
            value: limit,
            bound,
        });
        Ok(if bound { limit } else { value })
    }
}

impl Band {
    fn holds(&self, value: Number) -> bool {
        let above = self
            .range
            .low
            .is_none_or(|(low, inside)| value > low || (inside && value == low));
        let below = self
            .range
            .high
            .is_none_or(|(high, inside)| value < high || (inside && value == high));
        above && below
    }

    /// How much of zero to `value` lies in the band.
    fn part_of(&self, value: Number) -> Option<Number> {
        let low = self.range.low.map_or(Number::ZERO, |(low, _)| low);
        let high = self.range.high.map_or(value, |(high, _)| high.min(value));
        if high <= low {
            Some(Number::ZERO)
        } else {
            high.checked_sub(low)
        }
    }
}
