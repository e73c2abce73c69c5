//! What earns by itself, told by other modules' entries, and gifts to one's own family.

use book::chart;
use db::Tx;
use journal::{Change, Command, record};
use kernel::{AccountId, Context};
use ledger::{Action, Request, Terms, TransferId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use units::Points;

use super::SEALED_FOR;
use super::earn::{award, check_caps, check_earner};
use crate::Error;
use crate::model::{ClaimId, Event, MANAGE, MAX_POINTS, Rule, TAKE_PART, check_number};
use crate::store::{self, DueEvent, actor};

/// The most events paid by one command; the job comes again for the rest.
const EVENTS_MAX: u32 = 250;

/// Pays for what the record tells, by the rules that say so, within their caps; says how many awards that were.
#[derive(Serialize, Deserialize)]
pub struct PayEvents;

impl Command for PayEvents {
    const NAME: &'static str = "points.events.pay";
    type Outcome = usize;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<usize, Error> {
        ctx.require(MANAGE)?;
        let due = store::due_events(tx, ctx.community, EVENTS_MAX)?;
        if due.is_empty() {
            return Err(Error::Settled { what: "event" });
        }
        let rules = store::rules(tx, ctx.community)?;
        let pays = |rule: &&Rule| rule.terms.event == Some(Event::Voted) && rule.ended_at.is_none();
        let mut requests = Vec::new();
        for rule in rules.iter().filter(pays) {
            requests.extend(awards(tx, ctx, rule, &due)?);
        }
        store::settle_events(tx, ctx, &due)?;
        let mut stamp = None;
        if !requests.is_empty() {
            stamp = book::post(tx, ctx, &requests)?.stamp;
        }
        let change = Change::new("points.events.paid", "points")
            .public(json!({ "events": due.len(), "awards": requests.len(), "book": stamp }));
        record(tx, ctx, change)?;
        Ok(requests.len())
    }
}

/// What a rule pays for these events; whoever it is not for, or who has reached its caps, gets nothing.
fn awards(
    tx: &mut dyn Tx,
    ctx: &Context,
    rule: &Rule,
    due: &[DueEvent],
) -> Result<Vec<Request>, Error> {
    let mut requests = Vec::new();
    for event in due {
        let entitled = check_earner(tx, ctx, event.account, rule)
            .and_then(|()| check_caps(tx, ctx, event.account, rule));
        match entitled {
            Ok(()) => {}
            Err(Error::OwnersOnly | Error::CapReached { .. }) => continue,
            Err(error) => return Err(error),
        }
        let claim = ClaimId::from_uuid(ctx.new_uuid());
        let subject = &event.subject;
        let evidence = ctx
            .vault
            .seal(&ctx.random, ctx.community, SEALED_FOR, subject)?;
        // Written at once, so that the caps see it for the next event of the same person.
        let claims = [(claim, event.account, evidence)];
        store::insert_attended(tx, ctx, rule, None, &claims)?;
        requests.push(award(tx, ctx, event.account, claim, rule)?);
    }
    Ok(requests)
}

/// Gives points to somebody of one's own family; they keep their days of expiry.
#[derive(Serialize, Deserialize)]
pub struct GivePoints {
    /// To whom.
    pub to: AccountId,
    /// How many.
    pub points: i64,
}

impl Command for GivePoints {
    const NAME: &'static str = "points.gift.give";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(TAKE_PART)?;
        let giver = actor(ctx)?;
        check_number("points", self.points, MAX_POINTS)?;
        let family = people::queries::own_family(tx, ctx)?;
        if family.iter().all(|member| member.account != self.to) {
            return Err(Error::NotFamily);
        }
        let from = book::open(tx, ctx, chart::POINTS_MEMBER, giver.uuid(), None, None)?;
        let to = book::open(tx, ctx, chart::POINTS_MEMBER, self.to.uuid(), None, None)?;
        let gift = Request {
            id: TransferId(ctx.new_uuid().as_u128()),
            action: Action::Transfer(Terms {
                code: chart::POINTS_GIFT,
                from,
                to,
                amount: Points::new(self.points).into(),
                expires_at: None,
            }),
        };
        let posted = book::post(tx, ctx, &[gift])?;
        let change = Change::new("points.gift.given", "points")
            .public(json!({ "book": posted.stamp }))
            .private(json!({ "to": self.to, "points": self.points }));
        record(tx, ctx, change)?;
        Ok(())
    }
}
