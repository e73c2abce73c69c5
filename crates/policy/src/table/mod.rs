//! Decision tables, compiled at load: every condition splits its field's values into atoms, and one array
//! maps each combination of atoms to the row that decides it. A decision is then a lookup.

mod check;
mod condition;
mod dimension;
mod range;

use std::sync::Arc;

use jiff::civil::Date;

pub(crate) use condition::Condition;
pub(crate) use dimension::{Atoms, Dimension, Source};
pub(crate) use range::Range;

use crate::Text;
use crate::expression::Then;
use crate::instrument::{Instrument, Status};
use crate::value::{Field, Value};

/// The most combinations of atoms that one table may have.
pub(crate) const MOST_COMBINATIONS: usize = 200_000;

const NO_ROW: u16 = u16::MAX;

/// Whether rows may overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hit {
    /// The first row that applies decides; earlier rows take precedence.
    First,
    /// Exactly one row applies to every case.
    Unique,
}

/// A table of one version: rows, and the one that decides a case.
#[derive(Debug)]
pub struct Table {
    pub(crate) id: String,
    pub(crate) title: Text,
    pub(crate) hit: Hit,
    pub(crate) rows: Vec<Row>,
    pub(crate) dimensions: Vec<Dimension>,
    pub(crate) lookup: Vec<u16>,
}

/// A row: when it applies, what it answers, and the clause it stands on.
#[derive(Debug)]
pub struct Row {
    pub(crate) id: String,
    /// One condition per dimension that the row restricts, by the dimension's position.
    pub(crate) when: Vec<(usize, Condition)>,
    /// Outputs by their position in the policy.
    pub(crate) then: Vec<(usize, Then)>,
    pub(crate) ground: Ground,
    pub(crate) note: Option<Text>,
    pub(crate) window: Range<Date>,
}

/// What a row stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ground {
    /// A clause of an instrument.
    Clause {
        /// The instrument.
        instrument: Arc<Instrument>,
        /// Article, paragraph, item: `第二百七十八条第二款`.
        article: String,
        /// The words of the clause, in Chinese. `……` stands where words are left out.
        quote: Option<String>,
        /// Whether the words were read in the text.
        status: Status,
    },
    /// The law says nothing here; the text says where it was looked for.
    Silence(Text),
    /// The case cannot be decided from the texts held.
    Refusal(Text),
}

impl Table {
    /// The table's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The table's title.
    pub fn title(&self) -> &Text {
        &self.title
    }

    /// Whether rows may overlap.
    pub fn hit(&self) -> Hit {
        self.hit
    }

    /// The rows, in the file's order.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The row that decides, or the dimension whose value is missing and makes a difference.
    pub(crate) fn decide(&self, case: &Case<'_, '_>) -> Result<u16, usize> {
        let mut offset = 0;
        let mut open = Vec::new();
        for (index, dimension) in self.dimensions.iter().enumerate() {
            match dimension.atom(case) {
                Some(atom) => offset += atom * dimension.stride,
                None => open.push(index),
            }
        }
        if open.is_empty() {
            return Ok(self.row_at(offset));
        }
        self.decide_open(offset, &open)
    }

    /// With values missing: the row, if every possible value leads to the same one.
    fn decide_open(&self, offset: usize, open: &[usize]) -> Result<u16, usize> {
        let open = || {
            open.iter()
                .filter_map(|index| Some((*index, self.dimensions.get(*index)?)))
        };
        let mut offsets = vec![offset];
        for (_, dimension) in open() {
            offsets = offsets
                .iter()
                .flat_map(|at| dimension.spread(*at))
                .collect();
        }
        let differs = |dimension: &Dimension| {
            offsets
                .iter()
                .any(|at| self.row_at(*at) != self.row_at(dimension.first_like(*at)))
        };
        match open().find(|(_, dimension)| differs(dimension)) {
            Some((index, _)) => Err(index),
            None => Ok(offsets.first().map_or(NO_ROW, |at| self.row_at(*at))),
        }
    }

    fn row_at(&self, offset: usize) -> u16 {
        self.lookup.get(offset).copied().unwrap_or(NO_ROW)
    }

    /// Why a row does not apply to a case: the first dimension that keeps it out.
    pub(crate) fn miss(&self, row: &Row, case: &Case<'_, '_>) -> Option<usize> {
        let misses = |(index, condition): &&(usize, Condition)| {
            let dimension = self.dimensions.get(*index)?;
            let atom = dimension.atom(case)?;
            (!condition.covers(&dimension.atoms, atom)).then_some(*index)
        };
        row.when.iter().find_map(|condition| misses(&condition))
    }
}

impl Row {
    /// The row's id, unique in its table.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What the row stands on.
    pub fn ground(&self) -> &Ground {
        &self.ground
    }

    /// What a reader should know beside the clause.
    pub fn note(&self) -> Option<&Text> {
        self.note.as_ref()
    }

    /// First and last day on which the row can apply; `None` where its version sets the limit.
    pub fn in_force(&self) -> (Option<Date>, Option<Date>) {
        let day = |edge: &Option<(Date, bool)>| edge.as_ref().map(|(day, _)| *day);
        (day(&self.window.low), day(&self.window.high))
    }
}

impl Ground {
    /// Whether the row's words were read in the text of the law.
    pub fn is_verified(&self) -> bool {
        matches!(
            self,
            Self::Clause {
                status: Status::Verified,
                ..
            }
        )
    }
}

/// One case at hand: the day, the inputs, and the outputs of earlier tables.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case<'c, 'p> {
    pub(crate) on: Date,
    pub(crate) given: &'c [Option<Value<'p>>],
    pub(crate) outputs: &'c [Option<Value<'p>>],
}

impl<'c, 'p> Case<'c, 'p> {
    pub(crate) fn value(&self, source: Source) -> Option<&'c Value<'p>> {
        match source {
            Source::Day => None,
            Source::Input(index) => self.given.get(index)?.as_ref(),
            Source::Output(index) => self.outputs.get(index)?.as_ref(),
        }
    }
}

/// The declared fields of a policy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<'p> {
    pub(crate) inputs: &'p [Field],
    pub(crate) outputs: &'p [Field],
}

impl<'p> Fields<'p> {
    pub(crate) fn get(&self, source: Source) -> Option<&'p Field> {
        match source {
            Source::Day => None,
            Source::Input(index) => self.inputs.get(index),
            Source::Output(index) => self.outputs.get(index),
        }
    }
}
