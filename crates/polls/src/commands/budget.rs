//! A participatory budget from the call for proposals to the vote.

use ballot::choosing::Method;
use db::{Read, Tx};
use journal::{Change, Command, record};
use kernel::Context;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::Error;
use crate::model::{
    CHECK, CommentId, DRAFT, Draft, Funding, MAX_TEXT, PROPOSE, PollId, PollOption, Project,
    ProposalId, ProposalText, RoundId, RoundTerms, Stage, VoteTerms, check_fen, check_text,
};
use crate::store::{self, Proposal, Round};

/// Calls for proposals.
#[derive(Serialize, Deserialize)]
pub struct OpenRound {
    /// What for, how much, until when.
    pub terms: RoundTerms,
}

impl Command for OpenRound {
    const NAME: &'static str = "polls.round.open";
    type Outcome = RoundId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<RoundId, Error> {
        ctx.require(DRAFT)?;
        self.terms.check()?;
        if self.terms.closes <= ctx.now {
            return Err(Error::WindowReversed);
        }
        let id = RoundId::from_uuid(ctx.new_uuid());
        store::insert_round(tx, ctx, id, &self.terms)?;
        let change = Change::new("polls.round.opened", round_subject(id))
            .public(json!({ "terms": self.terms }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

/// Proposes what a budget should pay.
#[derive(Serialize, Deserialize)]
pub struct Propose {
    /// The round.
    pub round: RoundId,
    /// What is proposed.
    pub proposal: ProposalText,
}

impl Command for Propose {
    const NAME: &'static str = "polls.proposal.make";
    type Outcome = ProposalId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<ProposalId, Error> {
        ctx.require(PROPOSE)?;
        self.proposal.check()?;
        let round = store::round(tx, ctx.community, self.round)?;
        if ctx.now >= round.terms.closes {
            return Err(Error::TooLate);
        }
        not_on_ballot(tx, ctx, &round)?;
        let id = ProposalId::from_uuid(ctx.new_uuid());
        store::insert_proposal(tx, ctx, self.round, id, &self.proposal)?;
        let change = Change::new("polls.proposal.made", round_subject(self.round))
            .public(json!({ "proposal": id, "text": self.proposal }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

/// Takes one's own proposal back, before it stands on a ballot. It stays to be read, as withdrawn.
#[derive(Serialize, Deserialize)]
pub struct WithdrawProposal {
    /// The round.
    pub round: RoundId,
    /// The proposal.
    pub proposal: ProposalId,
    /// Why, for everyone to read.
    pub reason: String,
}

impl Command for WithdrawProposal {
    const NAME: &'static str = "polls.proposal.withdraw";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(PROPOSE)?;
        check_text("reason", &self.reason, MAX_TEXT)?;
        let proposal = open_proposal(tx, ctx, self.round, self.proposal)?;
        if ctx.actor.account_id() != Some(proposal.by) {
            return Err(Error::OthersProposal);
        }
        store::insert_proposal_withdrawal(tx, ctx, self.round, self.proposal, &self.reason)?;
        let change = Change::new("polls.proposal.withdrawn", round_subject(self.round))
            .public(json!({ "proposal": self.proposal, "reason": self.reason }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Comments on a proposal.
#[derive(Serialize, Deserialize)]
pub struct CommentOn {
    /// The round.
    pub round: RoundId,
    /// The proposal.
    pub proposal: ProposalId,
    /// What is said.
    pub text: String,
}

/// The longest comment, in characters.
const MAX_COMMENT: usize = 2_000;
/// The most comments of one person on a proposal in a day.
const COMMENTS_A_DAY: u64 = 10;

impl Command for CommentOn {
    const NAME: &'static str = "polls.proposal.comment";
    type Outcome = CommentId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<CommentId, Error> {
        ctx.require(PROPOSE)?;
        check_text("text", &self.text, MAX_COMMENT)?;
        store::proposal(tx, ctx.community, self.round, self.proposal)?;
        let since = ctx.now.plus_days(-1);
        if store::comments_since(tx, ctx, self.proposal, since)? >= COMMENTS_A_DAY {
            return Err(Error::TooManyComments {
                max: COMMENTS_A_DAY,
            });
        }
        let id = CommentId::from_uuid(ctx.new_uuid());
        store::insert_comment(tx, ctx, self.proposal, id, &self.text)?;
        let change = Change::new("polls.proposal.commented", round_subject(self.round))
            .public(json!({ "proposal": self.proposal, "comment": id, "text": self.text }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

/// Says whether a proposal can be done and what it costs, with reasons. May be said again until it stands on a ballot.
#[derive(Serialize, Deserialize)]
pub struct CheckProposal {
    /// The round.
    pub round: RoundId,
    /// The proposal.
    pub proposal: ProposalId,
    /// Whether it can be done.
    pub feasible: bool,
    /// What it costs, in fen.
    pub cost_fen: i64,
    /// Why, for everyone to read.
    pub reason: String,
}

impl Command for CheckProposal {
    const NAME: &'static str = "polls.proposal.check";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(CHECK)?;
        check_text("reason", &self.reason, MAX_TEXT)?;
        check_fen("cost", self.cost_fen)?;
        let proposal = open_proposal(tx, ctx, self.round, self.proposal)?;
        let revision = proposal.check.map_or(1, |check| check.revision + 1);
        store::insert_check(tx, ctx, self, revision)?;
        let change =
            Change::new("polls.proposal.checked", round_subject(self.round)).public(json!({
                "proposal": self.proposal,
                "revision": revision,
                "feasible": self.feasible,
                "cost_fen": self.cost_fen,
                "reason": self.reason,
            }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Puts every feasible proposal of a round on the ballot of a poll, which is then published as any other.
#[derive(Serialize, Deserialize)]
pub struct PutToVote {
    /// The round.
    pub round: RoundId,
    /// How it is decided.
    pub terms: VoteTerms,
}

impl Command for PutToVote {
    const NAME: &'static str = "polls.round.put-to-vote";
    type Outcome = PollId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<PollId, Error> {
        ctx.require(DRAFT)?;
        self.terms.check()?;
        let round = store::round(tx, ctx.community, self.round)?;
        not_on_ballot(tx, ctx, &round)?;
        let proposals = store::proposals(tx, ctx.community, self.round)?;
        let options: Vec<PollOption> = proposals.iter().filter_map(on_ballot).collect();
        if options.is_empty() {
            return Err(Error::NothingFeasible);
        }
        let draft = self.draft(&round, options);
        draft.check()?;
        let poll = PollId::from_uuid(ctx.new_uuid());
        store::insert_poll(tx, ctx, poll, &draft)?;
        store::insert_ballot_of_round(tx, ctx, self.round, poll)?;
        let change = Change::new("polls.poll.drafted", super::subject(poll))
            .public(json!({ "draft": draft }));
        record(tx, ctx, change)?;
        Ok(poll)
    }
}

impl PutToVote {
    fn draft(&self, round: &Round, options: Vec<PollOption>) -> Draft {
        Draft {
            title: round.terms.title.clone(),
            body: round.terms.body.clone(),
            options,
            // Not asked where a budget's rule decides.
            method: Method::Approval,
            entitled: self.terms.entitled,
            min_age: self.terms.min_age,
            building: String::new(),
            window: self.terms.window,
            funding: Some(Funding {
                round: self.round,
                budget_fen: round.terms.budget_fen,
                rule: self.terms.rule,
                ballots: self.terms.ballots,
                max_projects: self.terms.max_projects,
                max_points: self.terms.max_points,
                threshold: self.terms.threshold,
            }),
        }
    }
}

/// A feasible proposal as it stands on a ballot.
fn on_ballot(proposal: &Proposal) -> Option<PollOption> {
    let check = proposal.check.as_ref().filter(|check| check.feasible)?;
    let text = &proposal.text;
    (proposal.withdrawn.is_none()).then(|| PollOption {
        name: text.title.clone(),
        provider: text.place.clone(),
        price: crate::funded::yuan(check.cost_fen),
        terms: text.body.clone(),
        project: Some(Project {
            proposal: proposal.id,
            cost_fen: check.cost_fen,
            place: text.place.clone(),
            category: text.category.clone(),
        }),
    })
}

/// A proposal that may still change.
fn open_proposal(
    read: &mut dyn Read,
    ctx: &Context,
    round: RoundId,
    id: ProposalId,
) -> Result<Proposal, Error> {
    let round_ = store::round(read, ctx.community, round)?;
    not_on_ballot(read, ctx, &round_)?;
    let proposal = store::proposal(read, ctx.community, round, id)?;
    if proposal.withdrawn.is_some() {
        return Err(Error::NoSuchProposal);
    }
    Ok(proposal)
}

/// Refuses where the round's proposals stand on the ballot of a poll that was not withdrawn.
fn not_on_ballot(read: &mut dyn Read, ctx: &Context, round: &Round) -> Result<(), Error> {
    let Some(poll) = round.poll else {
        return Ok(());
    };
    match store::poll(read, ctx.community, poll)?.stage(ctx.now) {
        Stage::Withdrawn => Ok(()),
        _ => Err(Error::OnBallot),
    }
}

/// The subject under which the journal keeps a round's history.
pub(super) fn round_subject(id: RoundId) -> String {
    format!("budget/{id}")
}
