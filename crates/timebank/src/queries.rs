//! What an actor may see of the time bank.

use std::collections::BTreeMap;

use book::{AccountLine, StatementLine, chart};
use db::Read;
use kernel::{AccountId, CommunityId, Context, Timestamp};
use serde::Serialize;

use crate::Error;
use crate::commands::{balance, is_missed, is_overdue, scheme, stand_to};
use crate::law::{Law, Standing, law};
use crate::model::{
    ARBITRATE, ASSIST, Bond, ComplaintId, ConfirmedAs, ElderId, Fit, Helper, MANAGE, READ,
    RequestId, SETTLE, Scheme, ServiceId, Slot, TAKE_PART, VisitId, Wanted, age, fit,
};
use crate::store::{
    self, COMMUNITY_ITSELF, Chosen, Elder, Relation, Request, Service, Visit, Volunteer, actor,
};

/// The most lines of a statement.
const STATEMENT_LINES: u32 = 500;

/// Somebody's hours, in minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
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

/// A request as the one who looks may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RequestView {
    /// Its id.
    pub id: RequestId,
    /// What.
    pub service: String,
    /// How long.
    pub minutes: i64,
    /// When.
    pub begins: Timestamp,
    /// In which building.
    pub building: String,
    /// The elder's name: in full for whoever goes there, speaks for them or works here; the family name otherwise.
    pub elder: String,
    /// Door and telephone, for the same.
    pub reach: Option<String>,
    /// What else to know, for the same.
    pub note: Option<String>,
    /// The visit, once somebody accepted.
    pub visit: Option<VisitView>,
    /// Whether it was taken back or done.
    pub is_closed: bool,
}

/// A visit as the one who looks may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VisitView {
    /// Its id.
    pub id: VisitId,
    /// Who comes.
    pub volunteer: String,
    /// Their number.
    pub number: i64,
    /// What to say at the door, for the elder's side.
    pub code: Option<String>,
    /// Where it stands.
    pub stage: Stage,
    /// When it began.
    pub came_at: Option<Timestamp>,
    /// When it ended.
    pub left_at: Option<Timestamp>,
    /// What was credited.
    pub credited: Option<i64>,
    /// What of it went to the pool above the cap.
    pub overflow: Option<i64>,
    /// As whom it was confirmed.
    pub confirmed_as: Option<ConfirmedAs>,
    /// Whether a complaint waits.
    pub is_disputed: bool,
}

/// Where a visit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// To come.
    Booked,
    /// The volunteer is there.
    Begun,
    /// Over, and waits to be confirmed.
    Ended,
    /// Confirmed.
    Confirmed,
    /// Called off.
    Cancelled,
}

impl Stage {
    /// Of a visit.
    pub const fn of(visit: &Visit) -> Self {
        match (
            visit.cancelled_at,
            visit.confirmed_at,
            visit.left_at,
            visit.came_at,
        ) {
            (Some(_), ..) => Self::Cancelled,
            (_, Some(_), ..) => Self::Confirmed,
            (_, _, Some(_), _) => Self::Ended,
            (.., Some(_)) => Self::Begun,
            _ => Self::Booked,
        }
    }

    /// The name in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Begun => "begun",
            Self::Ended => "ended",
            Self::Confirmed => "confirmed",
            Self::Cancelled => "cancelled",
        }
    }
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
    Ok(Mine {
        balance: balance_of(read, ctx, account, chosen)?,
        chosen,
        volunteer: store::volunteer(read, ctx, account)?,
        elders,
        requests,
        visits,
        family: people::queries::own_family(read, ctx)?,
        services: open_services(read, ctx)?,
    })
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

/// From which side a request is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// Whoever speaks for the elder: sees the code.
    Elder,
    /// Whoever goes there: sees name, door and note.
    Volunteer,
    /// Staff: see both.
    Staff,
    /// A volunteer who only looks.
    Looking,
}

fn view(
    read: &mut dyn Read,
    ctx: &Context,
    request: &Request,
    elder: &Elder,
    side: Side,
) -> Result<RequestView, Error> {
    let visit = store::visit_of_request(read, ctx.community, request.id)?;
    view_of(read, ctx, request, elder, visit.as_ref(), side)
}

