//! What an actor may do to a poll: the only ways to change one, each one journal entry.

mod after;
mod budget;
mod draft;
mod follow_up;
mod paper;
mod publish;
mod vote;

use db::Read;
use kernel::{Context, Permission};

pub use after::CountPoll;
pub use budget::{CheckProposal, CommentOn, OpenRound, Propose, PutToVote, WithdrawProposal};
pub use draft::{ChangePoll, DraftPoll, WithdrawPoll};
pub use follow_up::ReportProgress;
pub use paper::{ConfirmPaper, EnterPaper, HandOutPaper};
pub(crate) use publish::KEY_PURPOSE;
pub use publish::PublishPoll;
pub use vote::{CastBallot, CollectCredential};

use crate::Error;
use crate::model::{CAST, CHECK, COLLECT, COUNT, DESK, DRAFT, PROPOSE, PollId, Stage};
use crate::store::{self, Poll};

/// Every command with the permission it needs; the permission test goes through this list.
pub const COMMANDS: &[(&str, Permission)] = &[
    (<DraftPoll as journal::Command>::NAME, DRAFT),
    (<ChangePoll as journal::Command>::NAME, DRAFT),
    (<PublishPoll as journal::Command>::NAME, DRAFT),
    (<WithdrawPoll as journal::Command>::NAME, DRAFT),
    (<CollectCredential as journal::Command>::NAME, COLLECT),
    (<CastBallot as journal::Command>::NAME, CAST),
    (<HandOutPaper as journal::Command>::NAME, DESK),
    (<EnterPaper as journal::Command>::NAME, DESK),
    (<ConfirmPaper as journal::Command>::NAME, DESK),
    (<CountPoll as journal::Command>::NAME, COUNT),
    (<OpenRound as journal::Command>::NAME, DRAFT),
    (<Propose as journal::Command>::NAME, PROPOSE),
    (<WithdrawProposal as journal::Command>::NAME, PROPOSE),
    (<CommentOn as journal::Command>::NAME, PROPOSE),
    (<CheckProposal as journal::Command>::NAME, CHECK),
    (<PutToVote as journal::Command>::NAME, DRAFT),
    (<ReportProgress as journal::Command>::NAME, CHECK),
];

/// The poll, if it stands at one of these stages now.
fn at_stage(
    read: &mut dyn Read,
    ctx: &Context,
    id: PollId,
    stages: &[Stage],
    needed: &'static str,
) -> Result<Poll, Error> {
    let poll = store::poll(read, ctx.community, id)?;
    let stage = poll.stage(ctx.now);
    if stages.contains(&stage) {
        Ok(poll)
    } else {
        Err(Error::WrongStage { stage, needed })
    }
}

/// The subject under which the journal keeps a poll's history.
pub(crate) fn subject(id: PollId) -> String {
    format!("poll/{id}")
}

/// The subject of a poll's credentials and ballots.
fn ballots_subject(id: PollId) -> String {
    format!("poll/{id}/ballots")
}
