//! Moving money in the book: the routes that there are, and the rule that is named where there is none.

use book::{Posted, chart};
use db::Tx;
use kernel::Context;
use ledger::{AccountId, Action, Refusal, Request, Terms, TransferId};
use units::Fen;

use crate::Error;
use crate::law::{self, Restriction};
use crate::model::{Purse, VoucherKind};
use crate::store::{self, FUND_ITSELF};

/// Opens a purse's account.
pub(super) fn purse_account(
    tx: &mut dyn Tx,
    ctx: &Context,
    purse: Purse,
) -> Result<AccountId, Error> {
    Ok(book::open(
        tx,
        ctx,
        purse.kind(),
        purse.owner(),
        None,
        None,
    )?)
}

/// Whether the book has a route for this kind of voucher; where it has none, restricted money is refused by its rule.
pub(super) fn check_route(
    tx: &mut dyn Tx,
    ctx: &Context,
    kind: VoucherKind,
    purse: Purse,
    target: Option<Purse>,
) -> Result<(), Error> {
    let (from, to) = match (kind.is_income(), target) {
        (true, _) => (chart::FUND_SOURCE, purse.kind()),
        (false, Some(target)) => (purse.kind(), target.kind()),
        (false, None) => (purse.kind(), chart::FUND_SPENT),
    };
    if chart::rules().allows(kind.code(), from, to) && target != Some(purse) {
        return Ok(());
    }
    if matches!(purse, Purse::Purpose(_)) && !kind.is_income() {
        let what = if target.is_some() {
            Restriction::OtherPurpose
        } else {
            Restriction::Administration
        };
        return Err(restricted(tx, ctx, purse, what)?);
    }
    let name = |kind| {
        let rules = chart::rules();
        rules.kind(kind).map_or("?", |rule| rule.name).to_owned()
    };
    Err(Error::NoRoute {
        from: name(from),
        to: name(to),
    })
}

/// The refusal of a use that restricted money is not for, with its rule.
fn restricted(
    tx: &mut dyn Tx,
    ctx: &Context,
    purse: Purse,
    what: Restriction,
) -> Result<Error, Error> {
    let (_, mut grounds) = law::restriction(what, ctx.now.date())?;
    if grounds.is_empty() {
        // Where the texts are silent on this very use, it is still another than the agreed one.
        grounds = law::restriction(Restriction::OtherPurpose, ctx.now.date())?.1;
    }
    Ok(Error::Restricted {
        purse: purse_title(tx, ctx, purse)?,
        citation: law::cited(&grounds),
    })
}

/// A purse's name as it stands in the record.
pub(super) fn purse_title(tx: &mut dyn Tx, ctx: &Context, purse: Purse) -> Result<String, Error> {
    match purse {
        Purse::Purpose(purpose) => Ok(store::purpose(tx, ctx.community, purpose)?.terms.title),
        other => Ok(other.to_string()),
    }
}

/// Refuses a purpose that there is not, or one that has ended where money would come to it.
pub(super) fn check_purse(
    tx: &mut dyn Tx,
    ctx: &Context,
    purse: Purse,
    takes_money: bool,
) -> Result<(), Error> {
    if let Purse::Purpose(purpose) = purse {
        let kept = store::purpose(tx, ctx.community, purpose)?;
        if takes_money && kept.ended_at.is_some() {
            return Err(Error::NotOpen { what: "purpose" });
        }
    }
    Ok(())
}

/// The transfer that a confirmed voucher is.
pub(super) fn transfer(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: TransferId,
    (kind, purse, target): (VoucherKind, Purse, Option<Purse>),
    amount: i64,
) -> Result<Request, Error> {
    let own = purse_account(tx, ctx, purse)?;
    let (from, to) = match (kind.is_income(), target) {
        (true, _) => {
            let source = book::open(tx, ctx, chart::FUND_SOURCE, FUND_ITSELF, None, None)?;
            (source, own)
        }
        (false, Some(target)) => (own, purse_account(tx, ctx, target)?),
        (false, None) => {
            let spent = book::open(tx, ctx, chart::FUND_SPENT, FUND_ITSELF, None, None)?;
            (own, spent)
        }
    };
    Ok(Request {
        id,
        action: Action::Transfer(Terms {
            code: kind.code(),
            from,
            to,
            amount: Fen::new(amount).into(),
            expires_at: None,
        }),
    })
}

/// Posts; too little money is told in yuan.
pub(super) fn post(tx: &mut dyn Tx, ctx: &Context, requests: &[Request]) -> Result<Posted, Error> {
    book::post(tx, ctx, requests).map_err(|error| match error {
        book::Error::Refused(Refusal::TooLittle {
            needed, available, ..
        }) => Error::TooLittle { needed, available },
        other => Error::Book(other),
    })
}
