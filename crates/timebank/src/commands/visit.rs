//! A visit: accepting reserves the minutes, codes at the door say when it began and ended, cancelling gives them back.

use db::{Read, Tx};
use journal::{Change, Command, record};
use kernel::{AccountId, Context, Timestamp};
use ledger::{Action, Request as Posting, TransferId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::hours::{check_age, ends, law_today, post, stand_to, terms, void};
use crate::Error;
use crate::law::Standing;
use crate::model::{
    ASSIST, EARLY_SECONDS, LATE_SECONDS, MAX_TEXT, MAX_TITLE, MAX_VISIT, PaidBy, RequestId,
    TAKE_PART, VisitId, check_text, fit, minutes_between,
};
use crate::queries::{helper, wanted};
use crate::store::{self, Elder, Request, Visit, Volunteer, actor};

/// Accepts a request: the minutes are held until the visit is confirmed or cancelled.
#[derive(Serialize, Deserialize)]
pub struct AcceptRequest {
    /// The request.
    pub request: RequestId,
    /// Whether one goes with one's team.
    pub for_team: bool,
}

impl Command for AcceptRequest {
    const NAME: &'static str = "timebank.request.accept";
    type Outcome = VisitId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<VisitId, Error> {
        ctx.require(TAKE_PART)?;
        let account = actor(ctx)?;
        let volunteer = store::volunteer(tx, ctx, account)?.ok_or(Error::NotVetted)?;
        let request = store::request(tx, ctx.community, self.request)?;
        let elder = store::elder(tx, ctx, request.elder)?;
        check_volunteer(tx, ctx, &volunteer, &request, &elder)?;
        let law = law_today(tx, ctx, Standing::Ordinary)?;
        check_age(volunteer.profile.birth, ctx, law.volunteer_from_age, &law)?;
        let for_team = self.for_team && volunteer.profile.team.is_some() && law.team_to_pool;
        let visit = Visit {
            id: VisitId::from_uuid(ctx.new_uuid()),
            request: request.id,
            volunteer: account,
            code: new_code(ctx),
            for_team,
            // What the pool would pay to itself moves nowhere.
            is_reserved: !(for_team && request.paid_by == PaidBy::Pool),
            came_at: None,
            left_at: None,
            confirmed_at: None,
            confirmed_as: None,
            credited: None,
            overflow: None,
            posting: None,
            overflow_posting: None,
            cancelled_at: None,
        };
        store::insert_visit(tx, ctx, &visit)?;
        let mut postings = Vec::new();
        if visit.is_reserved {
            postings.push(hold(tx, ctx, &request, &visit)?);
        }
        let posted = post(tx, ctx, &postings)?;
        let change = Change::new("timebank.visit.accepted", subject(visit.id))
            .public(
                json!({ "minutes": request.minutes, "for_team": for_team, "book": posted.stamp }),
            )
            .private(json!({ "request": request.id, "volunteer": volunteer.number }));
        record(tx, ctx, change)?;
        Ok(visit.id)
    }
}

/// Whether this volunteer may go there then.
fn check_volunteer(
    tx: &mut dyn Tx,
    ctx: &Context,
    volunteer: &Volunteer,
    request: &Request,
    elder: &Elder,
) -> Result<(), Error> {
    if volunteer.is_fit != Some(true) {
        return Err(Error::NotVetted);
    }
    let account = volunteer.account;
    if elder.account == Some(account) || request.requested_by == account {
        return Err(Error::OwnVisit);
    }
    if request.closed_at.is_some() || request.begins <= ctx.now {
        return Err(Error::NotOpen { what: "request" });
    }
    if store::visit_of_request(tx, ctx.community, request.id)?.is_some() {
        return Err(Error::Taken);
    }
    let (begins, ends) = (request.begins, request.ends());
    if store::overlaps(tx, ctx.community, account, begins, ends)? > 0 {
        return Err(Error::Overlap);
    }
    let helper = helper(tx, ctx.community, volunteer, 0)?;
    fit(&wanted(request, elder), &helper).map_err(|_| Error::Unfit)?;
    Ok(())
}

fn hold(
    tx: &mut dyn Tx,
    ctx: &Context,
    request: &Request,
    visit: &Visit,
) -> Result<Posting, Error> {
    let (accounts, code) = ends(tx, ctx, request, visit)?;
    Ok(Posting {
        id: TransferId(visit.id.uuid().as_u128()),
        action: Action::Reserve {
            terms: terms(code, accounts, request.minutes),
            deadline: None,
        },
    })
}

/// Eight digits in two groups: read out at a door, guessed by nobody in time.
fn new_code(ctx: &Context) -> String {
    let number = ctx.random.below(100_000_000);
    format!("{:04}-{:04}", number / 10_000, number % 10_000)
}

/// A code as it is kept, however it was typed.
pub(crate) fn written(code: &str) -> String {
    let digits: String = code.chars().filter(char::is_ascii_digit).take(9).collect();
    match digits.split_at_checked(4) {
        Some((first, second)) => format!("{first}-{second}"),
        None => digits,
    }
}

/// Calls a visit off before it begins: the volunteer, or whoever speaks for the elder. The request is open again.
#[derive(Serialize, Deserialize)]
pub struct CancelVisit {
    /// The visit.
    pub visit: VisitId,
    /// Why, for the others to read.
    pub reason: String,
}

impl Command for CancelVisit {
    const NAME: &'static str = "timebank.visit.cancel";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(TAKE_PART)?;
        check_text("reason", &self.reason, MAX_TEXT)?;
        let visit = store::visit(tx, ctx.community, self.visit)?;
        let request = store::request(tx, ctx.community, visit.request)?;
        if visit.volunteer != actor(ctx)? {
            let elder = store::elder(tx, ctx, request.elder)?;
            stand_to(tx, ctx, &elder)?;
        }
        if !visit.is_open() || visit.came_at.is_some() {
            return Err(Error::NotOpen { what: "visit" });
        }
        store::cancel_visit(tx, ctx, visit.id, &self.reason)?;
        let postings: Vec<Posting> = void(tx, ctx, &request, &visit)?.into_iter().collect();
        let posted = post(tx, ctx, &postings)?;
        let change = Change::new("timebank.visit.cancelled", subject(visit.id))
            .public(json!({ "book": posted.stamp }))
            .private(json!({ "reason": self.reason.trim() }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Begins a visit with the code that the elder says.
#[derive(Serialize, Deserialize)]
pub struct CheckIn {
    /// The code.
    pub code: String,
    /// Where, if the volunteer says so.
    pub place: String,
}

impl Command for CheckIn {
    const NAME: &'static str = "timebank.visit.check-in";
    type Outcome = VisitId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<VisitId, Error> {
        ctx.require(TAKE_PART)?;
        let visit = own_by_code(tx, ctx, &self.code)?;
        let request = store::request(tx, ctx.community, visit.request)?;
        let earliest = request.begins.plus_seconds(-EARLY_SECONDS);
        let latest = request.begins.plus_seconds(LATE_SECONDS);
        if visit.came_at.is_some() || !visit.is_open() {
            return Err(Error::NotOpen { what: "visit" });
        }
        if ctx.now < earliest || ctx.now > latest {
            return Err(Error::ImpossibleTimes);
        }
        let place = Some(self.place.trim()).filter(|place| !place.is_empty());
        if let Some(place) = place {
            check_text("place", place, MAX_TITLE)?;
        }
        store::come(tx, ctx, visit.id, ctx.now, place, None)?;
        let change = Change::new("timebank.visit.begun", subject(visit.id))
            .private(json!({ "place": place }));
        record(tx, ctx, change)?;
        Ok(visit.id)
    }
}

/// Ends a visit with the same code.
#[derive(Serialize, Deserialize)]
pub struct CheckOut {
    /// The code.
    pub code: String,
}

impl Command for CheckOut {
    const NAME: &'static str = "timebank.visit.check-out";
    /// The minutes between.
    type Outcome = i64;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<i64, Error> {
        ctx.require(TAKE_PART)?;
        let visit = own_by_code(tx, ctx, &self.code)?;
        let Some(came) = visit
            .came_at
            .filter(|_| visit.left_at.is_none() && visit.is_open())
        else {
            return Err(Error::NotOpen { what: "visit" });
        };
        let minutes = check_times(came, ctx.now)?;
        store::leave(tx, ctx, visit.id, ctx.now)?;
        let change = Change::new("timebank.visit.ended", subject(visit.id))
            .public(json!({ "minutes": minutes }));
        record(tx, ctx, change)?;
        Ok(minutes)
    }
}

/// Refuses an end before the beginning (a clock that jumped) and more than a visit can last (a code forgotten).
fn check_times(came: Timestamp, left: Timestamp) -> Result<i64, Error> {
    minutes_between(came, left)
        .filter(|minutes| *minutes <= MAX_VISIT)
        .ok_or(Error::ImpossibleTimes)
}

fn own_by_code(read: &mut dyn Read, ctx: &Context, code: &str) -> Result<Visit, Error> {
    let account: AccountId = actor(ctx)?;
    let visit = store::visit_by_code(read, ctx.community, &written(code))?;
    if visit.volunteer != account {
        return Err(Error::NotFound { what: "visit" });
    }
    Ok(visit)
}

/// Enters when a visit was, as told by telephone or on the printed form; never for one's own.
#[derive(Serialize, Deserialize)]
pub struct EnterTimes {
    /// The visit.
    pub visit: VisitId,
    /// When it began.
    pub came: Timestamp,
    /// When it ended.
    pub left: Timestamp,
}

impl Command for EnterTimes {
    const NAME: &'static str = "timebank.visit.enter";
    type Outcome = i64;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<i64, Error> {
        ctx.require(ASSIST)?;
        let clerk = actor(ctx)?;
        let visit = store::visit(tx, ctx.community, self.visit)?;
        if visit.volunteer == clerk {
            return Err(Error::OwnVisit);
        }
        if !visit.is_open() || visit.left_at.is_some() {
            return Err(Error::NotOpen { what: "visit" });
        }
        let request = store::request(tx, ctx.community, visit.request)?;
        let earliest = request.begins.plus_seconds(-EARLY_SECONDS);
        if self.left > ctx.now || self.came < earliest {
            return Err(Error::ImpossibleTimes);
        }
        let came = visit.came_at.unwrap_or(self.came);
        let minutes = check_times(came, self.left)?;
        if visit.came_at.is_none() {
            store::come(tx, ctx, visit.id, self.came, None, Some(clerk))?;
        }
        store::leave(tx, ctx, visit.id, self.left)?;
        let change = Change::new("timebank.visit.entered", subject(visit.id))
            .public(json!({ "minutes": minutes }));
        record(tx, ctx, change)?;
        Ok(minutes)
    }
}

fn subject(id: VisitId) -> String {
    format!("timebank-visit/{id}")
}