fn view_of(
    read: &mut dyn Read,
    ctx: &Context,
    request: &Request,
    elder: &Elder,
    visit: Option<&Visit>,
    side: Side,
) -> Result<RequestView, Error> {
    let service = store::service(read, ctx.community, request.service)?;
    let profile = &elder.profile;
    let knows = side != Side::Looking;
    let open = |note: &Vec<u8>| store::unseal(ctx, note);
    let note = request.note.as_ref().filter(|_| knows);
    let visit = visit
        .map(|visit| visit_view(read, ctx, visit, side))
        .transpose()?;
    Ok(RequestView {
        id: request.id,
        service: service.title,
        minutes: request.minutes,
        begins: request.begins,
        building: profile.building.clone(),
        elder: if knows {
            profile.name.clone()
        } else {
            profile.name.chars().take(1).chain("*".chars()).collect()
        },
        reach: knows.then(|| format!("{} {} · {}", profile.building, profile.door, profile.phone)),
        note: note.map(open).transpose()?,
        visit,
        is_closed: request.closed_at.is_some(),
    })
}

fn visit_view(
    read: &mut dyn Read,
    ctx: &Context,
    visit: &Visit,
    side: Side,
) -> Result<VisitView, Error> {
    let volunteer = store::volunteer(read, ctx, visit.volunteer)?;
    let volunteer = volunteer.ok_or(Error::NotFound { what: "volunteer" })?;
    let knows_code = matches!(side, Side::Elder | Side::Staff) && visit.left_at.is_none();
    // Staff who volunteer themselves ask for the code at the door like everybody else.
    let is_own = ctx.actor.account_id() == Some(visit.volunteer);
    Ok(VisitView {
        id: visit.id,
        volunteer: volunteer.profile.name,
        number: volunteer.number,
        code: (knows_code && !is_own).then(|| visit.code.clone()),
        stage: Stage::of(visit),
        came_at: visit.came_at,
        left_at: visit.left_at,
        credited: visit.credited,
        overflow: visit.overflow,
        confirmed_as: visit.confirmed_as,
        is_disputed: store::is_disputed(read, ctx.community, visit.id)?,
    })
}

/// A request as matching needs it.
pub(crate) fn wanted(request: &Request, elder: &Elder) -> Wanted {
    Wanted {
        service: request.service,
        slot: Slot::of(request.begins),
        building: elder.profile.building.clone(),
        languages: elder.profile.languages.clone(),
        gender: request.gender_wish,
    }
}

/// A volunteer as matching needs them.
pub(crate) fn helper(
    read: &mut dyn Read,
    community: CommunityId,
    volunteer: &Volunteer,
    visits: u32,
) -> Result<Helper, Error> {
    let units = people::queries::units_of_account(read, community, volunteer.account)?;
    let profile = &volunteer.profile;
    Ok(Helper {
        account: volunteer.account,
        gender: profile.gender,
        languages: profile.languages.clone(),
        skills: profile.skills.clone(),
        slots: profile.slots.clone(),
        buildings: units.into_iter().map(|unit| unit.label.building).collect(),
        visits,
    })
}

/// The open requests that fit the actor as a volunteer, each with the reasons, best first.
pub fn open_requests(read: &mut dyn Read, ctx: &Context) -> Result<Vec<(RequestView, Fit)>, Error> {
    ctx.require(TAKE_PART)?;
    let account = actor(ctx)?;
    let Some(volunteer) = store::volunteer(read, ctx, account)? else {
        return Ok(Vec::new());
    };
    let helper = helper(read, ctx.community, &volunteer, 0)?;
    let mut fitting = Vec::new();
    for request in waiting(read, ctx)? {
        let elder = store::elder(read, ctx, request.elder)?;
        if elder.account == Some(account) || request.requested_by == account {
            continue;
        }
        let known = store::known_by(read, ctx.community, elder.id)?;
        let visits = known.iter().find(|(who, _)| *who == account);
        let helper = Helper {
            visits: visits.map_or(0, |(_, visits)| *visits),
            ..helper.clone()
        };
        if let Ok(fit) = fit(&wanted(&request, &elder), &helper) {
            fitting.push((view(read, ctx, &request, &elder, Side::Looking)?, fit));
        }
    }
    fitting.sort_by_key(|(view, fit)| (std::cmp::Reverse(fit.weight()), view.begins));
    Ok(fitting)
}

/// Requests to come that nobody has accepted.
fn waiting(read: &mut dyn Read, ctx: &Context) -> Result<Vec<Request>, Error> {
    let mut waiting = Vec::new();
    for request in store::open_requests(read, ctx.community)? {
        let is_ahead = request.begins > ctx.now;
        if is_ahead && store::visit_of_request(read, ctx.community, request.id)?.is_none() {
            waiting.push(request);
        }
    }
    Ok(waiting)
}

