//! SQL of grants and their reviews.

use db::{Read, Row, Tx, Value};
use kernel::{AccountId, CommunityId, Context, Timestamp, Uuid};
use polls::{ProposalId, RoundId};

use super::audit::{self, vouch};
use super::{LIST_MAX, purse};
use crate::Error;
use crate::model::{GrantId, GrantTerms, Purse, ReviewId};

db::statements! {
    GRANTS = "select grant_id, account_id, title, plan, who, purse, amount, round_id, proposal_id, applied_at, \
        decided_at, decided_by, is_approved, reason, ended_at, ended_by, is_finished, end_reason \
        from fund_grant where community_id = $1 order by grant_id desc limit $2";
    GRANTS_OF = "select grant_id, account_id, title, plan, who, purse, amount, round_id, proposal_id, applied_at, \
        decided_at, decided_by, is_approved, reason, ended_at, ended_by, is_finished, end_reason \
        from fund_grant where community_id = $1 and account_id = $2 order by grant_id desc limit $3";
    GRANT_OF_PROPOSAL = "select grant_id from fund_grant where community_id = $1 and proposal_id = $2";
    INSERT_GRANT = "insert into fund_grant (community_id, grant_id, account_id, title, plan, who, purse, amount, round_id, \
        proposal_id, applied_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    DECIDE_GRANT = "update fund_grant set decided_at = $3, decided_by = $4, is_approved = $5, reason = $6 \
        where community_id = $1 and grant_id = $2 and decided_at is null";
    END_GRANT = "update fund_grant set ended_at = $3, ended_by = $4, is_finished = $5, end_reason = $6 \
        where community_id = $1 and grant_id = $2 and is_approved and ended_at is null";
    REVIEWS = "select review_id, grant_id, is_fit, reason, made_at, made_by from fund_review \
        where community_id = $1 and grant_id = $2 order by review_id limit $3";
    INSERT_REVIEW = "insert into fund_review (community_id, review_id, grant_id, is_fit, reason, made_at, made_by) \
        values ($1, $2, $3, $4, $5, $6, $7)";
}

/// A grant as kept, from the application to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// Who applied.
    pub account: AccountId,
    /// The project, in a line.
    pub title: String,
    /// What is done.
    pub plan: String,
    /// Who does it, as everybody may read.
    pub who: String,
    /// From which money.
    pub purse: Purse,
    /// How much, in fen.
    pub amount: i64,
    /// The participatory budget and the proposal that won it.
    pub vote: Option<(RoundId, ProposalId)>,
    /// When it was applied for.
    pub applied_at: Timestamp,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// By whom.
    pub decided_by: Option<AccountId>,
    /// Whether it was approved.
    pub is_approved: Option<bool>,
    /// Why.
    pub reason: Option<String>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Whether it was finished; cancelled otherwise.
    pub is_finished: Option<bool>,
    /// What was said at its end.
    pub end_reason: Option<String>,
}

impl Grant {
    /// Whether tranches may be paid.
    pub fn is_running(&self) -> bool {
        self.is_approved == Some(true) && self.ended_at.is_none()
    }

    /// The name of where it stands.
    pub fn stage(&self) -> &'static str {
        match (self.is_approved, self.is_finished) {
            (None, _) => "applied",
            (Some(false), _) => "refused",
            (Some(true), None) => "running",
            (Some(true), Some(true)) => "finished",
            (Some(true), Some(false)) => "cancelled",
        }
    }
}

/// A reviewer's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Its id.
    pub id: ReviewId,
    /// Whether the project is fit.
    pub is_fit: bool,
    /// Why.
    pub reason: String,
    /// When.
    pub made_at: Timestamp,
    /// By whom.
    pub made_by: AccountId,
}

pub(super) fn grant_of(row: &Row) -> Result<Grant, db::Error> {
    let (round, proposal): (Option<RoundId>, Option<ProposalId>) = (row.get(7)?, row.get(8)?);
    Ok(Grant {
        id: row.get(0)?,
        account: row.get(1)?,
        title: row.get(2)?,
        plan: row.get(3)?,
        who: row.get(4)?,
        purse: purse(row, 5)?,
        amount: row.get(6)?,
        vote: round.zip(proposal),
        applied_at: row.get(9)?,
        decided_at: row.get(10)?,
        decided_by: row.get(11)?,
        is_approved: row.get(12)?,
        reason: row.get(13)?,
        ended_at: row.get(14)?,
        is_finished: row.get(16)?,
        end_reason: row.get(17)?,
    })
}

