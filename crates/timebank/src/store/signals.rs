//! SQL of what a reviewer looks at.

use std::collections::{BTreeSet, HashMap};

use db::{Read, Row, Tx, Value};
use kernel::{AccountId, CommunityId, Context, Timestamp};

use super::audit::{self, vouch};
use super::people::{elder, seal};
use super::{LIST_MAX, named};
use crate::Error;
use crate::model::{ElderId, Seen, Sign, SignKind, SignalId};

db::statements! {
    SEEN = "select v.visit_id, v.volunteer_id, v.confirmed_by, v.confirmed_as, v.came_at, v.left_at, r.elder_id \
        from timebank_visit v join timebank_request r \
        on r.community_id = v.community_id and r.request_id = v.request_id \
        where v.community_id = $1 and v.confirmed_at >= $2 and v.came_at is not null and v.left_at is not null \
        order by v.visit_id";
    KNOWN_SIGNS = "select sign from timebank_signal where community_id = $1";
    INSERT_SIGNAL = "insert into timebank_signal (community_id, signal_id, kind, sign, accounts, detail, raised_at, \
        settled_at, settled_by, note) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    SIGNALS = "select signal_id, kind, sign, accounts, detail, raised_at, settled_at, settled_by, note from timebank_signal \
        where community_id = $1 order by signal_id desc limit $2";
    SETTLE_SIGNAL = "update timebank_signal set settled_at = $3, settled_by = $4, note = $5 \
        where community_id = $1 and signal_id = $2 and settled_at is null";
}

/// Something odd, as kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signal {
    /// Its id.
    pub id: SignalId,
    /// What it is.
    pub kind: SignKind,
    /// Who is concerned.
    pub accounts: Vec<AccountId>,
    /// How often, or when.
    pub detail: String,
    /// When it was raised.
    pub raised_at: Timestamp,
    /// When a reviewer settled it.
    pub settled_at: Option<Timestamp>,
    /// What the reviewer found, sealed.
    pub note: Option<Vec<u8>>,
}

/// The visits confirmed since a time. Who confirmed counts where it was the elder or family: staff confirm for many.
pub(crate) fn seen(
    read: &mut dyn Read,
    ctx: &Context,
    since: Timestamp,
) -> Result<Vec<Seen>, Error> {
    let rows = read.query(SEEN, &[ctx.community.into(), since.into()])?;
    let mut buildings: HashMap<ElderId, String> = HashMap::new();
    let mut all = Vec::with_capacity(rows.len());
    for row in &rows {
        let of: ElderId = row.get(6)?;
        let building = match buildings.get(&of) {
            Some(known) => known.clone(),
            None => elder(read, ctx, of)?.profile.building,
        };
        buildings.insert(of, building.clone());
        let by: Option<AccountId> = row.get(2)?;
        let confirmed_as: Option<String> = row.get(3)?;
        let is_own = matches!(confirmed_as.as_deref(), Some("elder" | "family"));
        all.push(Seen {
            visit: row.get(0)?,
            volunteer: row.get(1)?,
            confirmer: by.filter(|_| is_own),
            elder: of,
            building,
            came: row.get(4)?,
            left: row.get(5)?,
        });
    }
    Ok(all)
}

pub(crate) fn known_signs(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<BTreeSet<String>, db::Error> {
    let rows = read.query(KNOWN_SIGNS, &[community.into()])?;
    rows.iter().map(|row| row.get(0)).collect()
}

pub(crate) fn insert_signal(tx: &mut dyn Tx, ctx: &Context, sign: &Sign) -> Result<(), db::Error> {
    let accounts: Vec<String> = sign.accounts.iter().map(ToString::to_string).collect();
    let id = SignalId::from_uuid(ctx.new_uuid());
    let row = [
        ctx.community.into(),
        id.into(),
        sign.kind.name().into(),
        sign.key.as_str().into(),
        accounts.join(" ").into(),
        sign.detail.as_str().into(),
        ctx.now.into(),
        Value::Null,
        Value::Null,
        Value::Null,
    ];
    tx.execute(INSERT_SIGNAL, &row)?;
    vouch(tx, &audit::SIGNAL, ctx.community, id)
}

/// The signals, newest first.
pub(crate) fn signals(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<Signal>, db::Error> {
    let rows = read.query(SIGNALS, &[community.into(), LIST_MAX.into()])?;
    rows.iter().map(signal_of).collect()
}

pub(crate) fn signal(
    read: &mut dyn Read,
    community: CommunityId,
    id: SignalId,
) -> Result<Signal, Error> {
    let row = read.query_one(audit::SIGNAL.one, &[community.into(), id.into()])?;
    let row = row.ok_or(Error::NotFound { what: "signal" })?;
    Ok(signal_of(&row)?)
}

fn signal_of(row: &Row) -> Result<Signal, db::Error> {
    let accounts: String = row.get(3)?;
    let ids = accounts.split_whitespace();
    Ok(Signal {
        id: row.get(0)?,
        kind: named(row, 1, SignKind::from_name)?,
        accounts: ids.filter_map(|id| id.parse().ok()).collect(),
        detail: row.get(4)?,
        raised_at: row.get(5)?,
        settled_at: row.get(6)?,
        note: row.get(8)?,
    })
}

pub(crate) fn settle_signal(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: SignalId,
    note: &str,
) -> Result<u64, Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
        seal(ctx, note)?.into(),
    ];
    let settled = tx.execute(SETTLE_SIGNAL, &row)?;
    vouch(tx, &audit::SIGNAL, ctx.community, id)?;
    Ok(settled)
}
