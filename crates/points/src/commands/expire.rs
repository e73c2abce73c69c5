//! Expiry: what the preview shows is taken, each night by Linli itself, or by the committee at once.

use std::collections::BTreeSet;

use book::chart;
use db::Tx;
use journal::{Change, Command, record};
use kernel::Context;
use ledger::{AccountId, Action, Request, TransferId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::Error;
use crate::model::MANAGE;
use crate::store::COMMUNITY_ITSELF;

/// The most lots looked at in one command; the job comes again for the rest.
const LOTS_MAX: u32 = 1_000;

/// Takes what has expired and nobody holds; says how many points that were.
#[derive(Serialize, Deserialize)]
pub struct ExpirePoints;

impl Command for ExpirePoints {
    const NAME: &'static str = "points.expire";
    type Outcome = i64;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<i64, Error> {
        ctx.require(MANAGE)?;
        let due = book::due(tx, ctx.community, ctx.now, LOTS_MAX)?;
        let whose: BTreeSet<AccountId> = due.iter().map(|due| due.account).collect();
        if whose.is_empty() {
            return Err(Error::Settled { what: "expiry" });
        }
        let to = book::open(tx, ctx, chart::POINTS_EXPIRED, COMMUNITY_ITSELF, None, None)?;
        let requests: Vec<Request> = whose
            .iter()
            .map(|from| Request {
                id: TransferId(ctx.new_uuid().as_u128()),
                action: Action::Expire {
                    code: chart::POINTS_EXPIRE,
                    from: *from,
                    to,
                },
            })
            .collect();
        let posted = book::post(tx, ctx, &requests)?;
        let taken = posted.receipts.iter();
        let points = taken.map(|receipt| receipt.main().amount.get()).sum();
        let change = Change::new("points.expired", "points")
            .public(json!({ "members": whose.len(), "points": points, "book": posted.stamp }));
        record(tx, ctx, change)?;
        Ok(points)
    }
}
