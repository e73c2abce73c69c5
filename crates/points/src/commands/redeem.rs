//! Spending: points are held with a code, paid when the item is handed over, given back otherwise.

use book::chart;
use db::Tx;
use journal::{Change, Command, record};
use kernel::{Context, Timestamp};
use ledger::{Action, Request, Terms, TransferId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use units::Points;

use crate::Error;
use crate::model::{FETCH_DAYS, ItemId, PROVIDE, Redemption, RedemptionId, Standing, TAKE_PART};
use crate::store::{self, actor};

/// Redeems an item: its price is held until the provider hands over against the code.
#[derive(Serialize, Deserialize)]
pub struct RedeemItem {
    /// The item.
    pub item: ItemId,
}

impl Command for RedeemItem {
    const NAME: &'static str = "points.redemption.make";
    type Outcome = RedemptionId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<RedemptionId, Error> {
        ctx.require(TAKE_PART)?;
        let account = actor(ctx)?;
        let item = store::item(tx, ctx.community, self.item, ctx.now)?;
        if item.approved_at.is_none() || item.ended_at.is_some() {
            return Err(Error::NotOpen { what: "item" });
        }
        if item.left <= 0 {
            return Err(Error::SoldOut);
        }
        let year = Timestamp::start_of(ctx.now.date().first_of_year());
        let redeemed = store::redeemed_since(tx, ctx, account, item.id, year)?;
        if redeemed >= u64::from(item.terms.per_year) {
            let cap = item.terms.per_year;
            return Err(Error::CapReached {
                cap,
                period: "year",
            });
        }
        let redemption = Redemption {
            id: RedemptionId::from_uuid(ctx.new_uuid()),
            item: item.id,
            title: item.terms.title,
            provider: item.provider,
            account,
            price: item.terms.price,
            code: new_code(ctx),
            redeemed_at: ctx.now,
            deadline: ctx.now.plus_days(FETCH_DAYS),
            is_handed_over: None,
        };
        store::insert_redemption(tx, ctx, &redemption)?;
        let request = hold(tx, ctx, &redemption)?;
        let posted = book::post(tx, ctx, &[request])?;
        let change = Change::new("points.redemption.made", subject(redemption.id)).public(json!({
            "item": redemption.item, "price": redemption.price, "book": posted.stamp,
        }));
        record(tx, ctx, change)?;
        Ok(redemption.id)
    }
}

fn hold(tx: &mut dyn Tx, ctx: &Context, redemption: &Redemption) -> Result<Request, Error> {
    let (owner, provider) = (redemption.account.uuid(), redemption.provider.uuid());
    let from = book::open(tx, ctx, chart::POINTS_MEMBER, owner, None, None)?;
    let to = book::open(tx, ctx, chart::POINTS_PROVIDER, provider, None, None)?;
    Ok(Request {
        id: TransferId(redemption.id.uuid().as_u128()),
        action: Action::Reserve {
            terms: Terms {
                code: chart::POINTS_REDEEM,
                from,
                to,
                amount: Points::new(redemption.price).into(),
                expires_at: None,
            },
            deadline: Some(redemption.deadline.micros()),
        },
    })
}

/// Ten digits in two groups: read out at a counter, guessed by nobody.
pub(super) fn new_code(ctx: &Context) -> String {
    let number = ctx.random.below(10_000_000_000);
    format!("{:05}-{:05}", number / 100_000, number % 100_000)
}

/// Hands an item over against its code: the points are the provider's from now on.
#[derive(Serialize, Deserialize)]
pub struct HandOver {
    /// The code that the resident shows.
    pub code: String,
}

impl Command for HandOver {
    const NAME: &'static str = "points.redemption.hand-over";
    type Outcome = (String, i64);
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(String, i64), Error> {
        ctx.require(PROVIDE)?;
        let provider = actor(ctx)?;
        let found = store::redemption_by_code(tx, ctx.community, &written(&self.code))?;
        if found.provider != provider {
            return Err(Error::OtherProvider);
        }
        let reservation = TransferId(found.id.uuid().as_u128());
        let action = Action::Post {
            reservation,
            amount: None,
        };
        close(tx, ctx, &found, action, "points.redemption.handed-over")?;
        Ok((found.title, found.price))
    }
}

/// Takes one's own redemption back: the points are free again.
#[derive(Serialize, Deserialize)]
pub struct CancelRedemption {
    /// The redemption.
    pub redemption: RedemptionId,
}

impl Command for CancelRedemption {
    const NAME: &'static str = "points.redemption.cancel";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(TAKE_PART)?;
        let found = store::redemption(tx, ctx.community, self.redemption)?;
        if found.account != actor(ctx)? {
            return Err(Error::NotFound { what: "redemption" });
        }
        let reservation = TransferId(found.id.uuid().as_u128());
        let action = Action::Void { reservation };
        close(tx, ctx, &found, action, "points.redemption.cancelled")
    }
}

/// Settles what waits, once.
fn close(
    tx: &mut dyn Tx,
    ctx: &Context,
    redemption: &Redemption,
    action: Action,
    kind: &'static str,
) -> Result<(), Error> {
    if redemption.standing(ctx.now) != Standing::Waiting {
        return Err(Error::Settled { what: "redemption" });
    }
    let is_handed_over = matches!(action, Action::Post { .. });
    store::close_redemption(tx, ctx, redemption.id, is_handed_over)?;
    let id = TransferId(ctx.new_uuid().as_u128());
    let posted = book::post(tx, ctx, &[Request { id, action }])?;
    let change = Change::new(kind, subject(redemption.id)).public(json!({
        "item": redemption.item, "price": redemption.price, "book": posted.stamp,
    }));
    record(tx, ctx, change)?;
    Ok(())
}

/// A code as it is kept, however it was typed.
pub(super) fn written(code: &str) -> String {
    let digits: String = code.chars().filter(char::is_ascii_digit).take(11).collect();
    match digits.split_at_checked(5) {
        Some((first, second)) => format!("{first}-{second}"),
        None => digits,
    }
}

fn subject(id: RedemptionId) -> String {
    format!("points-redemption/{id}")
}
