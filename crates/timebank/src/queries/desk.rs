//! What staff see, and what the clock finds to do.

use book::{AccountLine, chart};
use db::Read;
use kernel::{Context, Timestamp};

use super::find::waiting;
use super::views::{RequestView, Side, cut_at, view, view_of};
use crate::Error;
use crate::commands::{is_missed, is_overdue, scheme};
use crate::law::{Law, Standing, law};
use crate::model::{ARBITRATE, ASSIST, ComplaintId, SETTLE, VisitId};
use crate::store::{self, COMMUNITY_ITSELF, Chosen, Elder, Relation, Service, Volunteer};

/// What staff see.
#[derive(Debug)]
pub struct Desk {
    /// The scheme, if one was chosen.
    pub chosen: Option<Chosen>,
    /// What it says today of an ordinary elder.
    pub law: Option<Law>,
    /// Every service.
    pub services: Vec<Service>,
    /// Every volunteer.
    pub volunteers: Vec<Volunteer>,
    /// Every elder, with the hours they could spend.
    pub elders: Vec<(Elder, i64)>,
    /// The relations that staff confirmed.
    pub relations: Vec<Relation>,
    /// Requests that nobody has accepted.
    pub waiting: Vec<RequestView>,
    /// Visits, newest first.
    pub visits: Vec<RequestView>,
    /// Complaints, newest first.
    pub complaints: Vec<ComplaintView>,
    /// Where a list ends though there is more: after so many lines.
    pub cut_at: Option<u32>,
    /// What the pool can give.
    pub pool: i64,
    /// The kinds of account that hold hours, with their sums.
    pub trial: Vec<AccountLine>,
}

/// A complaint, opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComplaintView {
    /// Its id.
    pub id: ComplaintId,
    /// About which visit.
    pub visit: VisitId,
    /// What is said.
    pub said: String,
    /// When.
    pub made_at: Timestamp,
    /// Whether it was right, once settled.
    pub is_upheld: Option<bool>,
    /// The ruling.
    pub ruling: Option<String>,
}

/// The whole, for staff.
pub fn desk(read: &mut dyn Read, ctx: &Context) -> Result<Desk, Error> {
    ctx.require(ASSIST)?;
    let chosen = store::chosen(read, ctx.community)?;
    let law = chosen
        .map(|chosen| law(chosen.scheme, Standing::Ordinary, ctx.now.date()))
        .transpose()?;
    let mut elders = Vec::new();
    for elder in store::elders(read, ctx)? {
        let account = book::account_id(chart::HOURS_MEMBER, elder.holder());
        let available = book::available(read, ctx.community, account, ctx.now)?;
        elders.push((elder, available));
    }
    let mut waiting_views = Vec::new();
    for request in waiting(read, ctx)? {
        let elder = store::elder(read, ctx, request.elder)?;
        waiting_views.push(view(read, ctx, &request, &elder, Side::Staff)?);
    }
    let mut visits = Vec::new();
    for visit in store::visits(read, ctx.community)? {
        let request = store::request(read, ctx.community, visit.request)?;
        let elder = store::elder(read, ctx, request.elder)?;
        visits.push(view_of(
            read,
            ctx,
            &request,
            &elder,
            Some(&visit),
            Side::Staff,
        )?);
    }
    let pool = book::account_id(chart::HOURS_POOL, COMMUNITY_ITSELF);
    let mut trial = book::trial_balance(read, ctx.community)?;
    trial.retain(|line| line.asset == ledger::Asset::Minutes);
    let services = store::services(read, ctx.community)?;
    let volunteers = store::volunteers(read, ctx)?;
    let relations = store::relations(read, ctx.community)?;
    let complaints = complaints(read, ctx)?;
    let longest = [
        services.len(),
        volunteers.len(),
        relations.len(),
        complaints.len(),
        elders.len(),
        visits.len(),
        waiting_views.len(),
    ];
    Ok(Desk {
        chosen,
        law,
        services,
        volunteers,
        elders,
        relations,
        waiting: waiting_views,
        visits,
        complaints,
        cut_at: cut_at(longest),
        pool: book::available(read, ctx.community, pool, ctx.now)?,
        trial,
    })
}

/// The complaints, for whoever settles them; none for other staff.
fn complaints(read: &mut dyn Read, ctx: &Context) -> Result<Vec<ComplaintView>, Error> {
    if !ctx.may(ARBITRATE) {
        return Ok(Vec::new());
    }
    let mut told = Vec::new();
    for complaint in store::complaints(read, ctx.community)? {
        let open = |ruling: &Vec<u8>| store::unseal(ctx, ruling);
        told.push(ComplaintView {
            id: complaint.id,
            visit: complaint.visit,
            said: store::unseal(ctx, &complaint.said)?,
            made_at: complaint.made_at,
            is_upheld: complaint.is_upheld,
            ruling: complaint.ruling.as_ref().map(open).transpose()?,
        });
    }
    Ok(told)
}

/// Visits that wait for the job: confirmed by nobody in time, or to which nobody came.
pub fn due_visits(read: &mut dyn Read, ctx: &Context) -> Result<Vec<VisitId>, Error> {
    ctx.require(SETTLE)?;
    if store::chosen(read, ctx.community)?.is_none() {
        return Ok(Vec::new());
    }
    let after_days = scheme(read, ctx)?.confirm_after_days;
    let mut due = Vec::new();
    for visit in store::open_visits(read, ctx.community)? {
        let request = store::request(read, ctx.community, visit.request)?;
        let is_disputed = store::is_disputed(read, ctx.community, visit.id)?;
        if is_missed(ctx, &request, &visit) || (is_overdue(ctx, &visit, after_days) && !is_disputed)
        {
            due.push(visit.id);
        }
    }
    Ok(due)
}
