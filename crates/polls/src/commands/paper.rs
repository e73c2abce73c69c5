//! The community desk: paper ballots handed out to whoever has no device, and their box entered by two people.

use db::{Read, Tx};
use journal::{Change, Command, record};
use kernel::Context;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{at_stage, ballots_subject, subject};
use crate::Error;
use crate::model::{DESK, ElectorId, PaperId, PollId, Stage};
use crate::store::{self, Poll};

/// Hands a paper ballot to an elector, who then can't collect a credential any more.
#[derive(Serialize, Deserialize)]
pub struct HandOutPaper {
    /// The poll.
    pub poll: PollId,
    /// The elector.
    pub elector: ElectorId,
}

impl Command for HandOutPaper {
    const NAME: &'static str = "polls.paper.hand-out";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(DESK)?;
        at_stage(tx, ctx, self.poll, &[Stage::Voting], "an open poll")?;
        let elector = store::elector(tx, ctx.community, self.poll, self.elector)?;
        let elector = elector.ok_or(Error::NotEntitled)?;
        if store::collect(tx, ctx, self.poll, self.elector, "paper", None)? == 0 {
            return Err(Error::AlreadyCollected);
        }
        let change = Change::new("polls.credential.collected", ballots_subject(self.poll))
            .public(json!({ "channel": "paper" }))
            .private(json!({ "elector": self.elector, "unit": elector.unit }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Enters a box of paper ballots for the first time. It counts once another person has entered the same.
#[derive(Serialize, Deserialize)]
pub struct EnterPaper {
    /// The poll.
    pub poll: PollId,
    /// What stands on each ballot, in any order.
    pub choices: Vec<String>,
}

impl Command for EnterPaper {
    const NAME: &'static str = "polls.paper.enter";
    type Outcome = PaperId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<PaperId, Error> {
        ctx.require(DESK)?;
        let poll = open_box(tx, ctx, self.poll)?;
        let choices = sorted(&poll, &self.choices)?;
        check_paper(tx, ctx, self.poll, choices.len())?;
        let id = PaperId::from_uuid(ctx.new_uuid());
        store::insert_paper(tx, ctx, self.poll, id, &choices)?;
        let change = Change::new("polls.paper.entered", subject(self.poll))
            .public(json!({ "paper": id, "ballots": choices.len() }))
            .private(json!({ "choices": choices }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

/// Enters a box for the second time, by another person, without having seen the first entry.
#[derive(Serialize, Deserialize)]
pub struct ConfirmPaper {
    /// The poll.
    pub poll: PollId,
    /// The box.
    pub paper: PaperId,
    /// What stands on each ballot, in any order.
    pub choices: Vec<String>,
}

impl Command for ConfirmPaper {
    const NAME: &'static str = "polls.paper.confirm";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(DESK)?;
        let poll = open_box(tx, ctx, self.poll)?;
        let choices = sorted(&poll, &self.choices)?;
        let papers = store::papers(tx, ctx.community, self.poll)?;
        let first = papers
            .iter()
            .find(|paper| paper.id == self.paper && !paper.confirmed)
            .ok_or(Error::NoSuchPaper)?;
        if Some(first.entered_by) == ctx.actor.account_id() {
            return Err(Error::SamePerson);
        }
        if first.choices != choices {
            return Err(Error::PaperDiffers);
        }
        store::confirm_paper(tx, ctx, self.poll, self.paper)?;
        let change = Change::new("polls.paper.confirmed", subject(self.poll))
            .public(json!({ "paper": self.paper, "ballots": choices.len() }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

fn open_box(read: &mut dyn Read, ctx: &Context, id: PollId) -> Result<Poll, Error> {
    let needed = "the close, and no count yet";
    at_stage(read, ctx, id, &[Stage::Closed], needed)
}

/// The choices in an order that says nothing about the order of the papers; each must be one of this poll.
fn sorted(poll: &Poll, choices: &[String]) -> Result<Vec<String>, Error> {
    let mut sorted = Vec::with_capacity(choices.len());
    for choice in choices {
        poll.draft.check_choice(choice)?;
        sorted.push(choice.clone());
    }
    if sorted.is_empty() {
        return Err(Error::Blank { field: "choices" });
    }
    sorted.sort();
    Ok(sorted)
}

/// Refuses more ballots than were handed out.
fn check_paper(read: &mut dyn Read, ctx: &Context, id: PollId, more: usize) -> Result<(), Error> {
    let papers = store::papers(read, ctx.community, id)?;
    let entered: usize = papers.iter().map(|paper| paper.choices.len()).sum();
    let entered = u64::try_from(entered + more).unwrap_or(u64::MAX);
    let handed_out = store::progress(read, ctx.community, id)?.handed_out;
    if entered > handed_out {
        return Err(Error::TooMuchPaper {
            entered,
            handed_out,
        });
    }
    Ok(())
}
