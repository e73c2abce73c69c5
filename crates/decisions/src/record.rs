//! The published record of a count: every ballot under its receipt code, enough for anyone to count again.

use ballot::resolution::{Outcome, count as count_units};
use kernel::Context;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::model::{ResolutionId, Terms};
use crate::store::{CountedRow, Publication};

/// What is published after the close. It names no owner and no unit: a ballot stands under its code, and heads are
/// numbers, so that whoever holds a receipt finds the own ballot and everyone can count again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PublishedRecord {
    /// `linli-resolution-record/1`.
    pub format: String,
    /// The community.
    pub community: String,
    /// The resolution.
    pub resolution: String,
    /// Its number.
    pub number: String,
    /// What it was published under.
    pub terms: Terms,
    /// Every number of the count.
    pub outcome: serde_json::Value,
    /// Every ballot that was cast, by code.
    pub ballots: Vec<PublishedBallot>,
    /// The units for which nothing was cast.
    pub without_ballot: Vec<WithoutBallot>,
}

/// A ballot in the published record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedBallot {
    /// The receipt's code.
    pub code: String,
    /// The vote's entry in the journal.
    pub position: u64,
    /// What was chosen.
    pub choice: ballot::resolution::Choice,
    /// How it came in.
    pub channel: crate::model::Channel,
    /// The head it belongs to; 0 is the developer.
    pub head: u32,
    /// The unit's exclusive area, 0.01 m².
    pub area_hundredths: i64,
}

/// A unit for which nothing was cast.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithoutBallot {
    /// `silent` where the ballot was delivered, else `unserved`.
    pub state: ballot::resolution::Choice,
    /// The head it belongs to; 0 is the developer.
    pub head: u32,
    /// The unit's exclusive area, 0.01 m².
    pub area_hundredths: i64,
}

impl PublishedRecord {
    pub(crate) fn new(
        ctx: &Context,
        resolution: &ResolutionId,
        publication: &Publication,
        outcome: &Outcome,
        rows: &[CountedRow],
    ) -> Self {
        let mut ballots: Vec<PublishedBallot> = rows.iter().filter_map(published_ballot).collect();
        ballots.sort_by(|one, other| one.code.cmp(&other.code));
        let mut without_ballot: Vec<WithoutBallot> = rows
            .iter()
            .filter(|row| row.vote.is_none())
            .map(|row| WithoutBallot {
                state: row.unit.choice,
                head: row.unit.head,
                area_hundredths: row.unit.area.get(),
            })
            .collect();
        without_ballot.sort_by_key(|unit| (unit.head, unit.area_hundredths));
        Self {
            format: "linli-resolution-record/1".to_owned(),
            community: ctx.community.to_string(),
            resolution: resolution.to_string(),
            number: publication.number.clone(),
            terms: publication.terms.clone(),
            outcome: serde_json::to_value(outcome).unwrap_or_default(),
            ballots,
            without_ballot,
        }
    }
}

fn published_ballot(row: &CountedRow) -> Option<PublishedBallot> {
    let (code, channel, position) = row.vote.clone()?;
    Some(PublishedBallot {
        code,
        position,
        choice: row.unit.choice,
        channel,
        head: row.unit.head,
        area_hundredths: row.unit.area.get(),
    })
}

/// Counts a frozen electorate under the terms of its publication.
pub fn count(rows: &[CountedRow], terms: &Terms) -> Result<Outcome, Error> {
    let electorate: Vec<ballot::resolution::Unit> = rows.iter().map(|row| row.unit.for_count()).collect();
    Ok(count_units(&electorate, &terms.thresholds, terms.rules.silence)?)
}
