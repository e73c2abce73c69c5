//! Where the time of a stage went, and who waits for whom.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::{Case, Count, Days, Definition, Error, Stage, StageState, StepState};

/// The working days of a stage since it could be submitted, each given to whom was waited for. Where several were, to the
/// first of: a stop of the clock, the applicant, supporting units, the lead.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Waited {
    /// The applicant had not submitted yet.
    pub preparing: u32,
    /// The clock stood still, by ground.
    pub stopped: BTreeMap<String, u32>,
    /// The applicant was to hand in what was missing.
    pub applicant: u32,
    /// Supporting units had been asked and had not replied.
    pub supporting: u32,
    /// Of that, by unit; days on which several were waited for count for each.
    pub units: BTreeMap<String, u32>,
    /// The lead unit had everything it needed.
    pub lead: u32,
}

/// Somebody who can't go on before another did something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Waits {
    /// The unit that waits.
    pub who: String,
    /// For whom.
    pub whom: Whom,
    /// The stage in which it waits.
    pub stage: String,
    /// Since when.
    pub since: Date,
    /// By when that is to be done, where a limit is set.
    pub until: Option<Date>,
}

/// Who is waited for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Whom {
    /// A unit.
    Unit(String),
    /// The applicant.
    Applicant,
}

impl Waited {
    /// All days together.
    pub fn total(&self) -> u32 {
        self.preparing
            + self.stopped.values().sum::<u32>()
            + self.applicant
            + self.supporting
            + self.lead
    }

    /// Adds another stage's days.
    pub fn add(&mut self, other: &Self) {
        self.preparing += other.preparing;
        self.applicant += other.applicant;
        self.supporting += other.supporting;
        self.lead += other.lead;
        for (mine, theirs) in [
            (&mut self.stopped, &other.stopped),
            (&mut self.units, &other.units),
        ] {
            for (name, days) in theirs {
                *mine.entry(name.clone()).or_default() += days;
            }
        }
    }
}

impl Case {
    /// Where the working days of a stage went, until it was decided or the day it is looked at.
    ///
    /// # Errors
    /// [`Error::NoStage`], [`Error::BeyondDays`].
    pub fn waited(
        &self,
        definition: &Definition,
        stage: &str,
        days: &Days,
        as_of: Date,
    ) -> Result<Waited, Error> {
        let place = self.place_of(stage)?;
        let state = self.stage(stage)?;
        let ended = state.decided.map(|(on, _)| on).or(state.refused);
        let ended = ended
            .or(self.withdrawn.map(crate::Moment::date))
            .unwrap_or(as_of);
        let Some(first) = self.since(definition, place).or(state.submitted) else {
            return Ok(Waited::default());
        };
        let submitted = state.submitted.unwrap_or(ended).min(ended);
        let mut waited = Waited {
            preparing: days.between(first, submitted, Count::Working)?,
            ..Waited::default()
        };
        let mut cuts = edges(state);
        cuts.retain(|date| *date > submitted && *date < ended);
        cuts.push(ended);
        cuts.sort_unstable();
        let mut from = submitted;
        for to in cuts {
            let working = days.between(from, to, Count::Working)?;
            waited.give(state, from, to, working);
            from = to;
        }
        Ok(waited)
    }

    /// Who waits for whom in this case, in the order of the stages.
    ///
    /// # Errors
    /// [`Error::BeyondDays`].
    pub fn waits(&self, definition: &Definition, days: &Days) -> Result<Vec<Waits>, Error> {
        let mut found = Vec::new();
        if self.withdrawn.is_some() {
            return Ok(found);
        }
        for (stage, state) in definition.stages.iter().zip(&self.stages) {
            if state.decided.is_none() && state.refused.is_none() {
                found.extend(stage.waits(state, days)?);
            }
        }
        found.extend(self.waiting_steps(definition));
        Ok(found)
    }

    /// Since when a stage can be submitted: the first of its steps to open.
    fn since(&self, definition: &Definition, stage: usize) -> Option<Date> {
        let own = definition.steps.iter().enumerate();
        let own = own.filter(|(_, step)| step.stage == stage);
        own.filter_map(|(place, step)| {
            if step.after.is_empty() {
                self.began
            } else {
                self.opened(place)
            }
        })
        .min()
    }

