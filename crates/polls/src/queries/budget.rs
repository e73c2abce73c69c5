//! What an actor may see of participatory budgets.

use db::Read;
use kernel::{Context, Timestamp, Uuid};

use crate::Error;
use crate::model::{CommentId, Group, PollId, ProposalId, READ, ReportId, RoundId, Stage, shown};
use crate::store::{self, Comment, Poll, Proposal, Reported, Round};

/// How many rounds or comments a page has.
pub const BUDGET_PAGE: u32 = 30;

/// Where a round stands; derived, never stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoundStage {
    /// Proposals are taken.
    Proposing,
    /// Proposals are checked; not on a ballot yet.
    Checking,
    /// On a ballot that is not counted yet.
    Voting,
    /// Counted: winners are carried out.
    Decided,
}

impl RoundStage {
    /// The name in messages and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Proposing => "proposing",
            Self::Checking => "checking",
            Self::Voting => "voting",
            Self::Decided => "decided",
        }
    }
}

/// A round with the poll that decides it.
pub struct RoundView {
    /// The round.
    pub round: Round,
    /// Where it stands.
    pub stage: RoundStage,
    /// Its poll, if it has one that was not withdrawn.
    pub poll: Option<Poll>,
    /// Its proposals, the first first; empty in a list.
    pub proposals: Vec<Proposal>,
}

impl RoundView {
    /// Whether a proposal won.
    pub fn has_won(&self, proposal: ProposalId) -> bool {
        let Some(poll) = &self.poll else {
            return false;
        };
        let Some((counted, _)) = &poll.counted else {
            return false;
        };
        let won = counted.winners().iter();
        let mut won = won.filter_map(|place| poll.draft.options.get(*place)?.project.as_ref());
        won.any(|project| project.proposal == proposal)
    }
}

/// The newest rounds, or those before one of them.
pub fn rounds(
    read: &mut dyn Read,
    ctx: &Context,
    before: Option<RoundId>,
) -> Result<Vec<RoundView>, Error> {
    ctx.require(READ)?;
    let before = before.unwrap_or_else(|| RoundId::from_uuid(Uuid::max()));
    let rounds = store::rounds(read, ctx.community, before, BUDGET_PAGE)?;
    let view = |round| with_poll(read, ctx, round);
    rounds.into_iter().map(view).collect()
}

/// A round with its proposals.
pub fn round(read: &mut dyn Read, ctx: &Context, id: RoundId) -> Result<RoundView, Error> {
    ctx.require(READ)?;
    let round = store::round(read, ctx.community, id)?;
    let mut view = with_poll(read, ctx, round)?;
    view.proposals = store::proposals(read, ctx.community, id)?;
    Ok(view)
}

fn with_poll(read: &mut dyn Read, ctx: &Context, round: Round) -> Result<RoundView, Error> {
    let poll = match round.poll {
        Some(poll) => Some(store::poll(read, ctx.community, poll)?),
        None => None,
    };
    let poll = poll.filter(|poll| poll.stage(ctx.now) != Stage::Withdrawn);
    let stage = match &poll {
        Some(poll) if poll.counted.is_some() => RoundStage::Decided,
        Some(_) => RoundStage::Voting,
        None if ctx.now < round.terms.closes => RoundStage::Proposing,
        None => RoundStage::Checking,
    };
    Ok(RoundView {
        round,
        stage,
        poll,
        proposals: Vec::new(),
    })
}

/// A proposal as its page shows it.
pub struct ProposalView {
    /// The round it belongs to.
    pub round: RoundView,
    /// The proposal.
    pub proposal: Proposal,
    /// A page of comments, the newest first.
    pub comments: Vec<Comment>,
    /// Before which comment the next page begins, if there is one.
    pub older: Option<CommentId>,
    /// The reports since it won, the newest first.
    pub reports: Vec<Reported>,
    /// Whether the actor made it.
    pub is_own: bool,
}

/// Everything a proposal's page shows, with the newest comments or those before one of them.
pub fn proposal(
    read: &mut dyn Read,
    ctx: &Context,
    round: RoundId,
    id: ProposalId,
    before: Option<CommentId>,
) -> Result<ProposalView, Error> {
    ctx.require(READ)?;
    let kept = store::round(read, ctx.community, round)?;
    let proposal = store::proposal(read, ctx.community, round, id)?;
    let before = before.unwrap_or_else(|| CommentId::from_uuid(Uuid::max()));
    let comments = store::comments(read, ctx.community, id, before, BUDGET_PAGE)?;
    let is_full = u32::try_from(comments.len()).is_ok_and(|count| count == BUDGET_PAGE);
    Ok(ProposalView {
        round: with_poll(read, ctx, kept)?,
        older: comments.last().filter(|_| is_full).map(|last| last.id),
        comments,
        reports: store::reports(read, ctx.community, id)?,
        is_own: ctx.actor.account_id() == Some(proposal.by),
        proposal,
    })
}

/// The picture of a report: media type and content.
pub fn report_picture(
    read: &mut dyn Read,
    ctx: &Context,
    proposal: ProposalId,
    report: ReportId,
) -> Result<(String, Vec<u8>), Error> {
    ctx.require(READ)?;
    let picture = store::picture(read, ctx.community, proposal, report)?;
    picture.ok_or(Error::NoSuchProposal)
}

/// A group of electors as shown: how many of it got their ballot is hidden where a person would show.
pub struct ShownGroup {
    /// What it is called: a building, or an age band.
    pub name: String,
    /// How many have a vote.
    pub electors: u64,
    /// How many got their ballot, where that can be told.
    pub given: Option<u64>,
}

/// Turnout of a counted poll by building, or by age band.
pub fn turnout(
    read: &mut dyn Read,
    ctx: &Context,
    id: PollId,
    by_age: bool,
) -> Result<Vec<ShownGroup>, Error> {
    ctx.require(READ)?;
    let poll = store::poll(read, ctx.community, id)?;
    if poll.counted.is_none() {
        return Ok(Vec::new());
    }
    let groups: Vec<Group> = store::groups(read, ctx.community, id, by_age)?;
    let told = shown(&groups);
    let group = |(group, given): (Group, Option<u64>)| ShownGroup {
        name: group.name,
        electors: group.electors,
        given,
    };
    Ok(groups.into_iter().zip(told).map(group).collect())
}

/// The time until which a new round takes proposals unless somebody says otherwise: three weeks.
pub(crate) fn usual_close(now: Timestamp) -> Timestamp {
    now.plus_days(21)
}
