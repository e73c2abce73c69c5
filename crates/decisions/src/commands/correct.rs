//! Correcting a vote that was recorded wrongly: one person proposes, another confirms or refuses.
//!
//! Only votes that somebody wrote down are corrected; what an owner cast on the platform is the owner's alone. The vote
//! keeps its receipt's code, so that whoever holds the receipt finds the corrected ballot. What stood before stays in the
//! unit's trace, and a count that was made before is made again in the same act.

use ballot::resolution::Choice;
use db::{Read, Tx};
use journal::{Change, Command, record};
use kernel::{AccountId, Context};
use people::model::UnitId;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::vote::check_choice;
use super::{at_stage, ballots_subject};
use crate::Error;
use crate::model::{
    AttachmentId, CORRECT, Channel, CorrectionId, ResolutionId, Stage, Terms, check_text,
};
use crate::record::{Counting, PublishedCorrection};
use crate::store::{self, Correction, CorrectionEnd, Resolution, StandingVote, Vote, VoteOfUnit};

/// The kind of a corrected vote's entry.
pub(crate) const VOTE_CORRECTED: &str = "decisions.vote.corrected";

/// The longest reason or remark, in characters.
const MAX_REASON: usize = 1000;

/// Proposes to correct the vote of a unit that was recorded from paper, at the door or by phone.
#[derive(Serialize, Deserialize)]
pub struct ProposeCorrection {
    /// The resolution.
    pub resolution: ResolutionId,
    /// The unit.
    pub unit: UnitId,
    /// What the paper says; `None` where it is not this unit's, and nothing was cast for it.
    pub choice: Option<Choice>,
    /// What went wrong.
    pub reason: String,
    /// The scan of the paper, or the recording: evidence that was uploaded before.
    pub scan: AttachmentId,
}

impl Command for ProposeCorrection {
    const NAME: &'static str = "decisions.correction.propose";
    type Outcome = CorrectionId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<CorrectionId, Error> {
        ctx.require(CORRECT)?;
        check_text("reason", &self.reason, MAX_REASON)?;
        let (_, terms) = correctable(tx, ctx, self.resolution)?;
        let vote = self.vote(tx, ctx, &terms)?;
        self.check_scan(tx, ctx)?;
        let open = store::corrections(tx, ctx.community, self.resolution)?;
        if open
            .iter()
            .any(|one| one.unit == self.unit && one.end.is_none())
        {
            return Err(Error::CorrectionWaits);
        }
        let correction = Correction {
            id: CorrectionId::from_uuid(ctx.new_uuid()),
            unit: self.unit,
            label: String::new(),
            vote_position: vote.position,
            code: vote.code,
            choice: self.choice,
            reason: self.reason.clone(),
            scan: self.scan,
            proposed_by: AccountId::from_uuid(ctx.actor.uuid()),
            proposed_at: ctx.now,
            end: None,
        };
        store::insert_correction(tx, ctx, self.resolution, &correction)?;
        let change = Change::new(
            "decisions.correction.proposed",
            ballots_subject(self.resolution),
        )
        .public(json!({ "correction": correction.id, "scan": self.scan }))
        .private(json!({
            "unit": self.unit,
            "vote_position": correction.vote_position,
            "code": correction.code,
            "choice": self.choice,
            "reason": self.reason,
        }));
        record(tx, ctx, change)?;
        Ok(correction.id)
    }
}

impl ProposeCorrection {
    /// The vote that is to be corrected, if it is one that was recorded, and recorded otherwise.
    fn vote(&self, tx: &mut dyn Tx, ctx: &Context, terms: &Terms) -> Result<StandingVote, Error> {
        let vote = store::standing_vote(tx, ctx.community, self.resolution, self.unit)?
            .ok_or(Error::NoSuchPart { what: "vote" })?;
        if vote.channel == Channel::Electronic {
            return Err(Error::CastByTheOwner);
        }
        if self.choice.is_some() && terms.election.is_some() {
            return Err(Error::PicksMissing);
        }
        if let Some(choice) = self.choice {
            check_choice(choice, terms)?;
        }
        if self.choice == Some(vote.choice) {
            return Err(Error::CorrectsNothing);
        }
        Ok(vote)
    }

    fn check_scan(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        let files = store::attachments(tx, ctx.community, self.resolution)?;
        files
            .iter()
            .any(|file| file.id == self.scan && file.purpose == "evidence")
            .then_some(())
            .ok_or(Error::NoSuchPart { what: "evidence" })
    }
}

/// Confirms a correction: the second signature. From here on the corrected vote counts.
#[derive(Serialize, Deserialize)]
pub struct ConfirmCorrection {
    /// The resolution.
    pub resolution: ResolutionId,
    /// The correction.
    pub correction: CorrectionId,
}

impl Command for ConfirmCorrection {
    const NAME: &'static str = "decisions.correction.confirm";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(CORRECT)?;
        let (resolution, _) = correctable(tx, ctx, self.resolution)?;
        let correction = waiting(tx, ctx, self.resolution, self.correction)?;
        if correction.proposed_by.uuid() == ctx.actor.uuid() {
            return Err(Error::SameHand);
        }
        let vote = store::standing_vote(tx, ctx.community, self.resolution, correction.unit)?
            .filter(|vote| vote.position == correction.vote_position)
            .ok_or(Error::VoteMovedOn)?;
        // The recount reads the vote as corrected; where its entry stands is known only once that is written.
        let before = vote.position;
        put(tx, ctx, self.resolution, &correction, &vote, before)?;
        let recount = recount(tx, ctx, &resolution, &correction)?;
        let change = change(self.resolution, &correction, &vote, recount.as_ref());
        let recorded = record(tx, ctx, change)?;
        put(
            tx,
            ctx,
            self.resolution,
            &correction,
            &vote,
            recorded.position,
        )?;
        if let Some(counting) = recount {
            store::keep_count(tx, ctx.community, self.resolution)?;
            let count = counting.row(ctx.now, recorded.position);
            store::update_count(tx, ctx, self.resolution, &count)?;
        }
        let end = CorrectionEnd {
            is_confirmed: true,
            remark: String::new(),
            ended_at: ctx.now,
            position: recorded.position,
        };
        store::insert_correction_end(tx, ctx, self.resolution, self.correction, &end)?;
        Ok(())
    }
}

