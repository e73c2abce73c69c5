//! Turnout help: owners choose how they are reminded, the committee reminds, and visits at the door are noted.
//!
//! Whom a reminder reached stands in the sealed part: how many have voted stays as hidden as the rules have it.

use db::Tx;
use journal::{Change, Command, record};
use kernel::{Context, Timestamp};
use people::model::UnitId;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{at_stage, ballots_subject, subject};
use crate::Error;
use crate::model::{
    DELIVER, MAX_REMINDERS, REMINDER_GAP_SECONDS, ReminderChannel, ResolutionId, Stage, VOTE,
    VisitId, VisitOutcome, check_text,
};
use crate::queries::unreached_units;
use crate::store::{self, Reminder, Visit};

/// The longest reminder or note, in characters.
const MAX_WORDS: usize = 500;

/// Chooses how the owners of one's own unit are reminded of votes.
#[derive(Serialize, Deserialize)]
pub struct ChooseReminders {
    /// The unit.
    pub unit: UnitId,
    /// How.
    pub channel: ReminderChannel,
}

impl Command for ChooseReminders {
    const NAME: &'static str = "decisions.reminders.choose";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(VOTE)?;
        let own = people::queries::own_units(tx, ctx)?;
        if !own
            .iter()
            .any(|own| own.unit == self.unit && own.owner.is_some())
        {
            return Err(Error::NotYourUnit);
        }
        chosen(tx, ctx, self.unit, self.channel, "")
    }
}

/// Notes how the owners of a unit want to be reminded, as they told someone at the door, by phone or at the desk.
#[derive(Serialize, Deserialize)]
pub struct NoteReminderChoice {
    /// The resolution over which they were asked.
    pub resolution: ResolutionId,
    /// The unit.
    pub unit: UnitId,
    /// How.
    pub channel: ReminderChannel,
    /// Who said so, to whom.
    pub evidence: String,
}

impl Command for NoteReminderChoice {
    const NAME: &'static str = "decisions.reminders.note";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(DELIVER)?;
        check_text("evidence", &self.evidence, MAX_WORDS)?;
        store::elector(tx, ctx.community, self.resolution, self.unit)?
            .ok_or(Error::NotInElectorate)?;
        chosen(tx, ctx, self.unit, self.channel, &self.evidence)
    }
}

fn chosen(
    tx: &mut dyn Tx,
    ctx: &Context,
    unit: UnitId,
    channel: ReminderChannel,
    evidence: &str,
) -> Result<(), Error> {
    store::put_reminder_choice(tx, ctx, unit, channel, evidence)?;
    let change = Change::new("decisions.reminders.chosen", "reminders").private(json!({
        "unit": unit,
        "channel": channel,
        "evidence": evidence,
    }));
    record(tx, ctx, change)?;
    Ok(())
}

/// Reminds the owners of every unit for which nothing was cast, each as they chose.
#[derive(Serialize, Deserialize)]
pub struct SendReminders {
    /// The resolution.
    pub resolution: ResolutionId,
    /// What is said; the same to all.
    pub text: String,
}

/// How a round of reminders goes out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemindersSent {
    /// 1, 2, 3…
    pub round: u32,
    /// Units told on their owners' pages.
    pub in_app: u32,
    /// Letters to print and carry out.
    pub letters: u32,
    /// Doors to knock at.
    pub doors: u32,
}

impl Command for SendReminders {
    const NAME: &'static str = "decisions.reminders.send";
    type Outcome = RemindersSent;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<RemindersSent, Error> {
        ctx.require(DELIVER)?;
        check_text("text", &self.text, MAX_WORDS)?;
        at_stage(tx, ctx, self.resolution, &[Stage::Voting], "an open vote")?;
        let last = store::last_reminder(tx, ctx.community, self.resolution)?;
        let round = Self::next_round(ctx, last.as_ref())?;
        let units: Vec<(UnitId, ReminderChannel)> =
            unreached_units(tx, ctx.community, self.resolution)?
                .into_iter()
                .filter(|unit| unit.channel != ReminderChannel::Never)
                .map(|unit| (unit.unit, unit.channel))
                .collect();
        if units.is_empty() {
            return Err(Error::NobodyToRemind);
        }
        let reminder = Reminder {
            round,
            text: self.text.clone(),
            sent_at: ctx.now,
        };
        store::insert_reminder(tx, ctx, self.resolution, &reminder, &units)?;
        let change = Change::new("decisions.reminders.sent", subject(self.resolution))
            .public(json!({ "round": round, "text": self.text }))
            .private(json!({ "units": units }));
        record(tx, ctx, change)?;
        Ok(told(round, &units))
    }
}

impl SendReminders {
    fn next_round(ctx: &Context, last: Option<&Reminder>) -> Result<u32, Error> {
        let Some(last) = last else {
            return Ok(1);
        };
        let next = last.sent_at.plus_seconds(REMINDER_GAP_SECONDS);
        if last.round >= MAX_REMINDERS {
            return Err(Error::RemindersSpent { max: MAX_REMINDERS });
        }
        if ctx.now < next {
            return Err(Error::RemindedOfLate { next });
        }
        Ok(last.round + 1)
    }
}

fn told(round: u32, units: &[(UnitId, ReminderChannel)]) -> RemindersSent {
    let count = |channel| {
        let units = units.iter().filter(|(_, how)| *how == channel);
        u32::try_from(units.count()).unwrap_or(u32::MAX)
    };
    RemindersSent {
        round,
        in_app: count(ReminderChannel::InApp),
        letters: count(ReminderChannel::Letter),
        doors: count(ReminderChannel::Door),
    }
}

/// Notes a visit at a unit's door and what came of it; never how anyone wants to vote.
#[derive(Serialize, Deserialize)]
pub struct RecordVisit {
    /// The resolution.
    pub resolution: ResolutionId,
    /// The unit.
    pub unit: UnitId,
    /// What came of it.
    pub outcome: VisitOutcome,
    /// What the next visitor should know; may be empty.
    pub note: String,
    /// When.
    pub visited_at: Timestamp,
}

impl Command for RecordVisit {
    const NAME: &'static str = "decisions.visit.record";
    type Outcome = VisitId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<VisitId, Error> {
        ctx.require(DELIVER)?;
        if !self.note.is_empty() {
            check_text("note", &self.note, MAX_WORDS)?;
        }
        let stages = [Stage::Notice, Stage::Voting];
        let needed = "publication, and an open or coming vote";
        let resolution = at_stage(tx, ctx, self.resolution, &stages, needed)?;
        let published_at = resolution
            .publication
            .map(|publication| publication.published_at);
        if self.visited_at > ctx.now || published_at.is_none_or(|at| self.visited_at < at) {
            return Err(Error::OutsideWindow);
        }
        store::elector(tx, ctx.community, self.resolution, self.unit)?
            .ok_or(Error::NotInElectorate)?;
        let id = VisitId::from_uuid(ctx.new_uuid());
        let visit = Visit {
            outcome: self.outcome,
            note: self.note.clone(),
            visited_at: self.visited_at,
        };
        store::insert_visit(tx, ctx, self.resolution, self.unit, id, &visit)?;
        let change = Change::new("decisions.visit.recorded", ballots_subject(self.resolution))
            .public(json!({ "visit": id }))
            .private(json!({
                "unit": self.unit,
                "outcome": self.outcome,
                "note": self.note,
                "visited_at": self.visited_at,
            }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}
