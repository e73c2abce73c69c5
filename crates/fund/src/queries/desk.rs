//! What waits for the treasurer, the second person, reviewers and the committee; and a donor's own part.

use db::Read;
use kernel::Context;
use polls::{ProposalId, RoundId};

use super::overview::{self, PurseView};
use crate::Error;
use crate::model::{READ, VoucherKind};
use crate::store::{self, Charter, Gift, Grant, Tranche, Voucher, actor};

/// A donation that was announced, with its donor's name.
pub struct GiftView {
    /// The announcement.
    pub gift: Gift,
    /// The donor's name.
    pub name: String,
}

/// A donor's own part: what they announced and gave, and what they applied for.
pub struct Mine {
    /// What the fund is.
    pub charter: Option<Charter>,
    /// What can be given for.
    pub purses: Vec<PurseView>,
    /// What was announced, the newest first.
    pub gifts: Vec<GiftView>,
    /// What was given, the newest first.
    pub donations: Vec<Voucher>,
    /// What was applied for, the newest first.
    pub grants: Vec<Grant>,
}

/// One's own gifts, donations and grants.
pub fn mine(read: &mut dyn Read, ctx: &Context) -> Result<Mine, Error> {
    ctx.require(READ)?;
    let account = actor(ctx)?;
    let gifts = store::gifts_of(read, ctx.community, account)?;
    let mut donations = store::vouchers_of_account(read, ctx.community, account)?;
    donations.retain(|voucher| voucher.kind == VoucherKind::Donation);
    Ok(Mine {
        charter: store::charter(read, ctx.community)?,
        purses: overview::purses(read, ctx.community)?,
        gifts: with_names(ctx, gifts)?,
        donations,
        grants: store::grants_of(read, ctx.community, account)?,
    })
}

fn with_names(ctx: &Context, gifts: Vec<Gift>) -> Result<Vec<GiftView>, Error> {
    let view = |gift: Gift| {
        let name = store::unseal(ctx, &gift.donor)?;
        Ok(GiftView { gift, name })
    };
    gifts.into_iter().map(view).collect()
}

/// A tranche that waits to be checked or paid.
pub struct TrancheWaiting {
    /// The tranche.
    pub tranche: Tranche,
    /// Its grant.
    pub grant: Grant,
}

/// A project that won a participatory budget and has no grant yet.
pub struct Winner {
    /// The round.
    pub round: RoundId,
    /// What the round is called.
    pub round_title: String,
    /// The proposal.
    pub proposal: ProposalId,
    /// What it is called.
    pub title: String,
    /// What the budget decided, in fen.
    pub cost: i64,
}

/// What waits for who keeps the book.
pub struct Desk {
    /// What the fund is.
    pub charter: Option<Charter>,
    /// Every purse.
    pub purses: Vec<PurseView>,
    /// Vouchers that nobody has confirmed, with the donor's name and whether the actor recorded them.
    pub waiting: Vec<(Voucher, Option<String>, bool)>,
    /// Announced donations whose money has not come.
    pub gifts: Vec<GiftView>,
    /// Applications that nobody has decided.
    pub applications: Vec<Grant>,
    /// Tranches with evidence.
    pub tranches: Vec<TrancheWaiting>,
    /// Winners of participatory budgets without a grant.
    pub winners: Vec<Winner>,
}

/// What waits, for who keeps the book.
pub fn desk(read: &mut dyn Read, ctx: &Context) -> Result<Desk, Error> {
    ctx.require(READ)?;
    if !super::entries::keeps_book(ctx) {
        ctx.require(crate::model::RECORD)?;
    }
    let own = ctx.actor.account_id();
    let mut waiting = Vec::new();
    for voucher in store::waiting(read, ctx.community)? {
        let name = match &voucher.donor {
            Some(sealed) => Some(store::unseal(ctx, sealed)?),
            None => None,
        };
        let is_own = Some(voucher.recorded_by) == own;
        waiting.push((voucher, name, is_own));
    }
    let gifts = store::open_gifts(read, ctx.community)?;
    let mut applications = store::grants(read, ctx.community)?;
    applications.retain(|grant| grant.decided_at.is_none());
    let mut tranches = Vec::new();
    for tranche in store::tranches_waiting(read, ctx.community)? {
        let grant = store::grant(read, ctx.community, tranche.grant)?;
        if grant.is_running() {
            tranches.push(TrancheWaiting { tranche, grant });
        }
    }
    Ok(Desk {
        charter: store::charter(read, ctx.community)?,
        purses: overview::purses(read, ctx.community)?,
        waiting,
        gifts: with_names(ctx, gifts)?,
        applications,
        tranches,
        winners: winners(read, ctx)?,
    })
}

/// The winners of the newest rounds that have no grant.
fn winners(read: &mut dyn Read, ctx: &Context) -> Result<Vec<Winner>, Error> {
    if !ctx.may(polls::READ) {
        return Ok(Vec::new());
    }
    let mut winners = Vec::new();
    for view in polls::rounds(read, ctx, None)? {
        let Some(poll) = &view.poll else { continue };
        let Some((counted, _)) = &poll.counted else {
            continue;
        };
        for place in counted.winners() {
            let Some(option) = poll.draft.options.get(*place) else {
                continue;
            };
            let Some(project) = &option.project else {
                continue;
            };
            if store::grant_of_proposal(read, ctx.community, project.proposal)?.is_none() {
                winners.push(Winner {
                    round: view.round.id,
                    round_title: view.round.terms.title.clone(),
                    proposal: project.proposal,
                    title: option.name.clone(),
                    cost: project.cost_fen,
                });
            }
        }
    }
    Ok(winners)
}
