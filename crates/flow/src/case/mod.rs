//! A case as its events make it: what was submitted, which clocks run, which steps are open.

mod stage;
mod standing;

use jiff::civil::Date;

use policy::Text;

use crate::{Decision, Definition, Error, Event, Join, Moment, What};

pub(crate) use standing::standing;

/// A case after its events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The stages, in the order of the definition.
    pub stages: Vec<StageState>,
    /// The steps, in the order of the definition.
    pub steps: Vec<StepState>,
    /// When it was withdrawn.
    pub withdrawn: Option<Moment>,
    names: Vec<String>,
    /// The day of the first event.
    pub(crate) began: Option<Date>,
    /// Since when each step is open; the first ones always were.
    pub(crate) opened: Vec<Option<Date>>,
    /// When each step was done.
    pub(crate) done: Vec<Option<Date>>,
    /// The outcome with which each step was done.
    pub(crate) outcomes: Vec<Option<String>>,
}

/// How far a stage is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StageState {
    /// When the application arrived.
    pub submitted: Option<Date>,
    /// When the applicant was told what is missing.
    pub correction_asked: Option<Date>,
    /// What is missing.
    pub missing: Vec<String>,
    /// When that arrived.
    pub corrected: Option<Date>,
    /// When it was taken in.
    pub accepted: Option<Date>,
    /// When it was refused.
    pub refused: Option<Date>,
    /// When the clock stopped, in order.
    pub stops: Vec<Stopped>,
    /// By how many days the limit was extended, and when.
    pub extended: Option<(Date, u32)>,
    /// Who was asked, in order.
    pub asked: Vec<Asked>,
    /// Who leads now, if it is not the unit of the definition.
    pub lead: Option<String>,
    /// When and how it was decided.
    pub decided: Option<(Date, Decision)>,
}

/// A stop of the clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    /// On which ground.
    pub ground: String,
    /// The last day that counts.
    pub from: Date,
    /// The last day that does not; `None` while it stands still.
    pub to: Option<Date>,
}

/// A supporting unit that was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The unit.
    pub unit: String,
    /// When.
    pub on: Date,
    /// When it replied.
    pub replied: Option<Date>,
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Others come first.
    Waiting,
    /// To be done now.
    Open,
    /// Done.
    Done,
    /// The way went past it.
    PassedBy,
}

impl Case {
    /// A case before its first event.
    pub fn new(definition: &Definition) -> Self {
        let mut case = Self {
            stages: vec![StageState::default(); definition.stages.len()],
            steps: vec![StepState::Waiting; definition.steps.len()],
            withdrawn: None,
            names: definition
                .stages
                .iter()
                .map(|stage| stage.id.clone())
                .collect(),
            began: None,
            opened: vec![None; definition.steps.len()],
            done: vec![None; definition.steps.len()],
            outcomes: vec![None; definition.steps.len()],
        };
        case.open_steps(definition, None);
        case
    }

    /// A case after its events. They are put in order of time, as one list of what took effect when; the same event
    /// twice counts once, and retracted ones not at all.
    ///
    /// # Errors
    /// [`Error::Event`]: the first event that the process does not allow where it stands.
    pub fn replay(definition: &Definition, events: &[Event]) -> Result<Self, Error> {
        let mut case = Self::new(definition);
        for event in standing(events)? {
            case.take(definition, event)?;
        }
        Ok(case)
    }

    /// Takes one more event, later than all before.
    ///
    /// # Errors
    /// [`Error::Event`]; the case stays as it was.
    pub fn take(&mut self, definition: &Definition, event: &Event) -> Result<(), Error> {
        let refuse = |reason: Text| Error::Event {
            id: event.id.clone(),
            at: event.at.to_string(),
            reason,
        };
        if let Some(withdrawn) = self.withdrawn {
            return Err(refuse(Text::new(
                format!("申请已于 {withdrawn} 撤回，此后不再办理"),
                format!("the case was withdrawn on {withdrawn}; nothing follows that"),
            )));
        }
        match &event.what {
            What::Withdrawn { .. } => self.withdrawn = Some(event.at),
            What::Retracted { .. } => {
                return Err(refuse(Text::new(
                    "更正须与全部记录一并重新推算",
                    "a retraction is heeded when all events are replayed together",
                )));
            }
            What::Done { step, outcome } => {
                self.finish_step(definition, step, outcome.as_deref(), event.at.date())
                    .map_err(refuse)?;
            }
            stage_event => {
                let id = stage_event.stage().unwrap_or_default();
                let place = self.names.iter().position(|name| name == id);
                let unknown = || {
                    refuse(Text::new(
                        format!("流程没有阶段“{id}”；现有：{}", self.names.join("、")),
                        format!(
                            "the process has no stage `{id}`; it has {}",
                            self.names.join(", ")
                        ),
                    ))
                };
                let place = place.ok_or_else(unknown)?;
                let reached = self.reached(definition, place);
                let stage = definition.stages.get(place).ok_or_else(unknown)?;
                let state = self.stages.get_mut(place).ok_or_else(unknown)?;
                if !reached {
                    return Err(refuse(Text::new(
                        format!("“{}”尚未开放：前置环节未办结", stage.title.zh),
                        format!("stage `{id}` is not open yet: steps before it are not done"),
                    )));
                }
                state
                    .take(definition, stage, event.at.date(), stage_event)
                    .map_err(refuse)?;
            }
        }
        self.began.get_or_insert(event.at.date());
        Ok(())
    }

