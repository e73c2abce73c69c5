//! What the organisers record: ballots delivered, and votes on paper, at the door and by phone.

use ballot::resolution::Choice;
use db::{Read, Tx};
use journal::{Change, Command, record};
use kernel::{Context, Timestamp};
use people::model::UnitId;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::vote::{Incoming, VoteCast, enter};
use super::{at_stage, ballots_subject};
use crate::Error;
use crate::model::{
    Channel, DELIVER, DeliveryChannel, DeliveryId, MAX_TEXT, RECORD_VOTE, ResolutionId, Stage,
    Terms, check_text, names,
};
use crate::store::{self, Delivery, Resolution};

/// Records a vote that came in on paper, at the door or by phone. It may be entered after the close, if it was received
/// before; the record shows both times. It replaces no vote that the owner gave later, nor, once the vote has closed, one
/// cast on the platform.
#[derive(Serialize, Deserialize)]
pub struct RecordVote {
    /// The resolution.
    pub resolution: ResolutionId,
    /// The unit voted for.
    pub unit: UnitId,
    /// What the owner chose.
    pub choice: Choice,
    /// How it came in; not `Electronic`.
    pub channel: Channel,
    /// When it was received.
    pub received_at: Timestamp,
    /// Who took it, and where the paper, signature or recording lies.
    pub evidence: String,
}

impl Command for RecordVote {
    const NAME: &'static str = "decisions.vote.record";
    type Outcome = VoteCast;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<VoteCast, Error> {
        ctx.require(RECORD_VOTE)?;
        let terms = check_recorded(
            tx,
            ctx,
            (self.resolution, self.unit),
            self.channel,
            self.received_at,
            &self.evidence,
        )?;
        let incoming = Incoming {
            resolution: self.resolution,
            unit: self.unit,
            owner: None,
            choice: self.choice,
            channel: self.channel,
            cast_at: self.received_at,
            evidence: &self.evidence,
            picks: None,
        };
        let before = store::vote_before(tx, ctx.community, self.resolution, self.unit)?;
        enter(tx, ctx, terms.into(), before, incoming)
    }
}

/// Whether a vote that came in beside the platform can be recorded: with evidence, received in the window, for a unit of
/// the electorate. The terms it is taken under.
pub(super) fn check_recorded(
    tx: &mut dyn Tx,
    ctx: &Context,
    (resolution, unit): (ResolutionId, UnitId),
    channel: Channel,
    received_at: Timestamp,
    evidence: &str,
) -> Result<Terms, Error> {
    if channel == Channel::Electronic {
        let by_hand = Channel::ALL
            .iter()
            .filter(|one| **one != Channel::Electronic);
        return Err(Error::NotByHand {
            given: channel.name().to_owned(),
            allowed: names(by_hand.map(|one| one.name())),
        });
    }
    if evidence.trim().is_empty() {
        return Err(Error::EvidenceMissing);
    }
    check_text("evidence", evidence, MAX_TEXT)?;
    let terms = published(tx, ctx, resolution)?.1;
    if !terms.window.contains(received_at) || received_at > ctx.now {
        return Err(Error::OutsideWindow);
    }
    in_electorate(tx, ctx, resolution, unit)?;
    Ok(terms)
}

/// Records that the ballot was delivered to a unit.
#[derive(Serialize, Deserialize)]
pub struct RecordDelivery {
    /// The resolution.
    pub resolution: ResolutionId,
    /// The unit.
    pub unit: UnitId,
    /// How; not `Electronic`, which the platform notes by itself.
    pub channel: DeliveryChannel,
    /// When.
    pub delivered_at: Timestamp,
    /// By whom, and where the proof lies.
    pub evidence: String,
    /// Whether the ballot said what silence means; without it silence never counts.
    pub warned_of_silence: bool,
}

impl Command for RecordDelivery {
    const NAME: &'static str = "decisions.ballot.deliver";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(DELIVER)?;
        if self.channel == DeliveryChannel::Electronic {
            let by_hand = DeliveryChannel::ALL
                .iter()
                .filter(|one| **one != DeliveryChannel::Electronic);
            return Err(Error::NotByHand {
                given: self.channel.name().to_owned(),
                allowed: names(by_hand.map(|one| one.name())),
            });
        }
        check_text("evidence", &self.evidence, MAX_TEXT)?;
        let (resolution, terms) = published(tx, ctx, self.resolution)?;
        let published_at = resolution
            .publication
            .map(|publication| publication.published_at);
        let in_time = published_at.is_some_and(|at| self.delivered_at >= at)
            && self.delivered_at < terms.window.closes
            && self.delivered_at <= ctx.now;
        if !in_time {
            return Err(Error::OutsideWindow);
        }
        in_electorate(tx, ctx, self.resolution, self.unit)?;
        let id = DeliveryId::from_uuid(ctx.new_uuid());
        let delivery = Delivery {
            channel: self.channel,
            delivered_at: self.delivered_at,
            evidence: self.evidence.clone(),
            warned_of_silence: self.warned_of_silence,
        };
        store::insert_delivery(tx, ctx, self.resolution, self.unit, id, &delivery)?;
        let change = Change::new(
            "decisions.ballot.delivered",
            ballots_subject(self.resolution),
        )
        .public(json!({
            "delivery": id,
            "channel": self.channel,
            "delivered_at": self.delivered_at,
            "warned_of_silence": self.warned_of_silence,
        }))
        .private(json!({ "unit": self.unit, "evidence": self.evidence }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// The resolution and its terms from publication until it is counted.
fn published(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: ResolutionId,
) -> Result<(Resolution, Terms), Error> {
    let stages = [Stage::Notice, Stage::Voting, Stage::Closed];
    let resolution = at_stage(tx, ctx, id, &stages, "publication, and no count yet")?;
    let terms = resolution
        .publication
        .as_ref()
        .map(|publication| publication.terms.clone());
    Ok((resolution, terms.ok_or(Error::NoSuchResolution)?))
}

fn in_electorate(
    read: &mut dyn Read,
    ctx: &Context,
    resolution: ResolutionId,
    unit: UnitId,
) -> Result<(), Error> {
    store::elector(read, ctx.community, resolution, unit)?
        .map(|_| ())
        .ok_or(Error::NotInElectorate)
}
