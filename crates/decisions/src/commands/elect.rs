//! An election's ballot: as many candidates as there are seats at most, on the platform or on paper.

use ballot::resolution::Choice;
use db::Tx;
use journal::Command;
use kernel::{Context, Timestamp};
use people::model::UnitId;
use serde::{Deserialize, Serialize};

use super::record_vote::check_recorded;
use super::vote::{Incoming, VoteCast, enter, open_for};
use crate::Error;
use crate::model::{Channel, RECORD_VOTE, ResolutionId, VOTE};
use crate::store;

/// Votes for candidates with one's own unit; none of them is to abstain.
#[derive(Serialize, Deserialize)]
pub struct CastElectionBallot {
    /// The election.
    pub resolution: ResolutionId,
    /// The unit voted for.
    pub unit: UnitId,
    /// The candidates' numbers on the ballot.
    pub picks: Vec<u32>,
}

impl Command for CastElectionBallot {
    const NAME: &'static str = "decisions.election.cast";
    type Outcome = VoteCast;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<VoteCast, Error> {
        ctx.require(VOTE)?;
        let open = open_for(tx, ctx, self.resolution, self.unit)?;
        let picks = sorted(&self.picks);
        let incoming = Incoming {
            resolution: self.resolution,
            unit: self.unit,
            owner: Some(open.owner),
            choice: choice(&picks),
            channel: Channel::Electronic,
            cast_at: ctx.now,
            evidence: "",
            picks: Some(picks),
        };
        enter(tx, ctx, open.terms, open.before, incoming)
    }
}

/// Records an election's ballot that came in on paper, at the door or by phone.
#[derive(Serialize, Deserialize)]
pub struct RecordElectionBallot {
    /// The election.
    pub resolution: ResolutionId,
    /// The unit voted for.
    pub unit: UnitId,
    /// The candidates' numbers on the ballot; none is to abstain.
    pub picks: Vec<u32>,
    /// How it came in; not `Electronic`.
    pub channel: Channel,
    /// When it was received.
    pub received_at: Timestamp,
    /// Who took it, and where it lies.
    pub evidence: String,
}

impl Command for RecordElectionBallot {
    const NAME: &'static str = "decisions.election.record";
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
        let picks = sorted(&self.picks);
        let incoming = Incoming {
            resolution: self.resolution,
            unit: self.unit,
            owner: None,
            choice: choice(&picks),
            channel: self.channel,
            cast_at: self.received_at,
            evidence: &self.evidence,
            picks: Some(picks),
        };
        let before = store::vote_before(tx, ctx.community, self.resolution, self.unit)?;
        enter(tx, ctx, terms.into(), before, incoming)
    }
}

/// A ballot that picks nobody takes part and abstains.
const fn choice(picks: &[u32]) -> Choice {
    if picks.is_empty() {
        Choice::Abstain
    } else {
        Choice::For
    }
}

fn sorted(picks: &[u32]) -> Vec<u32> {
    let mut picks = picks.to_vec();
    picks.sort_unstable();
    picks
}
