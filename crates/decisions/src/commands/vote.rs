//! An owner's own acts: taking note of the ballot, and voting.

use std::sync::Arc;

use ballot::resolution::Choice;
use db::Tx;
use journal::{Change, Command, record};
use kernel::{AccountId, Context, Timestamp, Uuid};
use people::model::{OwnerId, UnitId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::ballots_subject;
use crate::Error;
use crate::model::{
    Channel, DeliveryChannel, DeliveryId, ResolutionId, Stage, Terms, VOTE, receipt_code,
};
use crate::store::{self, Ballot, Delivery, Vote, VoteBefore};

/// Casts or changes the vote of one's own unit.
#[derive(Serialize, Deserialize)]
pub struct CastVote {
    /// The resolution.
    pub resolution: ResolutionId,
    /// The unit voted for.
    pub unit: UnitId,
    /// For, against, abstain or, where the rules allow it, follow.
    pub choice: Choice,
}

/// What the voter gets to know; the receipt is made from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoteCast {
    /// The vote's entry in the journal.
    pub position: u64,
    /// The receipt's code.
    pub code: String,
    /// 1 for the first vote, 2 for a changed one…
    pub revision: u32,
    /// The server's time of the vote.
    pub at: Timestamp,
}

impl Command for CastVote {
    const NAME: &'static str = "decisions.vote.cast";
    type Outcome = VoteCast;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<VoteCast, Error> {
        ctx.require(VOTE)?;
        let open = open_ballot(tx, ctx, self.resolution, self.unit)?;
        let incoming = Incoming {
            resolution: self.resolution,
            unit: self.unit,
            owner: Some(open.owner),
            choice: self.choice,
            channel: Channel::Electronic,
            cast_at: ctx.now,
            evidence: "",
        };
        enter(tx, ctx, &open.terms, open.before, &incoming)
    }
}

/// A ballot that the actor may fill in now.
struct OpenBallot {
    terms: Arc<Terms>,
    owner: OwnerId,
    before: Option<VoteBefore>,
}

/// The ballot of a unit, if the vote is open by the server's time and the actor is the unit's only owner or the voice of
/// its co-owners.
fn open_ballot(
    tx: &mut dyn Tx,
    ctx: &Context,
    resolution: ResolutionId,
    unit: UnitId,
) -> Result<OpenBallot, Error> {
    let terms =
        store::voting_terms(tx, ctx.community, resolution)?.ok_or(Error::NoSuchResolution)?;
    let account = ctx.actor.account_id().ok_or(Error::NotYourUnit)?;
    let mine = people::queries::owners_of_account(tx, ctx.community, account)?;
    let nobody = OwnerId::from_uuid(Uuid::nil());
    let mut found = None;
    for owner in mine
        .iter()
        .copied()
        .chain(mine.is_empty().then_some(nobody))
    {
        let ballot = store::ballot(tx, ctx.community, resolution, unit, owner)?;
        let ballot = ballot.ok_or(Error::NoSuchResolution)?;
        check_open(ctx, &terms, &ballot)?;
        if ballot.is_owner {
            found = Some((owner, ballot));
            break;
        }
    }
    let (owner, ballot) = found.ok_or(Error::NotYourUnit)?;
    if ballot.owners > 1 && people::queries::voice_of(tx, ctx.community, unit)? != Some(owner) {
        return Err(Error::NotTheVoice);
    }
    Ok(OpenBallot {
        terms,
        owner,
        before: ballot.before,
    })
}

fn check_open(ctx: &Context, terms: &Terms, ballot: &Ballot) -> Result<(), Error> {
    let stage = if ballot.withdrawn_at.is_some() {
        Stage::Withdrawn
    } else if ballot.counted_at.is_some() || ctx.now >= terms.window.closes {
        Stage::Closed
    } else if ctx.now < terms.window.opens {
        Stage::Notice
    } else {
        return Ok(());
    };
    Err(Error::WrongStage {
        stage,
        needed: "an open vote",
    })
}

