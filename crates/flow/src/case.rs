//! A case as its events make it: what was submitted, which clocks run, which steps are open.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use policy::Text;

use crate::{Decision, Definition, Error, Event, Join, Moment, What};

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
            Some(chosen) => step.outcomes.contains(chosen),
        };
        if !known {
            return Err(match step.outcomes.as_slice() {
                [] => Text::new(
                    format!("“{title}”没有可选结果"),
                    format!("step `{id}` has no outcome to choose"),
                ),
                outcomes => Text::new(
                    format!("“{title}”的结果须为：{}", outcomes.join("、")),
                    format!("step `{id}` ends in one of: {}", outcomes.join(", ")),
                ),
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

/// The events that count, in order of time and, within the same moment, of the list.
pub(crate) fn standing(events: &[Event]) -> Result<Vec<&Event>, Error> {
    let mut first: BTreeMap<&str, &Event> = BTreeMap::new();
    let mut retracted: BTreeSet<&str> = BTreeSet::new();
    let mut kept = Vec::new();
    for event in events {
        let refuse = |reason: Text| Error::Event {
            id: event.id.clone(),
            at: event.at.to_string(),
            reason,
        };
        match first.insert(&event.id, event) {
            None => kept.push(event),
            Some(same) if same == event => {}
            Some(_) => {
                return Err(refuse(Text::new(
                    "另一条记录用了同一编号；请各用其号，有误则更正",
                    "another event has the same id; give each its own, and retract to correct",
                )));
            }
        }
    }
    for event in &kept {
        if let What::Retracted { of, .. } = &event.what {
            let known = first
                .get(of.as_str())
                .filter(|one| !matches!(one.what, What::Retracted { .. }));
            if known.is_none() {
                return Err(Error::Event {
                    id: event.id.clone(),
                    at: event.at.to_string(),
                    reason: Text::new(
                        format!("没有可更正的记录“{of}”"),
                        format!("there is no event `{of}` to retract"),
                    ),
                });
            }
            retracted.insert(of);
        }
    }
    kept.retain(|event| {
        !retracted.contains(event.id.as_str()) && !matches!(event.what, What::Retracted { .. })
    });
    kept.sort_by_key(|event| event.at);
    Ok(kept)
}

impl StageState {
    fn take(
        &mut self,
        definition: &Definition,
        stage: &crate::Stage,
        on: Date,
        what: &What,
    ) -> Result<(), Text> {
        if let Some((decided, _)) = self.decided {
            return Err(Text::new(
                format!("“{}”已于 {decided} 办结", stage.title.zh),
                format!("stage `{}` was decided on {decided}", stage.id),
            ));
        }
        if let Some(refused) = self.refused {
            return Err(Text::new(
                format!(
                    "“{}”已于 {refused} 不予受理；重新申请请另立一件",
                    stage.title.zh
                ),
                format!(
                    "stage `{}` was refused on {refused}; a new application is a new case",
                    stage.id
                ),
            ));
        }
        match what {
            What::Submitted { .. } => once(&mut self.submitted, on, ("提交申请", "submitted")),
            What::CorrectionAsked { missing, .. } => self.ask_correction(on, missing),
            What::Corrected { .. } if self.correction_asked.is_none() => {
                Err(Text::new("未要求补正", "nothing was asked to be corrected"))
            }
            What::Corrected { .. } => once(&mut self.corrected, on, ("补正", "corrected")),
            What::Accepted { .. } | What::Refused { .. } => {
                self.take_in(on, matches!(what, What::Accepted { .. }))
            }
            What::Asked { unit, .. } => self.ask(definition, on, unit),
            What::Replied { unit, .. } => self.reply(on, unit),
            What::HandedOver { to, reason, .. } => {
                must_be_unit(definition, to)?;
                with_reason(reason)?;
                self.lead = Some(to.clone());
                Ok(())
            }
            What::Suspended { ground, .. } => self.stop(stage, on, ground),
            What::Resumed { .. } => self.resume(on),
            What::Extended {
                days,
                approved_by,
                reason,
                ..
            } => self.extend(stage, on, *days, approved_by, reason),
            What::Decided { result, reason, .. } => {
                self.must_be_accepted()?;
                if self.is_stopped() {
                    return Err(Text::new(
                        "计时停止中，请先恢复再作决定",
                        "the clock stands still; resume it before deciding",
                    ));
                }
                with_reason(reason)?;
                self.decided = Some((on, *result));
                Ok(())
            }
            What::Done { .. } | What::Withdrawn { .. } | What::Retracted { .. } => Ok(()),
        }
    }

    /// Whether the clock stands still.
    pub fn is_stopped(&self) -> bool {
        self.stops.last().is_some_and(|stop| stop.to.is_none())
    }

    fn must_be_accepted(&self) -> Result<(), Text> {
        match self.accepted {
            Some(_) => Ok(()),
            None => Err(Text::new("尚未受理", "it was not taken in yet")),
        }
    }

    fn ask_correction(&mut self, on: Date, missing: &[String]) -> Result<(), Text> {
        if self.submitted.is_none() {
            return Err(Text::new("尚未提交申请", "nothing was submitted yet"));
        }
        if self.accepted.is_some() {
            return Err(Text::new(
                "已受理；补正应在受理前一次告知",
                "it was taken in already; corrections are asked before",
            ));
        }
        if missing.iter().all(|thing| thing.trim().is_empty()) {
            return Err(Text::new(
                "请一次写明全部需补正的内容",
                "say what is missing, all of it",
            ));
        }
        once(
            &mut self.correction_asked,
            on,
            (
                "告知补正，补正只能一次告知",
                "asked to be corrected, and that may be asked only once",
            ),
        )?;
        self.missing = missing.to_vec();
        Ok(())
    }

    fn take_in(&mut self, on: Date, accepted: bool) -> Result<(), Text> {
        if self.submitted.is_none() {
            return Err(Text::new("尚未提交申请", "nothing was submitted yet"));
        }
        if accepted && self.correction_asked.is_some() && self.corrected.is_none() {
            return Err(Text::new(
                "需补正的材料尚未收到",
                "what is missing has not arrived",
            ));
        }
        if !accepted && self.accepted.is_some() {
            return Err(Text::new(
                "已受理，请作出决定",
                "it was taken in already; decide it instead",
            ));
        }
        let taken = if accepted {
            &mut self.accepted
        } else {
            &mut self.refused
        };
        once(taken, on, ("作出受理决定", "taken in"))
    }

    fn ask(&mut self, definition: &Definition, on: Date, unit: &str) -> Result<(), Text> {
        self.must_be_accepted()?;
        must_be_unit(definition, unit)?;
        if self
            .asked
            .iter()
            .any(|asked| asked.unit == unit && asked.replied.is_none())
        {
            return Err(Text::new(
                format!("已征求“{unit}”的意见，尚未答复"),
                format!("`{unit}` was asked already and has not replied"),
            ));
        }
        self.asked.push(Asked {
            unit: unit.to_owned(),
            on,
            replied: None,
        });
        Ok(())
    }

    fn reply(&mut self, on: Date, unit: &str) -> Result<(), Text> {
        let mut waiting = self
            .asked
            .iter_mut()
            .filter(|asked| asked.unit == unit && asked.replied.is_none());
        let asked = waiting.next().ok_or_else(|| {
            Text::new(
                format!("未征求“{unit}”的意见，或其已答复"),
                format!("`{unit}` was not asked, or has replied already"),
            )
        })?;
        asked.replied = Some(on);
        Ok(())
    }

    fn stop(&mut self, stage: &crate::Stage, on: Date, ground: &str) -> Result<(), Text> {
        self.must_be_accepted()?;
        if self.is_stopped() {
            return Err(Text::new("计时已停止", "the clock stands still already"));
        }
        if !stage.suspensions.iter().any(|known| known.ground == ground) {
            let known: Vec<&str> = stage
                .suspensions
                .iter()
                .map(|known| known.ground.as_str())
                .collect();
            return Err(Text::new(
                format!(
                    "“{ground}”不是此处可停止计时的法定事由；可用：{}",
                    known.join("、")
                ),
                format!(
                    "`{ground}` is no ground to stop the clock here; there is: {}",
                    known.join(", ")
                ),
            ));
        }
        self.stops.push(Stopped {
            ground: ground.to_owned(),
            from: on,
            to: None,
        });
        Ok(())
    }

    fn resume(&mut self, on: Date) -> Result<(), Text> {
        let stopped = self.stops.last_mut().filter(|stop| stop.to.is_none());
        let stop = stopped.ok_or_else(|| {
            Text::new(
                "计时未停止，无从恢复",
                "the clock does not stand still; stop it first",
            )
        })?;
        stop.to = Some(on);
        Ok(())
    }

    fn extend(
        &mut self,
        stage: &crate::Stage,
        on: Date,
        days: u32,
        approved_by: &str,
        reason: &str,
    ) -> Result<(), Text> {
        self.must_be_accepted()?;
        let allowed = stage
            .extension
            .as_ref()
            .map_or(0, |extension| extension.days);
        if days == 0 || days > allowed {
            return Err(Text::new(
                format!("拟延长 {days} 日，最多可延长 {allowed} 日"),
                format!("{days} days are asked, {allowed} may be added"),
            ));
        }
        if approved_by.trim().is_empty() {
            return Err(Text::new(
                "延长期限须写明批准人",
                "an extension needs who approved it",
            ));
        }
        with_reason(reason)?;
        if self.extended.is_some() {
            return Err(Text::new(
                "期限已延长过，只能延长一次",
                "it was extended already, and that may be done only once",
            ));
        }
        self.extended = Some((on, days));
        Ok(())
    }
}

fn once(place: &mut Option<Date>, on: Date, what: (&str, &str)) -> Result<(), Text> {
    if let Some(before) = *place {
        let (zh, en) = what;
        return Err(Text::new(
            format!("{before} 已{zh}"),
            format!("on {before} it was {en}"),
        ));
    }
    *place = Some(on);
    Ok(())
}

fn must_be_unit(definition: &Definition, unit: &str) -> Result<(), Text> {
    if definition.units.iter().any(|known| known.id == unit) {
        return Ok(());
    }
    Err(Text::new(
        format!("流程没有单位“{unit}”"),
        format!("the process knows no unit `{unit}`"),
    ))
}

fn with_reason(reason: &str) -> Result<(), Text> {
    if reason.trim().is_empty() {
        return Err(Text::new("请写明理由", "give a reason"));
    }
    Ok(())
}
