//! One's own part: hours, requests, visits, the statement.

use book::{StatementLine, chart};
use db::Read;
use kernel::{AccountId, Context, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::clearing::{self, CrossingView, PairView};
use super::views::{RequestView, Side, cut_at, view, view_of};
use crate::Error;
use crate::commands::{balance, stand_to};
use crate::law::{Standing, law};
use crate::model::{Bond, ConfirmedAs, ElderId, READ, ServiceId, TAKE_PART};
use crate::store::{self, Chosen, Elder, Service, Volunteer, actor};

/// The most lines of a statement.
const STATEMENT_LINES: u32 = 5_000;

/// Somebody's hours, in minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = HoursBalance)]
pub struct Balance {
    /// What can be spent now.
    pub available: i64,
    /// What is held for visits to come.
    pub reserved: i64,
    /// What visits have earned.
    pub earned: i64,
    /// What went to the pool: by one's own decision, and above the cap.
    pub donated: i64,
    /// From which age it buys care.
    pub redeem_from_age: Option<i64>,
    /// The most one may hold.
    pub cap: Option<i64>,
}

/// One's own part in the time bank.
#[derive(Debug)]
pub struct Mine {
    /// The scheme, if one was chosen.
    pub chosen: Option<Chosen>,
    /// One's hours.
    pub balance: Balance,
    /// Oneself as a volunteer.
    pub volunteer: Option<Volunteer>,
    /// The elders for whom one may ask: oneself, and family.
    pub elders: Vec<(Elder, ConfirmedAs)>,
    /// What was asked for them, newest first.
    pub requests: Vec<RequestView>,
    /// One's visits as a volunteer, newest first.
    pub visits: Vec<RequestView>,
    /// Family with a login, to whom hours may go.
    pub family: Vec<people::queries::FamilyMember>,
    /// The services.
    pub services: Vec<Service>,
    /// Where one may send hours, and those that one sent or got so, newest first.
    pub partners: Vec<PairView>,
    /// One's own hours that crossed.
    pub crossings: Vec<CrossingView>,
    /// Where a list ends though there is more: after so many lines.
    pub cut_at: Option<u32>,
}

/// One's own part.
pub fn mine(read: &mut dyn Read, ctx: &Context) -> Result<Mine, Error> {
    ctx.require(READ)?;
    let account = actor(ctx)?;
    let chosen = store::chosen(read, ctx.community)?;
    let elders = own_elders(read, ctx, account)?;
    let mut requests = Vec::new();
    for (elder, _) in &elders {
        for request in store::requests_of(read, ctx.community, elder.id)? {
            requests.push(view(read, ctx, &request, elder, Side::Elder)?);
        }
    }
    let mut visits = Vec::new();
    for visit in store::visits_of(read, ctx.community, account)? {
        let request = store::request(read, ctx.community, visit.request)?;
        let elder = store::elder(read, ctx, request.elder)?;
        visits.push(view_of(
            read,
            ctx,
            &request,
            &elder,
            Some(&visit),
            Side::Volunteer,
        )?);
    }
    let (partners, crossings) = clearing::own(read, ctx)?;
    Ok(Mine {
        partners,
        crossings,
        balance: balance_of(read, ctx, account, chosen)?,
        chosen,
        volunteer: store::volunteer(read, ctx, account)?,
        elders,
        cut_at: cut_at([requests.len(), visits.len()]),
        requests,
        visits,
        family: people::queries::own_family(read, ctx)?,
        services: open_services(read, ctx)?,
    })
}

/// How many visits wait for the actor to confirm them, as the elder or as family.
pub fn to_confirm(read: &mut dyn Read, ctx: &Context) -> Result<u64, Error> {
    ctx.require(READ)?;
    let mut waiting = 0;
    for (elder, _) in own_elders(read, ctx, actor(ctx)?)? {
        waiting += store::ended_of_elder(read, ctx.community, elder.id)?;
    }
    Ok(waiting)
}

fn open_services(read: &mut dyn Read, ctx: &Context) -> Result<Vec<Service>, Error> {
    let mut services = store::services(read, ctx.community)?;
    services.retain(|service| service.ended_at.is_none());
    Ok(services)
}

/// Oneself, and elders whose family one is.
fn own_elders(
    read: &mut dyn Read,
    ctx: &Context,
    account: AccountId,
) -> Result<Vec<(Elder, ConfirmedAs)>, Error> {
    let mut elders = Vec::new();
    elders
        .extend(store::elder_of_account(read, ctx, account)?.map(|one| (one, ConfirmedAs::Elder)));
    for relation in store::relations_of(read, ctx.community, account)? {
        if relation.bond != Bond::Friend {
            elders.push((
                store::elder(read, ctx, relation.elder)?,
                ConfirmedAs::Family,
            ));
        }
    }
    for member in people::queries::own_family(read, ctx)? {
        let elder = store::elder_of_account(read, ctx, member.account)?;
        let is_new = |one: &Elder| elders.iter().all(|(known, _)| known.id != one.id);
        elders.extend(elder.filter(is_new).map(|one| (one, ConfirmedAs::Family)));
    }
    Ok(elders)
}

fn balance_of(
    read: &mut dyn Read,
    ctx: &Context,
    account: AccountId,
    chosen: Option<Chosen>,
) -> Result<Balance, Error> {
    let holder = account.uuid();
    let book_account = book::account_id(chart::HOURS_MEMBER, holder);
    let available = book::available(read, ctx.community, book_account, ctx.now)?;
    let (earned, overflow) = store::earned(read, ctx.community, account)?;
    let standing = store::elder_of_account(read, ctx, account)?
        .map_or(Standing::Ordinary, |elder| elder.standing());
    let law = chosen
        .map(|chosen| law(chosen.scheme, standing, ctx.now.date()))
        .transpose()?;
    Ok(Balance {
        available,
        reserved: balance(read, ctx, holder)? - available,
        earned,
        donated: store::donated(read, ctx.community, holder)? + overflow,
        redeem_from_age: law.as_ref().and_then(|law| law.redeem_from_age),
        cap: law.and_then(|law| law.cap_minutes),
    })
}

/// The actor's own statement: each movement, newest first; of those before a time where one is given.
pub fn statement(
    read: &mut dyn Read,
    ctx: &Context,
    before: Option<Timestamp>,
) -> Result<Vec<StatementLine>, Error> {
    ctx.require(READ)?;
    let account = book::account_id(chart::HOURS_MEMBER, actor(ctx)?.uuid());
    let mut lines = book::movements(read, ctx.community, account, STATEMENT_LINES)?;
    lines.retain(|line| before.is_none_or(|before| line.at < before));
    Ok(lines)
}

/// An elder for whom the actor may ask, and as whom.
pub fn elder_to_ask_for(
    read: &mut dyn Read,
    ctx: &Context,
    id: ElderId,
) -> Result<(Elder, ConfirmedAs, Vec<Service>), Error> {
    ctx.require(TAKE_PART)?;
    let elder = store::elder(read, ctx, id)?;
    let as_whom = stand_to(read, ctx, &elder)?;
    Ok((elder, as_whom, open_services(read, ctx)?))
}

/// The services that may be asked for.
pub fn services(read: &mut dyn Read, ctx: &Context) -> Result<Vec<Service>, Error> {
    ctx.require(READ)?;
    open_services(read, ctx)
}

/// The names of services by their ids, for profiles.
pub fn service_titles(services: &[Service], ids: &[ServiceId]) -> Vec<String> {
    let named = ids
        .iter()
        .filter_map(|id| services.iter().find(|one| one.id == *id));
    named.map(|service| service.title.clone()).collect()
}
