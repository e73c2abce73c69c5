//! What an actor may do to a decision: the only ways to change one, each one journal entry.

mod after;
mod agenda;
mod correct;
mod draft;
mod elect;
mod election;
mod extend;
mod publish;
mod record_vote;
mod turnout;
mod vote;

use db::Read;
use kernel::{Context, Permission};

pub use after::{AnnounceResult, AnswerObjection, CountVotes, RaiseObjection};
pub use agenda::{CallAssembly, ChangeAssembly, PublishAssembly, PutOnAgenda, TakeOffAgenda};
pub(crate) use correct::VOTE_CORRECTED;
pub use correct::{ConfirmCorrection, ProposeCorrection, RefuseCorrection};
pub use draft::{
    AddAttachment, AdoptRules, ChangeDraft, DraftResolution, RemoveAttachment, WithdrawResolution,
};
pub use elect::{CastElectionBallot, RecordElectionBallot};
pub use election::{
    CheckCandidate, PlanElection, RecordCandidateWithdrawal, RecordNomination, StandForCommittee,
    WithdrawCandidacy,
};
pub use extend::ExtendWindow;
pub(crate) use extend::enough_take_part;
pub use publish::PublishResolution;
pub use record_vote::{RecordDelivery, RecordVote};
pub use turnout::{ChooseReminders, NoteReminderChoice, RecordVisit, RemindersSent, SendReminders};
pub(crate) use vote::VOTE_CAST;
pub use vote::{AcknowledgeBallot, CastVote, VoteCast};

use crate::Error;
use crate::model::{
    ADOPT_RULES, ANNOUNCE, AssemblyId, CORRECT, COUNT, DELIVER, DRAFT, OBJECT, PUBLISH,
    RECORD_VOTE, ResolutionId, Stage, VOTE,
};
use crate::store::{self, Resolution};

/// Every command with the permission it needs; the permission test goes through this list.
pub const COMMANDS: &[(&str, Permission)] = &[
    (<AdoptRules as journal::Command>::NAME, ADOPT_RULES),
    (<DraftResolution as journal::Command>::NAME, DRAFT),
    (<ChangeDraft as journal::Command>::NAME, DRAFT),
    (<AddAttachment as journal::Command>::NAME, DRAFT),
    (<RemoveAttachment as journal::Command>::NAME, DRAFT),
    (<WithdrawResolution as journal::Command>::NAME, DRAFT),
    (<PublishResolution as journal::Command>::NAME, PUBLISH),
    (<CallAssembly as journal::Command>::NAME, DRAFT),
    (<ChangeAssembly as journal::Command>::NAME, DRAFT),
    (<PutOnAgenda as journal::Command>::NAME, DRAFT),
    (<TakeOffAgenda as journal::Command>::NAME, DRAFT),
    (<PublishAssembly as journal::Command>::NAME, PUBLISH),
    (<PlanElection as journal::Command>::NAME, DRAFT),
    (<StandForCommittee as journal::Command>::NAME, VOTE),
    (<RecordNomination as journal::Command>::NAME, DRAFT),
    (<CheckCandidate as journal::Command>::NAME, DRAFT),
    (<WithdrawCandidacy as journal::Command>::NAME, VOTE),
    (<RecordCandidateWithdrawal as journal::Command>::NAME, DRAFT),
    (<CastElectionBallot as journal::Command>::NAME, VOTE),
    (
        <RecordElectionBallot as journal::Command>::NAME,
        RECORD_VOTE,
    ),
    (<RecordDelivery as journal::Command>::NAME, DELIVER),
    (<AcknowledgeBallot as journal::Command>::NAME, VOTE),
    (<CastVote as journal::Command>::NAME, VOTE),
    (<RecordVote as journal::Command>::NAME, RECORD_VOTE),
    (<ChooseReminders as journal::Command>::NAME, VOTE),
    (<NoteReminderChoice as journal::Command>::NAME, DELIVER),
    (<SendReminders as journal::Command>::NAME, DELIVER),
    (<RecordVisit as journal::Command>::NAME, DELIVER),
    (<ExtendWindow as journal::Command>::NAME, PUBLISH),
    (<ProposeCorrection as journal::Command>::NAME, CORRECT),
    (<ConfirmCorrection as journal::Command>::NAME, CORRECT),
    (<RefuseCorrection as journal::Command>::NAME, CORRECT),
    (<CountVotes as journal::Command>::NAME, COUNT),
    (<RaiseObjection as journal::Command>::NAME, OBJECT),
    (<AnswerObjection as journal::Command>::NAME, ANNOUNCE),
    (<AnnounceResult as journal::Command>::NAME, ANNOUNCE),
];

/// The resolution, if it stands at one of these stages now.
fn at_stage(
    read: &mut dyn Read,
    ctx: &Context,
    id: ResolutionId,
    stages: &[Stage],
    needed: &'static str,
) -> Result<Resolution, Error> {
    let resolution = store::resolution(read, ctx.community, id)?;
    let stage = resolution.progress().stage(ctx.now);
    if stages.contains(&stage) {
        Ok(resolution)
    } else {
        Err(Error::WrongStage { stage, needed })
    }
}

/// The subject under which the journal keeps a resolution's history.
pub(crate) fn subject(id: ResolutionId) -> String {
    format!("resolution/{id}")
}

/// The subject under which the journal keeps what is done to all matters of a meeting.
pub(crate) fn assembly_subject(id: AssemblyId) -> String {
    format!("assembly/{id}")
}

/// The subject of a resolution's ballots. Which unit an entry is about stands in its private part: the open record tells
/// nobody who has voted.
pub(crate) fn ballots_subject(id: ResolutionId) -> String {
    format!("resolution/{id}/ballots")
}
