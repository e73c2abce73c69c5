//! The fund's tables as the audit reads them, and what a command says of the rows that it wrote.

use db::{Read, Tx, Value};
use journal::{KeyType, Table, rewrote};
use kernel::CommunityId;
use sha2::{Digest, Sha256};

use super::{FileLine, Grant, Tranche, Voucher};
use super::{files, grants, tranches, vouchers};

db::statements! {
    CHARTER_PAGE = "select revision, name, standing, how, surplus_share, surplus_ground, prior_income, prior_net, made_at, \
        made_by from fund_charter where community_id = $1 and revision > $2 order by revision limit $3";
    CHARTER_ROW = "select revision, name, standing, how, surplus_share, surplus_ground, prior_income, prior_net, made_at, \
        made_by from fund_charter where community_id = $1 and revision = $2";
    PURPOSE_PAGE = "select purpose_id, title, about, made_at, made_by, ended_at, ended_by from fund_purpose \
        where community_id = $1 and purpose_id > $2 order by purpose_id limit $3";
    PURPOSE_ROW = "select purpose_id, title, about, made_at, made_by, ended_at, ended_by from fund_purpose \
        where community_id = $1 and purpose_id = $2";
    GIFT_PAGE = "select gift_id, account_id, donor, display, purse, amount, code, announced_at, withdrawn_at, received_at \
        from fund_gift where community_id = $1 and gift_id > $2 order by gift_id limit $3";
    GIFT_ROW = "select gift_id, account_id, donor, display, purse, amount, code, announced_at, withdrawn_at, received_at \
        from fund_gift where community_id = $1 and gift_id = $2";
    VOUCHER_PAGE = "select voucher_id, kind, purse, target, amount, surplus, surplus_share, means, reference, claim, day, \
        what, donor, display, account_id, gift_id, origin_id, recorded_at, recorded_by, decided_at, decided_by, \
        is_confirmed, reason, number, undone_at, undone_by, undone_as, undone_why \
        from fund_voucher where community_id = $1 and voucher_id > $2 order by voucher_id limit $3";
    VOUCHER_ROW = "select voucher_id, kind, purse, target, amount, surplus, surplus_share, means, reference, claim, day, \
        what, donor, display, account_id, gift_id, origin_id, recorded_at, recorded_by, decided_at, decided_by, \
        is_confirmed, reason, number, undone_at, undone_by, undone_as, undone_why \
        from fund_voucher where community_id = $1 and voucher_id = $2";
    FILE_PAGE = "select file_id, about, name, media_type, sha256, size, added_at, added_by, is_open from fund_file \
        where community_id = $1 and file_id > $2 order by file_id limit $3";
    FILE_ROW = "select file_id, about, name, media_type, sha256, size, added_at, added_by, is_open from fund_file \
        where community_id = $1 and file_id = $2";
    GRANT_PAGE = "select grant_id, account_id, title, plan, who, purse, amount, round_id, proposal_id, applied_at, \
        decided_at, decided_by, is_approved, reason, ended_at, ended_by, is_finished, end_reason \
        from fund_grant where community_id = $1 and grant_id > $2 order by grant_id limit $3";
    GRANT_ROW = "select grant_id, account_id, title, plan, who, purse, amount, round_id, proposal_id, applied_at, \
        decided_at, decided_by, is_approved, reason, ended_at, ended_by, is_finished, end_reason \
        from fund_grant where community_id = $1 and grant_id = $2";
    REVIEW_PAGE = "select review_id, grant_id, is_fit, reason, made_at, made_by from fund_review \
        where community_id = $1 and review_id > $2 order by review_id limit $3";
    REVIEW_ROW = "select review_id, grant_id, is_fit, reason, made_at, made_by from fund_review \
        where community_id = $1 and review_id = $2";
    TRANCHE_PAGE = "select tranche_id, grant_id, place, title, amount, note, submitted_at, submitted_by, checked_at, \
        checked_by, is_met, check_reason, paid, reference, posting, paid_at, paid_by from fund_tranche \
        where community_id = $1 and tranche_id > $2 order by tranche_id limit $3";
    TRANCHE_ROW = "select tranche_id, grant_id, place, title, amount, note, submitted_at, submitted_by, checked_at, \
        checked_by, is_met, check_reason, paid, reference, posting, paid_at, paid_by from fund_tranche \
        where community_id = $1 and tranche_id = $2";
}

