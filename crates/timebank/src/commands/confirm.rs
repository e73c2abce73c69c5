//! Confirming a visit: the real minutes are posted; what exceeds the volunteer's cap goes to the pool in the same breath.

use book::chart;
use db::Tx;
use journal::{Change, Command, record};
use kernel::Context;
use ledger::{Action, Request as Posting, TransferId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use units::Minutes;

use super::hours::{
    balance, ends, law_today, member, pool, post, scheme, stand_to, transfer, void,
};
use crate::Error;
use crate::law::Standing;
use crate::model::{
    ConfirmedAs, LATE_SECONDS, MAX_VISIT, SETTLE, TAKE_PART, VisitId, minutes_between,
};
use crate::store::{self, Credit, Request, Visit, actor};

/// Confirms that a visit was as the codes say: the elder, family or staff, never the volunteer.
#[derive(Serialize, Deserialize)]
pub struct ConfirmVisit {
    /// The visit.
    pub visit: VisitId,
    /// Whether to pay for longer than was booked, if it took longer.
    pub longer: bool,
}

impl Command for ConfirmVisit {
    const NAME: &'static str = "timebank.visit.confirm";
    /// What was credited, in minutes.
    type Outcome = i64;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<i64, Error> {
        ctx.require(TAKE_PART)?;
        let visit = store::visit(tx, ctx.community, self.visit)?;
        let request = store::request(tx, ctx.community, visit.request)?;
        let elder = store::elder(tx, ctx, request.elder)?;
        if visit.volunteer == actor(ctx)? {
            return Err(Error::OwnVisit);
        }
        let as_whom = stand_to(tx, ctx, &elder)?;
        confirm(tx, ctx, &request, &visit, as_whom, self.longer)
    }
}

/// Settles a visit that nobody settled in time: one that was made is confirmed with a flag, one to which nobody came is
/// given up.
#[derive(Serialize, Deserialize)]
pub struct SettleVisit {
    /// The visit.
    pub visit: VisitId,
}

impl Command for SettleVisit {
    const NAME: &'static str = "timebank.visit.settle";
    type Outcome = i64;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<i64, Error> {
        ctx.require(SETTLE)?;
        let visit = store::visit(tx, ctx.community, self.visit)?;
        let request = store::request(tx, ctx.community, visit.request)?;
        let after_days = scheme(tx, ctx)?.confirm_after_days;
        if is_missed(ctx, &request, &visit) {
            return give_up(tx, ctx, &request, &visit);
        }
        if !is_overdue(ctx, &visit, after_days) {
            return Err(Error::NotOpen { what: "visit" });
        }
        confirm(tx, ctx, &request, &visit, ConfirmedAs::System, false)
    }
}

/// Whether nobody came and the day has passed.
pub(crate) fn is_missed(ctx: &Context, request: &Request, visit: &Visit) -> bool {
    let given_up = request.begins.plus_seconds(LATE_SECONDS);
    visit.is_open() && visit.came_at.is_none() && ctx.now > given_up
}

/// Whether nobody has confirmed within the set days.
pub(crate) fn is_overdue(ctx: &Context, visit: &Visit, after_days: i64) -> bool {
    let is_late = visit
        .left_at
        .is_some_and(|left| left.plus_days(after_days) < ctx.now);
    visit.is_open() && is_late
}

/// What stands as the reason of a visit that Linli gives up, in the language of the community's own record.
const NOBODY_CAME: &str = "约定时间过后一天内无人到访";

fn give_up(tx: &mut dyn Tx, ctx: &Context, request: &Request, visit: &Visit) -> Result<i64, Error> {
    store::cancel_visit(tx, ctx, visit.id, NOBODY_CAME)?;
    store::close_request(tx, ctx, request.id)?;
    let postings: Vec<Posting> = void(tx, ctx, request, visit)?.into_iter().collect();
    let posted = post(tx, ctx, &postings)?;
    let subject = format!("timebank-visit/{}", visit.id);
    let change =
        Change::new("timebank.visit.missed", subject).public(json!({ "book": posted.stamp }));
    record(tx, ctx, change)?;
    Ok(0)
}

fn confirm(
    tx: &mut dyn Tx,
    ctx: &Context,
    request: &Request,
    visit: &Visit,
    as_whom: ConfirmedAs,
    longer: bool,
) -> Result<i64, Error> {
    let real = match (visit.came_at, visit.left_at) {
        (Some(came), Some(left)) if visit.is_open() => minutes_between(came, left),
        _ => return Err(Error::NotOpen { what: "visit" }),
    };
    if store::is_disputed(tx, ctx.community, visit.id)? {
        return Err(Error::NotOpen { what: "visit" });
    }
    let most = if longer { MAX_VISIT } else { request.minutes };
    let minutes = real.ok_or(Error::ImpossibleTimes)?.min(most);
    let mut postings = Vec::new();
    let mut credit = Credit {
        minutes,
        overflow: 0,
        posting: None,
        overflow_posting: None,
    };
    if visit.is_reserved {
        if minutes > request.minutes {
            postings.extend(void(tx, ctx, request, visit)?);
            postings.extend(pay(tx, ctx, request, visit, &mut credit, 0)?);
        } else if minutes == 0 {
            postings.extend(void(tx, ctx, request, visit)?);
        } else {
            ends(tx, ctx, request, visit)?;
            let posting = ctx.new_uuid();
            credit.posting = Some(posting);
            postings.push(Posting {
                id: TransferId(posting.as_u128()),
                action: Action::Post {
                    reservation: TransferId(visit.id.uuid().as_u128()),
                    amount: Some(Minutes::new(minutes).into()),
                },
            });
            postings.extend(overflow(tx, ctx, visit, &mut credit, 0)?);
        }
    }
    store::confirm(tx, ctx, visit.id, as_whom, credit)?;
    store::close_request(tx, ctx, request.id)?;
    let posted = post(tx, ctx, &postings)?;
    let change = Change::new(
        "timebank.visit.confirmed",
        format!("timebank-visit/{}", visit.id),
    )
    .public(json!({
        "minutes": minutes, "overflow": credit.overflow, "as": as_whom, "for_team": visit.for_team,
        "service": request.service, "book": posted.stamp,
    }));
    record(tx, ctx, change)?;
    Ok(minutes)
}

/// Pays a visit at once, without what was reserved; `returning` minutes leave the volunteer's account just before.
pub(super) fn pay(
    tx: &mut dyn Tx,
    ctx: &Context,
    request: &Request,
    visit: &Visit,
    credit: &mut Credit,
    returning: i64,
) -> Result<Vec<Posting>, Error> {
    let (accounts, code) = ends(tx, ctx, request, visit)?;
    let posting = ctx.new_uuid();
    credit.posting = Some(posting);
    let mut postings = vec![transfer(posting, code, accounts, credit.minutes)];
    postings.extend(overflow(tx, ctx, visit, credit, returning)?);
    Ok(postings)
}

/// What the volunteer would hold above the scheme's cap goes to the pool.
fn overflow(
    tx: &mut dyn Tx,
    ctx: &Context,
    visit: &Visit,
    credit: &mut Credit,
    returning: i64,
) -> Result<Option<Posting>, Error> {
    let law = law_today(tx, ctx, Standing::Ordinary)?;
    let (Some(cap), false) = (law.cap_minutes, visit.for_team) else {
        return Ok(None);
    };
    let held = balance(tx, ctx, visit.volunteer.uuid())?.saturating_sub(returning);
    let above = held.saturating_add(credit.minutes).saturating_sub(cap);
    let above = above.clamp(0, credit.minutes);
    if above == 0 {
        return Ok(None);
    }
    let id = ctx.new_uuid();
    credit.overflow = above;
    credit.overflow_posting = Some(id);
    let accounts = (member(tx, ctx, visit.volunteer.uuid())?, pool(tx, ctx)?);
    Ok(Some(transfer(id, chart::HOURS_DONATE, accounts, above)))
}
