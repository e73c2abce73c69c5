//! The count itself: first what was cast, by unit and by head; then what a rule of silence makes
//! of it; then the thresholds.

use std::collections::{HashMap, HashSet};

use units::{Area, Ratio, UnitsError};

use super::outcome::{
    Conflict, Measured, Outcome, Reading, Side, Tally, ThresholdCheck, UnitChoice, Votes,
};
use super::{Choice, Kind, MAX_UNITS, Owner, Requirement, SilenceRule, Thresholds, Unit};
use crate::BallotError;

/// Counts a vote under a rule of silence, and beside it under the two others.
///
/// The order of the units doesn't matter. Thresholds are the law in force, handed in.
///
/// # Errors
/// [`BallotError::EmptyElectorate`], [`BallotError::DuplicateUnit`], [`BallotError::NoOwner`],
/// [`BallotError::TooManyUnits`], and [`BallotError::Units`] where areas overflow.
pub fn count(
    units: &[Unit],
    thresholds: &Thresholds,
    silence: SilenceRule,
) -> Result<Outcome, BallotError> {
    check_electorate(units)?;
    let heads = heads_of(units);
    let cast = what_was_cast(units, &heads)?;
    let total = all_of(&cast)?;
    let majority = majority_of(&cast);
    let read = |rule| read_under(rule, &cast, total, majority, thresholds);

    let tally = read(silence)?;
    let others = SilenceRule::ALL
        .iter()
        .copied()
        .filter(|&rule| rule != silence);
    let under_other_rules = others.map(read).collect::<Result<Vec<_>, _>>()?;
    Ok(Outcome {
        total,
        cast,
        majority,
        silence_decides: under_other_rules
            .iter()
            .any(|other| other.passed != tally.passed),
        tally,
        under_other_rules,
        conflicts: conflicts_of(units, &heads),
        heads_of_several_units: saturating_count(heads.values().filter(|head| head.units > 1)),
    })
}

fn check_electorate(units: &[Unit]) -> Result<(), BallotError> {
    if units.is_empty() {
        return Err(BallotError::EmptyElectorate);
    }
    if u32::try_from(units.len()).map_or(true, |count| count > MAX_UNITS) {
        return Err(BallotError::TooManyUnits { limit: MAX_UNITS });
    }
    let mut seen = HashSet::with_capacity(units.len());
    for unit in units {
        if !seen.insert(unit.unit.as_str()) {
            return Err(BallotError::DuplicateUnit {
                unit: unit.unit.clone(),
            });
        }
        if matches!(&unit.owner, Owner::Owners(names) if names.is_empty()) {
            return Err(BallotError::NoOwner {
                unit: unit.unit.clone(),
            });
        }
    }
    Ok(())
}

/// One buyer's marks over all units.
#[derive(Default)]
struct Head {
    units: u32,
    marked: [bool; 6],
}

/// Where a head stands in what was cast.
#[derive(PartialEq, Eq)]
enum Standing {
    At(Choice),
    Conflict,
}

impl Head {
    fn mark(&mut self, choice: Choice) {
        self.units = self.units.saturating_add(1);
        let [said_for, against, abstain, follow, silent, unserved] = &mut self.marked;
        *match choice {
            Choice::For => said_for,
            Choice::Against => against,
            Choice::Abstain => abstain,
            Choice::Follow => follow,
            Choice::Silent => silent,
            Choice::Unserved => unserved,
        } = true;
    }

    /// What was said outright goes before following, and that before silence.
    fn standing(&self) -> Standing {
        match self.marked {
            [true, false, false, ..] => Standing::At(Choice::For),
            [false, true, false, ..] => Standing::At(Choice::Against),
            [false, false, true, ..] => Standing::At(Choice::Abstain),
            [false, false, false, true, ..] => Standing::At(Choice::Follow),
            [false, false, false, false, true, _] => Standing::At(Choice::Silent),
            [false, false, false, false, false, _] => Standing::At(Choice::Unserved),
            _ => Standing::Conflict,
        }
    }
}

fn heads_of(units: &[Unit]) -> HashMap<&Owner, Head> {
    let mut heads: HashMap<&Owner, Head> = HashMap::with_capacity(units.len());
    for unit in units {
        heads.entry(&unit.owner).or_default().mark(unit.choice);
    }
    heads
}

fn what_was_cast(units: &[Unit], heads: &HashMap<&Owner, Head>) -> Result<Votes, UnitsError> {
    let mut cast = Votes::default();
    for unit in units {
        let tally = cast.at(unit.choice);
        *tally = tally.plus(Tally {
            units: 1,
            heads: 0,
            area: unit.area,
        })?;
    }
    for head in heads.values() {
        let tally = cast.at(match head.standing() {
            Standing::At(choice) => choice,
            Standing::Conflict => Choice::Abstain,
        });
        *tally = tally.plus(Tally {
            units: 0,
            heads: 1,
            area: Area::ZERO,
        })?;
    }
    Ok(cast)
}

