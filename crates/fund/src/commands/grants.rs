//! Grants: applied for, reviewed with reasons, decided by the committee or by a participatory budget, ended.

use book::chart;
use db::Tx;
use journal::{Change, Command, record};
use kernel::Context;
use ledger::{Action, Request, Terms, TransferId};
use polls::{ProposalId, RoundId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use units::Fen;

use super::grant_subject;
use super::money::{check_purse, post, purse_account};
use crate::Error;
use crate::model::{APPLY, GrantId, GrantTerms, MANAGE, MAX_TEXT, REVIEW, ReviewId, check_text};
use crate::store::{self, Grant, actor};

/// Applies for a grant.
#[derive(Serialize, Deserialize)]
pub struct ApplyForGrant {
    /// What for.
    pub terms: GrantTerms,
}

impl Command for ApplyForGrant {
    const NAME: &'static str = "fund.grant.apply";
    type Outcome = GrantId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<GrantId, Error> {
        ctx.require(APPLY)?;
        let account = actor(ctx)?;
        let amount = self.terms.check()?;
        store::charter(tx, ctx.community)?.ok_or(Error::NoCharter)?;
        check_purse(tx, ctx, self.terms.purse, false)?;
        let id = GrantId::from_uuid(ctx.new_uuid());
        store::insert_grant(tx, ctx, id, account, (&self.terms, amount), None)?;
        put_tranches(tx, ctx, id, &self.terms)?;
        let change = Change::new("fund.grant.applied", grant_subject(id))
            .public(json!({ "terms": self.terms, "amount": amount }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

fn put_tranches(
    tx: &mut dyn Tx,
    ctx: &Context,
    grant: GrantId,
    terms: &GrantTerms,
) -> Result<(), Error> {
    for tranche in (1..).zip(&terms.tranches) {
        store::insert_tranche(tx, ctx, grant, tranche)?;
    }
    Ok(())
}

/// Says whether an application is fit, and why.
#[derive(Serialize, Deserialize)]
pub struct ReviewGrant {
    /// The application.
    pub grant: GrantId,
    /// Whether it is fit.
    pub is_fit: bool,
    /// Why.
    pub reason: String,
}

impl Command for ReviewGrant {
    const NAME: &'static str = "fund.grant.review";
    type Outcome = ReviewId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<ReviewId, Error> {
        ctx.require(REVIEW)?;
        check_text("reason", &self.reason, MAX_TEXT)?;
        let grant = undecided(tx, ctx, self.grant)?;
        let (is_fit, reason) = (self.is_fit, self.reason.trim());
        let id = store::insert_review(tx, ctx, grant.id, is_fit, reason)?;
        let change = Change::new("fund.grant.reviewed", grant_subject(grant.id))
            .public(json!({ "is_fit": is_fit, "reason": reason }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

/// Approves or refuses an application; what is approved is held in the book, tranche by tranche.
#[derive(Serialize, Deserialize)]
pub struct DecideGrant {
    /// The application.
    pub grant: GrantId,
    /// Whether it is approved.
    pub is_approved: bool,
    /// Why.
    pub reason: String,
}

impl Command for DecideGrant {
    const NAME: &'static str = "fund.grant.decide";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(MANAGE)?;
        check_text("reason", &self.reason, MAX_TEXT)?;
        let grant = undecided(tx, ctx, self.grant)?;
        let mut stamp = None;
        if self.is_approved {
            let by = actor(ctx)?;
            let reviews = store::reviews(tx, ctx.community, grant.id)?;
            let is_found_fit = reviews
                .iter()
                .any(|review| review.is_fit && review.made_by != by);
            if !is_found_fit {
                return Err(Error::Unreviewed);
            }
            stamp = hold(tx, ctx, &grant)?;
        }
        let reason = self.reason.trim();
        if store::decide_grant(tx, ctx, grant.id, self.is_approved, reason)? == 0 {
            return Err(Error::Settled { what: "grant" });
        }
        let change = Change::new("fund.grant.decided", grant_subject(grant.id)).public(json!({
            "is_approved": self.is_approved, "reason": reason, "amount": grant.amount, "book": stamp,
        }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// An application that nobody has decided, of somebody else than the actor.
fn undecided(tx: &mut dyn Tx, ctx: &Context, id: GrantId) -> Result<Grant, Error> {
    let by = actor(ctx)?;
    let grant = store::grant(tx, ctx.community, id)?;
    if grant.decided_at.is_some() {
        return Err(Error::Settled { what: "grant" });
    }
    if grant.account == by {
        return Err(Error::SamePerson { what: "grant" });
    }
    Ok(grant)
}

/// Holds every tranche of a grant in its purse: a reservation each, by the tranche's id.
fn hold(tx: &mut dyn Tx, ctx: &Context, grant: &Grant) -> Result<Option<book::Stamp>, Error> {
    let from = purse_account(tx, ctx, grant.purse)?;
    let owner = grant.id.uuid();
    let to = book::open(tx, ctx, chart::FUND_GRANTEE, owner, None, None)?;
    let tranches = store::tranches(tx, ctx.community, grant.id)?;
    let requests: Vec<Request> = tranches
        .iter()
        .map(|tranche| Request {
            id: TransferId(tranche.id.uuid().as_u128()),
            action: Action::Reserve {
                terms: Terms {
                    code: chart::FUND_GRANT,
                    from,
                    to,
                    amount: Fen::new(tranche.amount).into(),
                    expires_at: None,
                },
                deadline: None,
            },
        })
        .collect();
    Ok(post(tx, ctx, &requests)?.stamp)
}

/// Makes a grant of a proposal that won a participatory budget, with the amount that the budget decided.
#[derive(Serialize, Deserialize)]
pub struct GrantFromVote {
    /// The round.
    pub round: RoundId,
    /// The proposal that won.
    pub proposal: ProposalId,
    /// Who does it, from which money, in which parts.
    pub terms: GrantTerms,
}

impl Command for GrantFromVote {
    const NAME: &'static str = "fund.grant.from-vote";
    type Outcome = GrantId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<GrantId, Error> {
        ctx.require(MANAGE)?;
        let by = actor(ctx)?;
        let sum = self.terms.check()?;
        store::charter(tx, ctx.community)?.ok_or(Error::NoCharter)?;
        check_purse(tx, ctx, self.terms.purse, false)?;
        let won = won(tx, ctx, self.round, self.proposal)?;
        if won.account == by {
            return Err(Error::SamePerson { what: "grant" });
        }
        if sum != won.amount {
            let amount = won.amount;
            return Err(Error::UnequalTranches { sum, amount });
        }
        if store::grant_of_proposal(tx, ctx.community, self.proposal)?.is_some() {
            return Err(Error::GrantedBefore);
        }
        let id = GrantId::from_uuid(ctx.new_uuid());
        let vote = Some((self.round, self.proposal));
        store::insert_grant(tx, ctx, id, won.account, (&self.terms, sum), vote)?;
        put_tranches(tx, ctx, id, &self.terms)?;
        let grant = store::grant(tx, ctx.community, id)?;
        let stamp = hold(tx, ctx, &grant)?;
        store::decide_grant(tx, ctx, id, true, &won.title)?;
        let change = Change::new("fund.grant.voted", grant_subject(id)).public(json!({
            "round": self.round, "proposal": self.proposal, "terms": self.terms, "amount": sum, "book": stamp,
        }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

/// What a participatory budget decided.
struct Won {
    account: kernel::AccountId,
    amount: i64,
    title: String,
}

/// Asks the participatory budget whether a proposal won, whose it is and what it costs by the ballot.
fn won(tx: &mut dyn Tx, ctx: &Context, round: RoundId, proposal: ProposalId) -> Result<Won, Error> {
    let view = polls::round(tx, ctx, round)?;
    if !view.has_won(proposal) {
        return Err(Error::NotWon);
    }
    let mut proposals = view.proposals.iter();
    let by = proposals.find(|one| one.id == proposal);
    let poll = view.poll.as_ref().ok_or(Error::NotWon)?;
    let mut projects = poll
        .draft
        .options
        .iter()
        .filter_map(|one| one.project.as_ref());
    let project = projects.find(|one| one.proposal == proposal);
    match (by, project) {
        (Some(by), Some(project)) => Ok(Won {
            account: by.by,
            amount: project.cost_fen,
            title: view.round.terms.title.clone(),
        }),
        _ => Err(Error::NotWon),
    }
}

/// Ends a grant: what is still held for it is free again.
#[derive(Serialize, Deserialize)]
pub struct EndGrant {
    /// The grant.
    pub grant: GrantId,
    /// Whether the project was finished; cancelled otherwise.
    pub is_finished: bool,
    /// Why.
    pub reason: String,
}

impl Command for EndGrant {
    const NAME: &'static str = "fund.grant.end";
    /// What became free again, in fen.
    type Outcome = i64;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<i64, Error> {
        ctx.require(MANAGE)?;
        check_text("reason", &self.reason, MAX_TEXT)?;
        let by = actor(ctx)?;
        let grant = store::grant(tx, ctx.community, self.grant)?;
        if !grant.is_running() {
            return Err(Error::NotOpen { what: "grant" });
        }
        if grant.account == by {
            return Err(Error::SamePerson { what: "grant" });
        }
        let tranches = store::tranches(tx, ctx.community, grant.id)?;
        let unpaid = || tranches.iter().filter(|tranche| tranche.paid_at.is_none());
        let voids: Vec<Request> = unpaid()
            .map(|tranche| Request {
                id: TransferId(ctx.new_uuid().as_u128()),
                action: Action::Void {
                    reservation: TransferId(tranche.id.uuid().as_u128()),
                },
            })
            .collect();
        if self.is_finished && voids.len() == tranches.len() {
            // Nothing was paid: that is a cancellation.
            return Err(Error::NotOpen { what: "grant" });
        }
        let freed = unpaid().map(|tranche| tranche.amount).sum();
        let stamp = if voids.is_empty() {
            None
        } else {
            post(tx, ctx, &voids)?.stamp
        };
        let reason = self.reason.trim();
        if store::end_grant(tx, ctx, grant.id, self.is_finished, reason)? == 0 {
            return Err(Error::Settled { what: "grant" });
        }
        let change = Change::new("fund.grant.ended", grant_subject(grant.id)).public(json!({
            "is_finished": self.is_finished, "reason": reason, "freed": freed, "book": stamp,
        }));
        record(tx, ctx, change)?;
        Ok(freed)
    }
}