/// A vote that comes in by any channel.
pub(super) struct Incoming<'a> {
    pub(super) resolution: ResolutionId,
    pub(super) unit: UnitId,
    pub(super) owner: Option<OwnerId>,
    pub(super) choice: Choice,
    pub(super) channel: Channel,
    pub(super) cast_at: Timestamp,
    pub(super) evidence: &'a str,
}

/// Enters a vote for a unit: one vote a unit, whatever the channel; a change is traced, and allowed only by the rules.
pub(super) fn enter(
    tx: &mut dyn Tx,
    ctx: &Context,
    terms: &Terms,
    before: Option<VoteBefore>,
    incoming: &Incoming<'_>,
) -> Result<VoteCast, Error> {
    check_choice(incoming.choice, terms)?;
    if before.is_some() && !terms.rules.vote_may_change {
        return Err(Error::AlreadyVoted);
    }
    let revision = before.map_or(0, |vote| vote.revision) + 1;
    let change = Change::new("decisions.vote.cast", ballots_subject(incoming.resolution))
        .public(json!({
            "channel": incoming.channel,
            "cast_at": incoming.cast_at,
            "revision": revision,
            "replaces": before.map(|vote| vote.position),
            "replaced_channel": before.map(|vote| vote.channel),
        }))
        .private(json!({
            "resolution": incoming.resolution,
            "unit": incoming.unit,
            "owner": incoming.owner,
            "choice": incoming.choice,
            "evidence": incoming.evidence,
        }));
    let recorded = record(tx, ctx, change)?;
    let code = recorded.commitment.map(receipt_code).unwrap_or_default();
    let vote = Vote {
        choice: incoming.choice.name().to_owned(),
        channel: incoming.channel,
        cast_at: incoming.cast_at,
        cast_by: AccountId::from_uuid(ctx.actor.uuid()),
        position: recorded.position,
        code: code.clone(),
        revision,
    };
    store::put_vote(
        tx,
        ctx.community,
        incoming.resolution,
        incoming.unit,
        &vote,
        incoming.evidence,
    )?;
    Ok(VoteCast {
        position: recorded.position,
        code,
        revision,
        at: recorded.at,
    })
}

fn check_choice(choice: Choice, terms: &Terms) -> Result<(), Error> {
    match choice {
        Choice::For | Choice::Against | Choice::Abstain => Ok(()),
        Choice::Follow if terms.rules.follow_allowed => Ok(()),
        Choice::Follow => Err(Error::FollowNotAllowed),
        Choice::Silent | Choice::Unserved => Err(Error::NotCastable {
            choice: choice.name().to_owned(),
        }),
    }
}

/// Notes that an owner opened the ballot of their unit on the platform: an effective delivery.
#[derive(Serialize, Deserialize)]
pub struct AcknowledgeBallot {
    /// The resolution.
    pub resolution: ResolutionId,
    /// The unit whose ballot was opened.
    pub unit: UnitId,
}

impl Command for AcknowledgeBallot {
    const NAME: &'static str = "decisions.ballot.acknowledge";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(VOTE)?;
        open_ballot(tx, ctx, self.resolution, self.unit)?;
        let delivery = Delivery {
            channel: DeliveryChannel::Electronic,
            delivered_at: ctx.now,
            evidence: String::new(),
            warned_of_silence: true,
        };
        let id = DeliveryId::from_uuid(ctx.new_uuid());
        store::insert_delivery(tx, ctx, self.resolution, self.unit, id, &delivery)?;
        let change = Change::new(
            "decisions.ballot.delivered",
            ballots_subject(self.resolution),
        )
        .public(json!({ "channel": delivery.channel, "warned_of_silence": true }))
        .private(json!({ "unit": self.unit }));
        record(tx, ctx, change)?;
        Ok(())
    }
}
