//! Sessions: whoever confirms opens one with a code; whoever is there scans it and earns.

use db::Tx;
use journal::{Change, Command, record};
use kernel::Context;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::SEALED_FOR;
use super::earn::{award, check_caps, check_earner, check_open};
use super::redeem::{new_code, written};
use crate::Error;
use crate::model::{CONFIRM, ClaimId, Confirmer, MANAGE, SessionId, SessionTerms, TAKE_PART};
use crate::store::{self, actor};

/// Opens a session; its code is for those who are there.
#[derive(Serialize, Deserialize)]
pub struct OpenSession {
    /// What it is.
    pub terms: SessionTerms,
}

impl Command for OpenSession {
    const NAME: &'static str = "points.session.open";
    type Outcome = SessionId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<SessionId, Error> {
        ctx.require(CONFIRM)?;
        actor(ctx)?;
        self.terms.check()?;
        let rule = store::rule(tx, ctx.community, self.terms.rule)?;
        check_open(&rule)?;
        if rule.terms.event.is_some() {
            return Err(Error::EarnsByItself);
        }
        if rule.terms.confirmed_by == Confirmer::Committee {
            ctx.require(MANAGE)?;
        }
        let id = SessionId::from_uuid(ctx.new_uuid());
        store::insert_session(tx, ctx, id, &self.terms, &new_code(ctx))?;
        let change = Change::new("points.session.opened", subject(id))
            .public(json!({ "terms": self.terms }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

/// Earns at a session by its code, once, while it is open and has seats.
#[derive(Serialize, Deserialize)]
pub struct CheckIn {
    /// The code that is shown at the session.
    pub code: String,
}

impl Command for CheckIn {
    const NAME: &'static str = "points.session.check-in";
    type Outcome = (String, i64);
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(String, i64), Error> {
        ctx.require(TAKE_PART)?;
        let account = actor(ctx)?;
        let session = store::session_by_code(tx, ctx.community, &written(&self.code))?;
        if !session.terms.is_open(ctx.now) {
            return Err(Error::NotOpen { what: "session" });
        }
        if session.made_by == account {
            return Err(Error::OwnClaim);
        }
        if store::has_attended(tx, ctx.community, session.id, account)? {
            return Err(Error::Settled { what: "session" });
        }
        if session.attended >= session.terms.seats {
            return Err(Error::SoldOut);
        }
        let rule = store::rule(tx, ctx.community, session.terms.rule)?;
        check_open(&rule)?;
        check_earner(tx, ctx, account, &rule)?;
        check_caps(tx, ctx, account, &rule)?;
        let claim = ClaimId::from_uuid(ctx.new_uuid());
        let title = &session.terms.title;
        let evidence = ctx
            .vault
            .seal(&ctx.random, ctx.community, SEALED_FOR, title)?;
        let claims = [(claim, account, evidence)];
        store::insert_attended(tx, ctx, &rule, Some(&session), &claims)?;
        let award = award(tx, ctx, account, claim, &rule)?;
        let posted = book::post(tx, ctx, &[award])?;
        let points = rule.terms.points;
        let change = Change::new("points.session.attended", subject(session.id))
            .public(json!({ "rule": rule.id, "points": points, "book": posted.stamp }));
        record(tx, ctx, change)?;
        Ok((session.terms.title, points))
    }
}

fn subject(id: SessionId) -> String {
    format!("points-session/{id}")
}
