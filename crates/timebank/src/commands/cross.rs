//! A member's hours on their way to another community: held here, taken in or refused there, posted or given back here. Each
//! step is one command with one entry; the courier repeats those that a crash left out, and none can happen twice.

use book::chart;
use db::Tx;
use journal::{Change, Command, record};
use kernel::{AccountId, CommunityId, Context};
use ledger::{Action, Request as Posting, TransferId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::hours::{balance, law_today, member, post, scheme, terms, transfer};
use super::offer::{agree, clearing, owed, subject};
use crate::Error;
use crate::law::Standing;
use crate::model::{
    Arriving, Crossing, CrossingId, CrossingKind, CrossingState, MAX_GIFT, SETTLE, TAKE_PART,
    Turned, check_number,
};
use crate::store::{self, actor};

/// Sends one's own hours to oneself in another community.
#[derive(Serialize, Deserialize)]
pub struct SendHours {
    /// Where.
    pub partner: CommunityId,
    /// How many minutes.
    pub minutes: i64,
}

impl Command for SendHours {
    const NAME: &'static str = "timebank.hours.send";
    type Outcome = CrossingId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<CrossingId, Error> {
        ctx.require(TAKE_PART)?;
        let holder = actor(ctx)?;
        check_number("minutes", self.minutes, MAX_GIFT)?;
        scheme(tx, ctx)?;
        let pair = store::pair(tx, ctx.community, self.partner)?;
        let pair = pair.filter(|pair| pair.ended_at.is_none());
        let pair = pair.ok_or(Error::NoPair)?;
        let (owes, incoming) = owed(tx, ctx.community, &pair)?;
        let room = pair.limit_minutes - owes - incoming;
        if self.minutes > room {
            return Err(Error::BeyondLimit {
                limit: pair.limit_minutes,
                room: room.max(0),
            });
        }
        let crossing = Crossing {
            id: CrossingId::from_uuid(ctx.new_uuid()),
            partner: self.partner,
            is_out: true,
            kind: CrossingKind::Hours,
            minutes: self.minutes,
            holder: Some(holder),
            ground: None,
            made_at: ctx.now,
            state: CrossingState::Waiting,
            refusal: None,
        };
        store::insert_crossing(tx, ctx, &crossing)?;
        let ends = (member(tx, ctx, holder.uuid())?, clearing(tx, ctx, &pair)?);
        let held = Posting {
            id: TransferId(crossing.id.uuid().as_u128()),
            action: Action::Reserve {
                terms: terms(chart::HOURS_CLEAR, ends, self.minutes),
                deadline: None,
            },
        };
        let posted = post(tx, ctx, &[held])?;
        let change = Change::new("timebank.hours.sent", subject(crossing.id)).public(json!({
            "partner": self.partner, "minutes": self.minutes, "book": posted.stamp,
        }));
        record(tx, ctx, change)?;
        Ok(crossing.id)
    }
}

/// Takes in what another community sent: hours at once, or not by a rule that is named; an offer waits for the committee.
#[derive(Serialize, Deserialize)]
pub struct TakeCrossing {
    /// What came.
    pub arriving: Arriving,
}

impl Command for TakeCrossing {
    const NAME: &'static str = "timebank.crossing.take";
    type Outcome = (CrossingState, Option<Turned>);
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<Self::Outcome, Error> {
        ctx.require(SETTLE)?;
        let came = &self.arriving;
        if store::crossing(tx, ctx.community, came.id)?.is_some() {
            return Err(Error::Taken);
        }
        let (state, postings) = match (came.kind, came.holder) {
            (CrossingKind::Hours, Some(holder)) => match take_hours(tx, ctx, came, holder)? {
                Ok(posting) => (Ok(CrossingState::Done), vec![posting]),
                Err(turned) => (Err(turned), Vec::new()),
            },
            (CrossingKind::Hours, None) => (Err(Turned::NotEnrolled), Vec::new()),
            _ if store::has_open_offer(tx, ctx.community, came.from)? => {
                (Err(Turned::Crossed), Vec::new())
            }
            _ => (Ok(CrossingState::Waiting), Vec::new()),
        };
        let refusal = state.err();
        let state = state.unwrap_or(CrossingState::Refused);
        let crossing = Crossing {
            id: came.id,
            partner: came.from,
            is_out: false,
            kind: came.kind,
            minutes: came.minutes,
            holder: came.holder,
            ground: came.ground.clone(),
            made_at: ctx.now,
            state,
            refusal,
        };
        store::insert_crossing(tx, ctx, &crossing)?;
        let posted = post(tx, ctx, &postings)?;
        let change = Change::new("timebank.crossing.taken", subject(came.id))
            .public(json!({
                "partner": came.from, "kind": came.kind, "minutes": came.minutes, "state": state,
                "refusal": refusal, "ground": came.ground, "book": posted.stamp,
            }))
            .private(json!({ "holder": came.holder }));
        record(tx, ctx, change)?;
        Ok((state, refusal))
    }
}

/// What brings a member's hours in, or the rule by which they don't come.
fn take_hours(
    tx: &mut dyn Tx,
    ctx: &Context,
    came: &Arriving,
    holder: AccountId,
) -> Result<Result<Posting, Turned>, Error> {
    let pair = store::pair(tx, ctx.community, came.from)?;
    let Some(pair) = pair.filter(|pair| pair.ended_at.is_none()) else {
        return Ok(Err(Turned::NoAgreement));
    };
    let is_known = store::volunteer(tx, ctx, holder)?.is_some()
        || store::elder_of_account(tx, ctx, holder)?.is_some();
    if !is_known || store::chosen(tx, ctx.community)?.is_none() {
        return Ok(Err(Turned::NotEnrolled));
    }
    let (owes, _) = owed(tx, ctx.community, &pair)?;
    if came.minutes.saturating_sub(owes) > pair.limit_minutes {
        return Ok(Err(Turned::BeyondLimit));
    }
    let law = law_today(tx, ctx, Standing::Ordinary)?;
    let would_hold = balance(tx, ctx, holder.uuid())?.saturating_add(came.minutes);
    if law.cap_minutes.is_some_and(|cap| would_hold > cap) {
        return Ok(Err(Turned::AboveCap));
    }
    let ends = (clearing(tx, ctx, &pair)?, member(tx, ctx, holder.uuid())?);
    let id = came.id.uuid();
    Ok(Ok(transfer(id, chart::HOURS_CLEAR, ends, came.minutes)))
}

/// Closes what went out from here with the other side's answer: what was held is posted or given back, a limit comes into force.
#[derive(Serialize, Deserialize)]
pub struct CloseCrossing {
    /// What went out.
    pub crossing: CrossingId,
    /// Why the other side refused, if it did.
    pub refusal: Option<Turned>,
}

impl Command for CloseCrossing {
    const NAME: &'static str = "timebank.crossing.close";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(SETTLE)?;
        let crossing = store::crossing(tx, ctx.community, self.crossing)?;
        let crossing = crossing.ok_or(Error::NotFound { what: "crossing" })?;
        if !crossing.is_out || crossing.state != CrossingState::Waiting {
            return Err(Error::NotOpen { what: "crossing" });
        }
        store::answer_crossing(tx, ctx, crossing.id, self.refusal)?;
        let postings = match (crossing.kind, self.refusal) {
            (CrossingKind::Limit, Some(_)) => Vec::new(),
            (CrossingKind::Limit, None) => agree(tx, ctx, crossing.partner, crossing.minutes)?,
            (_, refusal) => vec![release(ctx, crossing.id, refusal.is_none())],
        };
        let posted = post(tx, ctx, &postings)?;
        let change = Change::new("timebank.crossing.closed", subject(crossing.id)).public(json!({
            "partner": crossing.partner, "kind": crossing.kind, "minutes": crossing.minutes,
            "refusal": self.refusal, "book": posted.stamp,
        }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Posts what is held for a crossing, or gives it back.
fn release(ctx: &Context, id: CrossingId, is_done: bool) -> Posting {
    let reservation = TransferId(id.uuid().as_u128());
    let action = if is_done {
        Action::Post {
            reservation,
            amount: None,
        }
    } else {
        Action::Void { reservation }
    };
    Posting {
        id: TransferId(ctx.new_uuid().as_u128()),
        action,
    }
}
