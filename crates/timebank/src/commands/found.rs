//! The community's own decisions: its scheme, its services, hours for the pool.

use book::chart;
use db::Tx;
use journal::{Change, Command, record};
use kernel::Context;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::hours::{issuer, pool, post, transfer};
use crate::Error;
use crate::law::{Standing, law};
use crate::model::{
    GiftId, GiftKind, MANAGE, MAX_GIFT, MAX_TEXT, MAX_TITLE, MAX_VISIT, Scheme, ServiceId,
    check_number, check_text,
};
use crate::store::{self, COMMUNITY_ITSELF};

/// The longest that Linli waits before it confirms a visit by itself, in days.
const MAX_CONFIRM_DAYS: i64 = 60;

/// Chooses a city's scheme; what was posted before stays as it was.
#[derive(Serialize, Deserialize)]
pub struct ChooseScheme {
    /// Which.
    pub scheme: Scheme,
    /// After how many days Linli itself confirms a visit.
    pub confirm_after_days: i64,
}

impl Command for ChooseScheme {
    const NAME: &'static str = "timebank.scheme.choose";
    type Outcome = i64;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<i64, Error> {
        ctx.require(MANAGE)?;
        check_number(
            "confirm_after_days",
            self.confirm_after_days,
            MAX_CONFIRM_DAYS,
        )?;
        let law = law(self.scheme, Standing::Ordinary, ctx.now.date())?;
        let before = store::chosen(tx, ctx.community)?;
        let revision = before.map_or(0, |chosen| chosen.revision) + 1;
        store::insert_scheme(tx, ctx, revision, self.scheme, self.confirm_after_days)?;
        let change = Change::new("timebank.scheme.chosen", "timebank").public(json!({
            "revision": revision, "before": before.map(|chosen| chosen.scheme), "scheme": self.scheme,
            "confirm_after_days": self.confirm_after_days, "law": law,
        }));
        record(tx, ctx, change)?;
        Ok(revision)
    }
}

/// Lists a service that may be asked for: non-professional care, so many minutes.
#[derive(Serialize, Deserialize)]
pub struct MakeService {
    /// What it is.
    pub title: String,
    /// How long it takes.
    pub minutes: i64,
}

impl Command for MakeService {
    const NAME: &'static str = "timebank.service.make";
    type Outcome = ServiceId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<ServiceId, Error> {
        ctx.require(MANAGE)?;
        check_text("title", &self.title, MAX_TITLE)?;
        check_number("minutes", self.minutes, MAX_VISIT)?;
        let id = ServiceId::from_uuid(ctx.new_uuid());
        store::insert_service(tx, ctx, id, &self.title, self.minutes)?;
        let change = Change::new("timebank.service.made", format!("timebank-service/{id}"))
            .public(json!({ "title": self.title.trim(), "minutes": self.minutes }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

/// Takes a service off the list; what was asked for before stays.
#[derive(Serialize, Deserialize)]
pub struct EndService {
    /// The service.
    pub service: ServiceId,
}

impl Command for EndService {
    const NAME: &'static str = "timebank.service.end";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(MANAGE)?;
        store::service(tx, ctx.community, self.service)?;
        if store::end_service(tx, ctx, self.service)? == 0 {
            return Err(Error::NotOpen { what: "service" });
        }
        let subject = format!("timebank-service/{}", self.service);
        record(tx, ctx, Change::new("timebank.service.ended", subject))?;
        Ok(())
    }
}

/// Gives the pool hours for those who need them most: the community's own debt, visible in its book.
#[derive(Serialize, Deserialize)]
pub struct FundPool {
    /// How many minutes.
    pub minutes: i64,
    /// On what ground.
    pub reason: String,
}

impl Command for FundPool {
    const NAME: &'static str = "timebank.pool.fund";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(MANAGE)?;
        check_number("minutes", self.minutes, MAX_GIFT)?;
        check_text("reason", &self.reason, MAX_TEXT)?;
        let id = GiftId::from_uuid(ctx.new_uuid());
        let parties = (COMMUNITY_ITSELF, COMMUNITY_ITSELF);
        store::insert_gift(tx, ctx, id, GiftKind::Fund, parties, self.minutes)?;
        let ends = (issuer(tx, ctx)?, pool(tx, ctx)?);
        let request = transfer(id.uuid(), chart::HOURS_EARN, ends, self.minutes);
        let posted = post(tx, ctx, &[request])?;
        let change = Change::new("timebank.pool.funded", "timebank").public(json!({
            "minutes": self.minutes, "reason": self.reason.trim(), "book": posted.stamp,
        }));
        record(tx, ctx, change)?;
        Ok(())
    }
}