/// The volunteers who fit a request, best first, for staff who call them.
pub fn matches(
    read: &mut dyn Read,
    ctx: &Context,
    request: RequestId,
) -> Result<(RequestView, Vec<(Volunteer, Fit)>), Error> {
    ctx.require(ASSIST)?;
    let request = store::request(read, ctx.community, request)?;
    let elder = store::elder(read, ctx, request.elder)?;
    let known: BTreeMap<AccountId, u32> = store::known_by(read, ctx.community, elder.id)?
        .into_iter()
        .collect();
    let mut fitting = Vec::new();
    for volunteer in store::volunteers(read, ctx)? {
        let is_self = elder.account == Some(volunteer.account);
        if volunteer.is_fit != Some(true) || is_self {
            continue;
        }
        let visits = known.get(&volunteer.account).copied().unwrap_or(0);
        let helper = helper(read, ctx.community, &volunteer, visits)?;
        if let Ok(fit) = fit(&wanted(&request, &elder), &helper) {
            fitting.push((volunteer, fit));
        }
    }
    fitting.sort_by_key(|(volunteer, fit)| (std::cmp::Reverse(fit.weight()), volunteer.number));
    Ok((view(read, ctx, &request, &elder, Side::Staff)?, fitting))
}

/// The actor's own statement: each movement, newest first.
pub fn statement(read: &mut dyn Read, ctx: &Context) -> Result<Vec<StatementLine>, Error> {
    ctx.require(READ)?;
    let account = book::account_id(chart::HOURS_MEMBER, actor(ctx)?.uuid());
    Ok(book::movements(
        read,
        ctx.community,
        account,
        STATEMENT_LINES,
    )?)
}

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
    Ok(Desk {
        chosen,
        law,
        services: store::services(read, ctx.community)?,
        volunteers: store::volunteers(read, ctx)?,
        elders,
        relations: store::relations(read, ctx.community)?,
        waiting: waiting_views,
        visits,
        complaints: complaints(read, ctx)?,
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

/// What another scheme would change.
#[derive(Debug)]
pub struct Preview {
    /// The one in force.
    pub now: Option<Law>,
    /// The one looked at.
    pub then: Law,
    /// Volunteers who hold more than its cap: what they earn next goes to the pool.
    pub above_cap: usize,
    /// Volunteers whom it finds too young.
    pub too_young: usize,
    /// Elders whose hours would not buy care any more.
    pub shut_out: usize,
    /// Elders whose hours would buy care from then on.
    pub let_in: usize,
}

/// What choosing a scheme would change today; nothing that was posted changes.
pub fn preview(read: &mut dyn Read, ctx: &Context, other: Scheme) -> Result<Preview, Error> {
    ctx.require(MANAGE)?;
    let today = ctx.now.date();
    let chosen = store::chosen(read, ctx.community)?;
    let then = law(other, Standing::Ordinary, today)?;
    let (mut above_cap, mut too_young) = (0, 0);
    for volunteer in store::volunteers(read, ctx)? {
        let held = balance(read, ctx, volunteer.account.uuid())?;
        above_cap += usize::from(then.cap_minutes.is_some_and(|cap| held > cap));
        let years = age(volunteer.profile.birth, today);
        too_young += usize::from(then.volunteer_from_age.is_some_and(|least| years < least));
    }
    let (mut shut_out, mut let_in) = (0, 0);
    for elder in store::elders(read, ctx)? {
        let years = age(elder.profile.birth, today);
        let buys = |scheme| -> Result<bool, Error> {
            let law = law(scheme, elder.standing(), today)?;
            Ok(law.redeem_from_age.is_none_or(|least| years >= least))
        };
        let before = chosen.map_or(Ok(false), |chosen| buys(chosen.scheme))?;
        let after = buys(other)?;
        shut_out += usize::from(before && !after);
        let_in += usize::from(after && !before);
    }
    let now = chosen
        .map(|chosen| law(chosen.scheme, Standing::Ordinary, today))
        .transpose()?;
    Ok(Preview {
        now,
        then,
        above_cap,
        too_young,
        shut_out,
        let_in,
    })
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

/// The names of services by their ids, for profiles.
pub fn service_titles(services: &[Service], ids: &[ServiceId]) -> Vec<String> {
    let named = ids
        .iter()
        .filter_map(|id| services.iter().find(|one| one.id == *id));
    named.map(|service| service.title.clone()).collect()
}
