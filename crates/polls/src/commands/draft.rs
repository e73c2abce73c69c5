//! Before publication, and withdrawal.

use db::Tx;
use journal::{Change, Command, record};
use kernel::Context;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{at_stage, subject};
use crate::Error;
use crate::model::{DRAFT, Draft, MAX_TEXT, PollId, Stage, check_text};
use crate::store;

/// Drafts a poll.
#[derive(Serialize, Deserialize)]
pub struct DraftPoll {
    /// What is drafted.
    pub draft: Draft,
}

impl Command for DraftPoll {
    const NAME: &'static str = "polls.poll.draft";
    type Outcome = PollId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<PollId, Error> {
        ctx.require(DRAFT)?;
        self.draft.check()?;
        if self.draft.funding.is_some() {
            return Err(Error::OnBallot);
        }
        let id = PollId::from_uuid(ctx.new_uuid());
        store::insert_poll(tx, ctx, id, &self.draft)?;
        let change =
            Change::new("polls.poll.drafted", subject(id)).public(json!({ "draft": self.draft }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

/// Changes a draft.
#[derive(Serialize, Deserialize)]
pub struct ChangePoll {
    /// The poll.
    pub poll: PollId,
    /// What it says from now on.
    pub draft: Draft,
}

impl Command for ChangePoll {
    const NAME: &'static str = "polls.poll.change";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(DRAFT)?;
        self.draft.check()?;
        let needed = "the stage before publication";
        let before = at_stage(tx, ctx, self.poll, &[Stage::Draft], needed)?;
        // What a budget puts to the vote comes from its checked proposals only.
        if before.draft.funding.is_some() || self.draft.funding.is_some() {
            return Err(Error::OnBallot);
        }
        store::update_poll(tx, ctx, self.poll, &self.draft)?;
        let change = Change::new("polls.poll.changed", subject(self.poll))
            .public(json!({ "before": before.draft, "after": self.draft }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Withdraws a poll before its close. Ballots cast stay in the box and decide nothing.
#[derive(Serialize, Deserialize)]
pub struct WithdrawPoll {
    /// The poll.
    pub poll: PollId,
    /// Why, for everyone to read.
    pub reason: String,
}

impl Command for WithdrawPoll {
    const NAME: &'static str = "polls.poll.withdraw";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(DRAFT)?;
        check_text("reason", &self.reason, MAX_TEXT)?;
        let stages = [Stage::Draft, Stage::Notice, Stage::Voting];
        let poll = at_stage(tx, ctx, self.poll, &stages, "a stage before the close")?;
        store::insert_withdrawal(tx, ctx, self.poll, &self.reason)?;
        let change = Change::new("polls.poll.withdrawn", subject(self.poll))
            .public(json!({ "stage": poll.stage(ctx.now), "reason": self.reason }));
        record(tx, ctx, change)?;
        Ok(())
    }
}
