//! The module's SQL.

mod audit;
mod charter;
mod files;
mod gifts;
mod grants;
mod tranches;
mod vouchers;

use db::{Row, Statement};
use kernel::{AccountId, Context, Uuid};

use crate::Error;

pub(crate) use audit::{
    TABLES, all_files, all_grants, all_tranches, all_vouchers, content_hash_of,
};
pub use charter::{Charter, Purpose};
pub(crate) use charter::{
    charter, end_purpose, first_charter, insert_charter, insert_purpose, purpose, purposes,
};
pub use files::FileLine;
pub(crate) use files::{content, file, files_about, insert_file};
pub use gifts::Gift;
pub(crate) use gifts::{
    gift, gift_of_code, gifts_of, insert_gift, open_gifts, receive_gift, withdraw_gift,
};
pub use grants::{Grant, Review};
pub(crate) use grants::{
    decide_grant, end_grant, grant, grant_of_proposal, grants, grants_of, insert_grant,
    insert_review, reviews,
};
pub use tranches::Tranche;
pub(crate) use tranches::{
    check_tranche, insert_tranche, is_reference_paid, paid_between, paid_sum, pay_tranche,
    submit_tranche, tranche, tranches, tranches_waiting,
};
pub use vouchers::Voucher;
pub(crate) use vouchers::{
    NewVoucher, confirm_voucher, confirmed_between, insert_voucher, is_claimed, last_number,
    refuse_voucher, sums_between, undo_voucher, undone_between, undone_sum, voucher,
    vouchers_of_account, waiting,
};

/// Every statement of this module, room by room.
pub(crate) const ROOMS: &[&[Statement]] = &[
    charter::STATEMENTS,
    gifts::STATEMENTS,
    vouchers::STATEMENTS,
    files::STATEMENTS,
    grants::STATEMENTS,
    tranches::STATEMENTS,
    audit::STATEMENTS,
];

/// The most lines of any list.
pub(crate) const LIST_MAX: u32 = 2_000;

/// The fund's own accounts belong to nobody else.
pub(crate) const FUND_ITSELF: Uuid = Uuid::nil();

/// The purpose under which donors' names are sealed.
const SEALED_FOR: &str = "fund.donor";

/// Who acts, as a person.
pub(crate) fn actor(ctx: &Context) -> Result<AccountId, Error> {
    ctx.actor.account_id().ok_or(Error::NotSignedIn)
}

/// Seals a donor's name.
pub(crate) fn seal(ctx: &Context, name: &str) -> Result<Vec<u8>, Error> {
    Ok(ctx
        .vault
        .seal(&ctx.random, ctx.community, SEALED_FOR, name)?)
}

/// Opens a donor's name.
pub(crate) fn unseal(ctx: &Context, sealed: &[u8]) -> Result<String, Error> {
    Ok(ctx.vault.open(ctx.community, SEALED_FOR, sealed)?)
}

/// A column that holds one of an enum's names.
fn named<T>(
    row: &Row,
    column: usize,
    from_name: impl Fn(&str) -> Option<T>,
) -> Result<T, db::Error> {
    from_name(&row.get::<String>(column)?).ok_or(db::Error::Column {
        column,
        expected: "a known name",
    })
}

/// A column that may hold one of an enum's names.
fn maybe_named<T>(
    row: &Row,
    column: usize,
    from_name: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, db::Error> {
    let name: Option<String> = row.get(column)?;
    Ok(name.as_deref().and_then(from_name))
}

/// A column that holds a purse.
fn purse(row: &Row, column: usize) -> Result<crate::Purse, db::Error> {
    named(row, column, |text| text.parse().ok())
}
