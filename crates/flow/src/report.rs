//! A case at a glance: each stage with its clock, each step with its state.

use jiff::civil::Date;
use policy::{Lang, Text};
use serde::Serialize;

use crate::{Case, Clock, Days, Definition, Due, Error, StepState};

/// A case, seen from a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The process.
    pub process: String,
    /// Its version.
    pub version: String,
    /// The calendar that was counted by.
    pub calendar: String,
    /// The day it is looked at.
    pub as_of: Date,
    /// Whether all is done.
    pub finished: bool,
    /// Whether it was withdrawn.
    pub withdrawn: bool,
    /// Stages that something happened in, or that are open.
    pub stages: Vec<StageReport>,
    /// Steps to be done now.
    pub open_steps: Vec<String>,
}

/// A stage of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StageReport {
    /// Its name.
    pub stage: String,
    /// Its title.
    pub title: Text,
    /// Who leads it now.
    pub lead: String,
    /// Supporting units that were asked and have not replied, with the last day for it.
    pub waiting_for: Vec<(String, Option<Date>)>,
    /// What the applicant still has to hand in.
    pub missing: Vec<String>,
    /// The code of its last event in the national exchange standard, unverified unless the definition says so.
    pub exchange_code: Option<u8>,
    /// When it is due.
    pub due: Due,
    /// Why, in both languages.
    pub explanation: Text,
}

impl Case {
    /// The case at a glance.
    ///
    /// # Errors
    /// [`Error::BeyondDays`].
    pub fn report(
        &self,
        definition: &Definition,
        days: &Days,
        as_of: Date,
    ) -> Result<Report, Error> {
        let mut stages = Vec::new();
        for (stage, state) in definition.stages.iter().zip(&self.stages) {
            if state.submitted.is_none() {
                continue;
            }
            let due = self.due(definition, &stage.id, days, as_of)?;
            let mut waiting_for = Vec::new();
            for asked in state.asked.iter().filter(|asked| asked.replied.is_none()) {
                let last = stage.reply_by(asked, days)?;
                waiting_for.push((asked.unit.clone(), last));
            }
            let open = state.correction_asked.is_some() && state.corrected.is_none();
            stages.push(StageReport {
                stage: stage.id.clone(),
                title: stage.title.clone(),
                lead: state.lead.clone().unwrap_or_else(|| stage.lead.clone()),
                waiting_for,
                missing: if open {
                    state.missing.clone()
                } else {
                    Vec::new()
                },
                exchange_code: definition.exchange_code(last_event(state)),
                explanation: Text::new(
                    due.explain(definition, days, Lang::Zh),
                    due.explain(definition, days, Lang::En),
                ),
                due,
            });
        }
        let open = definition
            .steps
            .iter()
            .zip(&self.steps)
            .filter(|(_, state)| **state == StepState::Open);
        Ok(Report {
            process: definition.id.clone(),
            version: definition.version.clone(),
            calendar: days.version().to_owned(),
            as_of,
            finished: self.is_finished(),
            withdrawn: self.withdrawn.is_some(),
            stages,
            open_steps: open.map(|(step, _)| step.id.clone()).collect(),
        })
    }
}

impl Report {
    /// The report as lines.
    pub fn render(&self, lang: Lang) -> String {
        let mut lines = vec![match lang {
            Lang::Zh => format!(
                "{}（{}），{} 时的状态",
                self.process, self.version, self.as_of
            ),
            Lang::En => format!("{} ({}) as of {}", self.process, self.version, self.as_of),
        }];
        for stage in &self.stages {
            lines.push(String::new());
            lines.push(stage.explanation.get(lang).to_owned());
            if stage.due.late && stage.due.clock != Clock::Ended {
                lines.push(match lang {
                    Lang::Zh => format!("  已逾期，牵头单位：{}", stage.lead),
                    Lang::En => format!("  late; {} leads and answers for it", stage.lead),
                });
            }
            for (unit, last) in &stage.waiting_for {
                let last = last.map_or(String::new(), |last| last.to_string());
                lines.push(match lang {
                    Lang::Zh => format!("  等待 {unit} 答复 {last}"),
                    Lang::En => format!("  waits for {unit} to reply by {last}"),
                });
            }
            for thing in &stage.missing {
                lines.push(match lang {
                    Lang::Zh => format!("  待补正：{thing}"),
                    Lang::En => format!("  missing: {thing}"),
                });
            }
        }
        lines.push(String::new());
        lines.push(match (lang, self.finished) {
            (Lang::Zh, true) => "全部办结".to_owned(),
            (Lang::En, true) => "All is done.".to_owned(),
            (Lang::Zh, false) => format!("可办事项：{}", self.open_steps.join("、")),
            (Lang::En, false) => format!("To be done now: {}", self.open_steps.join(", ")),
        });
        lines.join("\n")
    }
}

fn last_event(state: &crate::StageState) -> &'static str {
    match state {
        state if state.decided.is_some() => match state.decided {
            Some((_, crate::Decision::Failed)) => "failed",
            Some((_, crate::Decision::PassedWithGaps)) => "passed_with_gaps",
            _ => "passed",
        },
        state if state.refused.is_some() => "refused",
        state if state.is_stopped() => "suspended",
        state if !state.stops.is_empty() => "resumed",
        state if state.accepted.is_some() => "accepted",
        state if state.corrected.is_some() => "corrected",
        state if state.correction_asked.is_some() => "correction_asked",
        _ => "submitted",
    }
}
