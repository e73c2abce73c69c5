//! The published record of a count: every ballot under its receipt code, enough for anyone to count again.

use ballot::resolution::{Outcome, Requirement, Side, SilenceRule, count as count_units};
use kernel::CommunityId;
use serde::{Deserialize, Serialize};
use units::Comparison;

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
        community: CommunityId,
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
            community: community.to_string(),
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
    let (code, channel) = row.vote.clone()?;
    Some(PublishedBallot {
        code,
        choice: row.unit.choice,
        channel,
        head: row.unit.head,
        area_hundredths: row.unit.area.get(),
    })
}

/// Counts a frozen electorate under the terms of its publication. Where the law lets silence count only beside a
/// majority of all owners that really voted, and there is none, the silent are not counted.
pub(crate) fn count(rows: &[CountedRow], terms: &Terms) -> Result<Outcome, Error> {
    let electorate: Vec<ballot::resolution::Unit> =
        rows.iter().map(|row| row.unit.for_count()).collect();
    let outcome = count_units(&electorate, &terms.thresholds, terms.rules.silence)?;
    if silence_may_count(&outcome, terms) {
        return Ok(outcome);
    }
    Ok(count_units(
        &electorate,
        &terms.thresholds,
        SilenceRule::NotCounted,
    )?)
}

/// Whether the side that won among those who voted reaches what the law asks of all owners.
fn silence_may_count(outcome: &Outcome, terms: &Terms) -> bool {
    let Some((heads, area)) = &terms.silence_floor else {
        return true;
    };
    if terms.rules.silence == SilenceRule::NotCounted {
        return true;
    }
    let voted = match outcome.majority {
        Some(Side::For) => outcome.cast.in_favour,
        Some(Side::Against) => outcome.cast.against,
        None => return false,
    };
    reaches(
        heads,
        i64::from(voted.heads),
        i64::from(outcome.total.heads),
    ) && reaches(area, voted.area.get(), outcome.total.area.get())
}

fn reaches(requirement: &Requirement, part: i64, whole: i64) -> bool {
    let how = if requirement.strict {
        Comparison::StrictlyMore
    } else {
        Comparison::AtLeast
    };
    requirement.required.holds(part, whole, how)
}

#[cfg(test)]
mod tests {
    use ballot::resolution::{Choice, Thresholds};
    use kernel::{Timestamp, Window};
    use units::{Area, Ratio};

    use super::*;
    use crate::model::{CountedUnit, Rules};

    /// Units of 100 m², each its own head.
    fn rows(choices: &[(Choice, usize)]) -> Vec<CountedRow> {
        let units = choices
            .iter()
            .flat_map(|(choice, times)| vec![*choice; *times]);
        (1_u32..)
            .zip(units)
            .map(|(head, choice)| CountedRow {
                unit: CountedUnit {
                    label: head.to_string(),
                    area: Area::new(10_000).unwrap(),
                    head,
                    developer: false,
                    choice,
                },
                vote: None,
            })
            .collect()
    }

    fn terms(silence: SilenceRule, floor: bool) -> Terms {
        let share =
            |num, den, strict| Requirement::new(Ratio::new(num, den).unwrap(), strict, "test");
        let (two_thirds, half) = (share(2, 3, false), share(1, 2, true));
        Terms {
            window: Window {
                opens: Timestamp::from_micros(0),
                closes: Timestamp::from_micros(1),
            },
            rules: Rules {
                silence,
                ..Rules::default()
            },
            thresholds: Thresholds::of_both(&two_thirds, &half),
            silence_floor: floor.then(|| (half.clone(), half.clone())),
            grounds: Vec::new(),
        }
    }

    #[test]
    fn silence_joins_only_a_majority_that_really_voted_where_the_province_says_so() {
        let few = rows(&[(Choice::For, 5), (Choice::Silent, 5)]);
        let follow = SilenceRule::FollowsMajority;
        assert!(count(&few, &terms(follow, false)).unwrap().passed());
        let in_zhejiang = count(&few, &terms(follow, true)).unwrap();
        assert!(
            !in_zhejiang.passed(),
            "five of ten are not more than half of all"
        );
        assert_eq!(in_zhejiang.tally.silence, SilenceRule::NotCounted);
        let enough = rows(&[(Choice::For, 6), (Choice::Silent, 4)]);
        assert!(count(&enough, &terms(follow, true)).unwrap().passed());
    }
}
