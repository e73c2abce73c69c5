//! What two committees agree on: how much their communities may owe each other in hours, and how that is settled.

use book::chart;
use db::{Read, Tx};
use journal::{Change, Command, record};
use kernel::{CommunityId, Context, Uuid};
use ledger::{AccountId, Action, Request as Posting, TransferId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::hours::{issuer, post, terms, transfer};
use crate::Error;
use crate::model::{
    Crossing, CrossingId, CrossingKind, CrossingState, MANAGE, MAX_TEXT, Pair, Turned,
    check_number, check_text,
};
use crate::store;

/// Offers the other community's committee a limit, or that what it owes is settled or forgiven. It comes into force when they
/// accept.
#[derive(Serialize, Deserialize)]
pub struct OfferClearing {
    /// To whom.
    pub partner: CommunityId,
    /// What.
    pub kind: CrossingKind,
    /// How many minutes.
    pub minutes: i64,
    /// On what ground, for both communities to read.
    pub ground: String,
}

impl Command for OfferClearing {
    const NAME: &'static str = "timebank.clearing.offer";
    type Outcome = CrossingId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<CrossingId, Error> {
        ctx.require(MANAGE)?;
        check_number("minutes", self.minutes, chart::CLEARING_MAX)?;
        check_text("ground", &self.ground, MAX_TEXT)?;
        check_partner(tx, ctx, self.partner)?;
        if store::has_open_offer(tx, ctx.community, self.partner)? {
            return Err(Error::OfferOpen);
        }
        let id = CrossingId::from_uuid(ctx.new_uuid());
        let mut postings = Vec::new();
        match self.kind {
            CrossingKind::Hours => return Err(Error::NotFound { what: "offer" }),
            CrossingKind::Limit => {}
            CrossingKind::Settlement | CrossingKind::Forgiveness => {
                let pair = store::pair(tx, ctx.community, self.partner)?.ok_or(Error::NoPair)?;
                let (owes, incoming) = owed(tx, ctx.community, &pair)?;
                let available = (-owes - incoming).max(0);
                if available < self.minutes {
                    return Err(Error::TooFew {
                        needed: self.minutes,
                        available,
                    });
                }
                let ends = (issuer(tx, ctx)?, clearing(tx, ctx, &pair)?);
                postings.push(Posting {
                    id: TransferId(id.uuid().as_u128()),
                    action: Action::Reserve {
                        terms: terms(chart::HOURS_SETTLE, ends, self.minutes),
                        deadline: None,
                    },
                });
            }
        }
        let crossing = Crossing {
            id,
            partner: self.partner,
            is_out: true,
            kind: self.kind,
            minutes: self.minutes,
            holder: None,
            ground: Some(self.ground.trim().to_owned()),
            made_at: ctx.now,
            state: CrossingState::Waiting,
            refusal: None,
        };
        store::insert_crossing(tx, ctx, &crossing)?;
        let posted = post(tx, ctx, &postings)?;
        let change = Change::new("timebank.clearing.offered", subject(id)).public(json!({
            "partner": self.partner, "kind": self.kind, "minutes": self.minutes,
            "ground": self.ground.trim(), "book": posted.stamp,
        }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

/// Accepts or declines what another community's committee offered.
#[derive(Serialize, Deserialize)]
pub struct AnswerOffer {
    /// The offer.
    pub crossing: CrossingId,
    /// Whether it is accepted.
    pub accept: bool,
}

impl Command for AnswerOffer {
    const NAME: &'static str = "timebank.clearing.answer";
    /// Who made the offer.
    type Outcome = CommunityId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<CommunityId, Error> {
        ctx.require(MANAGE)?;
        let offer = store::crossing(tx, ctx.community, self.crossing)?;
        let offer = offer.ok_or(Error::NotFound { what: "offer" })?;
        if offer.is_out || offer.state != CrossingState::Waiting {
            return Err(Error::NotOpen { what: "offer" });
        }
        let postings = match (self.accept, offer.kind) {
            (false, _) | (true, CrossingKind::Hours) => Vec::new(),
            (true, CrossingKind::Limit) => agree(tx, ctx, offer.partner, offer.minutes)?,
            (true, CrossingKind::Settlement | CrossingKind::Forgiveness) => {
                vec![settled(tx, ctx, &offer)?]
            }
        };
        let refusal = (!self.accept).then_some(Turned::Declined);
        store::answer_crossing(tx, ctx, offer.id, refusal)?;
        let posted = post(tx, ctx, &postings)?;
        let change = Change::new("timebank.clearing.answered", subject(offer.id)).public(json!({
            "partner": offer.partner, "kind": offer.kind, "minutes": offer.minutes,
            "accepted": self.accept, "book": posted.stamp,
        }));
        record(tx, ctx, change)?;
        Ok(offer.partner)
    }
}

/// The debtor's part of a settlement.
fn settled(tx: &mut dyn Tx, ctx: &Context, offer: &Crossing) -> Result<Posting, Error> {
    let pair = store::pair(tx, ctx.community, offer.partner)?.ok_or(Error::NoPair)?;
    let (owes, _) = owed(tx, ctx.community, &pair)?;
    if owes < offer.minutes {
        return Err(Error::TooFew {
            needed: offer.minutes,
            available: owes.max(0),
        });
    }
    let ends = (clearing(tx, ctx, &pair)?, issuer(tx, ctx)?);
    let id = offer.id.uuid();
    Ok(transfer(id, chart::HOURS_SETTLE, ends, offer.minutes))
}

/// Ends the agreement from this side: no more hours go out or come in. What is owed stays owed and can be settled.
#[derive(Serialize, Deserialize)]
pub struct EndClearing {
    /// With whom.
    pub partner: CommunityId,
}

impl Command for EndClearing {
    const NAME: &'static str = "timebank.clearing.end";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(MANAGE)?;
        let known = store::pair(tx, ctx.community, self.partner)?;
        known.ok_or(Error::NotFound { what: "community" })?;
        if store::end_pair(tx, ctx, self.partner)? == 0 {
            return Err(Error::NoPair);
        }
        let change = Change::new("timebank.clearing.ended", "timebank")
            .public(json!({ "partner": self.partner }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Puts a limit in force on this side. Accounts keep their limit for good, so each agreement opens one of its own, and what
/// stood on the one before goes over.
pub(super) fn agree(
    tx: &mut dyn Tx,
    ctx: &Context,
    partner: CommunityId,
    limit_minutes: i64,
) -> Result<Vec<Posting>, Error> {
    let waiting = store::waiting_out(tx, ctx.community)?;
    let on_their_way = |one: &Crossing| one.partner == partner && one.kind == CrossingKind::Hours;
    if waiting.iter().any(on_their_way) {
        return Err(Error::OnTheWay);
    }
    let before = store::pair(tx, ctx.community, partner)?;
    let pair = Pair {
        partner,
        revision: before.map_or(0, |pair| pair.revision) + 1,
        limit_minutes,
        agreed_at: ctx.now,
        ended_at: None,
    };
    store::put_pair(tx, ctx, &pair)?;
    let new = clearing(tx, ctx, &pair)?;
    let Some(before) = before else {
        return Ok(Vec::new());
    };
    let (owes, _) = owed(tx, ctx.community, &before)?;
    if owes.abs() > limit_minutes {
        return Err(Error::BeyondLimit {
            limit: limit_minutes,
            room: 0,
        });
    }
    let old = clearing(tx, ctx, &before)?;
    let ends = if owes > 0 { (old, new) } else { (new, old) };
    let renewed = transfer(ctx.new_uuid(), chart::HOURS_RENEW, ends, owes.abs());
    Ok((owes != 0).then_some(renewed).into_iter().collect())
}

/// Refuses what is no other community.
fn check_partner(tx: &mut dyn Tx, ctx: &Context, partner: CommunityId) -> Result<(), Error> {
    let known = people::queries::communities(tx)?;
    if partner == ctx.community || !known.iter().any(|one| one.id == partner) {
        return Err(Error::NotFound { what: "community" });
    }
    Ok(())
}

/// The account of an agreement.
pub(super) fn clearing(tx: &mut dyn Tx, ctx: &Context, pair: &Pair) -> Result<AccountId, Error> {
    let owner = owner(pair.partner, pair.revision);
    let limit = Some(pair.limit_minutes);
    Ok(book::open(
        tx,
        ctx,
        chart::HOURS_CLEARING,
        owner,
        None,
        limit,
    )?)
}

/// As whose the account of an agreement stands in the book: each agreement's is another.
fn owner(partner: CommunityId, revision: i64) -> Uuid {
    let base = book::account_id(chart::HOURS_CLEARING, partner.uuid()).0;
    Uuid::from_u128(base.wrapping_add(u128::from(revision.unsigned_abs())))
}

/// What a community owes the other under an agreement (below zero, is owed), and what is on its way.
pub(crate) fn owed(
    read: &mut dyn Read,
    community: CommunityId,
    pair: &Pair,
) -> Result<(i64, i64), Error> {
    let account = book::account_id(chart::HOURS_CLEARING, owner(pair.partner, pair.revision));
    Ok(book::held(read, community, account)?)
}

pub(super) fn subject(id: CrossingId) -> String {
    format!("timebank-crossing/{id}")
}
