//! SQL of what a reviewer looks at, and of closed years.

use db::{Read, Row, Tx, Value};
use kernel::{AccountId, CommunityId, Context, Timestamp};

use super::{LIST_MAX, named};
use crate::model::{Confirmation, Sign, SignKind, SignalId};

db::statements! {
    CONFIRMATIONS = "select account_id, decided_by from points_claim \
        where community_id = $1 and claimed_at >= $2 and is_confirmed and session_id is null";
    KNOWN_SIGNS = "select sign from points_signal where community_id = $1";
    SIGNALS = "select signal_id, kind, accounts, detail, raised_at, settled_at, note from points_signal \
        where community_id = $1 order by signal_id desc limit $2";
    SETTLE_SIGNAL = "update points_signal set settled_at = $3, settled_by = $4, note = $5 \
        where community_id = $1 and signal_id = $2 and settled_at is null";
    INSERT_YEAR = "insert into points_year (community_id, year, issued, redeemed, expired, outstanding, closed_at) \
        values ($1, $2, $3, $4, $5, $6, $7)";
    YEARS = "select year, issued, redeemed, expired, outstanding, closed_at from points_year \
        where community_id = $1 order by year desc limit $2";
}

const INSERT_SIGNALS: &str =
    "insert into points_signal (community_id, signal_id, kind, sign, accounts, detail, raised_at)";

/// Something odd, as kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signal {
    /// Its id.
    pub id: SignalId,
    /// What it is.
    pub kind: SignKind,
    /// Who is concerned.
    pub accounts: Vec<AccountId>,
    /// How often, or at which sessions.
    pub detail: String,
    /// When it was raised.
    pub raised_at: Timestamp,
    /// When a reviewer settled it.
    pub settled_at: Option<Timestamp>,
    /// What the reviewer found, sealed.
    pub note: Option<Vec<u8>>,
}

/// The points of a closed year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ClosedYear {
    /// Which.
    pub year: i64,
    /// Given out in it.
    pub issued: i64,
    /// Redeemed in it.
    pub redeemed: i64,
    /// Expired in it.
    pub expired: i64,
    /// What members held at its close.
    pub outstanding: i64,
    /// When it was closed.
    pub closed_at: Timestamp,
}

/// Who confirmed whom since a time; where nobody had to, the member confirms nobody.
pub(crate) fn confirmations(
    read: &mut dyn Read,
    community: CommunityId,
    since: Timestamp,
) -> Result<Vec<Confirmation>, db::Error> {
    let rows = read.query(CONFIRMATIONS, &[community.into(), since.into()])?;
    rows.iter()
        .map(|row| {
            Ok(Confirmation {
                claimant: row.get(0)?,
                confirmer: row.get(1)?,
            })
        })
        .collect()
}

pub(crate) fn known_signs(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<std::collections::BTreeSet<String>, db::Error> {
    let rows = read.query(KNOWN_SIGNS, &[community.into()])?;
    rows.iter().map(|row| row.get(0)).collect()
}

pub(crate) fn insert_signals(
    tx: &mut dyn Tx,
    ctx: &Context,
    signs: &[Sign],
) -> Result<(), db::Error> {
    let rows: Vec<Vec<Value>> = signs
        .iter()
        .map(|sign| {
            let accounts: Vec<String> = sign.accounts.iter().map(ToString::to_string).collect();
            vec![
                ctx.community.into(),
                SignalId::from_uuid(ctx.new_uuid()).into(),
                sign.kind.name().into(),
                sign.key.as_str().into(),
                accounts.join(" ").into(),
                sign.detail.as_str().into(),
                ctx.now.into(),
            ]
        })
        .collect();
    tx.insert_many(INSERT_SIGNALS, &rows)?;
    Ok(())
}

/// The signals, newest first.
pub(crate) fn signals(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<Signal>, db::Error> {
    let rows = read.query(SIGNALS, &[community.into(), LIST_MAX.into()])?;
    rows.iter().map(signal_of).collect()
}

fn signal_of(row: &Row) -> Result<Signal, db::Error> {
    let accounts: String = row.get(2)?;
    Ok(Signal {
        id: row.get(0)?,
        kind: named(row, 1, SignKind::from_name)?,
        accounts: accounts
            .split_whitespace()
            .filter_map(|id| id.parse().ok())
            .collect(),
        detail: row.get(3)?,
        raised_at: row.get(4)?,
        settled_at: row.get(5)?,
        note: row.get(6)?,
    })
}

pub(crate) fn settle_signal(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: SignalId,
    note: Vec<u8>,
) -> Result<u64, db::Error> {
    tx.execute(
        SETTLE_SIGNAL,
        &[
            ctx.community.into(),
            id.into(),
            ctx.now.into(),
            ctx.actor.uuid().into(),
            note.into(),
        ],
    )
}

pub(crate) fn close_year(
    tx: &mut dyn Tx,
    ctx: &Context,
    year: &ClosedYear,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_YEAR,
        &[
            ctx.community.into(),
            year.year.into(),
            year.issued.into(),
            year.redeemed.into(),
            year.expired.into(),
            year.outstanding.into(),
            year.closed_at.into(),
        ],
    )?;
    Ok(())
}

/// Closed years, newest first.
pub(crate) fn years(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<ClosedYear>, db::Error> {
    let rows = read.query(YEARS, &[community.into(), LIST_MAX.into()])?;
    rows.iter()
        .map(|row| {
            Ok(ClosedYear {
                year: row.get(0)?,
                issued: row.get(1)?,
                redeemed: row.get(2)?,
                expired: row.get(3)?,
                outstanding: row.get(4)?,
                closed_at: row.get(5)?,
            })
        })
        .collect()
}
