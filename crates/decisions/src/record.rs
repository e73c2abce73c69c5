//! The published record of a count: every ballot under its receipt code, enough for anyone to count again.

use ballot::election::{Contest, Election, Picks, elect};
use ballot::resolution::{Outcome, Requirement, Side, SilenceRule, count as count_units};
use db::Read;
use kernel::{CommunityId, Context, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use units::Comparison;

use crate::Error;
use crate::model::{ResolutionId, Terms};
use crate::store::{self, CountRow, CountedRow, Publication, Resolution};

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
    /// Votes that had been recorded wrongly and were corrected by two people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<PublishedCorrection>,
    /// Every candidate with votes, place and fate, where members were elected by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub election: Option<Value>,
    /// When the vote would have closed, if it was extended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extended_from: Option<Timestamp>,
}

/// A correction in the published record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PublishedCorrection {
    /// The receipt's code; the corrected ballot keeps it.
    pub code: String,
    /// When the second hand confirmed it.
    pub corrected_at: Timestamp,
    /// What stands under the code since; `None` where the vote was taken away.
    pub choice: Option<ballot::resolution::Choice>,
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
    /// The numbers of the candidates picked, in an election by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picks: Option<Vec<u32>>,
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
        resolution: &Resolution,
        publication: &Publication,
        decided: &Decided,
        rows: &[CountedRow],
        corrections: Vec<PublishedCorrection>,
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
            resolution: resolution.id.to_string(),
            number: publication.number.clone(),
            terms: publication.terms.clone(),
            outcome: serde_json::to_value(&decided.outcome).unwrap_or_default(),
            ballots,
            without_ballot,
            corrections,
            election: decided
                .election
                .as_ref()
                .and_then(|election| serde_json::to_value(election).ok()),
            extended_from: resolution
                .extension
                .as_ref()
                .map(|extension| extension.closes_before),
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
        picks: row.picks.clone(),
    })
}

/// What a count comes to.
pub(crate) struct Decided {
    /// Who takes part and, but in an election, how.
    pub(crate) outcome: Outcome,
    /// Every candidate, where members are elected by name.
    pub(crate) election: Option<Election>,
    /// Whether it passed; an election, whether enough took part and somebody was elected.
    pub(crate) passed: bool,
}

/// Counts a frozen electorate, and the candidates if there are any.
pub(crate) fn decide(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
    rows: &[CountedRow],
    terms: &Terms,
) -> Result<Decided, Error> {
    let outcome = count(rows, terms)?;
    let Some(election) = &terms.election else {
        let passed = outcome.passed();
        return Ok(Decided {
            outcome,
            election: None,
            passed,
        });
    };
    let contest = Contest {
        candidates: election.numbers().map(|(number, _)| number).collect(),
        withdrawn: store::withdrawn_numbers(read, community, resolution, election)?,
        seats: election.seats,
        reserve: election.reserve,
        heads: terms.thresholds.consent_heads.clone(),
        area: terms.thresholds.consent_area.clone(),
    };
    let units: Vec<Picks> = rows.iter().map(picks_of).collect();
    let election = elect(&contest, &units, outcome.tally.participating)?;
    Ok(Decided {
        passed: outcome.tally.participation_met && election.filled > 0,
        outcome,
        election: Some(election),
    })
}

fn picks_of(row: &CountedRow) -> Picks {
    let unit = row.unit.for_count();
    Picks {
        owner: unit.owner,
        area: unit.area,
        picked: row
            .vote
            .as_ref()
            .map(|_| row.picks.clone().unwrap_or_default()),
    }
}

/// A count on its way into the table and the journal.
pub(crate) struct Counting {
    pub(crate) passed: bool,
    pub(crate) ballots: usize,
    pub(crate) objections_until: Timestamp,
    record: String,
    record_sha256: [u8; 32],
}

impl Counting {
    /// Counts what stands in the tables now, with the corrections that the record tells.
    pub(crate) fn make(
        read: &mut dyn Read,
        ctx: &Context,
        resolution: &Resolution,
        publication: &Publication,
        corrections: Vec<PublishedCorrection>,
    ) -> Result<Self, Error> {
        let rows = store::counted(read, ctx.community, resolution.id)?;
        let decided = decide(
            read,
            ctx.community,
            resolution.id,
            &rows,
            &publication.terms,
        )?;
        let published = PublishedRecord::new(
            ctx.community,
            resolution,
            publication,
            &decided,
            &rows,
            corrections,
        );
        let record = crate::to_json("the published record", &published)?;
        let days = i64::from(publication.terms.rules.objection_days) + 1;
        Ok(Self {
            passed: decided.passed,
            ballots: published.ballots.len(),
            objections_until: Timestamp::start_of(ctx.now.plus_days(days).date()),
            record_sha256: Sha256::digest(&record).into(),
            record,
        })
    }

    /// What its entry says of it in public.
    pub(crate) fn told(&self) -> Value {
        json!({
            "passed": self.passed,
            "record_sha256": crate::hex(&self.record_sha256),
            "ballots": self.ballots,
            "objections_until": self.objections_until,
        })
    }

    /// Its row, once its entry is written.
    pub(crate) fn row(self, counted_at: Timestamp, position: u64) -> CountRow {
        CountRow {
            counted_at,
            objections_until: self.objections_until,
            passed: self.passed,
            record: self.record,
            record_sha256: self.record_sha256,
            position,
        }
    }
}

/// Counts a frozen electorate under the terms of its publication. Where the law lets silence count only beside a
/// majority of all owners that really voted, and there is none, the silent are not counted.
pub(crate) fn count(rows: &[CountedRow], terms: &Terms) -> Result<Outcome, Error> {
    let electorate: Vec<ballot::resolution::Unit> =
        rows.iter().map(|row| row.unit.for_count()).collect();
    let silence = match terms.rules.silence {
        // Nobody can follow a majority among candidates: the silent take part and pick nobody.
        SilenceRule::FollowsMajority if terms.election.is_some() => SilenceRule::Participates,
        rule => rule,
    };
    let outcome = count_units(&electorate, &terms.thresholds, silence)?;
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
                picks: None,
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
            election: None,
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
