//! What will be late, by the speed of the past; counts of cases, never a made-up probability.
//!
//! A stage that is open after `used` days of its clock is set beside the decided stages of the same name that had come that
//! far, too: of those `of`, `late` took more days than the limit. Nothing is fitted and nothing is smoothed. Stages still
//! open are not among them, since nobody knows what they will take; how many of them are beyond the limit already is told
//! beside it, because where many are, the decided ones paint too rosy a picture.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::{Case, Clock, Days, Definition, Due, Error};

/// Fewer past cases than this that had come as far tell nothing.
pub const FEWEST_CASES: u32 = 5;

/// How many days of the clock stages took, by stage.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past {
    stages: BTreeMap<String, Known>,
}

/// Days of the clock, and how many stages used so many.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Known {
    decided: BTreeMap<u32, u32>,
    open: BTreeMap<u32, u32>,
}

/// What the past says of an open stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outlook {
    /// Days of the clock that are used, counted as the limit is.
    pub used: u32,
    /// The limit in days, extension included.
    pub limit: u32,
    /// Past cases that had come this far.
    pub of: u32,
    /// How many of those took longer than the limit.
    pub late: u32,
    /// Other open cases that are beyond the limit already, and so belong to neither.
    pub open_beyond: u32,
    /// Days that half of those took from here at most; `None` where they are too few.
    pub median_left: Option<u32>,
    /// Days that nine of ten of those took from here at most; `None` where they are too few.
    pub p90_left: Option<u32>,
    /// The day after that median, if the clock does not stop; `None` while it stands still.
    pub likely: Option<Date>,
    /// All of it in a word.
    pub chance: Chance,
}

/// How likely a stage is to be late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Chance {
    /// Fewer than one in ten were.
    Unlikely,
    /// At least one in ten were.
    Possible,
    /// At least half were.
    Likely,
    /// It is.
    Late,
    /// Fewer than [`FEWEST_CASES`] had come this far.
    TooFew,
}

impl Past {
    /// Takes in a case, open or not, seen from a day.
    ///
    /// # Errors
    /// [`Error::BeyondDays`].
    pub fn learn(
        &mut self,
        definition: &Definition,
        case: &Case,
        days: &Days,
        as_of: Date,
    ) -> Result<(), Error> {
        for (stage, state) in definition.stages.iter().zip(&case.stages) {
            let due = case.due(definition, &stage.id, days, as_of)?;
            if due.limit.is_none() {
                continue;
            }
            match due.clock {
                Clock::Ended if state.decided.is_some() => self.decided(&stage.id, due.used),
                Clock::Running | Clock::Stopped => self.open(&stage.id, due.used),
                _ => {}
            }
        }
        Ok(())
    }

    /// Takes in a stage that was decided after so many days of its clock.
    pub fn decided(&mut self, stage: &str, used: u32) {
        add(&mut self.known(stage).decided, used);
    }

    /// Takes in a stage that is open after so many days of its clock.
    pub fn open(&mut self, stage: &str, used: u32) {
        add(&mut self.known(stage).open, used);
    }

    /// How many decided stages of a name it has taken in.
    pub fn known_of(&self, stage: &str) -> u32 {
        self.stages
            .get(stage)
            .map_or(0, |known| known.decided.values().sum())
    }

    /// What the past says of a stage whose clock runs or stands still; `None` where no clock does.
    ///
    /// # Errors
    /// [`Error::BeyondDays`].
    pub fn outlook(&self, stage: &str, due: &Due, days: &Days) -> Result<Option<Outlook>, Error> {
        let (Some((limit, count)), Clock::Running | Clock::Stopped) = (due.limit, due.clock) else {
            return Ok(None);
        };
        let known = self.stages.get(stage);
        let far: Vec<(u32, u32)> = known
            .map(|known| known.decided.range(due.used..))
            .into_iter()
            .flatten()
            .map(|(took, cases)| (*took, *cases))
            .collect();
        let of: u32 = far.iter().map(|(_, cases)| cases).sum();
        let beyond = limit.saturating_add(1);
        let late = far
            .iter()
            .filter(|(took, _)| *took >= beyond)
            .map(|(_, cases)| cases)
            .sum();
        let open = known.map(|known| known.open.range(beyond..));
        let left = |percent| left(&far, of, percent).map(|took| took.saturating_sub(due.used));
        let enough = of >= FEWEST_CASES;
        let median_left = left(50).filter(|_| enough);
        let likely = match (median_left, due.clock) {
            (Some(left), Clock::Running) => Some(days.after(due.as_of, left, count)?),
            _ => None,
        };
        Ok(Some(Outlook {
            used: due.used,
            limit,
            of,
            late,
            open_beyond: open.into_iter().flatten().map(|(_, cases)| cases).sum(),
            median_left,
            p90_left: left(90).filter(|_| enough),
            likely,
            chance: match () {
                () if due.late => Chance::Late,
                () if !enough => Chance::TooFew,
                () if late.saturating_mul(2) >= of => Chance::Likely,
                () if late.saturating_mul(10) >= of => Chance::Possible,
                () => Chance::Unlikely,
            },
        }))
    }

    fn known(&mut self, stage: &str) -> &mut Known {
        self.stages.entry(stage.to_owned()).or_default()
    }
}

fn add(counts: &mut BTreeMap<u32, u32>, used: u32) {
    *counts.entry(used).or_default() += 1;
}

/// The least number of days that `percent` of the cases did not pass.
fn left(far: &[(u32, u32)], of: u32, percent: u64) -> Option<u32> {
    let rank = (u64::from(of) * percent).div_ceil(100);
    let mut seen = 0;
    let reached = far.iter().find(|(_, cases)| {
        seen += u64::from(*cases);
        seen >= rank
    });
    reached.map(|(took, _)| *took)
}
