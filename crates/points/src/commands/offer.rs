//! The catalogue: providers offer, the committee approves.

use db::Tx;
use journal::{Change, Command, record};
use kernel::Context;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::Error;
use crate::model::{ItemId, ItemTerms, MANAGE, PROVIDE};
use crate::store::{self, actor};

/// Offers goods or a service; whoever offers hands over.
#[derive(Serialize, Deserialize)]
pub struct OfferItem {
    /// What is offered.
    pub terms: ItemTerms,
}

impl Command for OfferItem {
    const NAME: &'static str = "points.item.offer";
    type Outcome = ItemId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<ItemId, Error> {
        ctx.require(PROVIDE)?;
        self.terms.check()?;
        let provider = actor(ctx)?;
        let id = ItemId::from_uuid(ctx.new_uuid());
        store::insert_item(tx, ctx, id, &self.terms, provider)?;
        let change =
            Change::new("points.item.offered", subject(id)).public(json!({ "terms": self.terms }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

/// Approves what is offered: from now on it can be redeemed.
#[derive(Serialize, Deserialize)]
pub struct ApproveItem {
    /// The item.
    pub item: ItemId,
}

impl Command for ApproveItem {
    const NAME: &'static str = "points.item.approve";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(MANAGE)?;
        store::item(tx, ctx.community, self.item, ctx.now)?;
        if store::approve_item(tx, ctx, self.item)? == 0 {
            return Err(Error::Settled { what: "item" });
        }
        record(
            tx,
            ctx,
            Change::new("points.item.approved", subject(self.item)),
        )?;
        Ok(())
    }
}

/// Takes an item off; what was redeemed before is still handed over.
#[derive(Serialize, Deserialize)]
pub struct EndItem {
    /// The item.
    pub item: ItemId,
}

impl Command for EndItem {
    const NAME: &'static str = "points.item.end";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(MANAGE)?;
        store::item(tx, ctx.community, self.item, ctx.now)?;
        if store::end_item(tx, ctx, self.item)? == 0 {
            return Err(Error::Settled { what: "item" });
        }
        record(
            tx,
            ctx,
            Change::new("points.item.ended", subject(self.item)),
        )?;
        Ok(())
    }
}

fn subject(id: ItemId) -> String {
    format!("points-item/{id}")
}
