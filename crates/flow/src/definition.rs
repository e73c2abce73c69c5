//! A process as data: who does what, in which order, within which limits, on which ground.

use jiff::civil::Date;
use policy::{Status, Text};
use serde::Serialize;

/// A process in one version. A case keeps the version that it began under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Definition {
    /// Short name, such as `zhejiang.future_community`.
    pub id: String,
    /// Title.
    pub title: Text,
    /// Version; changes with every change.
    pub version: String,
    /// First day on which cases begin under it.
    pub from: Date,
    /// Who takes part.
    pub units: Vec<Unit>,
    /// Stages in the order of the file.
    pub stages: Vec<Stage>,
    /// Steps of all stages, each before those that follow it.
    pub steps: Vec<Step>,
    /// The national exchange standard's codes by event, and how well they are known.
    pub exchange: Vec<(String, u8)>,
    /// Whether those were read in the standard.
    pub exchange_status: Status,
}

/// An office that takes part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unit {
    /// Short name.
    pub id: String,
    /// Title.
    pub title: Text,
}

/// What one lead unit answers for within one limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stage {
    /// Short name.
    pub id: String,
    /// Title.
    pub title: Text,
    /// The unit listed first (牵头单位), which answers for the stage.
    pub lead: String,
    /// Units that are asked (配合单位), each with its time to reply.
    pub supporting: Vec<Supporting>,
    /// The limit by law (法定时限).
    pub statutory: Option<Limit>,
    /// The limit promised (承诺时限), never longer.
    pub promised: Option<Limit>,
    /// How long the notice to correct may take; without one in time the application counts as accepted.
    pub correction: Option<Limit>,
    /// The one extension, if the law allows one.
    pub extension: Option<Extension>,
    /// Grounds on which the clock may stop.
    pub suspensions: Vec<Suspension>,
    /// Working days before the due date at which the unit is reminded.
    pub reminders: Vec<u32>,
    /// Who is told when it is late.
    pub escalate_to: Option<String>,
    /// What the applicant hands in. One id stands for one paper in every stage that asks for it: it is handed in once.
    pub papers: Vec<Paper>,
}

/// A paper that an applicant hands in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paper {
    /// Short name.
    pub id: String,
    /// Title.
    pub title: Text,
    /// Whether the stage's service guide was read, or the list is the platform's own.
    pub status: Status,
}

/// A supporting unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Supporting {
    /// The unit.
    pub unit: String,
    /// Its time to reply.
    pub reply: Limit,
}

/// A number of days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Limit {
    /// How many.
    pub days: u32,
    /// Which days count.
    pub count: Count,
    /// Where it stands.
    pub source: Source,
}

/// Which days count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    /// Working days (工作日), make-up days included.
    Working,
    /// All days (日); one that ends on a day off ends on the next working day (Civil Code Art. 203).
    Calendar,
}

/// A longer limit by approval, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Extension {
    /// How much is added at most, counted as the stage's limit is.
    pub days: u32,
    /// Where it stands.
    pub source: Source,
}

/// A ground on which the clock stops (特别程序).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suspension {
    /// Short name, such as `expert_review`.
    pub ground: String,
    /// Title.
    pub title: Text,
    /// Where it stands.
    pub source: Source,
}

/// The clause that a number stands on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The instrument's id in `policy/instruments.toml`.
    pub instrument: String,
    /// The clause, or for promises the notice.
    pub clause: Text,
    /// Whether it was read in the text.
    pub status: Status,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Short name, unique in the process.
    pub id: String,
    /// Title.
    pub title: Text,
    /// The stage it belongs to, as a place in `stages`.
    pub stage: usize,
    /// Who does it.
    pub unit: String,
    /// Steps before it, as places in `steps`, and the outcome that leads here, if that step has several.
    pub after: Vec<(usize, Option<String>)>,
    /// Whether it waits for all of them or comes after whichever was chosen.
    pub join: Join,
    /// How many calendar days it takes at the least, such as a notice on display, and where that stands.
    pub at_least: Option<Limit>,
    /// What it may end in, if the way parts here.
    pub outcomes: Vec<Outcome>,
}

/// One of the ways in which a step may end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// Short name, as events and the steps that follow name it.
    pub id: String,
    /// What it says to people.
    pub title: Text,
}

/// How ways meet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Join {
    /// When all before are done.
    #[default]
    All,
    /// After the one that was chosen.
    Any,
}

impl Definition {
    /// A stage by its name.
    pub fn stage(&self, id: &str) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.id == id)
    }

    /// A step by its name, with its place.
    pub fn step(&self, id: &str) -> Option<(usize, &Step)> {
        self.steps
            .iter()
            .enumerate()
            .find(|(_, step)| step.id == id)
    }

    /// A unit's title; its short name if there is no such unit.
    pub fn unit_title(&self, id: &str) -> Text {
        let unit = self.units.iter().find(|unit| unit.id == id);
        unit.map_or_else(|| Text::same(id), |unit| unit.title.clone())
    }

    /// The national exchange standard's code for an event.
    pub fn exchange_code(&self, event: &str) -> Option<u8> {
        let found = self.exchange.iter().find(|(name, _)| name == event);
        found.map(|(_, code)| *code)
    }
}

impl Step {
    /// An outcome by its name.
    pub fn outcome(&self, id: &str) -> Option<&Outcome> {
        self.outcomes.iter().find(|outcome| outcome.id == id)
    }
}

impl Stage {
    /// The limit that the unit is held to: the promised one, or else the statutory.
    pub fn limit(&self) -> Option<&Limit> {
        self.promised.as_ref().or(self.statutory.as_ref())
    }
}