/// The vote as corrected, in place of what stood.
fn put(
    tx: &mut dyn Tx,
    ctx: &Context,
    resolution: ResolutionId,
    correction: &Correction,
    before: &StandingVote,
    position: u64,
) -> Result<(), Error> {
    let Some(choice) = correction.choice else {
        store::delete_vote(tx, ctx.community, resolution, correction.unit)?;
        return Ok(());
    };
    let vote = VoteOfUnit {
        resolution,
        unit: correction.unit,
        vote: Vote {
            choice: choice.name().to_owned(),
            channel: before.channel,
            cast_at: before.cast_at,
            cast_by: AccountId::from_uuid(ctx.actor.uuid()),
            position,
            code: before.code.clone(),
            revision: before.revision + 1,
            replaced: Some(before.channel),
            picks: None,
        },
        evidence: &before.evidence,
    };
    store::put_votes(tx, ctx.community, vec![vote])?;
    Ok(())
}

/// The count made again with the corrected vote, where there was one. What stood open to objections was another result,
/// so objections are taken for as long again.
fn recount(
    tx: &mut dyn Tx,
    ctx: &Context,
    resolution: &Resolution,
    correction: &Correction,
) -> Result<Option<Counting>, Error> {
    let (Some(publication), Some(_)) = (&resolution.publication, &resolution.count) else {
        return Ok(None);
    };
    let mut corrections = store::published_corrections(tx, ctx.community, resolution.id)?;
    corrections.push(PublishedCorrection {
        code: correction.code.clone(),
        choice: correction.choice,
        corrected_at: ctx.now,
    });
    corrections.sort();
    Counting::make(tx, ctx, resolution, publication, corrections).map(Some)
}

fn change(
    resolution: ResolutionId,
    correction: &Correction,
    vote: &StandingVote,
    recount: Option<&Counting>,
) -> Change {
    let mut public = json!({
        "correction": correction.id,
        "code": vote.code,
        "channel": vote.channel,
        "cast_at": vote.cast_at,
        "revision": vote.revision + 1,
        "replaces": vote.position,
        "replaced_channel": vote.channel,
    });
    if let (Value::Object(fields), Some(counting)) = (&mut public, recount) {
        fields.insert("recount".to_owned(), counting.told());
    }
    Change::new(VOTE_CORRECTED, ballots_subject(resolution))
        .public(public)
        .private(json!({
            "resolution": resolution,
            "unit": correction.unit,
            "choice": correction.choice,
            "evidence": vote.evidence,
            "reason": correction.reason,
        }))
}

/// Refuses a correction, or takes back one's own.
#[derive(Serialize, Deserialize)]
pub struct RefuseCorrection {
    /// The resolution.
    pub resolution: ResolutionId,
    /// The correction.
    pub correction: CorrectionId,
    /// Why.
    pub remark: String,
}

impl Command for RefuseCorrection {
    const NAME: &'static str = "decisions.correction.refuse";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(CORRECT)?;
        check_text("remark", &self.remark, MAX_REASON)?;
        correctable(tx, ctx, self.resolution)?;
        waiting(tx, ctx, self.resolution, self.correction)?;
        let change = Change::new(
            "decisions.correction.refused",
            ballots_subject(self.resolution),
        )
        .public(json!({ "correction": self.correction }))
        .private(json!({ "remark": self.remark }));
        let recorded = record(tx, ctx, change)?;
        let end = CorrectionEnd {
            is_confirmed: false,
            remark: self.remark.clone(),
            ended_at: ctx.now,
            position: recorded.position,
        };
        store::insert_correction_end(tx, ctx, self.resolution, self.correction, &end)?;
        Ok(())
    }
}

/// The resolution while its votes can be corrected: from the opening until the announcement.
fn correctable(
    read: &mut dyn Read,
    ctx: &Context,
    id: ResolutionId,
) -> Result<(Resolution, Terms), Error> {
    let stages = [
        Stage::Voting,
        Stage::Closed,
        Stage::Objection,
        Stage::Settled,
    ];
    let needed = "an opened vote that is not announced yet";
    let resolution = at_stage(read, ctx, id, &stages, needed)?;
    let publication = resolution.publication.as_ref();
    let terms = publication.map(|publication| publication.terms.clone());
    Ok((resolution, terms.ok_or(Error::NoSuchResolution)?))
}

/// The correction, if nobody has ended it.
fn waiting(
    read: &mut dyn Read,
    ctx: &Context,
    resolution: ResolutionId,
    id: CorrectionId,
) -> Result<Correction, Error> {
    let all = store::corrections(read, ctx.community, resolution)?;
    let found = all.into_iter().find(|correction| correction.id == id);
    let correction = found.ok_or(Error::NoSuchPart { what: "correction" })?;
    if correction.end.is_some() {
        return Err(Error::CorrectionEnded);
    }
    Ok(correction)
}
