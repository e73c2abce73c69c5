//! Earning: rules, claims with evidence, and their confirmation by somebody else.

use book::chart;
use db::{Read, Tx};
use journal::{Change, Command, record};
use kernel::{AccountId, Context, Timestamp};
use ledger::{Action, Request, Terms, TransferId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use units::Points;

use crate::Error;
use crate::model::{
    CONFIRM, Claim, ClaimId, Confirmer, Earner, MANAGE, MAX_TEXT, Rule, RuleId, RuleTerms,
    TAKE_PART, check_text,
};
use crate::store::{self, COMMUNITY_ITSELF, actor};

/// The purpose under which evidence is sealed.
pub(crate) const SEALED_FOR: &str = "points.evidence";

/// Makes a rule by which an act earns points.
#[derive(Serialize, Deserialize)]
pub struct MakeRule {
    /// What it says.
    pub terms: RuleTerms,
}

impl Command for MakeRule {
    const NAME: &'static str = "points.rule.make";
    type Outcome = RuleId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<RuleId, Error> {
        ctx.require(MANAGE)?;
        self.terms.check()?;
        let id = RuleId::from_uuid(ctx.new_uuid());
        store::insert_rule(tx, ctx, id, &self.terms)?;
        let change = Change::new("points.rule.made", format!("points-rule/{id}"))
            .public(json!({ "terms": self.terms }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

/// Ends a rule; what was claimed before may still be confirmed.
#[derive(Serialize, Deserialize)]
pub struct EndRule {
    /// The rule.
    pub rule: RuleId,
}

impl Command for EndRule {
    const NAME: &'static str = "points.rule.end";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(MANAGE)?;
        store::rule(tx, ctx.community, self.rule)?;
        if store::end_rule(tx, ctx, self.rule)? == 0 {
            return Err(Error::Settled { what: "rule" });
        }
        let subject = format!("points-rule/{}", self.rule);
        record(tx, ctx, Change::new("points.rule.ended", subject))?;
        Ok(())
    }
}

/// Claims points for an act of one's own.
#[derive(Serialize, Deserialize)]
pub struct ClaimPoints {
    /// By which rule.
    pub rule: RuleId,
    /// What shows that it was done.
    pub evidence: String,
}

impl Command for ClaimPoints {
    const NAME: &'static str = "points.claim.make";
    type Outcome = ClaimId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<ClaimId, Error> {
        ctx.require(TAKE_PART)?;
        let account = actor(ctx)?;
        check_text("evidence", &self.evidence, MAX_TEXT)?;
        let rule = store::rule(tx, ctx.community, self.rule)?;
        if rule.terms.event.is_some() {
            return Err(Error::EarnsByItself);
        }
        check_open(&rule)?;
        check_earner(tx, ctx, account, &rule)?;
        check_caps(tx, ctx, account, &rule)?;
        let purpose = SEALED_FOR;
        let claim = Claim {
            id: ClaimId::from_uuid(ctx.new_uuid()),
            rule: rule.id,
            account,
            evidence: ctx
                .vault
                .seal(&ctx.random, ctx.community, purpose, self.evidence.trim())?,
            claimed_at: ctx.now,
            is_confirmed: None,
            reason: None,
        };
        store::insert_claim(tx, ctx, &claim)?;
        let change = Change::new("points.claim.made", subject(claim.id))
            .public(json!({ "rule": rule.id, "points": rule.terms.points }))
            .private(json!({ "evidence": self.evidence.trim() }));
        record(tx, ctx, change)?;
        Ok(claim.id)
    }
}

pub(super) fn check_open(rule: &Rule) -> Result<(), Error> {
    match rule.ended_at {
        None => Ok(()),
        Some(_) => Err(Error::NotOpen { what: "rule" }),
    }
}

pub(super) fn check_earner(
    read: &mut dyn Read,
    ctx: &Context,
    account: AccountId,
    rule: &Rule,
) -> Result<(), Error> {
    if rule.terms.earned_by == Earner::Owners
        && people::queries::owners_of_account(read, ctx.community, account)?.is_empty()
    {
        return Err(Error::OwnersOnly);
    }
    Ok(())
}

/// By the calendar of the community: the day and the year in which it is now.
pub(super) fn check_caps(
    read: &mut dyn Read,
    ctx: &Context,
    account: AccountId,
    rule: &Rule,
) -> Result<(), Error> {
    let today = ctx.now.date();
    let periods = [
        ("day", today, rule.terms.daily_cap),
        ("year", today.first_of_year(), rule.terms.yearly_cap),
    ];
    for (period, begins, cap) in periods {
        let since = Timestamp::start_of(begins);
        let made = store::claims_since(read, ctx.community, account, rule.id, since)?;
        if made >= u64::from(cap) {
            return Err(Error::CapReached { cap, period });
        }
    }
    Ok(())
}

/// Confirms somebody else's claim: the points are theirs from now on, as a lot with its day of expiry.
#[derive(Serialize, Deserialize)]
pub struct ConfirmClaim {
    /// The claim.
    pub claim: ClaimId,
}

impl Command for ConfirmClaim {
    const NAME: &'static str = "points.claim.confirm";
    type Outcome = i64;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<i64, Error> {
        ctx.require(CONFIRM)?;
        let claim = undecided(tx, ctx, self.claim)?;
        let rule = store::rule(tx, ctx.community, claim.rule)?;
        store::decide_claim(tx, ctx, claim.id, true, None)?;
        let award = award(tx, ctx, claim.account, claim.id, &rule)?;
        let posted = book::post(tx, ctx, &[award])?;
        let points = rule.terms.points;
        let change = Change::new("points.claim.confirmed", subject(claim.id))
            .public(json!({ "rule": rule.id, "points": points, "book": posted.stamp }));
        record(tx, ctx, change)?;
        Ok(points)
    }
}

/// What a claim earns by a rule, from the community to the person.
pub(super) fn award(
    tx: &mut dyn Tx,
    ctx: &Context,
    account: AccountId,
    claim: ClaimId,
    rule: &Rule,
) -> Result<Request, Error> {
    let itself = COMMUNITY_ITSELF;
    let from = book::open(tx, ctx, chart::POINTS_ISSUER, itself, None, None)?;
    let to = book::open(tx, ctx, chart::POINTS_MEMBER, account.uuid(), None, None)?;
    Ok(Request {
        id: TransferId(claim.uuid().as_u128()),
        action: Action::Transfer(Terms {
            code: chart::POINTS_EARN,
            from,
            to,
            amount: Points::new(rule.terms.points).into(),
            expires_at: Some(rule.terms.expires_at(ctx.now).micros()),
        }),
    })
}

/// Refuses somebody else's claim, for a reason that they read.
#[derive(Serialize, Deserialize)]
pub struct RefuseClaim {
    /// The claim.
    pub claim: ClaimId,
    /// Why.
    pub reason: String,
}

impl Command for RefuseClaim {
    const NAME: &'static str = "points.claim.refuse";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(CONFIRM)?;
        check_text("reason", &self.reason, MAX_TEXT)?;
        let claim = undecided(tx, ctx, self.claim)?;
        store::decide_claim(tx, ctx, claim.id, false, Some(self.reason.trim()))?;
        let change = Change::new("points.claim.refused", subject(claim.id))
            .private(json!({ "reason": self.reason.trim() }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// A claim that waits, and is not the actor's own.
fn undecided(tx: &mut dyn Tx, ctx: &Context, id: ClaimId) -> Result<Claim, Error> {
    let claim = store::claim(tx, ctx.community, id)?;
    if claim.is_confirmed.is_some() {
        return Err(Error::Settled { what: "claim" });
    }
    if actor(ctx)? == claim.account {
        return Err(Error::OwnClaim);
    }
    let rule = store::rule(tx, ctx.community, claim.rule)?;
    if rule.terms.confirmed_by == Confirmer::Committee {
        ctx.require(MANAGE)?;
    }
    Ok(claim)
}

fn subject(id: ClaimId) -> String {
    format!("points-claim/{id}")
}
