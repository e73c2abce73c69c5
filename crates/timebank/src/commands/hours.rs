//! What several commands need: the scheme, how the actor stands to an elder, accounts of hours in the book.

use book::chart;
use db::{Read, Tx};
use kernel::{Context, Uuid};
use ledger::{AccountId, Action, Code, Request, Terms, TransferId};
use units::Minutes;

use crate::Error;
use crate::law::{Law, Standing, law};
use crate::model::{ASSIST, Bond, ConfirmedAs, GiftId, GiftKind, PaidBy, age};
use crate::store::{self, COMMUNITY_ITSELF, Chosen, Elder, Visit};

/// The scheme that the community chose.
pub(crate) fn scheme(read: &mut dyn Read, ctx: &Context) -> Result<Chosen, Error> {
    store::chosen(read, ctx.community)?.ok_or(Error::NoScheme)
}

/// What it says today.
pub(super) fn law_today(
    read: &mut dyn Read,
    ctx: &Context,
    standing: Standing,
) -> Result<Law, Error> {
    law(scheme(read, ctx)?.scheme, standing, ctx.now.date())
}

/// Refuses whoever is younger than a scheme asks.
pub(super) fn check_age(
    birth: jiff::civil::Date,
    ctx: &Context,
    from_age: Option<i64>,
    law: &Law,
) -> Result<(), Error> {
    match from_age {
        Some(least) if age(birth, ctx.now.date()) < least => Err(Error::TooYoung {
            age: least,
            citation: cited(law),
        }),
        _ => Ok(()),
    }
}

/// The scheme's clauses in a line.
pub(super) fn cited(law: &Law) -> String {
    let citations: Vec<&str> = law
        .grounds
        .iter()
        .map(|ground| ground.citation.as_str())
        .collect();
    citations.join("；")
}

/// As whom the actor speaks for an elder: the elder, family as the roll or staff know it, or staff.
pub(crate) fn stand_to(
    read: &mut dyn Read,
    ctx: &Context,
    elder: &Elder,
) -> Result<ConfirmedAs, Error> {
    let account = store::actor(ctx)?;
    if elder.account == Some(account) {
        return Ok(ConfirmedAs::Elder);
    }
    let relations = store::relations_of(read, ctx.community, account)?;
    let is_related = relations
        .iter()
        .any(|one| one.elder == elder.id && one.bond != Bond::Friend);
    if is_related || is_roll_family(read, ctx, elder)? {
        return Ok(ConfirmedAs::Family);
    }
    if ctx.may(ASSIST) {
        return Ok(ConfirmedAs::Staff);
    }
    Err(Error::NotForYou)
}

/// Whether the roll knows the elder as the actor's family.
pub(super) fn is_roll_family(
    read: &mut dyn Read,
    ctx: &Context,
    elder: &Elder,
) -> Result<bool, Error> {
    let Some(account) = elder.account else {
        return Ok(false);
    };
    let family = people::queries::own_family(read, ctx)?;
    Ok(family.iter().any(|member| member.account == account))
}

/// Somebody's hours.
pub(super) fn member(tx: &mut dyn Tx, ctx: &Context, holder: Uuid) -> Result<AccountId, Error> {
    Ok(book::open(
        tx,
        ctx,
        chart::HOURS_MEMBER,
        holder,
        None,
        None,
    )?)
}

/// The pool's hours.
pub(super) fn pool(tx: &mut dyn Tx, ctx: &Context) -> Result<AccountId, Error> {
    Ok(book::open(
        tx,
        ctx,
        chart::HOURS_POOL,
        COMMUNITY_ITSELF,
        None,
        None,
    )?)
}

/// The community's own account, whose debt is what everybody holds.
pub(super) fn issuer(tx: &mut dyn Tx, ctx: &Context) -> Result<AccountId, Error> {
    Ok(book::open(
        tx,
        ctx,
        chart::HOURS_ISSUER,
        COMMUNITY_ITSELF,
        None,
        None,
    )?)
}

/// From whose account to whose a visit's minutes go, and why. Both accounts are opened where they are not yet.
pub(super) fn ends(
    tx: &mut dyn Tx,
    ctx: &Context,
    request: &store::Request,
    visit: &Visit,
) -> Result<((AccountId, AccountId), Code), Error> {
    let (from, code) = match request.paid_by {
        PaidBy::Pool => (pool(tx, ctx)?, chart::HOURS_CARE),
        PaidBy::Elder | PaidBy::Family => (member(tx, ctx, request.payer)?, chart::HOURS_PAY),
    };
    let to = if visit.for_team {
        pool(tx, ctx)?
    } else {
        member(tx, ctx, visit.volunteer.uuid())?
    };
    Ok(((from, to), code))
}

/// Gives back what a visit holds, if it holds anything.
pub(super) fn void(
    tx: &mut dyn Tx,
    ctx: &Context,
    request: &store::Request,
    visit: &Visit,
) -> Result<Option<Request>, Error> {
    if !visit.is_reserved {
        return Ok(None);
    }
    ends(tx, ctx, request, visit)?;
    Ok(Some(Request {
        id: TransferId(ctx.new_uuid().as_u128()),
        action: Action::Void {
            reservation: TransferId(visit.id.uuid().as_u128()),
        },
    }))
}

/// Posts all of these or none. What moves no minutes (a team's visit that the pool would pay to itself) posts nothing; the
/// book refuses an empty list.
pub(super) fn post(
    tx: &mut dyn Tx,
    ctx: &Context,
    postings: &[Request],
) -> Result<book::Posted, Error> {
    if postings.is_empty() {
        return Ok(book::Posted {
            receipts: Vec::new(),
            stamp: None,
        });
    }
    Ok(book::post(tx, ctx, postings)?)
}

/// A transfer of minutes.
pub(super) fn transfer(
    id: Uuid,
    code: Code,
    (from, to): (AccountId, AccountId),
    minutes: i64,
) -> Request {
    Request {
        id: TransferId(id.as_u128()),
        action: Action::Transfer(terms(code, (from, to), minutes)),
    }
}

/// From whom to whom and how many minutes.
pub(super) fn terms(code: Code, (from, to): (AccountId, AccountId), minutes: i64) -> Terms {
    Terms {
        code,
        from,
        to,
        amount: Minutes::new(minutes).into(),
        expires_at: None,
    }
}

/// Everything that somebody holds, reserved minutes included.
pub(crate) fn balance(read: &mut dyn Read, ctx: &Context, holder: Uuid) -> Result<i64, Error> {
    let account = book::account_id(chart::HOURS_MEMBER, holder);
    let last = book::movements(read, ctx.community, account, 1)?;
    Ok(last.first().map_or(0, |line| line.balance))
}

/// What everybody begins with, once, if the scheme gives it.
pub(super) fn start(
    tx: &mut dyn Tx,
    ctx: &Context,
    holder: Uuid,
    law: &Law,
) -> Result<Vec<Request>, Error> {
    let Some(minutes) = law.starting_minutes else {
        return Ok(Vec::new());
    };
    if store::has_started(tx, ctx.community, holder)? {
        return Ok(Vec::new());
    }
    let id = GiftId::from_uuid(ctx.new_uuid());
    let parties = (COMMUNITY_ITSELF, holder);
    store::insert_gift(tx, ctx, id, GiftKind::Start, parties, minutes)?;
    let ends = (issuer(tx, ctx)?, member(tx, ctx, holder)?);
    Ok(vec![transfer(id.uuid(), chart::HOURS_EARN, ends, minutes)])
}