pub(crate) fn grants(read: &mut dyn Read, community: CommunityId) -> Result<Vec<Grant>, db::Error> {
    let rows = read.query(GRANTS, &[community.into(), LIST_MAX.into()])?;
    rows.iter().map(grant_of).collect()
}

pub(crate) fn grants_of(
    read: &mut dyn Read,
    community: CommunityId,
    account: AccountId,
) -> Result<Vec<Grant>, db::Error> {
    let asked = [community.into(), account.into(), LIST_MAX.into()];
    let rows = read.query(GRANTS_OF, &asked)?;
    rows.iter().map(grant_of).collect()
}

pub(crate) fn grant(
    read: &mut dyn Read,
    community: CommunityId,
    id: GrantId,
) -> Result<Grant, Error> {
    let row = read.query_one(audit::GRANT.one, &[community.into(), id.into()])?;
    let row = row.ok_or(Error::NotFound { what: "grant" })?;
    Ok(grant_of(&row)?)
}

/// The grant that a winning proposal became.
pub(crate) fn grant_of_proposal(
    read: &mut dyn Read,
    community: CommunityId,
    proposal: ProposalId,
) -> Result<Option<GrantId>, db::Error> {
    let row = read.query_one(GRANT_OF_PROPOSAL, &[community.into(), proposal.into()])?;
    row.map(|row| row.get(0)).transpose()
}

pub(crate) fn insert_grant(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: GrantId,
    account: AccountId,
    (terms, amount): (&GrantTerms, i64),
    vote: Option<(RoundId, ProposalId)>,
) -> Result<(), db::Error> {
    let (round, proposal) = vote.unzip();
    let row: [Value; 11] = [
        ctx.community.into(),
        id.into(),
        account.into(),
        terms.title.as_str().into(),
        terms.plan.as_str().into(),
        terms.who.as_str().into(),
        terms.purse.to_string().into(),
        amount.into(),
        round.into(),
        proposal.into(),
        ctx.now.into(),
    ];
    tx.execute(INSERT_GRANT, &row)?;
    vouch(tx, &audit::GRANT, ctx.community, id)
}

pub(crate) fn decide_grant(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: GrantId,
    is_approved: bool,
    reason: &str,
) -> Result<u64, db::Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
        is_approved.into(),
        reason.into(),
    ];
    let decided = tx.execute(DECIDE_GRANT, &row)?;
    vouch(tx, &audit::GRANT, ctx.community, id)?;
    Ok(decided)
}

pub(crate) fn end_grant(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: GrantId,
    is_finished: bool,
    reason: &str,
) -> Result<u64, db::Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
        is_finished.into(),
        reason.into(),
    ];
    let ended = tx.execute(END_GRANT, &row)?;
    vouch(tx, &audit::GRANT, ctx.community, id)?;
    Ok(ended)
}

pub(crate) fn reviews(
    read: &mut dyn Read,
    community: CommunityId,
    grant: GrantId,
) -> Result<Vec<Review>, db::Error> {
    let rows = read.query(REVIEWS, &[community.into(), grant.into(), LIST_MAX.into()])?;
    rows.iter()
        .map(|row| {
            Ok(Review {
                id: row.get(0)?,
                is_fit: row.get(2)?,
                reason: row.get(3)?,
                made_at: row.get(4)?,
                made_by: row.get(5)?,
            })
        })
        .collect()
}

pub(crate) fn insert_review(
    tx: &mut dyn Tx,
    ctx: &Context,
    grant: GrantId,
    is_fit: bool,
    reason: &str,
) -> Result<ReviewId, db::Error> {
    let id = ReviewId::from_uuid(ctx.new_uuid());
    let by: Uuid = ctx.actor.uuid();
    let row = [
        ctx.community.into(),
        id.into(),
        grant.into(),
        is_fit.into(),
        reason.into(),
        ctx.now.into(),
        by.into(),
    ];
    tx.execute(INSERT_REVIEW, &row)?;
    vouch(tx, &audit::REVIEW, ctx.community, id)?;
    Ok(id)
}