impl Votes {
    fn at(&mut self, choice: Choice) -> &mut Tally {
        match choice {
            Choice::For => &mut self.in_favour,
            Choice::Against => &mut self.against,
            Choice::Abstain => &mut self.abstain,
            Choice::Follow => &mut self.follow,
            Choice::Silent => &mut self.silent,
            Choice::Unserved => &mut self.unserved,
        }
    }
}

fn all_of(cast: &Votes) -> Result<Tally, UnitsError> {
    [
        cast.in_favour,
        cast.against,
        cast.abstain,
        cast.follow,
        cast.silent,
        cast.unserved,
    ]
    .into_iter()
    .try_fold(Tally::default(), Tally::plus)
}

/// The side with more heads and more area among those who said for or against outright.
fn majority_of(cast: &Votes) -> Option<Side> {
    let (yes, no) = (cast.in_favour, cast.against);
    if yes.heads > no.heads && yes.area > no.area {
        Some(Side::For)
    } else if no.heads > yes.heads && no.area > yes.area {
        Some(Side::Against)
    } else {
        None
    }
}

fn read_under(
    silence: SilenceRule,
    cast: &Votes,
    total: Tally,
    majority: Option<Side>,
    thresholds: &Thresholds,
) -> Result<Reading, UnitsError> {
    let (mut in_favour, mut against, mut abstain) = (cast.in_favour, cast.against, cast.abstain);
    let mut join = |tally: Tally, side: Option<Side>| {
        let joined = match side {
            Some(Side::For) => &mut in_favour,
            Some(Side::Against) => &mut against,
            None => &mut abstain,
        };
        *joined = joined.plus(tally)?;
        Ok::<(), UnitsError>(())
    };
    join(cast.follow, majority)?;
    match silence {
        SilenceRule::NotCounted => {}
        SilenceRule::Participates => join(cast.silent, None)?,
        SilenceRule::FollowsMajority => join(cast.silent, majority)?,
    }

    let participating = in_favour.plus(against)?.plus(abstain)?;
    let checks = thresholds.each().map(|(of, kind, requirement)| {
        let (part, whole) = match kind {
            Kind::Participation => (participating, total),
            Kind::Consent => (in_favour, participating),
        };
        check(
            of,
            kind,
            requirement,
            Measured::of(of, part),
            Measured::of(of, whole),
        )
    });
    let met = |kind| {
        checks
            .iter()
            .filter(|check| check.kind == kind)
            .all(|check| check.met)
    };
    let (participation_met, consent_met) = (met(Kind::Participation), met(Kind::Consent));
    Ok(Reading {
        silence,
        participating,
        in_favour,
        against,
        abstain,
        follow: cast.follow,
        silent: cast.silent,
        unserved: cast.unserved,
        participation_met,
        consent_met,
        passed: participation_met && consent_met,
        thresholds: checks.to_vec(),
    })
}

fn check(
    of: super::Measure,
    kind: Kind,
    requirement: &Requirement,
    part: Measured,
    whole: Measured,
) -> ThresholdCheck {
    let Requirement {
        required,
        strict,
        citation,
    } = requirement.clone();
    let how = requirement.comparison();
    ThresholdCheck {
        of,
        kind,
        required,
        strict,
        least: least(required, whole, how),
        part,
        whole,
        met: required.holds(part.smallest_parts(), whole.smallest_parts(), how),
        citation,
    }
}

fn least(required: Ratio, whole: Measured, how: units::Comparison) -> Option<Measured> {
    let least = required.least(whole.smallest_parts(), how)?;
    match whole {
        Measured::Heads(_) => u32::try_from(least).ok().map(Measured::Heads),
        Measured::Area(_) => Area::new(least).ok().map(Measured::Area),
    }
}

fn conflicts_of(units: &[Unit], heads: &HashMap<&Owner, Head>) -> Vec<Conflict> {
    let mut marks: HashMap<&Owner, Vec<UnitChoice>> = heads
        .iter()
        .filter(|(_, head)| head.standing() == Standing::Conflict)
        .map(|(&owner, _)| (owner, Vec::new()))
        .collect();
    for unit in units {
        if let Some(marked) = marks.get_mut(&unit.owner) {
            marked.push(UnitChoice {
                unit: unit.unit.clone(),
                choice: unit.choice,
            });
        }
    }
    let mut conflicts: Vec<Conflict> = marks
        .into_iter()
        .map(|(owner, mut units)| {
            units.sort_unstable();
            Conflict {
                owner: owner.to_string(),
                units,
            }
        })
        .collect();
    conflicts.sort_unstable_by(|a, b| a.owner.cmp(&b.owner).then_with(|| a.units.cmp(&b.units)));
    conflicts
}

fn saturating_count<T>(all: impl Iterator<Item = T>) -> u32 {
    u32::try_from(all.count()).unwrap_or(u32::MAX)
}