    /// A stage's state by its name.
    ///
    /// # Errors
    /// [`Error::NoStage`].
    pub fn stage(&self, id: &str) -> Result<&StageState, Error> {
        let place = self.place_of(id)?;
        self.stages.get(place).ok_or_else(|| Error::NoStage {
            stage: id.to_owned(),
            known: self.names.join(", "),
        })
    }

    pub(crate) fn place_of(&self, id: &str) -> Result<usize, Error> {
        let place = self.names.iter().position(|name| name == id);
        place.ok_or_else(|| Error::NoStage {
            stage: id.to_owned(),
            known: self.names.join(", "),
        })
    }

    /// Whether every step is done or passed by.
    pub fn is_finished(&self) -> bool {
        let over = |step: &StepState| matches!(step, StepState::Done | StepState::PassedBy);
        self.steps.iter().all(over)
    }

    /// Whether any of a stage's steps has been open.
    fn reached(&self, definition: &Definition, stage: usize) -> bool {
        let own = definition
            .steps
            .iter()
            .zip(&self.steps)
            .filter(|(step, _)| step.stage == stage);
        own.into_iter()
            .any(|(_, state)| matches!(state, StepState::Open | StepState::Done))
    }

    fn finish_step(
        &mut self,
        definition: &Definition,
        id: &str,
        outcome: Option<&str>,
        on: Date,
    ) -> Result<(), Text> {
        let (place, step) = definition.step(id).ok_or_else(|| {
            Text::new(
                format!("流程没有环节“{id}”"),
                format!("the process has no step `{id}`"),
            )
        })?;
        let title = &step.title.zh;
        match self.steps.get(place) {
            Some(StepState::Open) => {}
            Some(StepState::Done) => {
                return Err(Text::new(
                    format!("“{title}”已办结；如有误，请先更正原记录"),
                    format!("step `{id}` is done already; retract the earlier event to change it"),
                ));
            }
            Some(StepState::PassedBy) => {
                return Err(Text::new(
                    format!("所选路径不经过“{title}”"),
                    format!("the way that was chosen does not lead to step `{id}`"),
                ));
            }
            _ => {
                return Err(Text::new(
                    format!("“{title}”的前置环节未办结"),
                    format!("step `{id}` waits for others before it"),
                ));
            }
        }
        self.lasted(place, step, on)?;
        let chosen = outcome.map(str::to_owned);
        let known = match &chosen {
            None => step.outcomes.is_empty(),
            Some(chosen) => step.outcome(chosen).is_some(),
        };
        if !known {
            return Err(match step.outcomes.as_slice() {
                [] => Text::new(
                    format!("“{title}”没有可选结果"),
                    format!("step `{id}` has no outcome to choose"),
                ),
                outcomes => {
                    let zh: Vec<&str> = outcomes.iter().map(|one| one.title.zh.as_str()).collect();
                    let ids: Vec<&str> = outcomes.iter().map(|one| one.id.as_str()).collect();
                    Text::new(
                        format!("“{title}”的结果须为：{}", zh.join("、")),
                        format!("step `{id}` ends in one of: {}", ids.join(", ")),
                    )
                }
            });
        }
        if let (Some(state), Some(kept)) = (self.steps.get_mut(place), self.outcomes.get_mut(place))
        {
            *state = StepState::Done;
            *kept = chosen;
        }
        if let Some(done) = self.done.get_mut(place) {
            *done = Some(on);
        }
        self.open_steps(definition, Some(on));
        Ok(())
    }

    /// Whether a step has lasted as long as it must, if it is known since when it could be done.
    fn lasted(&self, place: usize, step: &crate::Step, on: Date) -> Result<(), Text> {
        let opened = self.opened.get(place).copied().flatten();
        let (Some(opened), Some(least)) = (opened, &step.at_least) else {
            return Ok(());
        };
        let span = jiff::Span::new().days(i64::from(least.days));
        let first = opened
            .checked_add(span)
            .map_err(|fault| Text::same(fault.to_string()))?;
        if on < first {
            return Err(Text::new(
                format!(
                    "“{}”不少于 {} 日（{}），最早 {first} 办结",
                    step.title.zh, least.days, least.source.clause.zh
                ),
                format!(
                    "step `{}` lasts {} days at the least ({}); it is done on {first} at the earliest",
                    step.id, least.days, least.source.clause.en
                ),
            ));
        }
        Ok(())
    }

    /// Opens what nothing stands before any more. Steps stand in the definition behind those before them.
    fn open_steps(&mut self, definition: &Definition, on: Option<Date>) {
        for (place, step) in definition.steps.iter().enumerate() {
            if self.steps.get(place) != Some(&StepState::Waiting) {
                continue;
            }
            let next = self.by_those_before(step);
            if let Some(state) = self.steps.get_mut(place) {
                *state = next;
            }
            if let (StepState::Open, Some(opened)) = (next, self.opened.get_mut(place)) {
                *opened = on;
            }
        }
    }

    fn by_those_before(&self, step: &crate::Step) -> StepState {
        let (mut here, mut elsewhere) = (0, 0);
        for (before, on) in &step.after {
            match self.steps.get(*before) {
                Some(StepState::Done) => {
                    let chosen = self.outcomes.get(*before).and_then(Option::as_ref);
                    let leads_here = on.is_none() || on.as_ref() == chosen;
                    here += usize::from(leads_here);
                    elsewhere += usize::from(!leads_here);
                }
                Some(StepState::PassedBy) => elsewhere += 1,
                _ => {}
            }
        }
        let all = step.after.len();
        match step.join {
            _ if all > 0 && elsewhere == all => StepState::PassedBy,
            Join::All if here == all => StepState::Open,
            Join::Any if here > 0 => StepState::Open,
            _ => StepState::Waiting,
        }
    }
}
