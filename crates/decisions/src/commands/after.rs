//! After the close: counting, objections and their answers, the announcement.

use db::Tx;
use journal::{Change, Command, record};
use kernel::Context;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{at_stage, subject};
use crate::Error;
use crate::model::{
    ANNOUNCE, COUNT, MAX_TEXT, OBJECT, ObjectionId, ResolutionId, Stage, check_text,
};
use crate::record::Counting;
use crate::store;

/// The longest objection or answer, in characters.
const MAX_OBJECTION: usize = 4000;

/// Counts a closed vote and publishes the preliminary result with the record of ballots. From here on objections are
/// taken, for as long as the community's rules say.
#[derive(Serialize, Deserialize)]
pub struct CountVotes {
    /// The resolution.
    pub resolution: ResolutionId,
}

impl Command for CountVotes {
    const NAME: &'static str = "decisions.votes.count";
    type Outcome = bool;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<bool, Error> {
        ctx.require(COUNT)?;
        let resolution = at_stage(
            tx,
            ctx,
            self.resolution,
            &[Stage::Closed],
            "the close, and no count yet",
        )?;
        let publication = resolution.publication.as_ref();
        let publication = publication.ok_or(Error::NoSuchResolution)?;
        let corrections = store::published_corrections(tx, ctx.community, self.resolution)?;
        let counting = Counting::make(tx, ctx, &resolution, publication, corrections)?;
        let mut told = counting.told();
        if let Value::Object(fields) = &mut told {
            fields.insert("number".to_owned(), publication.number.clone().into());
        }
        let change = Change::new("decisions.votes.counted", subject(self.resolution)).public(told);
        let recorded = record(tx, ctx, change)?;
        let count = counting.row(ctx.now, recorded.position);
        store::insert_count(tx, ctx, self.resolution, &count)?;
        Ok(count.passed)
    }
}

/// Objects to a preliminary result.
#[derive(Serialize, Deserialize)]
pub struct RaiseObjection {
    /// The resolution.
    pub resolution: ResolutionId,
    /// What is wrong, for everyone in the community to read.
    pub text: String,
}

impl Command for RaiseObjection {
    const NAME: &'static str = "decisions.objection.raise";
    type Outcome = ObjectionId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<ObjectionId, Error> {
        ctx.require(OBJECT)?;
        check_text("text", &self.text, MAX_OBJECTION)?;
        at_stage(
            tx,
            ctx,
            self.resolution,
            &[Stage::Objection],
            "the objection period",
        )?;
        let id = ObjectionId::from_uuid(ctx.new_uuid());
        store::insert_objection(tx, ctx, self.resolution, id, &self.text)?;
        let change = Change::new("decisions.objection.raised", subject(self.resolution))
            .public(json!({ "objection": id }))
            .private(json!({ "text": self.text }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

/// Answers an objection.
#[derive(Serialize, Deserialize)]
pub struct AnswerObjection {
    /// The resolution.
    pub resolution: ResolutionId,
    /// The objection.
    pub objection: ObjectionId,
    /// The answer, for everyone in the community to read.
    pub text: String,
}

impl Command for AnswerObjection {
    const NAME: &'static str = "decisions.objection.answer";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(ANNOUNCE)?;
        check_text("text", &self.text, MAX_OBJECTION)?;
        let stages = [Stage::Objection, Stage::Settled];
        at_stage(
            tx,
            ctx,
            self.resolution,
            &stages,
            "a count, and no announcement yet",
        )?;
        let objections = store::objections(tx, ctx.community, self.resolution)?;
        let objection = objections
            .iter()
            .find(|objection| objection.id == self.objection);
        match objection {
            None => return Err(Error::NoSuchPart { what: "objection" }),
            Some(answered) if answered.answer.is_some() => {
                return Err(Error::NoSuchPart {
                    what: "unanswered objection",
                });
            }
            Some(_) => store::insert_answer(tx, ctx, self.resolution, self.objection, &self.text)?,
        }
        let change = Change::new("decisions.objection.answered", subject(self.resolution))
            .public(json!({ "objection": self.objection, "text": self.text }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Announces the final result: after the objection period, with every objection answered.
#[derive(Serialize, Deserialize)]
pub struct AnnounceResult {
    /// The resolution.
    pub resolution: ResolutionId,
    /// What the committee adds: who carries it out, by when. May be empty.
    pub remark: String,
}

impl Command for AnnounceResult {
    const NAME: &'static str = "decisions.result.announce";
    type Outcome = bool;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<bool, Error> {
        ctx.require(ANNOUNCE)?;
        if !self.remark.is_empty() {
            check_text("remark", &self.remark, MAX_TEXT)?;
        }
        let resolution = at_stage(
            tx,
            ctx,
            self.resolution,
            &[Stage::Settled],
            "the end of the objection period",
        )?;
        let count = resolution.count.ok_or(Error::NoSuchResolution)?;
        let objections = store::objections(tx, ctx.community, self.resolution)?;
        let unanswered = objections
            .iter()
            .filter(|objection| objection.answer.is_none())
            .count();
        if unanswered > 0 {
            return Err(Error::ObjectionsUnanswered {
                count: u64::try_from(unanswered).unwrap_or(u64::MAX),
            });
        }
        let corrections = store::corrections(tx, ctx.community, self.resolution)?;
        if corrections
            .iter()
            .any(|correction| correction.end.is_none())
        {
            return Err(Error::CorrectionWaits);
        }
        let change =
            Change::new("decisions.result.announced", subject(self.resolution)).public(json!({
                "number": resolution.publication.map(|publication| publication.number),
                "passed": count.passed,
                "record_sha256": crate::hex(&count.record_sha256),
                "objections": objections.len(),
                "remark": self.remark,
            }));
        let recorded = record(tx, ctx, change)?;
        store::insert_announcement(tx, ctx, self.resolution, &self.remark, recorded.position)?;
        Ok(count.passed)
    }
}