macro_rules! tables {
    ($($table:ident = $name:literal, $key:literal, $type:ident, $columns:literal, $page:ident, $row:ident;)*) => {
        $(pub(crate) static $table: Table = Table {
            name: $name,
            keys: &[($key, KeyType::$type)],
            columns: $columns,
            page: $page,
            one: $row,
        };)*
        /// Every table of the module.
        pub(crate) static TABLES: [&Table; 8] = [$(&$table),*];
    };
}

tables! {
    CHARTER = "fund_charter", "revision", Number, 10, CHARTER_PAGE, CHARTER_ROW;
    PURPOSE = "fund_purpose", "purpose_id", Id, 7, PURPOSE_PAGE, PURPOSE_ROW;
    GIFT = "fund_gift", "gift_id", Id, 10, GIFT_PAGE, GIFT_ROW;
    VOUCHER = "fund_voucher", "voucher_id", Id, 28, VOUCHER_PAGE, VOUCHER_ROW;
    FILE = "fund_file", "file_id", Id, 9, FILE_PAGE, FILE_ROW;
    GRANT = "fund_grant", "grant_id", Id, 18, GRANT_PAGE, GRANT_ROW;
    REVIEW = "fund_review", "review_id", Id, 6, REVIEW_PAGE, REVIEW_ROW;
    TRANCHE = "fund_tranche", "tranche_id", Id, 17, TRANCHE_PAGE, TRANCHE_ROW;
}

/// How many rows the audit reads at once.
const PAGE: u32 = 500;

/// Has the command's entry vouch for a row that was just written.
pub(super) fn vouch(
    tx: &mut dyn Tx,
    table: &'static Table,
    community: CommunityId,
    key: impl Into<Value>,
) -> Result<(), db::Error> {
    rewrote(tx, table, community, &[key.into()])
}

/// Every row of a table with an id as its key, a page at a time.
fn all<T>(
    read: &mut dyn Read,
    community: CommunityId,
    table: &'static Table,
    of: impl Fn(&db::Row) -> Result<T, db::Error>,
    see: &mut dyn FnMut(&mut dyn Read, T) -> Result<(), crate::Error>,
) -> Result<(), crate::Error> {
    let mut after = Value::Bytes(Vec::new());
    loop {
        let rows = read.query(table.page, &[community.into(), after.clone(), PAGE.into()])?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = last.values().first().cloned().unwrap_or(Value::Null);
        for row in &rows {
            see(read, of(row)?)?;
        }
    }
}

pub(crate) fn all_vouchers(
    read: &mut dyn Read,
    community: CommunityId,
    see: &mut dyn FnMut(&mut dyn Read, Voucher) -> Result<(), crate::Error>,
) -> Result<(), crate::Error> {
    all(read, community, &VOUCHER, vouchers::voucher_of, see)
}

pub(crate) fn all_grants(
    read: &mut dyn Read,
    community: CommunityId,
    see: &mut dyn FnMut(&mut dyn Read, Grant) -> Result<(), crate::Error>,
) -> Result<(), crate::Error> {
    all(read, community, &GRANT, grants::grant_of, see)
}

pub(crate) fn all_tranches(
    read: &mut dyn Read,
    community: CommunityId,
    see: &mut dyn FnMut(&mut dyn Read, Tranche) -> Result<(), crate::Error>,
) -> Result<(), crate::Error> {
    all(read, community, &TRANCHE, tranches::tranche_of, see)
}

pub(crate) fn all_files(
    read: &mut dyn Read,
    community: CommunityId,
    see: &mut dyn FnMut(&mut dyn Read, FileLine) -> Result<(), crate::Error>,
) -> Result<(), crate::Error> {
    all(read, community, &FILE, files::file_of, see)
}

/// The hash over a file's content as it is stored now, and its size.
pub(crate) fn content_hash_of(
    read: &mut dyn Read,
    community: CommunityId,
    file: crate::FileId,
) -> Result<Option<([u8; 32], usize)>, crate::Error> {
    let content = match files::content(read, community, file) {
        Ok(content) => content,
        Err(crate::Error::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(Some((Sha256::digest(&content).into(), content.len())))
}
