//! Deciding: a policy, a day and inputs go in, outputs and their explanation come out.

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use crate::expression::{Halt, Limit};
use crate::table::{Case, Ground, Row, Source, Table};
use crate::value::{Field, Kind, Value};
use crate::{Error, Explanation, Inputs, Number, Policy, Record, Text, Threshold, Version};

/// The version of a policy that is in force on a day.
#[derive(Debug, Clone, Copy)]
pub struct Edition<'p> {
    policy: &'p Policy,
    version: &'p Version,
    on: Date,
}

/// What was decided, and why.
#[derive(Debug, Clone)]
pub struct Decision<'p> {
    /// Why: version, rows, citations, limits.
    pub explanation: Explanation<'p>,
}

impl<'p> Edition<'p> {
    pub(crate) fn new(policy: &'p Policy, version: &'p Version, on: Date) -> Self {
        Self {
            policy,
            version,
            on,
        }
    }

    /// The version.
    pub fn version(&self) -> &'p Version {
        self.version
    }

    /// Decides a case. An input may be left out only where it makes no difference.
    pub fn decide(&self, inputs: &Inputs<'_>) -> Result<Decision<'p>, Error> {
        let policy = self.policy;
        let given = inputs.resolve(policy)?;
        let mut outputs: Vec<_> = std::iter::repeat_with(|| None)
            .take(policy.outputs.len())
            .collect();
        let mut hits = Vec::with_capacity(self.version.tables.len());
        let mut limits = Vec::new();
        for table in &self.version.tables {
            let case = Case {
                on: self.on,
                given: &given,
                outputs: &outputs,
            };
            let hit = table
                .decide(&case)
                .map_err(|index| self.missing_dimension(table, index))?;
            let row = table
                .rows
                .get(usize::from(hit))
                .ok_or_else(|| self.not_computable("", "no row decides"))?;
            if let Ground::Refusal(reason) = &row.ground {
                return Err(Error::Undecidable {
                    policy: policy.id.clone(),
                    row: row.id.clone(),
                    reason: Box::new(reason.clone()),
                });
            }
            self.answer(row, &given, &mut outputs, &mut limits)?;
            hits.push(hit);
        }
        let explanation = Explanation {
            policy,
            version: self.version,
            on: self.on,
            given,
            outputs,
            hits,
            limits,
        };
        Ok(Decision { explanation })
    }

    fn answer(
        &self,
        row: &'p Row,
        given: &[Option<Value<'p>>],
        outputs: &mut [Option<Value<'p>>],
        limits: &mut Vec<Limit>,
    ) -> Result<(), Error> {
        for (index, then) in &row.then {
            let case = Case {
                on: self.on,
                given,
                outputs,
            };
            let value = then
                .value(&case, *index, limits)
                .map_err(|halt| self.halted(*index, halt))?;
            let Some(field) = self.policy.outputs.get(*index) else {
                continue;
            };
            if let (Kind::Integer, Value::Number(number)) = (field.kind, &value)
                && number.as_integer().is_none()
            {
                return Err(self
                    .not_computable(&field.name, "the result is not whole; round it in the file"));
            }
            if let Some(slot) = outputs.get_mut(*index) {
                *slot = Some(value);
            }
        }
        Ok(())
    }

    fn missing_dimension(&self, table: &Table, index: usize) -> Error {
        let source = table
            .dimensions
            .get(index)
            .map_or(Source::Day, |dimension| dimension.source);
        self.missing(source)
    }

    fn missing(&self, source: Source) -> Error {
        match self.policy.fields().get(source) {
            Some(field) => Error::Missing {
                field: field.name.clone(),
                title: Box::new(field.title.clone()),
                allowed: Box::new(field.allowed()),
            },
            None => self.not_computable("", "the day is missing"),
        }
    }

    fn halted(&self, output: usize, halt: Halt) -> Error {
        match halt {
            Halt::Missing(source) => self.missing(source),
            Halt::Not(why) => {
                let name = self
                    .policy
                    .outputs
                    .get(output)
                    .map_or("", |field| field.name.as_str());
                self.not_computable(name, why)
            }
        }
    }

    fn not_computable(&self, output: &str, why: &'static str) -> Error {
        Error::NotComputable {
            policy: self.policy.id.clone(),
            output: output.to_owned(),
            why,
        }
    }
}

impl<'p> Decision<'p> {
    /// Whether every row that decided was read in the text of the law.
    pub fn is_verified(&self) -> bool {
        self.explanation.is_verified()
    }

    /// Whether the decision answers an optional output.
    pub fn has(&self, output: &str) -> bool {
        self.value(output).is_some()
    }

    /// A majority.
    pub fn threshold(&self, output: &str) -> Result<Threshold, Error> {
        match self.value(output) {
            Some((_, Value::Threshold(threshold))) => Ok(*threshold),
            _ => Err(self.none(output, "threshold")),
        }
    }

    /// A whole number.
    pub fn integer(&self, output: &str) -> Result<i64, Error> {
        let number = self.number(output).ok().and_then(Number::as_integer);
        number.ok_or_else(|| self.none(output, "whole number"))
    }

    /// A whole number where the rule sets one.
    pub fn optional_integer(&self, output: &str) -> Result<Option<i64>, Error> {
        if self.has(output) || self.position(output).is_none() {
            return self.integer(output).map(Some);
        }
        Ok(None)
    }

    /// An exact number: integer, decimal or ratio.
    pub fn number(&self, output: &str) -> Result<Number, Error> {
        match self.value(output) {
            Some((_, Value::Number(number))) => Ok(*number),
            _ => Err(self.none(output, "number")),
        }
    }

    /// An exact ratio; of a threshold its share.
    pub fn ratio(&self, output: &str) -> Result<(u64, u64), Error> {
        let of = |number: &Number| {
            let num = u64::try_from(number.numerator()).ok()?;
            Some((num, u64::try_from(number.denominator()).ok()?))
        };
        let ratio = match self.value(output) {
            Some((_, Value::Threshold(threshold))) => Some((threshold.num(), threshold.den())),
            Some((_, Value::Number(number))) => of(number),
            _ => None,
        };
        ratio.ok_or_else(|| self.none(output, "ratio"))
    }

    /// Yes or no.
    pub fn flag(&self, output: &str) -> Result<bool, Error> {
        match self.value(output) {
            Some((_, Value::Flag(flag))) => Ok(*flag),
            _ => Err(self.none(output, "flag")),
        }
    }

    /// Words in both languages.
    pub fn text(&self, output: &str) -> Result<&'p Text, Error> {
        match self.value(output) {
            Some((_, Value::Text(text))) => Ok(text),
            _ => Err(self.none(output, "text")),
        }
    }

    /// The code of a choice.
    pub fn choice(&self, output: &str) -> Result<&'p str, Error> {
        let code = match self.value(output) {
            Some((field, Value::Choice(index))) => {
                field.labels.get(*index).map(|label| label.code.as_str())
            }
            _ => None,
        };
        code.ok_or_else(|| self.none(output, "choice"))
    }

    /// The codes of a list of choices.
    pub fn choices(&self, output: &str) -> Result<Vec<&'p str>, Error> {
        match self.value(output) {
            Some((field, Value::Choices(indices))) => Ok(indices
                .iter()
                .filter_map(|index| field.labels.get(*index))
                .map(|label| label.code.as_str())
                .collect()),
            _ => Err(self.none(output, "list of choices")),
        }
    }

    /// A day.
    pub fn date(&self, output: &str) -> Result<Date, Error> {
        match self.value(output) {
            Some((_, Value::Date(date))) => Ok(*date),
            _ => Err(self.none(output, "date")),
        }
    }

    /// Outputs and explanation as owned data, to be stored, sent or rendered.
    pub fn record(&self) -> Record {
        self.explanation.record()
    }

    pub(crate) fn outputs(&self) -> impl Iterator<Item = (&'p Field, &Value<'p>)> {
        let fields = self.explanation.policy.outputs.iter();
        fields
            .zip(&self.explanation.outputs)
            .filter_map(|(field, value)| Some((field, value.as_ref()?)))
    }

    fn value(&self, output: &str) -> Option<(&'p Field, &Value<'p>)> {
        let index = self.position(output)?;
        let field = self.explanation.policy.outputs.get(index)?;
        Some((field, self.explanation.outputs.get(index)?.as_ref()?))
    }

    fn position(&self, output: &str) -> Option<usize> {
        self.explanation
            .policy
            .outputs
            .iter()
            .position(|field| field.name == output)
    }

    fn none(&self, output: &str, wanted: &'static str) -> Error {
        let given: Vec<String> = self
            .outputs()
            .map(|(field, _)| format!("{} {}", field.kind.name(), field.name))
            .collect();
        Error::NoSuchOutput {
            policy: self.explanation.policy.id.clone(),
            output: output.to_owned(),
            wanted,
            given: given.join(", "),
        }
    }
}

impl Serialize for Decision<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.record().serialize(serializer)
    }
}
