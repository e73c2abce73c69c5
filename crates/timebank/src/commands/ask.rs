//! Asking for a visit: the elder, family or staff, with the elder's consent standing.

use book::chart;
use db::Tx;
use journal::{Change, Command, record};
use kernel::{Context, Timestamp, Uuid};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::hours::{check_age, law_today, post, stand_to, void};
use crate::Error;
use crate::model::{
    AHEAD_DAYS, ASSIST, Channel, ConfirmedAs, ElderId, Gender, MAX_TEXT, PaidBy, RequestId,
    ServiceId, TAKE_PART, check_text,
};
use crate::store::{self, COMMUNITY_ITSELF, Elder, Request, actor};

/// Asks for a visit.
#[derive(Serialize, Deserialize)]
pub struct AskForVisit {
    /// For whom.
    pub elder: ElderId,
    /// What.
    pub service: ServiceId,
    /// When.
    pub begins: Timestamp,
    /// Whom the elder wishes for.
    pub gender_wish: Option<Gender>,
    /// What else to know; blank for nothing.
    pub note: String,
    /// How it came in; only staff enter what did not come by a page.
    pub channel: Channel,
    /// Whose hours it costs.
    pub paid_by: PaidBy,
}

impl Command for AskForVisit {
    const NAME: &'static str = "timebank.request.make";
    type Outcome = RequestId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<RequestId, Error> {
        ctx.require(TAKE_PART)?;
        let requested_by = actor(ctx)?;
        if self.channel != Channel::Page {
            ctx.require(ASSIST)?;
        }
        if !self.note.trim().is_empty() {
            check_text("note", &self.note, MAX_TEXT)?;
        }
        let elder = store::elder(tx, ctx, self.elder)?;
        let as_whom = stand_to(tx, ctx, &elder)?;
        if as_whom != ConfirmedAs::Elder && elder.withdrawn_at.is_some() {
            return Err(Error::NoConsent);
        }
        if self.begins <= ctx.now || self.begins > ctx.now.plus_days(AHEAD_DAYS) {
            return Err(Error::ImpossibleTimes);
        }
        let service = store::service(tx, ctx.community, self.service)?;
        if service.ended_at.is_some() {
            return Err(Error::NotOpen { what: "service" });
        }
        let payer = self.payer(tx, ctx, &elder, as_whom, service.minutes)?;
        let note = Some(self.note.as_str()).filter(|note| !note.trim().is_empty());
        let request = Request {
            id: RequestId::from_uuid(ctx.new_uuid()),
            elder: elder.id,
            service: service.id,
            minutes: service.minutes,
            begins: self.begins,
            gender_wish: self.gender_wish,
            note: note.map(|note| store::seal(ctx, note)).transpose()?,
            channel: self.channel,
            paid_by: self.paid_by,
            payer,
            requested_by,
            closed_at: None,
        };
        store::insert_request(tx, ctx, &request)?;
        let change = Change::new("timebank.request.made", subject(request.id))
            .public(json!({
                "service": request.service, "minutes": request.minutes, "channel": request.channel,
                "paid_by": request.paid_by,
            }))
            .private(json!({
                "elder": elder.id, "as": as_whom, "begins": request.begins, "note": self.note.trim(),
            }));
        record(tx, ctx, change)?;
        Ok(request.id)
    }
}

impl AskForVisit {
    /// Whose account pays, by the scheme's ages, and whether it could today.
    fn payer(
        &self,
        tx: &mut dyn Tx,
        ctx: &Context,
        elder: &Elder,
        as_whom: ConfirmedAs,
        minutes: i64,
    ) -> Result<Uuid, Error> {
        let law = law_today(tx, ctx, elder.standing())?;
        let birth = elder.profile.birth;
        let (payer, account) = match self.paid_by {
            PaidBy::Pool => {
                if elder.entitled_at.is_none() {
                    return Err(Error::NotEntitled);
                }
                check_age(birth, ctx, law.pool_from_age, &law)?;
                let pool = book::account_id(chart::HOURS_POOL, COMMUNITY_ITSELF);
                (COMMUNITY_ITSELF, pool)
            }
            PaidBy::Elder | PaidBy::Family => {
                check_age(birth, ctx, law.redeem_from_age, &law)?;
                let holder = match (self.paid_by, as_whom) {
                    (PaidBy::Family, ConfirmedAs::Family) => actor(ctx)?.uuid(),
                    (PaidBy::Family, _) => return Err(Error::NotForYou),
                    _ => elder.holder(),
                };
                (holder, book::account_id(chart::HOURS_MEMBER, holder))
            }
        };
        let available = book::available(tx, ctx.community, account, ctx.now)?;
        if available < minutes {
            return Err(Error::TooFew {
                needed: minutes,
                available,
            });
        }
        Ok(payer)
    }
}

/// Takes a request back, and with it a visit that has not begun: what was held is free again.
#[derive(Serialize, Deserialize)]
pub struct CancelRequest {
    /// The request.
    pub request: RequestId,
    /// Why, for the volunteer to read.
    pub reason: String,
}

impl Command for CancelRequest {
    const NAME: &'static str = "timebank.request.cancel";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(TAKE_PART)?;
        check_text("reason", &self.reason, MAX_TEXT)?;
        let request = store::request(tx, ctx.community, self.request)?;
        let elder = store::elder(tx, ctx, request.elder)?;
        stand_to(tx, ctx, &elder)?;
        let mut postings = Vec::new();
        if let Some(visit) = store::visit_of_request(tx, ctx.community, request.id)? {
            if visit.came_at.is_some() {
                return Err(Error::NotOpen { what: "request" });
            }
            store::cancel_visit(tx, ctx, visit.id, &self.reason)?;
            postings.extend(void(tx, ctx, &request, &visit)?);
        }
        if store::close_request(tx, ctx, request.id)? == 0 {
            return Err(Error::NotOpen { what: "request" });
        }
        let posted = post(tx, ctx, &postings)?;
        let change = Change::new("timebank.request.cancelled", subject(request.id))
            .public(json!({ "book": posted.stamp }))
            .private(json!({ "reason": self.reason.trim() }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

fn subject(id: RequestId) -> String {
    format!("timebank-request/{id}")
}
