//! The two halves of voting, which nothing connects: somebody known collects a credential, somebody unknown casts a ballot.

use credential::{Ballot, PublicKey, SIGNATURE_BYTES};
use db::Tx;
use journal::{Change, Command, record};
use kernel::Context;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{at_stage, ballots_subject};
use crate::Error;
use crate::model::{CAST, COLLECT, ElectorId, PollId, Stage, name_of};
use crate::{queries, store};

/// Notes that an elector collects their credential with this blinded message; the caller then signs it
/// ([`queries::sign`]). Each elector has one; the same message again is the same collection.
#[derive(Serialize, Deserialize)]
pub struct CollectCredential {
    /// The poll.
    pub poll: PollId,
    /// The elector, whom the actor must be or live with.
    pub elector: ElectorId,
    /// The blinded voter key.
    pub blinded: Vec<u8>,
}

impl Command for CollectCredential {
    const NAME: &'static str = "polls.credential.collect";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(COLLECT)?;
        let stages = [Stage::Notice, Stage::Voting];
        at_stage(tx, ctx, self.poll, &stages, "publication, and no close yet")?;
        if self.blinded.len() != SIGNATURE_BYTES {
            return Err(credential::Error::Blinded.into());
        }
        let own = queries::own_electors(tx, ctx, self.poll)?;
        let elector = own.iter().find(|elector| elector.id == self.elector);
        let elector = elector.ok_or(Error::NotEntitled)?;
        let sha256: [u8; 32] = Sha256::digest(&self.blinded).into();
        if store::collect(tx, ctx, self.poll, self.elector, "device", Some(sha256))? == 0 {
            return Err(Error::AlreadyCollected);
        }
        let change = Change::new("polls.credential.collected", ballots_subject(self.poll))
            .public(json!({ "channel": "device" }))
            .private(json!({ "elector": self.elector, "unit": elector.unit }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Puts a ballot into the box. The entry says that a ballot came, not which one: the board after the close has them all, in
/// an order that has nothing to do with when they came.
#[derive(Serialize, Deserialize)]
pub struct CastBallot {
    /// The poll.
    pub poll: PollId,
    /// The ballot.
    pub ballot: Ballot,
}

impl Command for CastBallot {
    const NAME: &'static str = "polls.ballot.cast";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(CAST)?;
        let poll = at_stage(tx, ctx, self.poll, &[Stage::Voting], "an open poll")?;
        poll.draft.check_choice(&self.ballot.choice)?;
        let issuer = PublicKey::from_der(&poll.published()?.public_key)?;
        self.ballot.check(&issuer, &name_of(self.poll))?;
        let serial = self.ballot.serial();
        if store::ballot_with_serial(tx, ctx.community, self.poll, serial)?.is_some() {
            return Err(Error::AlreadyUsed);
        }
        store::put_ballot(tx, ctx, self.poll, &self.ballot)?;
        record(
            tx,
            ctx,
            Change::new("polls.ballot.cast", ballots_subject(self.poll)),
        )?;
        Ok(())
    }
}
