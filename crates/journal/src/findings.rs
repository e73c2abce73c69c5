//! What an audit found: each finding names the table, the row and the entry, in words for the operator.

use std::fmt;

/// How many findings of a table are told one by one.
const TOLD_OF_A_TABLE: usize = 5;

/// A place where a table does not say what the journal says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The table.
    pub table: &'static str,
    /// Which row, and what is wrong with it.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.table, self.what)
    }
}

/// Everything that an audit found, the first few of each table in words, the rest by their number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    told: Vec<Finding>,
    untold: Vec<(&'static str, u64)>,
}

impl Findings {
    /// Whether everything holds.
    pub fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// Whether another finding of this table would be told, so that it is worth putting into words.
    pub fn tells(&self, table: &str) -> bool {
        let told = self.told.iter().filter(|finding| finding.table == table);
        told.count() < TOLD_OF_A_TABLE
    }

    /// Adds one.
    pub fn add(&mut self, table: &'static str, what: impl Into<String>) {
        if self.tells(table) {
            let what = what.into();
            self.told.push(Finding { table, what });
            return;
        }
        match self.untold.iter_mut().find(|(name, _)| *name == table) {
            Some((_, number)) => *number += 1,
            None => self.untold.push((table, 1)),
        }
    }

    /// Takes over what another audit found.
    pub fn extend(&mut self, other: Self) {
        self.told.extend(other.told);
        self.untold.extend(other.untold);
    }

    /// One line each, and one for those that are not told.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        let told = self.told.iter().map(ToString::to_string);
        let untold = self.untold.iter();
        told.chain(untold.map(|(table, number)| format!("{table}: and {number} more")))
    }
}