    /// Steps of which something before them is done and something else is to be done by another unit: who waits for whom.
    pub fn waiting_steps(&self, definition: &Definition) -> Vec<Waits> {
        let mut found = Vec::new();
        for (place, step) in definition.steps.iter().enumerate() {
            if self.steps.get(place) != Some(&StepState::Waiting) {
                continue;
            }
            let since = step
                .after
                .iter()
                .filter_map(|(before, _)| self.done_on(*before))
                .max();
            let Some(since) = since else { continue };
            for (before, _) in &step.after {
                let (Some(StepState::Open), Some(other)) =
                    (self.steps.get(*before), definition.steps.get(*before))
                else {
                    continue;
                };
                if other.unit != step.unit {
                    found.push(Waits {
                        who: step.unit.clone(),
                        whom: Whom::Unit(other.unit.clone()),
                        stage: definition
                            .stages
                            .get(step.stage)
                            .map(|stage| stage.id.clone())
                            .unwrap_or_default(),
                        since,
                        until: None,
                    });
                }
            }
        }
        found
    }
}

impl Waited {
    fn give(&mut self, state: &StageState, from: Date, to: Date, working: u32) {
        let covers =
            |start: Date, end: Option<Date>| start <= from && end.is_none_or(|end| to <= end);
        if let Some(stop) = state.stops.iter().find(|stop| covers(stop.from, stop.to)) {
            *self.stopped.entry(stop.ground.clone()).or_default() += working;
            return;
        }
        if state
            .correction_asked
            .is_some_and(|asked| covers(asked, state.corrected))
        {
            self.applicant += working;
            return;
        }
        let mut waiting = false;
        for asked in &state.asked {
            if covers(asked.on, asked.replied) {
                waiting = true;
                *self.units.entry(asked.unit.clone()).or_default() += working;
            }
        }
        if waiting {
            self.supporting += working;
        } else {
            self.lead += working;
        }
    }
}

/// The days on which somebody else may be waited for from then on.
fn edges(state: &StageState) -> Vec<Date> {
    let stops = state
        .stops
        .iter()
        .flat_map(|stop| [Some(stop.from), stop.to]);
    let asked = state
        .asked
        .iter()
        .flat_map(|asked| [Some(asked.on), asked.replied]);
    let corrections = [state.correction_asked, state.corrected];
    stops.chain(asked).chain(corrections).flatten().collect()
}

impl Stage {
    /// For whom its lead waits: the applicant, units that were asked.
    ///
    /// # Errors
    /// [`Error::BeyondDays`].
    pub fn waits(&self, state: &StageState, days: &Days) -> Result<Vec<Waits>, Error> {
        let lead = state.lead.as_ref().unwrap_or(&self.lead);
        let waits = |whom: Whom, since: Date, until: Option<Date>| Waits {
            who: lead.clone(),
            whom,
            stage: self.id.clone(),
            since,
            until,
        };
        let mut found = Vec::new();
        if let (Some(asked), None) = (state.correction_asked, state.corrected) {
            found.push(waits(Whom::Applicant, asked, None));
        }
        for asked in state.asked.iter().filter(|asked| asked.replied.is_none()) {
            let until = self.reply_by(asked, days)?;
            found.push(waits(Whom::Unit(asked.unit.clone()), asked.on, until));
        }
        Ok(found)
    }

    /// By when a supporting unit that was asked is to reply, if the process sets it a limit.
    ///
    /// # Errors
    /// [`Error::BeyondDays`].
    pub fn reply_by(&self, asked: &crate::Asked, days: &Days) -> Result<Option<Date>, Error> {
        let mut supporting = self.supporting.iter();
        let limit = supporting
            .find(|one| one.unit == asked.unit)
            .map(|one| &one.reply);
        limit
            .map(|limit| days.after(asked.on, limit.days, limit.count))
            .transpose()
    }
}
